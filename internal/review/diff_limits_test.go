package review_test

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/review"
)

// A limit in place of another opens unless it refuses all that the other one does.
func TestALimitInPlaceOfAnother(t *testing.T) {
	for _, c := range []struct {
		says, before, after string
		opens               bool
	}{
		{"a larger amount", `"10/1h", "per": ["account"]`, `"11/1h", "per": ["account"]`, true},
		{"a smaller amount", `"10/1h", "per": ["account"]`, `"9/1h", "per": ["account"]`, false},
		{"a longer window", `"10/1h", "per": ["account"]`, `"10/2h", "per": ["account"]`, false},
		{"a shorter window", `"10/1h", "per": ["account"]`, `"10/30m", "per": ["account"]`, true},
		{"a shorter window of as many in all", `"10/1h", "per": ["account"]`, `"5/30m", "per": ["account"]`, false},
		{"a shorter window that touches one more", `"10/1h", "per": ["account"]`, `"5/29m", "per": ["account"]`, true},
		{"the same rate, all at once", `"10/1h", "per": ["account"]`, `"240/1d", "per": ["account"]`, true},
		{"it only records", `"10/1h", "per": ["account"]`, `"1/1h", "per": ["account"], "action": "monitor"`, true},
		{"it denies", `"1/1h", "per": ["account"], "action": "monitor"`, `"10/1h", "per": ["account"]`, false},
		{"of messages alone", `"10/1h", "per": ["account"]`, `"10/1h", "per": ["account"], "channel": "messaging"`, true},
		{"of all", `"10/1h", "per": ["account"], "channel": "voice"`, `"10/1h", "per": ["account"]`, false},
		{"of other sends", `"10/1h", "per": ["account"], "channel": "voice"`, `"10/1h", "per": ["account"], "channel": "verify"`, true},
		{"of numbers", `"10/1h", "per": ["account"]`, `"10/1h", "per": ["account"], "of": "numbers"`, true},
		{"of sends", `"10/1h", "per": ["account"], "of": "numbers"`, `"10/1h", "per": ["account"]`, false},
		{"of the unverified", `"10/1h", "per": ["account"], "channel": "verify"`, `"10/1h", "per": ["account"], "channel": "verify", "of": "unverified"`, true},
		{"an amount that grows", unverified(`"10/1h"`), unverified(`"10/1h", "adaptive": true`), true},
		{"an amount that no longer grows", unverified(`"10/1h", "adaptive": true`), unverified(`"10/1h"`), false},
		{"a smaller one that grows as well", unverified(`"10/1h", "adaptive": true`), unverified(`"9/1h", "adaptive": true`), false},
		{"a smaller one that grows with more", unverified(`"20/1h", "adaptive": true`), unverified(`"10/2h", "adaptive": true`), true},
		{"of money", `"10/1h", "per": ["account"]`, `"10/1h", "per": ["account"], "of": "spend"`, true},
		{"of sends for money", `"10/1h", "per": ["account"], "of": "spend"`, `"10/1h", "per": ["account"]`, true},
		{"more money", `"10.00/1h", "per": ["account"], "of": "spend"`, `"10.0001/1h", "per": ["account"], "of": "spend"`, true},
		{"less money", `"10.00/1h", "per": ["account"], "of": "spend"`, `"9.9999/1h", "per": ["account"], "of": "spend"`, false},
		{"told apart by more", `"10/1h", "per": ["account"]`, `"10/1h", "per": ["account", "territory"]`, true},
		{"told apart by less", `"10/1h", "per": ["account", "territory"]`, `"10/1h", "per": ["account"]`, false},
		{"told apart by something else", `"10/1h", "per": ["key"]`, `"10/1h", "per": ["sender"]`, true},
		{"blocks of more", `"10/1h", "per": ["block:3"]`, `"10/1h", "per": ["block:4"]`, false},
		{"blocks of fewer", `"10/1h", "per": ["block:4"]`, `"10/1h", "per": ["block:3"]`, true},
		{"shorter prefixes", `"10/1h", "per": ["prefix:6"]`, `"10/1h", "per": ["prefix:5"]`, false},
		{"longer prefixes", `"10/1h", "per": ["prefix:5"]`, `"10/1h", "per": ["prefix:6"]`, true},
		{"blocks for numbers", `"10/1h", "per": ["number"]`, `"10/1h", "per": ["block:3"]`, false},
		{"a larger amount a day", `"10/day", "per": ["account"]`, `"11/day", "per": ["account"]`, true},
		{"a smaller amount a day", `"10/day", "per": ["account"], "zone": "Europe/Berlin"`, `"9/day", "per": ["account"], "zone": "Europe/Berlin"`, false},
		{"the days of another zone", `"10/day", "per": ["account"]`, `"10/day", "per": ["account"], "zone": "Europe/Berlin"`, true},
		{"a day, of which a window touches two", `"10/1h", "per": ["account"]`, `"6/day", "per": ["account"]`, true},
		{"a day of half as many", `"10/1h", "per": ["account"]`, `"5/day", "per": ["account"]`, false},
		{"a window that slides, of which the longest day has two", `"10/day", "per": ["account"]`, `"10/1d", "per": ["account"]`, true},
		{"a window as long as the longest day", `"10/day", "per": ["account"]`, `"10/27h", "per": ["account"]`, false},
		{"days for a month", `"3100/month", "per": ["account"]`, `"1000/day", "per": ["account"]`, true},
		{"a month for a day", `"10/day", "per": ["account"]`, `"5/month", "per": ["account"]`, false},
		{"another header", `"10/1h", "per": ["header:X-User"]`, `"10/1h", "per": ["header:X-Visitor"]`, true},
		{"fewer for a header", `"10/1h", "per": ["header:X-User"]`, `"9/1h", "per": ["header:X-User"]`, false},
		{"held", `"10/1h", "per": ["account"]`, `"10/1h", "per": ["account"], "for": "15m"`, false},
		{"held for longer", `"10/1h", "per": ["account"], "for": "15m"`, `"10/1h", "per": ["account"], "for": "1h"`, false},
		{"no longer held", `"10/1h", "per": ["account"], "for": "15m"`, `"10/1h", "per": ["account"]`, true},
		{"fewer calls", `"10", "of": "calls", "per": ["account"]`, `"9", "of": "calls", "per": ["account"]`, false},
		{"more calls", `"10", "of": "calls", "per": ["account"]`, `"11", "of": "calls", "per": ["account"]`, true},
		{"sends for calls", `"10", "of": "calls", "per": ["account"]`, `"1/31d", "per": ["account"]`, true},
		{"calls for sends", `"10/1h", "per": ["account"]`, `"1", "of": "calls", "per": ["account"]`, true},
		{"numbers for blocks", `"10/1h", "per": ["block:3"]`, `"10/1h", "per": ["number"]`, true},
	} {
		limit := func(text string) string {
			return document("", `, "limits": [{"name": "l", "amount": `+text+`}]`)
		}
		d := review.Diff(stated(t, "a", limit(c.before)), stated(t, "b", limit(c.after)), night)
		if len(d.Changes) != 1 || (d.Changes[0].Direction == review.Opens) != c.opens {
			t.Errorf("%s: %+v", c.says, d.Changes)
		}
	}
}

// Hours in place of others open unless each of their minutes was one of those.
func TestHoursInPlaceOfOthers(t *testing.T) {
	const day = `"hours": "08:00-21:00", "zone": "destination"`
	for _, c := range []struct {
		says, before, after string
		opens               bool
	}{
		{"longer ones", day, `"hours": "08:00-21:30", "zone": "destination"`, true},
		{"shorter ones", day, `"hours": "09:00-20:00", "zone": "destination"`, false},
		{"those of the night", day, `"hours": "21:00-08:00", "zone": "destination"`, true},
		{"fewer over midnight", `"hours": "21:00-08:00", "zone": "UTC"`, `"hours": "22:00-06:00", "zone": "UTC"`, false},
		{"those of a zone", day, `"hours": "08:00-21:00", "zone": "UTC"`, true},
		{"of messages alone", day, day + `, "channel": "messaging"`, true},
		{"of calls too", day + `, "channel": "messaging"`, day, false},
		{"of no verification", day + `, "channel": "verify"`, day, true},
		{"they only record", day, day + `, "action": "monitor"`, true},
		{"an amount", day, `"amount": "1/1h", "per": ["account"]`, true},
		{"in place of an amount", `"amount": "1/1h", "per": ["account"]`, day, true},
	} {
		limit := func(text string) string {
			return document("", `, "limits": [{"name": "l", `+text+`}]`)
		}
		d := review.Diff(stated(t, "a", limit(c.before)), stated(t, "b", limit(c.after)), night)
		if len(d.Changes) != 1 || (d.Changes[0].Direction == review.Opens) != c.opens {
			t.Errorf("%s: %+v", c.says, d.Changes)
		}
	}
}

// unverified is a limit of the unverified, of an amount.
func unverified(amount string) string {
	return amount + `, "channel": "verify", "of": "unverified", "per": ["account"]`
}

// Of an account's own limit in place of the operator's, it counts whether that counts all
// accounts together.
func TestAnAccountsLimitInPlaceOfTheOperators(t *testing.T) {
	for _, c := range []struct {
		says, per string
		direction review.Direction
	}{
		{"each account has its own anyway", `["account"]`, review.Closes},
		{"all had one together", `["number"]`, review.Opens},
	} {
		operator := `"limits": [{"name": "l", "amount": "10/1h", "per": ` + c.per + `}],`
		d := review.Diff(stated(t, "a", document(operator, "")),
			stated(t, "b", document(operator, `, "limits": [{"name": "l", "amount": "9/1h", "per": `+c.per+`}]`)), night)
		if len(d.Changes) != 1 || d.Changes[0].Direction != c.direction || d.Changes[0].Account != acme {
			t.Errorf("%s: %+v", c.says, d.Changes)
		}
	}
}
