package numbering

import "testing"

// raisedTo raises the numbers with a prefix.
type raisedTo struct {
	prefix string
	kind   Kind
}

func (r raisedTo) RaisedKind(digits string, longerThan int) (Kind, bool) {
	n := len(r.prefix)
	return r.kind, n > longerThan && len(digits) >= n && digits[:n] == r.prefix
}

func (r raisedTo) RaisedSource(string, int) string { return "feed calls" }

func TestANumberIsRaisedUnlessARangeIsAsLong(t *testing.T) {
	gb, _ := ParseTerritory("GB")
	plan := Extend(Default(), []Range{{Prefix: "4479371", Territory: gb, Kinds: Kinds(Mobile)}}, DefaultTollFraud())
	for _, c := range []struct {
		name   string
		raised raisedTo
		number string
		want   string
	}{
		{"a number that is raised", raisedTo{"447937", RevenueShare}, "447937223456", "JE mobile|revenue_share"},
		{"a number beside the range", raisedTo{"447937", RevenueShare}, "447938123456", "GB mobile"},
		{"a range of the policy that is longer", raisedTo{"447937", RevenueShare}, "447937123456", "GB mobile"},
		{"a range of the policy that is as long", raisedTo{"4479371", RevenueShare}, "447937123456", "GB mobile"},
		{"a range of the policy that is shorter", raisedTo{"44793712", RevenueShare}, "447937123456", "GB mobile|revenue_share"},
		{"a number known for toll fraud", raisedTo{"881612", PremiumRate}, "881612345678", "+881 revenue_share"},
		{"a calling code that is not assigned", raisedTo{"2101", RevenueShare}, "2101234567", "unassigned"},
	} {
		p := Raise(plan, c.raised)
		if got := describe(p.Lookup(c.number)); got != c.want {
			t.Errorf("%s: +%s is %s, want %s", c.name, c.number, got, c.want)
		}
	}
	if got, want := Raise(plan, raisedTo{"447937", RevenueShare}).Provenance("447937223456").Source, plan.Provenance("447937223456").Source+"; the class by feed calls"; got != want {
		t.Errorf("the source is %q, not %q", got, want)
	}
}
