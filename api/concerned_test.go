package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

// familyOf is a policy with a parent that has some subaccounts, which inherit from it.
func familyOf(subaccounts int) string {
	var b strings.Builder
	b.WriteString("accounts:\n  - {id: parent, at: {twilio: " + sidThree + "}, home: NZ, messaging: [NZ, GB]}\n")
	for i := range subaccounts {
		fmt.Fprintf(&b, "  - {id: \"child-%04d\", at: {twilio: AC%032x}, parent: parent}\n", i, 0x100+i)
	}
	return b.String()
}

func TestAChangeSaysWhatItOpensAndClosesForAccountsThatInherit(t *testing.T) {
	m := manage(t, familyOf(1))
	m.must(t, "PUT", "/accounts/"+sidOne, `{"messaging": ["US"]}`, nil)
	m.must(t, "PUT", "/accounts/"+sidTwo, `{"parent": "`+sidOne+`"}`, nil)
	for _, c := range []struct {
		name, path, body string
		want             []string
		none             bool
	}{
		{"a parent's territory", "POST /accounts/" + sidOne + "/territories/add", `{"channel": "messaging", "territories": ["CA"]}`,
			[]string{sidOne + " opens messaging: CA Canada", sidTwo + " opens messaging: CA Canada"}, false},
		{"the suspension of a parent", "PUT /suspensions/parent", `{"reason": "fraud"}`,
			[]string{"child-0000 closes messaging: GB United Kingdom, NZ New Zealand", `parent closes suspended "fraud": neither it nor a subaccount sends anything`}, false},
		{"what a subaccount does not inherit", "PATCH /accounts/" + sidTwo, `{"messaging": ["US", "CA"]}`,
			[]string{sidTwo + " opens messaging: CA Canada"}, true},
		{"a panic", "POST /panic", `{"reason": "leak", "protect": ["` + sidOne + `"]}`, []string{
			` closes panic "leak": everything is closed except what accounts have at home, and what is open to ` + sidOne + ` and their subaccounts`,
			"child-0000 closes messaging: GB United Kingdom", "parent closes messaging: GB United Kingdom"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			method, path, _ := strings.Cut(c.path, " ")
			var tried api.ChangeResult
			m.must(t, method, path+"?dry_run=true", c.body, &tried)
			got := changesOf(tried.Difference)
			for _, want := range c.want {
				if !slices.Contains(got, want) {
					t.Errorf("it lacks %q: %q", want, got)
				}
			}
			if none := tried.Concerned == nil; none != c.none {
				t.Errorf("concerned: %+v", tried.Concerned)
			}
			if opens, closes := counted(got, " opens "), counted(got, " closes "); *tried.Opens != opens || *tried.Closes != closes {
				t.Errorf("it counts %d and %d of %q", *tried.Opens, *tried.Closes, got)
			}
		})
	}
}

func TestAPanicAndItsEndSayWhatTheyCloseAndOpen(t *testing.T) {
	m := manage(t, familyOf(1))
	var began, changed, ended api.ChangeResult
	m.must(t, "POST", "/panic", `{"reason": "leak"}`, &began)
	m.must(t, "POST", "/panic?dry_run=true", `{"reason": "leak", "protect": ["parent"]}`, &changed)
	m.must(t, "POST", "/panic/undo?reason=over&dry_run=true", "", &ended)
	if *began.Opens != 0 || *began.Closes < 3 || began.Difference != nil {
		t.Errorf("it began with %d and %d", *began.Opens, *began.Closes)
	}
	if *ended.Opens != *began.Closes || *ended.Closes != 0 {
		t.Errorf("it closes %d, and its end opens %d and closes %d", *began.Closes, *ended.Opens, *ended.Closes)
	}
	if got := changesOf(changed.Difference); *changed.Opens != *began.Closes-1 || !slices.Contains(got, " changes the panic protects parent; before, none") {
		t.Errorf("to protect one changes %q", got)
	}
}

func TestOfVeryManyAccountsThatInheritTheFirstAreComparedAndFewerListed(t *testing.T) {
	m := manage(t, familyOf(1005))
	var tried api.ChangeResult
	m.must(t, "PUT", "/suspensions/parent?dry_run=true", `{"reason": "fraud"}`, &tried)
	text, err := json.Marshal(tried.Concerned)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"accounts":1005,"compared":1000,"changed":1000,"listed":100}`; string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	got := changesOf(tried.Difference)
	if !slices.ContainsFunc(got, func(c string) bool { return strings.HasPrefix(c, "child-0099 ") }) ||
		slices.ContainsFunc(got, func(c string) bool { return strings.HasPrefix(c, "child-0100 ") }) {
		t.Errorf("it lists %q", got)
	}
	listed := counted(got, " closes ")
	if each := counted(got, "child-0000 closes "); *tried.Closes != listed+900*each {
		t.Errorf("it counts %d, lists %d and has %d for each", *tried.Closes, listed, each)
	}
	if want := "and 900 more accounts for which something changes, counted and not listed; and 5 more accounts that are not compared"; tried.Concerned.Text() != want {
		t.Errorf("in words: %s", tried.Concerned.Text())
	}
}

// changesOf are changes in words, each with whose it is.
func changesOf(changes []review.Change) (words []string) {
	for i := range changes {
		c := &changes[i]
		name := c.Name
		if name == "" {
			name = c.Account
		}
		words = append(words, name+" "+string(c.Direction)+" "+c.Text)
	}
	return words
}

func counted(words []string, part string) (n int) {
	for _, w := range words {
		if strings.Contains(w, part) {
			n++
		}
	}
	return n
}
