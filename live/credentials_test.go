package live_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/caddy-tollgate/tollgate/live"
)

// vault is where the texts of placeholders stand.
type vault struct {
	sync.Mutex
	texts map[string]string
}

func (v *vault) put(name, text string) {
	v.Lock()
	defer v.Unlock()
	v.texts[name] = text
}

func (v *vault) replace(text string) (string, error) {
	v.Lock()
	defer v.Unlock()
	if text, ok := v.texts[text]; ok {
		if text == "" {
			return "", errors.New("nothing is there")
		}
		return text, nil
	}
	return text, nil
}

func loadCredentials(t *testing.T) (*live.Credentials, *vault, *observer.ObservedLogs) {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	v := &vault{texts: map[string]string{"{secret}": "first"}}
	c, err := live.LoadCredentials([]live.Credential{{Account: strings.ToLower(account), User: account, Secret: "{secret}"}}, v.replace, zap.New(core))
	if err != nil {
		t.Fatal(err)
	}
	c.PollInterval = 10 * time.Millisecond
	t.Cleanup(c.Watch())
	return c, v, logs
}

func header(secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(account+":"+secret))
}

// until waits for a condition.
func until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

func TestACredentialThatIsReplacedTakesEffect(t *testing.T) {
	c, v, logs := loadCredentials(t)
	if got := c.Of(account).Authorization; got != header("first") {
		t.Fatalf("got %s", got)
	}
	if c.Of("AC22222222222222222222222222222222") != nil {
		t.Error("another account has one")
	}
	c.Of(account).Rejected.Store(true)
	v.put("{secret}", "second\r\n")
	until(t, "the second one", func() bool { return c.Of(account).Authorization == header("second") })
	if c.Of(account).Rejected.Load() {
		t.Error("what was rejected of the first counts for the second")
	}
	if logs.FilterMessage("carrier credential replaced").Len() != 1 {
		t.Errorf("logged %v", logs.All())
	}
}

func TestACredentialThatCannotBeReadStaysAsItWas(t *testing.T) {
	c, v, logs := loadCredentials(t)
	for _, text := range []string{"", "two words", "with a\nline", "with \x00"} {
		v.put("{secret}", text)
		until(t, "a failure", func() bool { return c.Failure() != nil })
		time.Sleep(50 * time.Millisecond)
		if got := c.Of(account).Authorization; got != header("first") {
			t.Errorf("%q: got %s", text, got)
		}
		v.put("{secret}", "first")
		until(t, "no failure", func() bool { return c.Failure() == nil })
	}
	failures := logs.FilterMessage("carrier credential not read: the one before stays in force").All()
	if len(failures) != 4 {
		t.Errorf("logged %d failures, want one for each text", len(failures))
	}
	for _, entry := range logs.All() {
		for _, field := range entry.Context {
			if strings.Contains(field.String, "words") || field.Interface != nil && strings.Contains(field.Interface.(error).Error(), "words") {
				t.Errorf("the log says what was read: %v", entry)
			}
		}
	}
}

// A file that is written slowly has part of a secret in it for a while.
func TestPartOfACredentialDoesNotTakeEffect(t *testing.T) {
	whole := strings.Repeat("x", 20)
	looks := 0
	replace := func(text string) (string, error) {
		if text != "{secret}" {
			return text, nil
		}
		looks++
		if looks == 1 {
			return "first", nil
		}
		return whole[:min(looks, len(whole))], nil
	}
	c, err := live.LoadCredentials([]live.Credential{{Account: account, User: account, Secret: "{secret}"}}, replace, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	c.PollInterval = time.Millisecond
	t.Cleanup(c.Watch())
	until(t, "the whole secret", func() bool {
		got := c.Of(account).Authorization
		if got != header("first") && got != header(whole) {
			t.Fatalf("part of a secret took effect: %s", got)
		}
		return got == header(whole)
	})
}
