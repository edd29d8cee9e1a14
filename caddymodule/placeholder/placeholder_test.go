package placeholder_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
)

func TestAPolicyHoldsOnlyWhatStaysTheSame(t *testing.T) {
	file := filepath.Join(t.TempDir(), "account")
	if err := os.WriteFile(file, []byte("AC1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TOLLGATE_TEST_ACCOUNT", "AC2")
	t.Setenv("TOLLGATE_TEST_EMPTY", "")
	for _, c := range []struct {
		name, text, want string
		fails            bool
	}{
		{"none", "US", "US", false},
		{"a variable", "{env.TOLLGATE_TEST_ACCOUNT}", "AC2", false},
		{"a file", "{file." + file + "}", "AC1", false},
		{"two in a text", "{env.TOLLGATE_TEST_ACCOUNT}/{env.TOLLGATE_TEST_ACCOUNT}", "AC2/AC2", false},
		{"braces around nothing", "{}", "", true},
		{"a variable that is empty", "{env.TOLLGATE_TEST_EMPTY}", "", true},
		{"a variable that is not set", "{env.TOLLGATE_TEST_UNSET}", "", true},
		{"the time", "{time.now.unix}", "", true},
		{"the machine", "{system.hostname}", "", true},
		{"something of the request", "{http.request.header.To}", "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := placeholder.Replace(c.text); got != c.want || (err != nil) != c.fails {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestASecretIsAPlaceholderAndNothingElse(t *testing.T) {
	for text, want := range map[string]bool{
		"{env.TOKEN}": true, "{file./run/secrets/token}": true,
		"0123456789abcdef": false, "x{env.TOKEN}": false, "{env.TOKEN}x": false, "{env.A}{env.B}": false, "{http.request.host}": false, "{env.TOKEN": false, "": false,
	} {
		if got := placeholder.Is(text); got != want {
			t.Errorf("%q is one: %t", text, got)
		}
	}
}

// Reading a folder or a device as a secret must not keep a configuration from ending.
func TestOnlyARegularFileHoldsASecret(t *testing.T) {
	for text, fails := range map[string]bool{
		"{file.placeholder_test.go}": false, "{file." + t.TempDir() + "}": true, "{file." + os.DevNull + "}": true, "{file.nothing}": true, "plain": false,
	} {
		if _, err := placeholder.ReplaceRegular(text); (err != nil) != fails {
			t.Errorf("%s: %v", text, err)
		}
	}
}
