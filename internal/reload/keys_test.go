package reload_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// watchedKeys is a file with one key in it, which is watched.
func watchedKeys(t *testing.T) (held *reload.Keys, file string, key *keys.Key, secret string, logs *observer.ObservedLogs) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "keys.json")
	key, secret = createKey(t, file)
	core, logs := observer.New(zap.InfoLevel)
	held, err := reload.LoadKeys(file, configtest.AsWritten, zap.New(core))
	if err != nil {
		t.Fatal(err)
	}
	held.PollInterval = 5 * time.Millisecond
	t.Cleanup(held.Watch())
	return held, file, key, secret, logs
}

func createKey(t *testing.T, file string) (*keys.Key, string) {
	t.Helper()
	key, secret, err := keys.Create(file, configtest.AsWritten, keys.Key{Account: account}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return key, secret
}

func TestKeysThatAreCreatedAndRevokedAreInForceByThemselves(t *testing.T) {
	held, file, first, firstSecret, logs := watchedKeys(t)
	is := func(key *keys.Key, secret string, want keys.Refusal) func() bool {
		return func() bool {
			_, refusal := held.Current().Verify(key.SID, secret, time.Now())
			return refusal == want
		}
	}
	if !is(first, firstSecret, keys.Accepted)() {
		t.Error("the first is not in force from the beginning")
	}
	second, secondSecret := createKey(t, file)
	harness.Await(t, "the second is in force", is(second, secondSecret, keys.Accepted))
	if _, err := keys.Revoke(file, configtest.AsWritten, time.Now(), first.SID); err != nil {
		t.Fatal(err)
	}
	harness.Await(t, "the first is revoked", is(first, firstSecret, keys.Revoked))
	if !is(second, secondSecret, keys.Accepted)() {
		t.Error("and the second with it")
	}
	for _, entry := range logs.All() {
		for name, value := range entry.ContextMap() {
			if text, _ := value.(string); strings.Contains(text, firstSecret) || strings.Contains(text, secondSecret) {
				t.Errorf("the log has a secret in %s", name)
			}
		}
	}
}

func TestWhileTheKeyFileHasAMistakeTheKeysBeforeStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		held, file, key, secret, logs := watchedKeys(t)
		good, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		write(t, file, strings.Replace(string(good), `"account"`, `"acount"`, 1))
		harness.Await(t, "the failure is known", func() bool { return held.Failure() != nil })
		harness.Advance(time.Minute) // for more than one further attempt
		if _, refusal := held.Current().Verify(key.SID, secret, time.Now()); refusal != keys.Accepted {
			t.Errorf("the key is %q", refusal)
		}
		said := logs.FilterMessageSnippet("not loaded").All()
		if len(said) != 1 || !strings.Contains(said[0].ContextMap()["error"].(string), file+`:6:7: keys[0]: unknown member "acount", did you mean "account"?`) {
			t.Errorf("logged is %v", said)
		}
		write(t, file, string(good))
		harness.Await(t, "it is forgotten", func() bool { return held.Failure() == nil })
	})
}

func TestAKeyFileThatCannotBeReadAtFirstIsAnError(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "keys.json")
	write(t, broken, `{"version": 2}`)
	for file, want := range map[string]string{
		"":                          "no path is given",
		filepath.Join(broken, "no"): "reading the key file: ",
		broken:                      "must state \"version\": 1",
	} {
		if _, err := reload.LoadKeys(file, configtest.AsWritten, zap.NewNop()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", file, err)
		}
	}
}

// The other keys are in force: a key that is revoked later must not stay accepted.
func TestAnOperationThatDoesNotExistIsLoggedAndTheFileIsInForce(t *testing.T) {
	held, file, key, secret, logs := watchedKeys(t)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	limited := strings.Replace(string(text), `"created"`, `"operations": ["message.create", "read"], "created"`, 1)
	if err := os.WriteFile(file, []byte(limited), 0o600); err != nil {
		t.Fatal(err)
	}
	harness.Await(t, "the mistake is logged with its place", func() bool {
		warnings := logs.FilterMessageSnippet(`keys[0].operations[0]: allows nothing: unknown operation, did you mean "messages.create"?`)
		return warnings.Len() == 1
	})
	harness.Await(t, "the file is in force", func() bool {
		limited, _ := held.Current().Verify(key.SID, secret, time.Now())
		return limited != nil && limited.AllowsOperation("read") && !limited.AllowsOperation("messages.create")
	})
}
