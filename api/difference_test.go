package api_test

import (
	"fmt"
	"strings"
	"testing"
)

// difference has what tests read of the answer to a change.
type difference struct {
	Changed       bool
	Opens, Closes *int
	Difference    []struct{ Direction, What, Account, Text string }
}

func (d *difference) String() string {
	var words []string
	for _, c := range d.Difference {
		words = append(words, c.Direction+" "+c.Text)
	}
	if d.Opens == nil || d.Closes == nil {
		return "not counted"
	}
	return fmt.Sprintf("+%d -%d %s", *d.Opens, *d.Closes, strings.Join(words, "; "))
}

func TestADryRunSaysWhatAChangeOpensAndCloses(t *testing.T) {
	m := manage(t, "default: {messaging: [NZ]}\naccounts:\n  - {id: parent, at: {twilio: "+sidThree+"}, messaging: [GB]}\n")
	m.must(t, "PUT", "/accounts/"+sidOne, `{"messaging": ["US"]}`, nil)
	for _, c := range []struct{ name, method, path, body, want string }{
		{"replacing a list", "PUT", "/accounts/" + sidOne, `{"messaging": ["CA"]}`, "+1 -1 opens messaging: CA Canada; closes messaging: US United States"},
		{"adding a territory", "POST", "/accounts/" + sidOne + "/territories/add", `{"channel": "messaging", "territories": ["CA"]}`, "+1 -0 opens messaging: CA Canada"},
		{"a parent that a file states", "PATCH", "/accounts/" + sidOne, `{"messaging": null, "parent": "parent"}`,
			"+1 -1 opens messaging: GB United Kingdom; closes messaging: US United States; changes parent is parent; before, none"},
		{"a new account", "PUT", "/accounts/" + sidTwo, `{"messaging": []}`,
			"+0 -1 closes messaging: NZ New Zealand; changes is named now; before, it was treated as any account that is not"},
		{"deleting one", "DELETE", "/accounts/" + sidOne, "",
			"+1 -1 opens messaging: NZ New Zealand; closes messaging: US United States; changes is no longer named: it is treated as any account that is not"},
		{"what is as it was", "PUT", "/accounts/" + sidOne, `{"messaging": ["US"]}`, "+0 -0 "},
		{"for all accounts", "PUT", "/settings", `{"observe": true}`, "+1 -0 opens observe: nothing is refused any more, only recorded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var tried, made difference
			m.must(t, c.method, c.path+"?dry_run=true", c.body, &tried)
			if tried.String() != c.want {
				t.Errorf("got  %s\nwant %s", &tried, c.want)
			}
			if c.name != "replacing a list" {
				return
			}
			m.must(t, c.method, c.path, c.body, &made)
			if made.Difference != nil || made.Opens == nil || *made.Opens != *tried.Opens || *made.Closes != *tried.Closes {
				t.Errorf("once it is made: %+v", made)
			}
			m.must(t, c.method, c.path, `{"messaging": ["US"]}`, nil)
		})
	}
}

func TestAWriteThatChangesNothingNamesTheRevisionThatIsInForce(t *testing.T) {
	m := manage(t, "")
	var first, again, tried struct{ Revision string }
	m.must(t, "PUT", "/accounts/"+sidOne, `{"messaging": ["US"]}`, &first)
	m.must(t, "PUT", "/accounts/"+sidOne, `{"messaging": ["US"]}`, &again)
	m.must(t, "PUT", "/accounts/"+sidOne+"?dry_run=true", `{"messaging": ["US"]}`, &tried)
	if again != first || tried != first {
		t.Errorf("after %s it names %s, and %s in a dry run", first, again, tried)
	}
}
