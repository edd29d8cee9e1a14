package review_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

func TestMistakesSayWhereTheyAre(t *testing.T) {
	_, inFile := config.ParseFile("a.yaml", []byte("version: 1\nobserve: 7\naccounts: 5\n"))
	for _, test := range []struct {
		says string
		err  error
		want []review.Remark
	}{
		{"several in a file", fmt.Errorf("reading: %w", inFile), []review.Remark{
			{Code: review.Mistake, Place: review.Place{File: "a.yaml", Line: 2, Column: 10}, Text: "observe: must be true or false, or an object, such as {reason: ticket 812, until: \"2026-12-01\"}"},
			{Code: review.Mistake, Place: review.Place{File: "a.yaml", Line: 3, Column: 11}, Text: `accounts: must be a list, such as [{id: AC11111111111111111111111111111111}]`},
		}},
		{"one in a Caddyfile, behind what is wrong", errors.New(`parsing caddyfile tokens for 'tollgate': unknown option "att", at dir/Caddyfile:5`), []review.Remark{
			{Code: review.Mistake, Place: review.Place{File: "dir/Caddyfile", Line: 5}, Text: `unknown option "att"`}}},
		{"one that a snippet has", errors.New("wrong, at Caddyfile:5 import chain ['Caddyfile:9 (import x)']"), []review.Remark{
			{Code: review.Mistake, Place: review.Place{File: "Caddyfile", Line: 5}, Text: "wrong"}}},
		{"two in a Caddyfile, before what is wrong", errors.New("parsing caddyfile tokens for 'tollgate': Caddyfile:5: one\nCaddyfile:6: two"), []review.Remark{
			{Code: review.Mistake, Place: review.Place{File: "Caddyfile", Line: 5}, Text: "one"},
			{Code: review.Mistake, Place: review.Place{File: "Caddyfile", Line: 6}, Text: "two"}}},
		{"one that says no place", fmt.Errorf("one: %w", errors.New("two")), []review.Remark{{Code: review.Mistake, Text: "one: two"}}},
	} {
		t.Run(test.says, func(t *testing.T) {
			got := review.Mistakes(test.err)
			if len(got) != len(test.want) {
				t.Fatalf("got %+v", got)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("got %+v, want %+v", got[i], test.want[i])
				}
			}
		})
	}
}

// remarks are of every kind of place.
var remarks = []review.Remark{
	{Code: review.Mistake, Place: review.Place{File: "/srv/repo/my policy.yaml", Line: 4, Column: 17}, Text: "100%\nwrong"},
	{Code: review.WideRule, Place: review.Place{File: "conf/Caddyfile", Line: 3}, Text: "wide"},
	{Code: review.OpenVoice, Place: review.Place{File: "/etc/policy.yaml"}, Text: "open"},
	{Code: review.EndedRule, Text: "ended"},
}

func TestSARIFIsValid(t *testing.T) {
	file, err := os.Open("testdata/sarif-2.1.0.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	document, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("sarif.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range [][]review.Remark{remarks, nil} {
		var written bytes.Buffer
		if err := review.WriteSARIF(&written, list, filepath.FromSlash("/srv/repo")); err != nil {
			t.Fatal(err)
		}
		if list != nil {
			golden(t, "sarif", written.String())
		}
		log, err := jsonschema.UnmarshalJSON(&written)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(log); err != nil {
			t.Errorf("%v", err)
		}
	}
}

func TestALineThatSaysWhereAMistakeIsNeedsNoContext(t *testing.T) {
	for _, c := range []struct{ name, line, want string }{
		{"a policy file", `checking the policy: policy.yaml:4:17: wrong`, `policy.yaml:4:17: wrong`},
		{"a Caddyfile", `parsing caddyfile tokens for 'tollgate': Caddyfile:4: wrong`, `Caddyfile:4: wrong`},
		{"no context", `policy.yaml:8:2: wrong`, `policy.yaml:8:2: wrong`},
		{"a place by its path", `checking the policy: accounts[0].home: wrong`, `checking the policy: accounts[0].home: wrong`},
		{"a place at the end", `parsing caddyfile tokens for 'tls': wrong, at Caddyfile:4`, `parsing caddyfile tokens for 'tls': wrong, at Caddyfile:4`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := review.WithoutContext(c.line); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestWorkflowCommandsAreEscaped(t *testing.T) {
	var written bytes.Buffer
	if err := review.WriteWorkflowCommands(&written, remarks, filepath.FromSlash("/srv/repo")); err != nil {
		t.Fatal(err)
	}
	const want = `::error title=tollgate mistake,file=my policy.yaml,line=4,col=17::100%25%0Awrong
::warning title=tollgate wide_rule,file=conf/Caddyfile,line=3::wide
::warning title=tollgate open_voice,file=/etc/policy.yaml::open
::warning title=tollgate ended::ended
`
	if got := written.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
