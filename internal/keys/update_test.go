package keys_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/policy"
)

// otherProcess names the file that a process of its own creates keys in.
const otherProcess = "TOLLGATE_TEST_KEYS"

// atOnce is how many keys each process creates.
const atOnce = 40

func TestMain(m *testing.M) {
	if file := os.Getenv(interrupted); file != "" {
		changeForEver(file)
	}
	if file := os.Getenv(otherProcess); file != "" {
		for range atOnce {
			if _, _, err := keys.Create(file, carriers, keys.Key{Account: other}, now); err != nil {
				panic(err)
			}
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func newFile(t testing.TB) string { return filepath.Join(t.TempDir(), "keys.json") }

func create(t testing.TB, file string, stated keys.Key) (*keys.Key, string) {
	t.Helper()
	key, secret, err := keys.Create(file, carriers, stated, now)
	if err != nil {
		t.Fatal(err)
	}
	return key, secret
}

func read(t testing.TB, file string) *keys.Set {
	t.Helper()
	set, err := keys.Read(file, carriers)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestAKeyThatIsCreatedStandsInTheFileWithItsLimitsAndWithoutItsSecret(t *testing.T) {
	file := newFile(t)
	_, secret := create(t, file, keys.Key{
		Account: strings.ToLower(acme), Name: "Billing",
		Channels: []policy.Channel{policy.Voice}, Operations: []string{"calls.*"}, Senders: []string{"+1 (415) 555-0100"},
		Expires: now.Add(90 * time.Minute),
	})
	for key := range read(t, file).All() {
		if key.Account != acme || key.Name != "Billing" || len(key.Channels) != 1 || key.Channels[0] != policy.Voice ||
			key.Operations[0] != "calls.*" || key.Senders[0] != "+14155550100" || !key.Created.Equal(now) || !key.Expires.Equal(now.Add(90*time.Minute)) {
			t.Errorf("is %+v", key)
		}
	}
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(entries) != 1 {
		t.Fatalf("the folder has %v, %v", entries, err)
	}
	if text, err := os.ReadFile(file); err != nil || bytes.Contains(text, []byte(secret)) {
		t.Errorf("the secret is in\n%s\n%v", text, err)
	}
	if info, err := os.Stat(file); err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("the mode is %v", info.Mode())
	}
}

func TestAKeyWithAMistakeIsNotCreated(t *testing.T) {
	file := newFile(t)
	for says, c := range map[string]struct {
		stated keys.Key
		want   string
	}{
		"no account":                      {keys.Key{}, "account: must be AC"},
		"an account that is a key":        {keys.Key{Account: "SK22222222222222222222222222222222"}, "account: must be AC"},
		"an expiry that is over":          {keys.Key{Account: acme, Expires: now}, "expired already"},
		"one that is too far off":         {keys.Key{Account: acme, Expires: now.AddDate(8000, 0, 0)}, "after the year 9999"},
		"a sender that is none":           {keys.Key{Account: acme, Senders: []string{"+1415"}}, "senders[0]: a sender is"},
		"an operation that is unknown":    {keys.Key{Account: acme, Operations: []string{"read", "message.create"}}, `operations[1]: unknown operation, did you mean "messages.create"?`},
		"an operation that is not a name": {keys.Key{Account: acme, Operations: []string{"Messages"}}, "operations[0]: an operation is"},
	} {
		_, secret, err := keys.Create(file, carriers, c.stated, now)
		if err == nil || !strings.Contains(err.Error(), c.want) || secret != "" {
			t.Errorf("%s: %v", says, err)
		}
	}
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is a file: %v", err)
	}
}

func TestAFileWithAMistakeIsNotWritten(t *testing.T) {
	file := newFile(t)
	broken := []byte(`{"version": 1, "keys": [}`)
	if err := os.WriteFile(file, broken, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := keys.Create(file, carriers, keys.Key{Account: acme}, now); err == nil || !strings.Contains(err.Error(), file+":1:") {
		t.Errorf("created: %v", err)
	}
	if _, err := keys.Revoke(file, carriers, now, "SK22222222222222222222222222222222"); err == nil {
		t.Error("revoked")
	}
	if text, _ := os.ReadFile(file); !bytes.Equal(text, broken) {
		t.Errorf("the file is\n%s", text)
	}
	if entries, _ := os.ReadDir(filepath.Dir(file)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestARevokedKeyStaysInTheFile(t *testing.T) {
	file := newFile(t)
	first, _ := create(t, file, keys.Key{Account: acme})
	second, _ := create(t, file, keys.Key{Account: acme})
	third, thirdSecret := create(t, file, keys.Key{Account: acme})
	if _, err := keys.Revoke(file, carriers, now, first.SID, "SK00000000000000000000000000000000"); err == nil {
		t.Error("one of two is unknown, and nothing is said")
	}
	if _, err := keys.Revoke(file, carriers, now, second.SID); err != nil {
		t.Fatal(err)
	}
	revoked, err := keys.Revoke(file, carriers, now.Add(time.Hour), second.SID, first.SID)
	if err != nil || len(revoked) != 2 || !revoked[0].Revoked.Equal(now) || !revoked[1].Revoked.Equal(now.Add(time.Hour)) {
		t.Errorf("%v, %v", revoked, err)
	}
	set := read(t, file)
	if set.Len() != 3 {
		t.Errorf("%d keys", set.Len())
	}
	if _, refusal := set.Verify(third.SID, thirdSecret, now); refusal != keys.Accepted {
		t.Errorf("the third is %q", refusal)
	}
}

func TestNothingIsRevokedWhereThereIsNoFile(t *testing.T) {
	file := newFile(t)
	if _, err := keys.Revoke(file, carriers, now, "SK00000000000000000000000000000000"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(file)); len(entries) != 0 {
		t.Errorf("there is %v", entries)
	}
}

func TestProcessesThatCreateKeysAtOnceLoseNone(t *testing.T) {
	file := newFile(t)
	var others []*exec.Cmd
	for range 2 {
		program := exec.Command(os.Args[0])
		program.Env = append(os.Environ(), otherProcess+"="+file)
		program.Stderr = os.Stderr
		if err := program.Start(); err != nil {
			t.Fatal(err)
		}
		others = append(others, program)
	}
	secrets := make(map[string]string)
	for range atOnce {
		key, secret := create(t, file, keys.Key{Account: acme})
		secrets[key.SID] = secret
		read(t, file) // which is whole at any time
	}
	for _, program := range others {
		if err := program.Wait(); err != nil {
			t.Error(err)
		}
	}
	set := read(t, file)
	if set.Len() != 3*atOnce {
		t.Errorf("%d keys of %d", set.Len(), 3*atOnce)
	}
	for sid, secret := range secrets {
		if _, refusal := set.Verify(sid, secret, now); refusal != keys.Accepted {
			t.Errorf("%s is %q", sid, refusal)
		}
	}
	if entries, _ := os.ReadDir(filepath.Dir(file)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestACommandDoesNotWaitForEverForOneThatGoesOnWriting(t *testing.T) {
	beImpatient(t)
	file := newFile(t)
	release, err := keys.Lock(file)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = keys.Create(file, carriers, keys.Key{Account: acme}, now)
	if err == nil || !strings.Contains(err.Error(), "another command is writing and holds "+file+".lock") {
		t.Errorf("got %v", err)
	}
	release()
	create(t, file, keys.Key{Account: acme})
}

// beImpatient lets no command wait for another.
func beImpatient(t *testing.T) {
	t.Helper()
	patience := *keys.LockPatience
	*keys.LockPatience = 0
	t.Cleanup(func() { *keys.LockPatience = patience })
}

// A file may have become too large for one; here, a sender is one only the first time.
func TestWhatCouldNotBeReadAgainIsNotWritten(t *testing.T) {
	file, asked := newFile(t), 0
	once := func(text string) []string {
		if asked++; asked > 1 {
			return nil
		}
		return []string{text}
	}
	_, _, err := keys.Create(file, configtest.Carriers{Read: once}, keys.Key{Account: acme, Senders: []string{"acme"}}, now)
	if err == nil || !strings.Contains(err.Error(), "reading what would be written") {
		t.Errorf("got %v", err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(file)); len(entries) != 0 {
		t.Errorf("there is %v", entries)
	}
}

func TestTheFileBehindALinkIsReplacedAndNotTheLink(t *testing.T) {
	file := newFile(t)
	create(t, file, keys.Key{Account: acme})
	link := filepath.Join(t.TempDir(), "link.json")
	if err := os.Symlink(file, link); err != nil {
		t.Skip(err)
	}
	create(t, link, keys.Key{Account: acme})
	if n := read(t, file).Len(); n != 2 {
		t.Errorf("%d keys", n)
	}
}
