package reload_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/reload"
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

func loadCredentials(t *testing.T) (*reload.Credentials, *vault, *observer.ObservedLogs) {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	v := &vault{texts: map[string]string{"{secret}": "first"}}
	c, err := reload.LoadCredentials([]reload.Credential{{Account: strings.ToLower(account), User: account, Secret: "{secret}"}}, sid.Identifiers{}, v.replace, zap.New(core))
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
	harness.Await(t, "the second one", func() bool { return c.Of(account).Authorization == header("second") })
	if c.Of(account).Rejected.Load() {
		t.Error("what was rejected of the first counts for the second")
	}
	if logs.FilterMessage("carrier credential replaced").Len() != 1 {
		t.Errorf("logged %v", logs.All())
	}
}

func TestACredentialThatCannotBeReadStaysAsItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, v, logs := loadCredentials(t)
		for _, text := range []string{"", "two words", "with a\nline", "with \x00"} {
			v.put("{secret}", text)
			harness.Await(t, "a failure", func() bool { return c.Failure() != nil })
			harness.Advance(time.Minute) // for many more looks
			if got := c.Of(account).Authorization; got != header("first") {
				t.Errorf("%q: got %s", text, got)
			}
			v.put("{secret}", "first")
			harness.Await(t, "no failure", func() bool { return c.Failure() == nil })
		}
		failures := logs.FilterMessage("carrier credential not read: the previous one stays in force").All()
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
	})
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
	c, err := reload.LoadCredentials([]reload.Credential{{Account: account, User: account, Secret: "{secret}"}}, sid.Identifiers{}, replace, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	c.PollInterval = time.Millisecond
	t.Cleanup(c.Watch())
	harness.Await(t, "the whole secret", func() bool {
		got := c.Of(account).Authorization
		if got != header("first") && got != header(whole) {
			t.Fatalf("part of a secret took effect: %s", got)
		}
		return got == header(whole)
	})
}

// A credential that is stated for two accounts would act for the one in the other's name.
func TestOneUserServesOneAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const other, user = "AC22222222222222222222222222222222", "SK33333333333333333333333333333333"
		v := &vault{texts: map[string]string{"{user}": user, "{secret}": "first"}}
		stated := []reload.Credential{{Account: account, User: strings.ToLower(user), Secret: "x"}, {Account: other, User: "{user}", Secret: "{secret}"}}
		if _, err := reload.LoadCredentials(stated, sid.Identifiers{}, v.replace, zap.NewNop()); err == nil || !strings.Contains(err.Error(), "have the same user") {
			t.Errorf("at the start: %v", err)
		}

		core, logs := observer.New(zapcore.DebugLevel)
		v.put("{user}", other)
		c, err := reload.LoadCredentials(stated, sid.Identifiers{}, v.replace, zap.New(core))
		if err != nil {
			t.Fatal(err)
		}
		before := c.Of(other).Authorization
		c.PollInterval = time.Millisecond
		t.Cleanup(c.Watch())
		v.put("{user}", user)
		harness.Await(t, "a failure", func() bool { return c.Failure() != nil })
		harness.Advance(time.Minute) // for many more looks
		if c.Of(other).Authorization != before {
			t.Error("the user of another account took effect")
		}
		if n := logs.FilterMessage("carrier credential not read: the previous one stays in force").Len(); n != 1 {
			t.Errorf("logged %d times", n)
		}
		v.put("{user}", other)
		v.put("{secret}", "second")
		harness.Await(t, "the next secret", func() bool { return c.Failure() == nil && c.Of(other).Authorization != before })
	})
}

// A file system that hangs holds up neither a reload nor the end.
func TestStopDoesNotWaitForASecret(t *testing.T) {
	hangs, reading := make(chan struct{}), make(chan struct{}, 1)
	var loaded atomic.Bool
	replace := func(text string) (string, error) {
		if text == "{secret}" && loaded.Load() {
			reading <- struct{}{}
			<-hangs
			return "second", nil
		}
		return strings.Trim(text, "{}"), nil
	}
	c, err := reload.LoadCredentials([]reload.Credential{{Account: account, User: account, Secret: "{secret}"}}, sid.Identifiers{}, replace, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	loaded.Store(true)
	c.PollInterval = time.Millisecond
	stop := c.Watch()
	<-reading
	stopped := make(chan struct{})
	go func() { stop(); close(stopped) }()
	select {
	case <-stopped:
	case <-time.After(5 * time.Second):
		t.Error("it waits")
	}
	close(hangs)
}
