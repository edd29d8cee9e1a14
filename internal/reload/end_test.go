package reload_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// loaderOf is a loader of a file that says a text, and what rewrites it.
func loaderOf(t *testing.T, name, content string) (l *reload.Loader, rewrite func(string)) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	write(t, file, content)
	reading := reload.Resolver{Replace: replace, Carriers: configtest.AsWritten}
	l, err := reload.NewLoader(reading, file, config.Document{}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	return l, func(text string) { write(t, file, text) }
}

// examplePolicy is the example of a policy file, which states its end.
func examplePolicy(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../examples/policy-file/policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A disk that is full, or a copy that broke off, leaves the beginning of a file, which
// is YAML of its own where a line ends.
func TestAFileThatIsCutOffAnywhereNeverTakesThePlaceOfOneThatStatesItsEnd(t *testing.T) {
	whole := examplePolicy(t)
	l, rewrite := loaderOf(t, "policy.yaml", whole)
	if _, err := l.Load(); err != nil {
		t.Fatal(err)
	}
	inForce := l.Current()
	cut := 0
	for i := range len(strings.TrimRight(whole, "\n")) {
		rewrite(whole[:i])
		if changed, err := l.Load(); err == nil || changed {
			t.Errorf("cut off after %d bytes, behind %q, it is taken", i, whole[max(0, i-30):i])
		} else if strings.Contains(err.Error(), "does not state its end, as the file in force does") {
			cut++ // only this can be reported
		}
	}
	if l.Current() != inForce {
		t.Error("another policy is in force")
	}
	if cut < 5 {
		t.Errorf("only %d of the cut files lacked nothing but the end: the test shows little", cut)
	}
	rewrite(strings.TrimRight(whole, "\n"))
	if _, err := l.Load(); err != nil {
		t.Errorf("without the line end that nothing hangs on: %v", err)
	}
}

func TestWhichPolicyFilesMustStateTheirEnd(t *testing.T) {
	const policy = "version: 1\naccounts:\n  - id: " + account + "\n"
	const inJSON = `{"version": 1, "accounts": [{"id": "` + account + `"}]`
	for _, c := range []struct {
		name, file    string
		complete      bool
		first, second string
		want          string // of the error about the second, if not the empty one
	}{
		{"a file need not", "policy.yaml", false, policy, "version: 1\n", ""},
		{"a file must once the one in force does", "policy.yaml", false, policy + "end: true\n", policy, "does not state its end, as the file in force does"},
		{"a mistake between the two does not change that", "policy.yaml", false, policy + "end: true\n", "version: 2\n", "must be 1"},
		{"a file that begins to is taken", "policy.yaml", false, policy, policy + "end: true\n", ""},
		{"in JSON too", "policy.json", false, inJSON + `, "end": true}`, inJSON + "}", "does not state its end"},
		{"a file that must be complete is", "policy.yaml", true, policy + "end: true\n", "version: 1\nend: true\n", ""},
		{"or is refused", "policy.yaml", true, policy + "end: true\n", "version: 1\n", `remove "complete" from`},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, rewrite := loaderOf(t, c.file, c.first)
			l.Complete = c.complete
			if _, err := l.Load(); err != nil {
				t.Fatal(err)
			}
			rewrite(c.second)
			_, err := l.Load()
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			// And again, once there was a mistake.
			if _, again := l.Load(); (again == nil) != (err == nil) {
				t.Errorf("at first %v, then %v", err, again)
			}
		})
	}
}

func TestAFileThatMustBeCompleteIsRefusedAtTheStartToo(t *testing.T) {
	l, rewrite := loaderOf(t, "policy.yaml", "version: 1\n")
	l.Complete = true
	if _, err := l.Load(); err == nil || !strings.Contains(err.Error(), `write "end: true" as its last line`) {
		t.Errorf("got %v", err)
	}
	rewrite("version: 1\nend: true\n")
	if _, err := l.Load(); err != nil {
		t.Error(err)
	}
}
