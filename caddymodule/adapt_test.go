package caddymodule_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// dashes divide a .caddyfiletest as they do in Caddy's own tests: the Caddyfile
// above, what becomes of it below.
const dashes = "----------\n"

// adaptTest is one .caddyfiletest.
type adaptTest struct {
	file      string
	caddyfile string
	want      string
}

func adaptTests(t *testing.T, folder string) []adaptTest {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.caddyfiletest"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests in %s: %v", folder, err)
	}
	var tests []adaptTest
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		caddyfile, want, _ := strings.Cut(string(text), dashes)
		tests = append(tests, adaptTest{file, caddyfile, strings.TrimSpace(want)})
	}
	return tests
}

// run runs the test as a subtest that is named after its file, whose
// underscores the testing package would put there for spaces anyway.
func (a *adaptTest) run(t *testing.T, test func(t *testing.T)) {
	t.Run(strings.TrimSuffix(filepath.Base(a.file), ".caddyfiletest"), test)
}

// expect compares what came out with what the file wants, or writes it there.
func (a *adaptTest) expect(t *testing.T, got string) {
	t.Helper()
	if *harness.Update {
		if err := os.WriteFile(a.file, []byte(a.caddyfile+dashes+got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != a.want {
		t.Errorf("got\n%s\n\nwant\n%s", got, a.want)
	}
}

func TestCaddyfilesAdaptToTheirJSON(t *testing.T) {
	for _, a := range adaptTests(t, "adapt") {
		a.run(t, func(t *testing.T) {
			got, err := adapt(a.caddyfile)
			if err != nil {
				t.Fatal(err)
			}
			var indented bytes.Buffer
			if err := json.Indent(&indented, got, "", "\t"); err != nil {
				t.Fatal(err)
			}
			a.expect(t, indented.String())
		})
	}
}

func TestAdaptedCaddyfilesAreFormatted(t *testing.T) {
	for _, a := range adaptTests(t, "adapt") {
		a.run(t, func(t *testing.T) {
			if formatted := string(caddyfile.Format([]byte(a.caddyfile))); formatted != a.caddyfile {
				t.Errorf("caddy fmt writes\n%s", formatted)
			}
		})
	}
}

// A policy in JSON is the same as in the Caddyfile that it was adapted from.
func TestThePolicyOfACaddyfileIsTheSameReadFromItsJSON(t *testing.T) {
	for _, a := range adaptTests(t, "adapt") {
		a.run(t, func(t *testing.T) {
			text := adaptedPolicy(t, a.caddyfile)
			if text == nil {
				t.Skip("states no policy")
			}
			var app app.App
			if err := caddy.StrictUnmarshalJSON(text, &app); err != nil {
				t.Fatal(err)
			}
			again, err := json.Marshal(app)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(text, again) {
				t.Errorf("adapted\n%s\nread and written again\n%s", text, again)
			}
		})
	}
}

func TestAdaptedCaddyfilesProvision(t *testing.T) {
	t.Setenv("TOLLGATE_TEST_ACCOUNT", acme)
	t.Setenv("TOLLGATE_TEST_MEMORY", "32MiB")
	t.Setenv("TOLLGATE_TEST_DIGEST", "sha256:"+strings.Repeat("0f", 32))
	t.Setenv("TOLLGATE_TEST_HOME", "US")
	t.Setenv("TOLLGATE_TEST_NUMBER", inUS)
	t.Setenv("TOLLGATE_TEST_OWNER", "bob")
	t.Setenv("TOLLGATE_TEST_UPSTREAM", "127.0.0.1:1")
	t.Setenv("TOLLGATE_TEST_SECRET", "a-secret")
	t.Setenv("TOLLGATE_TEST_TOKEN", "a-token")
	t.Setenv("TOLLGATE_TEST_REDIS", "rediss://gate:a-secret@redis.example.com:6379/2")
	t.Setenv("TOLLGATE_TEST_FEED", "a-token")
	folder := t.TempDir()
	t.Setenv("TOLLGATE_TEST_FOLDER", folder)
	if err := os.WriteFile(filepath.Join(folder, "rates.csv"), []byte("prefix,channel,price,currency\nUS,messaging,0.0079,USD\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, a := range adaptTests(t, "adapt") {
		a.run(t, func(t *testing.T) {
			if err := validate("{\n\tadmin off\n\tauto_https off\n\tpersist_config off\n" + strings.TrimPrefix(a.caddyfile, "{\n")); err != nil {
				t.Error(err)
			}
		})
	}
}

// A mistake is named with the file and the line where it was made, what is
// wrong with it and what is nearest to right.
func TestMistakesAreNamedWhereTheyWereMade(t *testing.T) {
	for _, a := range adaptTests(t, "mistakes") {
		a.run(t, func(t *testing.T) {
			got, err := adapt(a.caddyfile)
			if err == nil {
				t.Fatalf("adapts to %s", got)
			}
			if !strings.Contains(err.Error(), "Caddyfile:") {
				t.Error("names no line")
			}
			a.expect(t, err.Error())
		})
	}
}

// adaptedPolicy is the policy of a Caddyfile in JSON, nil if it has none.
func adaptedPolicy(t *testing.T, caddyfile string) []byte {
	t.Helper()
	text, err := adapt(caddyfile)
	if err != nil {
		t.Fatal(err)
	}
	var adapted struct {
		Apps struct {
			Tollgate json.RawMessage `json:"tollgate"`
		} `json:"apps"`
	}
	if err := json.Unmarshal(text, &adapted); err != nil {
		t.Fatal(err)
	}
	return adapted.Apps.Tollgate
}

// validate does what `caddy validate` does: it adapts and provisions, and
// starts nothing.
func validate(caddyfile string) error {
	text, err := adapt(caddyfile)
	if err != nil {
		return err
	}
	return validateJSON(text)
}

func validateJSON(text []byte) error {
	var cfg caddy.Config
	if err := caddy.StrictUnmarshalJSON(text, &cfg); err != nil {
		return err
	}
	if cfg.Logging == nil {
		// What a configuration logs while it is provisioned is not ours to show.
		cfg.Logging = &caddy.Logging{Logs: map[string]*caddy.CustomLog{
			"default": {BaseLog: caddy.BaseLog{WriterRaw: json.RawMessage(`{"output": "discard"}`)}},
		}}
	}
	return caddy.Validate(&cfg)
}
