package caddymodule_test

import "testing"

func TestHowImpossibleAndUnallocatedNumbersAreLogged(t *testing.T) {
	open := "account " + acme + " {\nmessaging US UZ\n}\n"
	for _, c := range []struct {
		name, policy, to string
		want             map[string]any // nil: absent
	}{
		{"an area code that does not exist", open, "+15551234567", map[string]any{"verdict": "deny", "reason": "impossible_number", "code": 21211.0, "territory": "", "unlisted_range": nil}},
		{"an area code that begins with 1", open, "11234567890", map[string]any{"verdict": "deny", "reason": "impossible_number", "code": 21211.0, "territory": ""}},
		{"an area code in no table", open, "+12385550100", map[string]any{"verdict": "deny", "reason": "impossible_number", "code": 21211.0, "territory": ""}},
		{"one that a range line opens", "range +1238 US\n" + open, "+12385550100", map[string]any{"verdict": "allow", "reason": "enabled", "code": nil, "territory": "US"}},
		{"an unallocated range", open, "+998000000000", map[string]any{"verdict": "monitor", "reason": "unallocated_range", "code": nil, "territory": "UZ", "unlisted_range": true}},
		{"an unallocated range that is denied", "unallocated messaging deny\n" + open, "+998000000000", map[string]any{"verdict": "deny", "reason": "unallocated_range", "code": 21211.0, "territory": "UZ"}},
		{"of another channel", "unallocated voice deny\n" + open, "+998000000000", map[string]any{"verdict": "monitor", "reason": "unallocated_range", "code": nil}},
	} {
		t.Run(c.name, func(t *testing.T) {
			line := startGate(t, c.policy, "").logged(t, post(messages(acme), messageTo(c.to)))
			for field, want := range c.want {
				if got := line.Tollgate[field]; got != want {
					t.Errorf("%s is %v, want %v", field, got, want)
				}
			}
		})
	}
}
