package reload_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

const account = "AC11111111111111111111111111111111"

// text is a policy file that lets the account send to a territory.
func text(territory string) string {
	return "version: 1\naccounts:\n  - id: " + account + "\n    messaging: [" + territory + "]\n"
}

// secret is the value of the placeholder {x}; empty if it has none.
var secret atomic.Value

func replace(text string) (string, error) {
	if !strings.Contains(text, "{x}") {
		return text, nil
	}
	if value, _ := secret.Load().(string); value != "" {
		return strings.ReplaceAll(text, "{x}", value), nil
	}
	return "", errors.New("x is not there")
}

// watched loads a file and watches it, with looks at it in quick succession.
func watched(t *testing.T, content string) (l *reload.Loader, file string, logs *observer.ObservedLogs) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "policy.yaml")
	write(t, file, content)
	core, logs := observer.New(zap.InfoLevel)
	reading := reload.Resolver{Replace: replace, Carriers: configtest.AsWritten}
	l, err := reload.NewLoader(reading, file, config.Document{}, zap.New(core))
	if err != nil {
		t.Fatal(err)
	}
	l.PollInterval = 5 * time.Millisecond
	if _, err := l.Load(); err != nil {
		t.Fatal(err)
	}
	stop := l.Watch(func() error {
		_, err := l.Reload()
		return err
	})
	t.Cleanup(stop)
	return l, file, logs
}

func write(t *testing.T, file, content string) {
	t.Helper()
	next := file + ".next"
	if err := os.WriteFile(next, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, file); err != nil {
		t.Fatal(err)
	}
}

// allows names the territories of the account in force.
func allows(l *reload.Loader) string {
	return "[" + l.Current().Compiled.Definition.Accounts[0].Messaging.Set.String() + "]"
}

func TestAFileThatChangesIsLoaded(t *testing.T) {
	l, file, _ := watched(t, text("US"))
	for _, territory := range []string{"GB", "FR", "US"} {
		write(t, file, text(territory))
		harness.Await(t, territory+" is in force", func() bool { return allows(l) == "["+territory+"]" })
	}
}

func TestAFileBehindALinkThatIsPointedElsewhereIsLoaded(t *testing.T) {
	l, file, _ := watched(t, text("US"))
	other := file + ".other"
	if err := os.WriteFile(other, []byte(text("GB")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(other, file+".link"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+".link", file); err != nil {
		t.Fatal(err)
	}
	harness.Await(t, "what the link points at is in force", func() bool { return allows(l) == "[GB]" })
}

// What keeps a file from being loaded may pass without the file changing.
func TestAFileThatCouldNotBeLoadedIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		secret.Store("US")
		l, file, logs := watched(t, text("US"))
		secret.Store("")
		write(t, file, text(`"{x}"`))
		harness.Await(t, "the failure is known", func() bool { return l.Failure() != nil })
		harness.Advance(time.Minute) // for more than one further attempt
		secret.Store("GB")
		harness.Await(t, "the file is in force", func() bool { return allows(l) == "[GB]" })
		if l.Failure() != nil {
			t.Errorf("still said to fail: %v", l.Failure())
		}
		if n := logs.FilterMessageSnippet("not loaded").Len(); n != 1 {
			t.Errorf("one failure is logged %d times", n)
		}
	})
}

func TestAFileIsNotReadWhileItIsBeingWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, file, logs := watched(t, text("US"))
		whole := text("GB") + "  - id: AC22222222222222222222222222222222\n"
		f, err := os.Create(file) // in place, as no editor should
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for line := range strings.Lines(whole) {
			if _, err := f.WriteString(line); err != nil {
				t.Fatal(err)
			}
			harness.Advance(l.PollInterval)
		}
		harness.Await(t, "the whole file is in force", func() bool { return len(l.Current().Document.Accounts) == 2 })
		if n := logs.FilterMessage("policy loaded").Len(); n != 2 {
			t.Errorf("%d policies were loaded", n)
		}
	})
}

// These two policies were searched for: the beginning of their digests, the
// revision, is the same. What decides is the whole.
func TestPoliciesWhoseRevisionsAreTheSameAreTwo(t *testing.T) {
	labeled := func(label, messaging string) string {
		return "version: 1\naccounts:\n  - id: " + account + "\n    label: \"" + label + "\"\n    messaging: " + messaging + "\n"
	}
	l, file, _ := watched(t, labeled("006856015", `["*"]`))
	before := l.Current()
	write(t, file, labeled("004049337", "[US]"))
	harness.Await(t, "the other policy is in force", func() bool { return l.Current() != before })
	if before.Snapshot.Revision() != l.Current().Snapshot.Revision() {
		t.Error("the revisions differ: this test shows nothing")
	}
}

// Of each policy that is loaded, the log names the one before and what is different.
func TestTheLogComparesAPolicyWithTheOneBefore(t *testing.T) {
	compare := func(before, after *reload.Loaded) []zap.Field {
		return []zap.Field{zap.String("compared", before.Snapshot.Revision()+" "+after.Snapshot.Revision())}
	}
	load := func(t *testing.T, file string, predecessor *reload.Loaded) (*reload.Loader, *observer.ObservedLogs) {
		core, logs := observer.New(zap.InfoLevel)
		l, err := reload.NewLoader(reload.Resolver{Replace: replace, Carriers: configtest.AsWritten}, file, config.Document{}, zap.New(core))
		if err != nil {
			t.Fatal(err)
		}
		l.Compare, l.Predecessor = compare, func() *reload.Loaded { return predecessor }
		if _, err := l.Load(); err != nil {
			t.Fatal(err)
		}
		return l, logs
	}
	last := func(logs *observer.ObservedLogs) map[string]any {
		lines := logs.FilterMessage("policy loaded").All()
		return lines[len(lines)-1].ContextMap()
	}
	file := filepath.Join(t.TempDir(), "policy.yaml")
	write(t, file, text("US"))

	l, logs := load(t, file, nil)
	first := l.Current().Snapshot.Revision()
	if got := last(logs); got["revision"] != first || got["previous"] != nil || got["compared"] != nil {
		t.Errorf("the first policy of all: %v", got)
	}
	write(t, file, text("GB"))
	if _, err := l.Load(); err != nil {
		t.Fatal(err)
	}
	second := l.Current().Snapshot.Revision()
	if got := last(logs); got["previous"] != first || got["compared"] != first+" "+second {
		t.Errorf("the second: %v", got)
	}
	write(t, file, text("FR"))
	next, logs := load(t, file, l.Current())
	if got := last(logs); got["previous"] != second || got["compared"] != second+" "+next.Current().Snapshot.Revision() {
		t.Errorf("the first of another configuration: %v", got)
	}
	_, logs = load(t, file, next.Current())
	if got := last(logs); got["previous"] != nil || got["compared"] != nil {
		t.Errorf("the same of another configuration: %v", got)
	}
}

// What is logged of a policy may take a while to find out. The policy is in force meanwhile.
func TestAFileThatIsMendedIsFineAsSoonAsItIsInForce(t *testing.T) {
	l, file, _ := watched(t, text("US"))
	reviewed := make(chan error, 1)
	l.Review = func(*reload.Loaded) []string {
		reviewed <- l.Failure()
		return nil
	}
	write(t, file, text("UK"))
	harness.Await(t, "a failure", func() bool { return l.Failure() != nil })
	write(t, file, text("GB"))
	if err := <-reviewed; err != nil {
		t.Errorf("the policy is in force, and the loader says: %v", err)
	}
}
