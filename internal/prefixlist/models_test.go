package prefixlist_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/prefixlist"
)

// The models say of one number what each system did, in the plainest way.

// kannelRefuses: any entry counts, allowed before denied; beside a denied-prefix, a number
// in neither is sent. Kannel 1.4.5, gw/smscconn.c, smscconn_usable.
func kannelRefuses(allowed, denied []string, number string) bool {
	isIn := func(list []string) bool {
		for _, entry := range list {
			if strings.HasPrefix(number, entry) {
				return true
			}
		}
		return false
	}
	switch {
	case allowed != nil && denied == nil:
		return !isIn(allowed)
	case allowed == nil:
		return isIn(denied)
	}
	return !isIn(allowed) && isIn(denied)
}

// smstoolsRefuses: the black list first, then the white one if there is one.
func smstoolsRefuses(black, white []string, number string) bool {
	for _, entry := range black {
		if strings.HasPrefix(number, entry) {
			return true
		}
	}
	for _, entry := range white {
		if strings.HasPrefix(number, entry) {
			return false
		}
	}
	return white != nil
}

// row is an entry of a map or a table.
type row struct {
	prefix string
	deny   bool
}

// longestRow is the row that decides where the longest does: the first of equal ones, or
// the last.
func longestRow(rows []row, number string, last bool) *row {
	var found *row
	for i := range rows {
		r := &rows[i]
		if strings.HasPrefix(number, r.prefix) && (found == nil || len(r.prefix) > len(found.prefix) || last && len(r.prefix) == len(found.prefix)) {
			found = r
		}
	}
	return found
}

// priceRow is a row of a price list.
type priceRow struct {
	prefix string
	cents  int
	from   time.Time
}

// isDear: of the longest prefix that has a price by then, the latest one counts.
func isDear(rows []priceRow, number string, at time.Time, limit int) bool {
	var found *priceRow
	for i := range rows {
		r := &rows[i]
		if strings.HasPrefix(number, r.prefix) && !r.from.After(at) &&
			(found == nil || len(r.prefix) > len(found.prefix) || len(r.prefix) == len(found.prefix) && r.from.After(found.from)) {
			found = r
		}
	}
	return found != nil && found.cents > limit
}

// digits are up to so many below a calling code, of few so that prefixes meet.
func digits(random *rand.Rand, most int) string {
	text := []string{"49", "44"}[random.IntN(2)]
	for range random.IntN(most + 1) {
		text += string("125"[random.IntN(3)])
	}
	return text
}

func some(random *rand.Rand) []string {
	list := make([]string, random.IntN(6))
	for i := range list {
		list[i] = digits(random, 4)
	}
	return list
}

// numbers are those that are judged, of both codes, and of one that no list has.
func numbers(random *rand.Rand) []string {
	list := []string{"33612345678"}
	for range 60 {
		list = append(list, (digits(random, 4) + "1512512512")[:11])
	}
	return list
}

// agree compares a list with a model on numbers.
func agree(t *testing.T, text string, list *prefixlist.List, err error, random *rand.Rand, model func(number string) bool) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, id := range []string{"", account} {
		j := judgeOf(t, list, id)
		for _, number := range numbers(random) {
			if got, want := j.denies(t, "+"+number, noon), model(number); got != want {
				t.Fatalf("+%s: denied %t, and by the system itself %t\n%s\n%+v", number, got, want, text, list)
			}
		}
	}
}

// runs repeats a test with random lists.
func runs(t *testing.T, test func(t *testing.T, random *rand.Rand)) {
	t.Parallel()
	for seed := range uint64(150) {
		test(t, rand.New(rand.NewPCG(seed, 20)))
	}
}

func TestKannelsMeaningIsKept(t *testing.T) {
	runs(t, func(t *testing.T, random *rand.Rand) {
		text := "group = smsc\nsmsc = http\n"
		var allowed, denied []string
		which := random.IntN(3)
		if which != 0 {
			allowed = some(random)
			text += "allowed-prefix = \"" + strings.Join(allowed, ";") + "\"\n"
		}
		if which != 1 {
			denied = some(random)
			text += "denied-prefix = \"" + strings.Join(denied, ";") + "\"\n"
		}
		list, err := read(t, "kannel", text, prefixlist.Options{International: true})
		agree(t, text, list, err, random, func(number string) bool { return kannelRefuses(allowed, denied, number) })
	})
}

func TestSMSToolsMeaningIsKept(t *testing.T) {
	runs(t, func(t *testing.T, random *rand.Rand) {
		black, white := some(random), some(random)
		files := []prefixlist.File{{Name: "black", Text: []byte(strings.Join(black, " # why\r\n"))}, {Name: "white", Whitelist: true, Text: []byte(strings.Join(white, "\n"))}}
		if random.IntN(3) == 0 {
			files, white = files[:1], nil
		}
		list, err := readFiles(t, "smstools", files, prefixlist.Options{})
		agree(t, fmt.Sprint(black, white), list, err, random, func(number string) bool { return smstoolsRefuses(black, white, number) })
	})
}

func TestKamailiosMeaningIsKept(t *testing.T) {
	runs(t, func(t *testing.T, random *rand.Rand) {
		var rows []row
		var text strings.Builder
		text.WriteString("-- a dump\nINSERT INTO `globalblocklist` VALUES ")
		for i, prefix := range append(some(random), "493", "") {
			r := row{prefix, random.IntN(2) == 0}
			rows = append(rows, r)
			fmt.Fprintf(&text, "(%d,'%s',%d,'it''s, (so)'),\n", i, prefix, map[bool]int{true: 0, false: 1}[r.deny])
		}
		sql := strings.TrimSuffix(text.String(), ",\n") + ";"
		list, err := read(t, "kamailio", sql, prefixlist.Options{International: true})
		agree(t, sql, list, err, random, func(number string) bool {
			r := longestRow(rows, number, true)
			return r != nil && r.deny
		})
	})
}

func TestHAProxysMeaningIsKept(t *testing.T) {
	runs(t, func(t *testing.T, random *rand.Rand) {
		var rows []row
		text := "# a map\n"
		for _, prefix := range some(random) {
			r := row{prefix, random.IntN(2) == 0}
			rows = append(rows, r)
			text += fmt.Sprintf(" %s\t%s\r\n", prefix, map[bool]string{true: "deny", false: "allow"}[r.deny])
		}
		denied := random.IntN(2) == 0
		list, err := read(t, "haproxy", text, prefixlist.Options{International: true, DenyValues: []string{"deny"}, AllowValues: []string{"allow"},
			Default: map[bool]string{true: "deny", false: "allow"}[denied]})
		agree(t, text, list, err, random, func(number string) bool {
			if r := longestRow(rows, number, false); r != nil {
				return r.deny
			}
			return denied
		})
	})
}

func TestTheMeaningOfPricesIsKeptAtAnyTime(t *testing.T) {
	runs(t, func(t *testing.T, random *rand.Rand) {
		var rows []priceRow
		text := "Name,Prefixes,Price,Valid from\n"
		used := map[string]bool{}
		for range random.IntN(8) {
			r := priceRow{digits(random, 3), random.IntN(10), noon.Truncate(24*time.Hour).AddDate(0, 0, random.IntN(5)-2)}
			if key := r.prefix + r.from.String(); !used[key] {
				used[key] = true
				rows = append(rows, r)
				text += fmt.Sprintf("\"a, zone\",%s,0.0%d,%s\n", r.prefix, r.cents, r.from.Format(time.DateOnly))
			}
		}
		list, err := read(t, "csv", text, prefixlist.Options{Above: "0.05"})
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		j := judgeOf(t, list, "")
		for day := range 5 {
			at := noon.AddDate(0, 0, day)
			for _, number := range numbers(random) {
				if got, want := j.denies(t, "+"+number, at), isDear(rows, number, at, 5); got != want {
					t.Fatalf("+%s on day %d: denied %t, and by its price %t\n%s\n%+v", number, day, got, want, text, list.Entries)
				}
			}
		}
	})
}
