package command_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/internal/keys"
)

// issued is what `key create` prints.
var issued = regexp.MustCompile(`^sid     (SK[0-9a-f]{32})\nsecret  ([0-9A-Za-z]{43})\n$`)

// createKey runs `key create` and returns what it prints.
func createKey(t *testing.T, folder string, flags ...string) (sid, secret string) {
	t.Helper()
	status, output, complaint := ask(t, folder, "", append([]string{"key", "create", "--keys", "keys.json"}, flags...)...)
	match := issued.FindStringSubmatch(output)
	if status != 0 || match == nil || complaint != "" {
		t.Fatalf("status %d, prints\n%s\ncomplains\n%s", status, output, complaint)
	}
	return match[1], match[2]
}

func TestAKeyIsCreatedListedAndRevoked(t *testing.T) {
	in := t.TempDir()
	first, firstSecret := createKey(t, in, "--account", acme, "--name", "billing", "--channel", "messaging",
		"--operation", "messages.create,read", "--sender", "+1 (415) 555-0100", "--sender", "Acme", "--expires", "720h")
	second, secondSecret := createKey(t, in, "--account", acme)

	verify := func(sid, secret string) keys.Refusal {
		set, err := keys.Read(filepath.Join(in, "keys.json"), carriers.All())
		if err != nil {
			t.Fatal(err)
		}
		_, refusal := set.Verify(sid, secret, time.Now())
		return refusal
	}
	if verify(first, firstSecret) != keys.Accepted || verify(second, secondSecret) != keys.Accepted {
		t.Error("not both are accepted at the same time")
	}
	status, output, complaint := ask(t, in, "", "key", "revoke", "--keys", "keys.json", strings.ToLower(second))
	if status != 0 || !strings.HasPrefix(output, second+" revoked 2") {
		t.Fatalf("status %d, %s%s", status, output, complaint)
	}
	if verify(first, firstSecret) != keys.Accepted || verify(second, secondSecret) != keys.Revoked {
		t.Error("not the second, and it alone, is revoked")
	}

	_, list, _ := ask(t, in, "", "key", "list", "--keys", "keys.json")
	for i, want := range []string{"SID .*NAME", first + "  " + acme + "  active .* messaging +messages.create,read +\\+14155550100,acme +billing", second + "  " + acme + "  revoked .* all +all +all +-"} {
		if lines := strings.Split(list, "\n"); len(lines) != 4 || !regexp.MustCompile("^"+want+"$").MatchString(lines[i]) {
			t.Errorf("no line %d %s in\n%s", i, want, list)
		}
	}
	_, listJSON, _ := ask(t, in, "", "tollgate", "key", "list", "--keys", "keys.json", "--json")
	var rows []map[string]any
	if err := json.Unmarshal([]byte(listJSON), &rows); err != nil || len(rows) != 2 {
		t.Fatalf("%v in\n%s", err, listJSON)
	}
	if rows[0]["state"] != "active" || rows[0]["channels"].([]any)[0] != "messaging" || rows[1]["state"] != "revoked" || rows[1]["channels"] != nil {
		t.Errorf("lists\n%s", listJSON)
	}
	file, err := os.ReadFile(filepath.Join(in, "keys.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{firstSecret, secondSecret} {
		for _, text := range []string{output, list, listJSON, string(file)} {
			if strings.Contains(text, secret) {
				t.Errorf("a secret is in\n%s", text)
			}
		}
	}
}

func TestAKeyIsPrintedInJSONToo(t *testing.T) {
	status, output, complaint := ask(t, t.TempDir(), "", "key", "create", "--keys", "keys.json", "--account", acme, "--json")
	var key map[string]string
	if err := json.Unmarshal([]byte(output), &key); err != nil || status != 0 || len(key) != 3 || key["account"] != acme || len(key["sid"]) != 34 || len(key["secret"]) != 43 {
		t.Errorf("status %d, %v, prints\n%s\ncomplains\n%s", status, err, output, complaint)
	}
}

func TestKeyCommandsExitAsTheySay(t *testing.T) {
	in := t.TempDir()
	for name, text := range map[string]string{
		"empty.json":   `{"version": 1, "keys": []}`,
		"mistake.json": "{\"version\": 1,\n\"key\": []}",
		"mistyped.json": `{"version": 1, "keys": [{"sid": "` + theKey + `", "account": "` + acme + `", "sha256": "` + strings.Repeat("ab", 32) +
			`", "operations": ["message.create"], "created": "2026-11-01T00:00:00Z"}]}`,
	} {
		if err := os.WriteFile(filepath.Join(in, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const secret = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
	for _, c := range []struct {
		name, command string

		status            int
		output, complaint string
	}{
		{"key alone helps", "key", 0, "create", ""},
		{"a command that there is not", "key delete", 2, "", "must be one of create, list, revoke, operations"},
		{"a mistyped command", "key lst", 2, "", `unknown command of key: "lst", did you mean "list"?`},
		{"a mistyped command of audit", "audit lst", 2, "", `unknown command of audit: "lst", did you mean "list"?`},
		{"a mistyped command of account", "account lst", 2, "", `unknown command of account: "lst", did you mean "list"?`},
		{"no file to create in", "key create --account " + acme, 2, "", "add --keys"},
		{"no file to list", "key list", 2, "", "add --keys"},
		{"no file to revoke in", "key revoke " + theKey, 2, "", "add --keys"},
		{"an empty file", "key list --keys empty.json", 0, "SID", ""},
		{"an empty file in JSON", "key list --keys empty.json --json", 0, "[]\n", ""},
		{"a file that is not there", "key list --keys nowhere.json", 2, "", "nowhere.json: no such file"},
		{"a file with a mistake", "key list --keys mistake.json", 2, "", `mistake.json:2:1: the document: unknown member "key", did you mean "keys"?`},
		{"nothing is created in that", "key create --keys mistake.json --account " + acme, 2, "", "mistake.json:2:1"},
		{"a folder that is not there", "key create --keys nowhere/keys.json --account " + acme, 2, "", "writing the key file"},
		{"no account", "key create --keys new.json", 2, "", "add --account"},
		{"an account that is none", "key create --keys new.json --account Acme", 2, "", "account: must be AC and 32 hexadecimal digits"},
		{"a channel that is none", "key create --keys new.json --account " + acme + " --channel sms", 2, "", `did you mean "messaging"?`},
		{"an operation that is none", "key create --keys new.json --account " + acme + " --operation *", 2, "", "operations[0]"},
		{"an operation that is mistyped", "key create --keys new.json --account " + acme + " --operation read,message.create", 2, "", `operations[1]: unknown operation, did you mean "messages.create"?`},
		{"the operations", "key operations", 0, "messages.create\nmessages.update\n", ""},
		{"the operations of something", "key operations messages", 2, "", "takes no arguments"},
		{"an operation of a file that does not exist", "key list --keys mistyped.json", 0, theKey, `mistyped.json:1:`},
		{"a limit that is empty", "key create --keys new.json --account " + acme + " --sender=", 2, "", "--sender is empty"},
		{"an element of a limit that is", "key create --keys new.json --account " + acme + " --operation read,", 2, "", "--operation is empty"},
		{"an expiry that is empty", "key create --keys new.json --account " + acme + " --expires=", 2, "", "cannot read"},
		{"an expiry in words", "key create --keys new.json --account " + acme + " --expires soon", 2, "", `cannot read "soon" as a duration, date or time`},
		{"an expiry that is over", "key create --keys new.json --account " + acme + " --expires 2020-01-01", 2, "", "would have expired already"},
		{"an expiry of no time", "key create --keys new.json --account " + acme + " --expires 0s", 2, "", "would have expired already"},
		{"an expiry in days", "key create --keys days.json --account " + acme + " --expires 90d", 0, "secret", ""},
		{"something more", "key create --keys new.json --account " + acme + " billing", 2, "", "takes no arguments"},
		{"nothing to revoke", "key revoke --keys empty.json", 2, "", "no key to revoke"},
		{"a key that is not there", "key revoke --keys empty.json " + theKey, 2, "", "the file has no key with the name given as number 1"},
		{"a secret in place of its name", "key revoke --keys empty.json " + secret, 2, "", "argument 1 is not a key"},
		{"a name and its secret", "key revoke --keys empty.json " + theKey + ":" + secret, 2, "", "argument 1 is not a key"},
		{"a flag that is not known", "key list --key empty.json", 2, "", "unknown flag: --key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, output, complaint := ask(t, in, "", strings.Fields(c.command)...)
			if status != c.status || !strings.Contains(output, c.output) || !strings.Contains(complaint, c.complaint) || c.complaint == "" && complaint != "" {
				t.Errorf("tollgate %s\nexits with %d, prints\n%s\nand complains\n%s\nwant %d, %q, %q",
					c.command, status, output, complaint, c.status, c.output, c.complaint)
			}
			if strings.Contains(output+complaint, secret) || c.status == 2 && output != "" {
				t.Errorf("prints %s", output)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(in, "new.json")); err == nil {
		t.Error("a mistake made a file")
	}
}

func TestAKeyIsMadeForAnAccountByTheNameThatAPolicyGivesIt(t *testing.T) {
	in := folder(t)
	sid, _ := createKey(t, in, "--account", "acme", "--policy", "named.yaml")
	if _, list, _ := ask(t, in, "", "key", "list", "--keys", "keys.json"); !strings.Contains(list, sid+"  "+acme+"  active") {
		t.Errorf("the key is not the account's:\n%s", list)
	}
	if err := os.Remove(filepath.Join(in, "Caddyfile")); err != nil {
		t.Fatal(err)
	}
	for says, c := range map[string]struct {
		flags []string
		want  string
	}{
		"without a policy":   {[]string{"--account", "acme"}, "finding the id of account acme: no policy given: add --policy or --config"},
		"that no policy has": {[]string{"--account", "acne", "-p", "named.yaml"}, `account acne is not in the policy, did you mean "acme"?`},
	} {
		status, output, complaint := ask(t, in, "", append([]string{"key", "create", "--keys", "keys.json"}, c.flags...)...)
		if status != 2 || output != "" || !strings.Contains(complaint, c.want) {
			t.Errorf("%s: status %d, %s%s", says, status, output, complaint)
		}
	}
}
