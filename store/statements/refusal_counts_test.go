package statements_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/statements"
)

// That the counts are right is for the tests of the engines.
func TestReportReadsTheFewestRowsThatTellApartWhatIsAskedFor(t *testing.T) {
	midnight := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	type f = store.RefusalFilter
	type by = []store.Dimension
	tables := statements.RefusalTables{Rows: "rows", Hours: "hours", Totals: "totals"}
	table := regexp.MustCompile(` FROM (\w+)`)
	for _, test := range []struct {
		name   string
		filter store.RefusalFilter
		by     []store.Dimension
		table  string
		part   []any // and unit
	}{
		{"days, from the beginning of one", f{From: midnight}, by{store.ByAccount}, "totals", []any{"accounts", "day"}},
		{"days, of all time", f{}, by{store.ByTerritory}, "totals", []any{"places", "day"}},
		{"hours, from the beginning of one", f{From: midnight.Add(time.Hour)}, by{store.ByReason}, "totals", []any{"reasons", "hour"}},
		{"hours, to the beginning of one", f{To: midnight.Add(time.Hour)}, by{store.ByClass}, "totals", []any{"places", "hour"}},
		{"by hours", f{From: midnight}, by{store.ByReason, store.ByHour}, "totals", []any{"reasons", "hour"}},
		{"by days", f{From: midnight}, by{store.ByReason, store.ByDay}, "totals", []any{"reasons", "day"}},
		{"by days, from within one", f{From: midnight.Add(time.Hour)}, by{store.ByReason, store.ByDay}, "totals", []any{"reasons", "hour"}},
		{"by hours alone", f{From: midnight}, by{store.ByHour}, "totals", []any{"reasons", "hour"}},
		{"a filter of the same part", f{Channel: "voice"}, by{store.ByTerritory}, "totals", []any{"places", "day"}},
		{"a filter of another part", f{Reason: "number_blocked"}, by{store.ByTerritory}, "rows", nil},
		{"dimensions of two parts", f{}, by{store.ByTerritory, store.ByReason}, "rows", nil},
		{"an account", f{Account: "a", Outcome: "deny", From: midnight}, by{store.ByTerritory, store.ByReason, store.ByHour}, "hours", nil},
		{"an account and its key", f{Account: "a", Key: "SK1"}, by{store.ByTerritory}, "rows", nil},
		{"a prefix", f{Prefix: "+998"}, by{store.ByTerritory}, "rows", nil},
		{"from within an hour", f{From: midnight.Add(time.Millisecond)}, by{store.ByTerritory}, "rows", nil},
		{"to within an hour", f{To: midnight.Add(time.Minute)}, by{store.ByTerritory}, "rows", nil},
	} {
		text, arguments, err := statements.Report(tables, test.filter, test.by, 0)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if got := table.FindStringSubmatch(text)[1]; got != test.table {
			t.Errorf("%s: it reads %s and not %s", test.name, got, test.table)
		}
		for i, want := range test.part {
			if arguments[i] != want {
				t.Errorf("%s: it reads the part %v and not %v", test.name, arguments[:2], test.part)
				break
			}
		}
	}
}
