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
		{"told apart by more", `"10/1h", "per": ["account"]`, `"10/1h", "per": ["account", "territory"]`, true},
		{"told apart by less", `"10/1h", "per": ["account", "territory"]`, `"10/1h", "per": ["account"]`, false},
		{"told apart by something else", `"10/1h", "per": ["key"]`, `"10/1h", "per": ["sender"]`, true},
		{"blocks of more", `"10/1h", "per": ["block:3"]`, `"10/1h", "per": ["block:4"]`, false},
		{"blocks of fewer", `"10/1h", "per": ["block:4"]`, `"10/1h", "per": ["block:3"]`, true},
		{"shorter prefixes", `"10/1h", "per": ["prefix:6"]`, `"10/1h", "per": ["prefix:5"]`, false},
		{"longer prefixes", `"10/1h", "per": ["prefix:5"]`, `"10/1h", "per": ["prefix:6"]`, true},
		{"blocks for numbers", `"10/1h", "per": ["number"]`, `"10/1h", "per": ["block:3"]`, false},
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
