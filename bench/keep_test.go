//go:build linux

package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestAPartOfARunIsAddedToWhatTheFileHas(t *testing.T) {
	o := options{json: filepath.Join(t.TempDir(), "results.json"), only: "allowed"}
	here := circumstances{CPU: "a processor", Block: "300ms", Versions: map[string]string{"Caddy": "v2.11.9"}}
	kept := result{circumstances: here}
	kept.add(scenarioResult{Series: "accounts", X: 1000})
	kept.add(scenarioResult{Name: "refused", origin: origin{"2026-11-28", "old"}})
	kept.add(scenarioResult{Name: "allowed", origin: origin{"2026-11-28", "old"}})
	if err := kept.keep(o); err != nil {
		t.Fatal(err)
	}

	r := result{circumstances: here}
	if err := r.resume(o); err != nil {
		t.Fatal(err)
	}
	r.add(scenarioResult{Name: "allowed", origin: origin{"2026-11-29", "new"}})
	var got []string
	for _, c := range r.Scenarios {
		got = append(got, c.key()+" "+c.Commit)
	}
	if text := strings.Join(got, ", "); text != "allowed new, refused old, accounts 1000 " {
		t.Errorf("the file has %s", text)
	}

	whole := result{circumstances: here}
	if err := whole.resume(options{json: o.json}); err != nil || len(whole.Scenarios) != 0 {
		t.Errorf("a run of everything begins with %v, %v", whole.Scenarios, err)
	}
	for what, elsewhere := range map[string]circumstances{
		"processor":         {CPU: "another", Block: "300ms"},
		"length of a block": {CPU: "a processor", Block: "1s"},
		"version of Caddy":  {CPU: "a processor", Block: "300ms", Versions: map[string]string{"Caddy": "v2.12.0"}},
	} {
		other := result{circumstances: elsewhere}
		if err := other.resume(o); err == nil || !strings.Contains(err.Error(), "another "+what) {
			t.Errorf("another %s: %v", what, err)
		}
	}
}

func TestWhatIsMeasuredIsChosenByName(t *testing.T) {
	for _, c := range []struct {
		o         options
		scenarios int
		decisions bool
		err       string
	}{
		{options{}, len(everything()), true, ""},
		{options{only: "refused,accounts"}, 6, false, ""},
		{options{only: "decisions"}, 0, true, ""},
		{options{only: "refused,acounts"}, 0, false, `nothing has the name "acounts"`},
		{options{short: true}, len(short), false, ""},
		{options{short: true, only: "decisions"}, 0, false, "-short has no decisions"},
	} {
		list, decisions, err := c.o.chosen()
		if len(list) != c.scenarios || decisions != c.decisions || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%+v: got %d scenarios, %v, %v", c.o, len(list), decisions, err)
		}
	}
}
