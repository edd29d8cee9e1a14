package policy

import (
	"testing"
	"time"
)

func TestALimitOfOneIsNotInThePlural(t *testing.T) {
	perAccount := []Dimension{{By: ByAccount}}
	for _, c := range []struct {
		limit       Limit
		one, two    string
		used1, used string
	}{
		{Limit{Of: Sends}, "1 send within 1h per account", "2 sends within 1h per account", "1 is used", "3 are used"},
		{Limit{Of: Sends, Kind: Verifications}, "1 send of verify within 1h per account", "2 sends of verify within 1h per account", "1 is used", "3 are used"},
		{Limit{Of: Numbers}, "1 number within 1h per account", "2 numbers within 1h per account", "1 is used", "3 are used"},
		{Limit{Of: Numbers, Adaptive: true}, "1 (adaptive) number within 1h per account", "2 (adaptive) numbers within 1h per account", "1 is used", "3 are used"},
		{Limit{Of: Unverified}, "1 unverified within 1h per account", "2 unverified within 1h per account", "1 is used", "3 are used"},
		{Limit{Of: InProgress}, "1 call in progress per account", "2 calls in progress per account", "1 is used", "3 are used"},
		{Limit{Of: Spend}, "0.0001 of spend within 1h per account", "0.0002 of spend within 1h per account", "0.0001 is used", "0.0003 is used"},
	} {
		l := c.limit
		l.Window, l.Per = time.Hour, perAccount
		l.Amount = 1
		one, counter := l.String(), newLimits("operator", []Limit{l})[0].Counter
		l.Amount = 2
		if two := l.String(); one != c.one || two != c.two {
			t.Errorf("%q and %q, not %q and %q", one, two, c.one, c.two)
		}
		if used1, used := l.UsedText(1), l.UsedText(3); used1 != c.used1 || used != c.used {
			t.Errorf("%s: %q and %q", c.two, used1, used)
		}
		if other := newLimits("operator", []Limit{l})[0].Counter; other != counter {
			t.Errorf("what is counted has the names %q and %q", counter, other)
		}
	}
}
