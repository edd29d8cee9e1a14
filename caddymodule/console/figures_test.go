package console_test

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

// What the pages are measured with. With -update as well, docs/console.md gets what
// is measured.
var (
	manyAccounts = flag.Int("accounts", 100, "the accounts with which the pages are measured")
	manyRefusals = flag.Int("refusals", 1000, "the refusals of 30 days with which the pages are measured")
	measuredFile = flag.String("measured", "", "the file of the store with them, which is made if it is not there")
)

// measured are the pages whose time is measured, by what they are called in the docs.
var measured = []struct{ name, path string }{
	{"Now, 24 hours", "now/?period=24h"},
	{"Now, 30 days", "now/?period=30d"},
	{"Now, 30 days of an account", "now/?period=30d&account=" + accountID(17)},
	{"Accounts", "accounts/"},
	{"Accounts, searched", "accounts/?contains=Account+17"},
	{"An account", "accounts/" + accountID(17)},
	{"Why?", "why/?account=" + accountID(17) + "&channel=messaging&to=%2B998912345678"},
	{"Openings", "openings/"},
	{"Audit: changes", "audit/"},
	{"Audit: refusals", "audit/refusals/"},
	{"Audit: refusals of an account", "audit/refusals/?account=" + accountID(17)},
	{"Audit: refusals of a rare kind", "audit/refusals/?territory=US&channel=voice&reason=prefix_blocked"},
	{"Audit: refusals of which there are none", "audit/refusals/?prefix=%2B99999"},
	{"Audit: the proof", "audit/proof/"},
	{"Keys", "keys/"},
	{"Policy", "policy/"},
}

// rounds are how many times each page is loaded.
const rounds = 21

// It decides nothing by time, which a busy machine has not: it fails if a page does not answer.
func TestPagesAnswerForManyAccounts(t *testing.T) {
	storeInUse = func(t *testing.T) string { return "sqlite " + filled(t, *manyAccounts, *manyRefusals) }
	t.Cleanup(func() { storeInUse = newSQLite })
	g := startGate(t)
	var table strings.Builder
	table.WriteString("| page | median | slowest | size |\n|---|---|---|---|\n")
	for _, page := range measured {
		var took []time.Duration
		size := 0
		for range rounds {
			began := time.Now()
			response, text := ask(t, "GET", "http://"+g.site+pages+page.path, "", header("X-User", "carol"))
			took = append(took, time.Since(began))
			if size = len(text); response.StatusCode != http.StatusOK {
				t.Fatalf("%s is answered %d\n%s", page.path, response.StatusCode, text)
			}
		}
		slices.Sort(took)
		fmt.Fprintf(&table, "| %s | %s | %s | %d kB |\n", page.name, inMilliseconds(took[len(took)/2]), inMilliseconds(took[len(took)-1]), (size+500)/1000)
	}
	t.Logf("with %d accounts and %d refusals:\n%s", *manyAccounts, *manyRefusals, &table)
	if *harness.Update && *manyRefusals >= 1_000_000 {
		writeFigures(t, table.String())
	}
}

func inMilliseconds(d time.Duration) string {
	return strconv.FormatFloat(float64(d.Microseconds())/1000, 'f', 1, 64) + " ms"
}

var figures = regexp.MustCompile(`(?s)\| page \| median .*?\n\n`)

// writeFigures writes the table into the page of the console.
func writeFigures(t *testing.T, table string) {
	t.Helper()
	const page = "../../docs/console.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !figures.Match(text) {
		t.Fatalf("%s has no table of figures", page)
	}
	if err := os.WriteFile(page, figures.ReplaceAllLiteral(text, []byte(table+"\n")), 0o644); err != nil {
		t.Fatal(err)
	}
}

// drawnAt is when the newest refusal was: a minute ago.
func drawnAt() time.Time { return time.Now().Add(-time.Minute) }

// filled is the file of a store with accounts, and with refusals of the last 30 days. One seed
// always draws the same.
func filled(t *testing.T, accounts, refused int) string {
	t.Helper()
	name := cmp.Or(*measuredFile, filepath.Join(t.TempDir(), "permissions.db"))
	if _, err := os.Stat(name); err == nil {
		return name
	}
	kept, err := sqlite.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := kept.Close(); err != nil {
			t.Fatal(err)
		}
	}()
	version, err := kept.Read(t.Context(), func(store.Object) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	change := store.Change{Expect: version}
	for i := range accounts {
		text, err := json.Marshal(map[string]any{"id": accountID(i), "label": fmt.Sprint("Account ", i), "messaging": []string{"US", "CA", "GB"}})
		if err != nil {
			t.Fatal(err)
		}
		change.Objects = append(change.Objects, store.Object{Kind: store.Account, ID: accountID(i), Document: text})
	}
	if _, err := kept.Commit(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	numbers := someNumbers()
	const batch = 10_000
	end, apart := drawnAt(), 30*24*time.Hour/time.Duration(max(refused, 1))
	for done := 0; done < refused; done += batch {
		var list []refusals.Refusal
		for i := range min(batch, refused-done) {
			// In the order of time, as they are written.
			at := end.Add(-time.Duration(refused-done-i) * apart)
			list = append(list, drawn(random, at, numbers, accounts))
		}
		if err := kept.Refusals().Append(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
	return name
}

func accountID(i int) string { return fmt.Sprintf("AC%032d", i) }

// number is one of a territory.
type number struct{ territory, digits string }

// someNumbers are numbers of all territories, by the numbering metadata.
func someNumbers() (found []number) {
	for code := 1; code < 1000; code++ {
		for _, reach := range numbering.ReachOf(strconv.Itoa(code)) {
			found = append(found, number{reach.Territory.String(), reach.Example})
		}
	}
	return found
}

// drawn is a refusal at a time. Few accounts have most of them.
func drawn(random *rand.Rand, at time.Time, numbers []number, accounts int) refusals.Refusal {
	to := numbers[random.IntN(len(numbers))]
	account := int(float64(accounts) * random.Float64() * random.Float64() * random.Float64())
	reasons := []string{"territory_not_enabled", "territory_not_enabled", "territory_not_enabled", "limit_exceeded", "limit_exceeded", "prefix_blocked"}
	r := refusals.Refusal{
		ID: refusals.NewID(at), Time: at, Account: accountID(account), Credential: accountID(account),
		Sender: "********0199", Channel: "messaging", Destination: strings.Repeat("*", len(to.digits)-4) + to.digits[len(to.digits)-4:],
		Territory: to.territory, Class: "low_risk", Prefix: "+" + to.digits[:len(to.digits)-3],
		Reason: reasons[random.IntN(len(reasons))], Outcome: "deny", Client: fmt.Sprintf("192.0.2.%d", random.IntN(250)),
	}
	if random.IntN(4) == 0 {
		r.Channel = "voice"
	}
	return r
}
