package feed

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// slowSet looks at every row: obvious, and what Set must agree with.
type slowSet []Member

func (s slowSet) blocks(digits string, channel policy.Channel) (length int) {
	for _, m := range s {
		for row := range m.List.All {
			if m.Use.Block && (m.Use.Channel == nil || m.Use.Channel.Covers(channel)) && strings.HasPrefix(digits, row.Prefix) {
				length = max(length, len(row.Prefix))
			}
		}
	}
	return length
}

func (s slowSet) raised(digits string, longerThan int) (class policy.Class) {
	for _, m := range s {
		for row := range m.List.All {
			if !m.Use.Block && len(row.Prefix) > longerThan && strings.HasPrefix(digits, row.Prefix) {
				class = max(class, m.Use.Class)
			}
		}
	}
	return class
}

func (s slowSet) names(digits string) map[string]bool {
	names := make(map[string]bool)
	for _, m := range s {
		for row := range m.List.All {
			if strings.HasPrefix(digits, row.Prefix) {
				names[m.Name] = true
			}
		}
	}
	return names
}

// listOf is a list of prefixes since one time.
func listOf(digits ...string) *List {
	prefixes := make([]prefix, len(digits))
	for i, d := range digits {
		prefixes[i] = prefixOf(d)
	}
	return newList(prefixes, time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC))
}

func TestASetAgreesWithAllOfItsRows(t *testing.T) {
	const seed = 7
	random := rand.New(rand.NewPCG(seed, seed))
	digitsOf := func(least, most int) string { // of two digits, so that many are within others
		digits := []byte("88")
		for range least + random.IntN(most-least+1) - 2 {
			digits = append(digits, "12"[random.IntN(2)])
		}
		return string(digits)
	}
	voice, messaging := policy.Voice, policy.Messaging
	uses := []Use{{Block: true}, {Block: true, Channel: &voice}, {Class: policy.HighRiskTollFraud}, {Block: true, Channel: &messaging}, {Class: policy.HighRiskSpecial}}
	for range 50 {
		var members []Member
		for i, use := range uses {
			var prefixes []string
			for range random.IntN(12) {
				prefixes = append(prefixes, digitsOf(4, 15))
			}
			members = append(members, Member{fmt.Sprint("feed", i), use, listOf(prefixes...)})
		}
		set, slow := NewSet(members), slowSet(members)
		for range 200 {
			digits := digitsOf(2, 15)
			for channel := range policy.ChannelCount {
				if got, want := set.Blocks(digits, channel), slow.blocks(digits, channel); got != want {
					t.Fatalf("seed %d: +%s is blocked by %d digits on %s, not %d", seed, digits, got, channel, want)
				}
			}
			longer := random.IntN(8)
			if kind, raised := set.RaisedKind(digits, longer); raised != (slow.raised(digits, longer) > 0) || raised && kind != policy.KindOf(slow.raised(digits, longer)) {
				t.Fatalf("seed %d: +%s is raised to %s %v", seed, digits, kind, raised)
			}
			names := slow.names(digits)
			for found := range set.Of(digits) {
				if !names[found.Name] || !strings.HasPrefix(digits, found.Prefix) {
					t.Fatalf("seed %d: +%s is in +%s of %s", seed, digits, found.Prefix, found.Name)
				}
				delete(names, found.Name)
			}
			if len(names) > 0 {
				t.Fatalf("seed %d: +%s is in %v, too", seed, digits, names)
			}
		}
	}
}

func TestTheWordsOfADenialNameEachFeedAndSinceWhen(t *testing.T) {
	set := NewSet([]Member{
		{"gsma-ira", Use{Block: true}, listOf("8821300")},
		{"calls", Use{Class: policy.HighRiskTollFraud}, listOf("88213001")},
		{"iprn", Use{Block: true}, listOf("8821300", "882130012")},
	})
	if got, want := set.BlockedBy("882130012345", policy.Voice), "feed iprn since 2026-11-30T10:00:00Z, feed gsma-ira since 2026-11-30T10:00:00Z"; got != want {
		t.Errorf("the words are %q, not %q", got, want)
	}
	if got, want := set.BlockedBy("88213009", policy.Voice), "feed gsma-ira since 2026-11-30T10:00:00Z, feed iprn since 2026-11-30T10:00:00Z"; got != want {
		t.Errorf("of one prefix, the words are %q, not %q", got, want)
	}
	if got, want := set.RaisedSource("882130012345", 7), "feed calls since 2026-11-30T10:00:00Z"; got != want {
		t.Errorf("the words are %q, not %q", got, want)
	}
	if got := set.RaisedSource("882130012345", 8); got != "" {
		t.Errorf("of a range that is not longer, the words are %q", got)
	}
}

func TestRowsAreReadAsTheyWereWritten(t *testing.T) {
	list := listOf("8821300", "447937123456")
	var written strings.Builder
	if err := list.WriteRows(&written); err != nil {
		t.Fatal(err)
	}
	if want := "prefix,since\n+447937123456,2026-11-30T10:00:00Z\n+8821300,2026-11-30T10:00:00Z\n"; written.String() != want {
		t.Errorf("the rows are %q", written.String())
	}
	read, err := ReadRows([]byte(written.String()))
	if err != nil || !slices.Equal(read.prefixes, list.prefixes) || !slices.Equal(read.since, list.since) {
		t.Errorf("read, they are %v, %v", read, err)
	}
	for _, text := range []string{"", "<html>", "prefix,since\n+8821300\n", "prefix,since\n+a,2026-11-30T10:00:00Z\n"} {
		if _, err := ReadRows([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}

func TestAPrefixIsItsDigits(t *testing.T) {
	for _, digits := range []string{"", "0", "9", "4479", "123456789012345"} {
		if p := prefixOf(digits); p.String() != digits || p.length() != len(digits) {
			t.Errorf("%q is %q", digits, p)
		}
	}
	for _, c := range []struct {
		prefix, number string
		has            bool
	}{{"447", "4479", true}, {"447", "447", true}, {"447", "44", false}, {"447", "4480", false}, {"440", "44", false}, {"123456789012345", "123456789012345", true}} {
		if prefixOf(c.prefix).has(prefixOf(c.number)) != c.has {
			t.Errorf("+%s begins with +%s: not %v", c.number, c.prefix, c.has)
		}
	}
}

func TestOnlyALargerChangeThanStatedIsRefused(t *testing.T) {
	for _, c := range []struct {
		name        string
		before, now int // how many prefixes
		percent     int
		refused     bool
	}{
		{"the first list", 0, 1000, 1, false},
		{"the same length", 100, 100, 1, false},
		{"half as many again", 100, 150, 50, false},
		{"more than that", 100, 151, 50, true},
		{"half of it", 100, 50, 50, false},
		{"less than that", 100, 49, 50, true},
		{"twice as many", 100, 200, 100, false},
		{"one more of three", 3, 4, 1, false},
		{"five more of one", 1, 6, 50, false},
		{"six more of one", 1, 7, 50, true},
		{"five fewer of six", 6, 1, 50, false},
		{"six fewer of seven", 7, 1, 50, true},
		{"six fewer of twelve", 12, 6, 50, false},
		{"five more of a hundred, where one is stated", 100, 105, 1, false},
		{"six more of a hundred, where one is stated", 100, 106, 1, true},
	} {
		lengths := func(n int) *List { return &List{prefixes: make([]prefix, n)} }
		if err := lengths(c.before).CheckChange(lengths(c.now), c.percent); (err != nil) != c.refused {
			t.Errorf("%s, from %d to %d within %d%%: %v", c.name, c.before, c.now, c.percent, err)
		}
	}
	if err := (*List)(nil).CheckChange(listOf("1"), 50); err != nil {
		t.Error("without a list before:", err)
	}
}

// many are prefixes of ten and eleven digits in the ranges of a few countries, as lists of fraud
// ranges have them.
func many(n int) []string {
	random := rand.New(rand.NewPCG(1, 1))
	codes := []string{"25261", "88213", "88234", "88299", "88160", "88164", "44793", "44753"}
	digits := make([]string, n)
	for i := range digits {
		code := codes[random.IntN(len(codes))]
		digits[i] = code + fmt.Sprintf("%06d", random.IntN(1_000_000))[:6-random.IntN(2)]
	}
	return digits
}

func TestAHundredThousandPrefixesFitIntoFourMegabytes(t *testing.T) {
	digits := many(105_000)
	before := heap()
	list := listOf(digits...)
	set := NewSet([]Member{{"iprn", Use{Block: true}, list}})
	used := heap() - before
	if set.Len() < 100_000 || used > 4<<20 {
		t.Errorf("%d prefixes take %d bytes", set.Len(), used)
	}
	t.Logf("%d prefixes take %d bytes", set.Len(), used)
	runtime.KeepAlive(set)
	runtime.KeepAlive(digits)
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

func BenchmarkBlocks(b *testing.B) {
	set := NewSet([]Member{{"iprn", Use{Block: true}, listOf(many(105_000)...)}})
	for _, c := range []struct {
		name    string
		numbers []string
	}{
		{"a number near a range", many(4096)},
		{"a number of a country without one", []string{"12015550123"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				set.Blocks(c.numbers[i%len(c.numbers)], policy.Messaging)
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	text := []byte(strings.Join(many(105_000), "\n"))
	for b.Loop() {
		if _, err := Read(text, numbering.Default(), time.Now()); err != nil {
			b.Fatal(err)
		}
	}
}
