package command_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

const (
	acme   = "AC11111111111111111111111111111111"
	child  = "AC22222222222222222222222222222222"
	theKey = "SK22222222222222222222222222222222"
)

// files are what the commands are asked about.
var files = map[string]string{
	"policy.yaml": "version: 1\nprefixes:\n  - {block: \"+4470\", reason: forwarders, until: 2026-12-01}\naccounts:\n  - id: " + acme +
		"\n    label: Acme\n    messaging: [US, CA, GB]\n    voice: {low_risk: [US]}\n    keys: [" + theKey + "]\n    senders: {\"+12015550199\": {messaging: [US]}}\n  - id: " + child +
		"\n    parent: " + acme + "\n    messaging: [FR]\n    monitor: true\n",
	"policy.json":      `{"version": 1, "accounts": [{"id": "` + acme + `", "messaging": ["US", "CA", "GB"], "voice": {"low_risk": ["US"]}}]}`,
	"wider.yaml":       "version: 1\naccounts:\n  - id: " + acme + "\n    messaging: [US, CA, GB, UZ]\n    voice: {low_risk: [US]}\n",
	"verify.yaml":      "version: 1\naccounts:\n  - id: " + acme + "\n    messaging: [US, GB]\n    verify: {messaging: [US]}\n",
	"mistake.yaml":     "version: 1\naccounts:\n  - id: " + acme + "\n    messaging: [UK]\n",
	"policy.yaml.orig": "",
	"hosts.yaml":       "version: 1\nurl_hosts: [hooks.example]\ndefault: {voice: {low_risk: [US]}}\naccounts:\n  - id: " + acme + "\n",
	"open.yaml":        "version: 1\ndefault: {voice: {low_risk: [US]}}\naccounts:\n  - {id: " + acme + ", label: Acme}\n",
	"wide.yaml":        "version: 1\ndefault: {messaging: [\"*\"]}\naccounts:\n  - id: " + acme + "\n    messaging: [US]\n",
	"named.yaml":       "version: 1\naccounts:\n  - id: acme\n    at: {twilio: " + acme + "}\n    label: Acme\n    messaging: [US, CA, GB]\n    voice: {low_risk: [US]}\n  - {id: " + child + ", parent: acme, messaging: [FR], monitor: true}\n",
	"towns.txt":        "+12015550123 # New Jersey\nPune\n",
	"numbers.txt":      "# what must work\n+12015550123\n+447400123456\r\n\nGB\n",
	"list.txt":         "\uFEFFUS, CA,GB # the first three\r\n\r\n# and by number\r\n+12015550123,+447400123456\r\n",
	"joined.txt":       "\uFEFFUS\n\uFEFFCA\n",
	"comma.json":       "{\"apps\": {\n  \"tollgate\": {},\n}}",
	"apps.json":        `{"apps": []}`,
	"unversioned.txt":  "accounts:\n  - id: " + acme + "\n",
	"marked.txt":       "\uFEFFUZ\n",
	"utf16.txt":        "\xFF\xFEU\x00S\x00\n\x00",
	"semicolons.txt":   "US\nCA;GB\n",
	"Caddyfile":        "{\n\ttollgate {\n\t\tpolicy policy.json\n\t\tblock +1900 \"premium\"\n\t}\n}\n",
	"store.caddy":      "{\n\ttollgate {\n\t\tpolicy policy.json\n\t\tstore sqlite kept/permissions.db\n\t}\n}\n",
	"plain.caddy":      ":8080\n",
	"secret.yaml":      "version: 1\naccounts:\n  - id: '{env.TOLLGATE_TEST_SECRET}'\n",
	"mistake.conf":     "{\n\ttollgate {\n\t\tacount " + acme + "\n\t}\n}\n",
	"unset.yaml":       "version: 1\naccounts:\n  - id: '{env.TOLLGATE_TEST_UNSET}'\n",
	"wrong.json":       "{\"apps\": {\"tollgate\": {\"accounts\": [\n  {\"id\": \"" + acme + "\", \"messaging\": [\"UK\"]}]}}}",
	"caddy.json":       `{"apps": {"tollgate": {"accounts": [{"id": "{env.TOLLGATE_TEST_ACCOUNT}", "messaging": ["US"]}]}}}`,
}

// hush is what a placeholder stands for, which no one may see.
const hush = "5ec4e7b2a9"

// program is the path of the real one.
func program(t *testing.T) string {
	t.Helper()
	return harness.Build(t, "cmd/tollgate")
}

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }

// folder holds the files.
func folder(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		if name == "policy.yaml.orig" {
			text = files["policy.yaml"]
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// ask runs the program in a folder and returns its status and what it printed.
func ask(t *testing.T, folder, input string, args ...string) (status int, output, complaint string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	command := exec.Command(program(t), args...)
	command.Dir = folder
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(input), &stdout, &stderr
	command.Env = append(os.Environ(), "TOLLGATE_TEST_ACCOUNT="+acme, "TOLLGATE_TEST_SECRET="+hush, "HOME="+folder)
	if err := command.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

func TestCommandsExitAsTheySay(t *testing.T) {
	in := folder(t)
	explain := "explain --channel messaging --at 2026-11-22 --account " + acme + " "
	for _, test := range []struct {
		name, command, input string

		status            int
		output, complaint string
	}{
		{"explaining is an answer, whatever the verdict", explain + "-p policy.yaml +998912345678", "", 0, "DENY", ""},
		{"an allowed destination", explain + "-p policy.yaml +447400123456", "", 0, "ALLOW", ""},
		{"a rule holds until it ends", explain + "-p policy.yaml +447012345678", "", 0, "prefix_blocked", ""},
		{"and no longer", strings.Replace(explain, "2026-11-22", "2026-12-01", 1) + "-p policy.yaml --json +447012345678", "", 0, `"reason":"enabled"`, ""},
		{"a sender may reach less", explain + "-p policy.yaml --from +12015550199 +447400123456", "", 0, "sender_not_enabled", ""},
		{"a key stands for its account", strings.Replace(explain, acme, theKey, 1) + "-p policy.yaml --json +447400123456", "", 0, `"account":"` + acme + `"`, ""},
		{"the commands are under caddy's own too", "tollgate " + explain + "-p policy.yaml +447400123456", "", 0, "ALLOW", ""},
		{"the policy of a Caddyfile, with the file that it names", explain + "-c Caddyfile +19005550123", "", 0, "prefix_blocked", ""},
		{"a configuration with a store, which is not read", explain + "-c store.caddy +447400123456", "", 0, "ALLOW", "by its files alone: ask the running gate"},
		{"the Caddyfile in the directory is the one that is meant", explain + "+447400123456", "", 0, "ALLOW", ""},
		{"the policy of Caddy's JSON, placeholders replaced", explain + "-c caddy.json +12015550123", "", 0, "ALLOW", ""},
		{"standard input", explain + "-p policy.json --json -", "+12015550123\r\n\n+998912345678\n", 0, "}\n{", ""},
		{"a list has comments, empty lines and a byte-order mark", explain + "-p policy.json --json -", "\uFEFF# what must work\r\n+12015550123 # New Jersey\r\n \r\n", 0, `{"destination":"+12015550123",`, ""},
		{"a list has several on a line", explain + "-p policy.json --json -", "+12015550123, +447400123456\n", 0, "}\n{\"destination\":\"+447400123456\",", ""},
		{"a list has numbers as people write them", explain + "-p policy.json --json -", "\t(201) 555-0123 \n", 0, `"destination":"(201) 555-0123"`, ""},
		{"a number sign within a line is part of the number", explain + "-p policy.json --json -", "+12015550123#9\n", 0, `"destination":"+12015550123#9"`, ""},
		{"a destination that is named is taken as it is", explain + "-p policy.json --json #12015550123,9", "", 0, `"destination":"#12015550123,9"`, ""},
		{"a list in UTF-16", explain + "-p policy.json -", "\xFE\xFF\x00+\x001", 2, "", "reading destinations: the list is UTF-16: save it as UTF-8"},
		{"a list in one long line", explain + "-p policy.json -", strings.Repeat("1", 2<<20), 2, "", "reading destinations: line 1 is longer than 1048576 bytes"},
		{"what is not a number is explained as such", explain + "-p policy.yaml --json hello", "", 0, `"reason":"destination_unreadable"`, ""},
		{"a destination that begins with a dash is one", explain + "-p policy.yaml --json -- -5", "", 0, `"destination":"-5"`, ""},
		{"a verification has a set of its own", strings.Replace(explain, "explain ", "explain --verification ", 1) + "-p verify.yaml --json +447400123456", "", 0, `"verification":true`, ""},
		{"and is denied by it", strings.Replace(explain, "explain ", "explain --verification ", 1) + "-p verify.yaml +447400123456", "", 0, "states verify messaging: US; GB is not among them", ""},
		{"which counts for nothing else", explain + "-p verify.yaml +447400123456", "", 0, "ALLOW", ""},
		{"an account by the name that the policy gives it", "explain --channel messaging --account acme -p named.yaml +447400123456", "", 0, "messaging from acme (" + acme + ") \"Acme\", ", ""},
		{"an account with a name by its id, in JSON", explain + "-p named.yaml --json +447400123456", "", 0, `"account":"` + acme + `","name":"acme","label":"Acme"`, ""},
		{"a name that is mistyped", "explain --channel messaging --account acne -p named.yaml +1", "", 2, "", `account acne is not in the policy, did you mean "acme"?`},
		{"no destination", explain + "-p policy.yaml", "", 2, "", "no destination given"},
		{"no channel", "explain --account " + acme + " -p policy.yaml +1", "", 2, "", "no channel given"},
		{"another channel", "explain --channel sms --account " + acme + " -p policy.yaml +1", "", 2, "", `did you mean "messaging"?`},
		{"no account", "explain --channel voice -p policy.yaml +1", "", 2, "", "no account given"},
		{"a time that is none", strings.Replace(explain, "2026-11-22", "tomorrow", 1) + "-p policy.yaml +1", "", 2, "", `cannot read "tomorrow" as a date or time`},
		{"two policies", explain + "-p policy.yaml -c Caddyfile +1", "", 2, "", "policy"},
		{"a flag that is not known", explain + "--frobnicate +1", "", 2, "", "unknown flag: --frobnicate"},
		{"a policy file that is not there", explain + "-p nowhere.yaml +1", "", 2, "", "nowhere.yaml: no such file"},
		{"a Caddyfile without a policy", explain + "-c plain.caddy +1", "", 2, "", "has no policy: add a global tollgate block"},
		{"a configuration that is not JSON", explain + "-c comma.json +1", "", 2, "", "comma.json:3:1: reading JSON: nothing follows the comma before this: remove it"},
		{"a configuration of another shape", explain + "-c apps.json +1", "", 2, "", "reading the configuration: apps.json:1:10: apps: must be an object"},
		{"a policy that is not JSON", explain + "-p comma.json +1", "", 2, "", "comma.json:3:1: reading JSON: nothing follows the comma before this: remove it"},
		{"a label for an account", "explain --channel messaging --account Acme -p open.yaml +1", "", 2, "", `error: "Acme" is the label of ` + acme + `: name the account by that`},
		{"a label that looks like a name", "explain --channel messaging --account acme -p open.yaml +1", "", 2, "", `error: "acme" is the label of ` + acme},
		{"a label of an account to check", "check open.yaml --account Acme --enabled US", "", 2, "", `error: "Acme" is the label of ` + acme},
		{"a short account", "explain --channel messaging --account AC123 -p policy.yaml +1", "", 2, "", `"AC123" is not an account`},
		{"a time of a log", strings.Replace(explain, "2026-11-22", "1795309043.03", 1) + "-p policy.yaml --json +12015550123", "", 0, `"at":"2026-11-22T00:57:23.03Z"`, ""},
		{"a masked number is told as such", explain + "-p policy.yaml *********5678", "", 0, "destination_unreadable", "is masked, as in a log"},
		{"a number in pieces is told as such", explain + "-p policy.yaml +44 7400 123456", "", 0, "", "these are 3 destinations"},
		{"no one listens", explain + "--running --address 127.0.0.1:1 +1", "", 2, "", "asking the running gate"},

		{"a list of a feed", "feed test -", "+8821300\n", 0, "standard input: 1 range, of which +8821300 is the shortest", ""},
		{"a list of a feed that may be cut off", "feed test -", "+8821300", 0, "1 range", "warning: standard input: its last line does not end"},
		{"a list that a feed refuses", "feed test -", "+88213\n", 1, "", "standard input is refused: line 1: +88213 is too short"},

		{"a valid policy", "check policy.yaml", "", 0, "valid: 2 accounts, revision ", ""},
		{"a valid configuration", "check Caddyfile", "", 0, "valid: 1 account, revision ", ""},
		{"a mistake", "check mistake.yaml", "", 1, "", `mistake.yaml:4:17: unknown territory "UK", did you mean "GB"?`},
		{"a mistake that a placeholder stands for", "check secret.yaml", "", 1, "", `secret.yaml:3:9: "{env.TOLLGATE_TEST_SECRET}" is not the identifier of an account`},
		{"a mistake in a Caddyfile", "check mistake.conf", "", 1, "", `unknown option "acount", did you mean "account"?, at mistake.conf:3`},
		{"a valid policy in JSON", "check --json policy.yaml", "", 0, `"valid": true`, ""},
		{"a mistake in JSON", "check --json mistake.yaml", "", 1, `"valid": false`, ""},
		{"a rule that has ended", "check --at 2027-01-01 policy.yaml", "", 0, "ended: operator block +4470 \"forwarders\", 2026-12-01 00:00 UTC", ""},
		{"calls whose URLs may lead anywhere", "check open.yaml", "", 0, "warning: calls are permitted without url_hosts (any unnamed account, " + acme + " \"Acme\"): ", ""},
		{"calls whose URLs may lead anywhere, in JSON", "check --json open.yaml", "", 0, `"warnings": [`, ""},
		{"hosts that come into force", "diff open.yaml hosts.yaml", "", 1, "url_hosts: URLs lead to hooks.example alone; before, to any host", ""},
		{"a policy from standard input", "check -", files["policy.yaml"], 0, "valid: 2 accounts", ""},
		{"a mistake on standard input", "check -", files["mistake.yaml"], 1, "", "standard input:4:17"},
		{"a file of another name is known by its version", "check policy.yaml.orig", "", 0, "valid: 2 accounts", ""},
		{"a policy without its version says so", "check unversioned.txt", "", 1, "", "(read as a Caddyfile: a policy file states its version"},
		{"one that is neither says what it was read as", "check numbers.txt", "", 1, "", "read as a Caddyfile"},
		{"a file that is not there", "check nowhere.yaml", "", 2, "", "no such file"},
		{"all that must be enabled is", "check policy.yaml --account " + acme + " --channel messaging --enabled us,GB", "", 0, "", ""},
		{"something is not", "check policy.yaml --account " + acme + " --channel messaging --enabled US,UZ", "", 1, "UZ", ""},
		{"voice is asked for too", "check policy.yaml --account " + acme + " --enabled US,GB", "", 1, "voice", ""},
		{"of all accounts one is only monitored", "check policy.yaml --all-accounts --channel messaging --enabled US", "", 1, child, ""},
		{"the backup sender is not allowed", "check policy.yaml --account " + acme + " --channel messaging --from +12015550100,+12015550199 --enabled GB", "", 1, "+12015550199", ""},
		{"an account with a name is checked by it", "check named.yaml --account acme --channel messaging --enabled UZ", "", 1, "acme (" + acme + ") \"Acme\"\n", ""},
		{"an account without one is", "check named.yaml --account amce --enabled US", "", 2, "", `did you mean "acme"?`},
		{"a file of numbers", "check policy.yaml --account " + acme + " --channel messaging --enabled numbers.txt", "", 0, "", ""},
		{"a file of numbers that is not there", "check policy.yaml --all-accounts --enabled nowhere2.txt", "", 2, "", `there is no file "nowhere2.txt"`},
		{"a file in a folder that is not there", "check policy.yaml --all-accounts --enabled US,./lists/24", "", 2, "", `there is no file "./lists/24"`},
		{"a number with dots is not a file", "check policy.yaml --account " + acme + " --channel messaging --enabled 1.201.555.0123", "", 0, "", ""},
		{"a SIP address is not a file", "check policy.yaml --account " + acme + " --channel voice --enabled sip:a1@b.example", "", 1, "sip:a1@b.example", ""},
		{"numbers from standard input", "check policy.yaml --account " + acme + " --channel messaging --enabled -", "+998912345678\n", 1, "+998912345678", ""},
		{"a file of territories and numbers as Windows writes it", "check policy.yaml --account " + acme + " --channel messaging --enabled list.txt", "", 0, "ENABLED  all 5 that are required", ""},
		{"a file of which each part has a byte-order mark", "check policy.yaml --account " + acme + " --channel messaging --enabled joined.txt --exactly", "", 1, "GB United Kingdom", ""},
		{"behind a byte-order mark too something is not", "check policy.yaml --account " + acme + " --channel messaging --enabled marked.txt", "", 1, "UZ Uzbekistan", ""},
		{"a list on standard input", "check policy.yaml --account " + acme + " --channel messaging --enabled -", "US,CA,GB\r\n", 0, "", ""},
		{"a file in UTF-16", "check policy.yaml --all-accounts --enabled utf16.txt", "", 2, "", "utf16.txt: the list is UTF-16: save it as UTF-8"},
		{"territories with semicolons between them", "check policy.yaml --all-accounts --enabled semicolons.txt", "", 2, "", `semicolons.txt:2: "CA;GB" is not a territory or a number: write commas between territories, as in CA,GB`},
		{"a region", "check policy.yaml --all-accounts --enabled US,EMEA", "", 2, "", `"EMEA" is not a territory or a file: it is a region that no list defines`},
		{"a group that is enabled in part", "check policy.yaml --account " + acme + " --channel messaging --enabled usmca", "", 1, "MX Mexico", ""},
		{"a word for all territories", "check policy.yaml --all-accounts --enabled all", "", 2, "", `did you mean "*"?`},
		{"a list that is a text", "check policy.yaml --all-accounts --enabled US,Pune", "", 2, "", `"Pune" is not a territory or a file`},
		{"nothing else may be enabled", "check policy.yaml --account " + acme + " --channel messaging --enabled US,GB --exactly", "", 1, "CA", ""},
		{"a class in which it is not required is too much", "check policy.yaml --account " + acme + " --channel voice --enabled US --exactly --class high_risk_special", "", 1, "NOT ENABLED", ""},
		{"an account that must have nothing", "check policy.json --account " + acme + " --channel voice --enabled none --exactly", "", 1, "TOO MUCH ENABLED  1", ""},
		{"accounts that are not named count as well", "check wide.yaml --all-accounts --channel messaging --enabled US --exactly", "", 1, "accounts that the policy does not name", ""},
		{"nothing else is", "check policy.yaml --account " + acme + " --channel messaging --enabled US,GB,CA --exactly", "", 0, "", ""},
		{"JSON says the same", "check policy.yaml --account " + acme + " --channel messaging --enabled UZ --json", "", 1, `"reason": "territory_not_enabled"`, ""},
		{"what is enabled for verifications", "check verify.yaml --account " + acme + " --channel messaging --verification --enabled US", "", 0, "", ""},
		{"what is not", "check verify.yaml --account " + acme + " --channel messaging --verification --enabled US,GB", "", 1, "verify messaging  GB", ""},
		{"verifications of nothing in particular", "check verify.yaml --verification", "", 2, "", "--verification needs --enabled"},
		{"what is enabled for whom", "check policy.yaml --enabled US", "", 2, "", "add --account or --all-accounts"},
		{"for whom without what", "check policy.yaml --all-accounts", "", 2, "", "--all-accounts needs --enabled"},
		{"a territory that is none", "check policy.yaml --all-accounts --enabled UK", "", 2, "", `did you mean "GB"?`},
		{"a file that is empty of numbers", "check policy.yaml --all-accounts --enabled -", "# none\n", 2, "", "nothing to check"},
		{"a class that is none", "check policy.yaml --all-accounts --enabled US --class high", "", 2, "", "unknown risk class"},
		{"two files", "check policy.yaml wider.yaml", "", 2, "", `unexpected "wider.yaml"`},
		{"territories with a space between them", "check policy.yaml --all-accounts --enabled US GB", "", 2, "", `unexpected "GB"`},
		{"an account by its name", "check policy.yaml --account Acme --enabled US", "", 2, "", `"Acme" is not an account`},
		{"a sender with a digit missing", "check policy.yaml --account " + acme + " --from MG3333333333333333333333333333333 --enabled US", "", 2, "", "is not a sender"},
		{"an account that is not in the policy", "check policy.yaml --account AC99999999999999999999999999999999 --enabled US", "", 2, "", "is not in the policy"},
		{"a number that is cut off", "check policy.yaml --account " + acme + " --channel messaging --enabled -", "98912\n", 1, "98912", ""},
		{"an address that is none", "check policy.yaml --account " + acme + " --channel messaging --enabled -", "client:bob1\n", 1, "not_a_number", ""},
		{"a command that there is not", "tollgate chekc policy.yaml", "", 2, "", `did you mean "check"?`},
		{"a line that is none", "check policy.yaml --all-accounts --enabled towns.txt", "", 2, "", "towns.txt:2: \"Pune\" is not a territory"},
		{"a file and a flag", "check policy.yaml -p wider.yaml", "", 2, "", "name one policy"},

		{"a placeholder that stands for nothing says where it is", "check unset.yaml", "", 1, "", "(is the variable set?): unset.yaml:3:9: "},
		{"a mistake in Caddy's JSON says where it is", "check wrong.json", "", 1, "", "wrong.json:2:62: unknown territory \"UK\""},
		{"a mistake as an object", "check --json mistake.yaml", "", 1, `"line": 4,
      "column": 17,`, ""},
		{"mistakes for a pull request", "check --format github mistake.yaml", "", 1, "::error title=tollgate mistake,file=mistake.yaml,line=4,col=17::", ""},
		{"in SARIF", "check --format sarif mistake.yaml", "", 1, `"level": "error"`, ""},
		{"a format that is none", "check --format xml policy.yaml", "", 2, "", "--format cannot be"},
		{"two formats", "check --json --format sarif policy.yaml", "", 2, "", "leave one out"},
		{"what must be enabled, in SARIF", "check policy.yaml --all-accounts --enabled US --format sarif", "", 2, "", "leave it out"},
		{"what each rule covers", "check policy.yaml --rules", "", 0, "operator block +4470  policy.yaml:3:5 \"forwarders\"\n  covers numbers of GB", ""},
		{"a difference with every account", "diff --all policy.json wider.yaml", "", 1, "opens", ""},
		{"the accounts that reach a territory, by their own set", "accounts --reach GB --channel messaging policy.yaml", "", 0, "GB United Kingdom by messaging: 1 account\n", ""},
		{"by JSON", "accounts --reach GB --channel messaging --json policy.yaml", "", 0, `"by": "own"`, ""},
		{"that no account reaches", "accounts --reach UZ --channel voice -p policy.yaml", "", 1, "NO ACCOUNT reaches UZ Uzbekistan by voice, of 2", ""},
		{"accounts that reach nothing in particular", "accounts --channel voice policy.yaml", "", 2, "", "add --reach"},
		{"accounts that reach a group", "accounts --reach eu --channel messaging policy.yaml", "", 2, "", "EU is a group of territories: ask about one of them, such as AT"},
		{"accounts that reach several", "accounts --reach US,GB --channel messaging policy.yaml", "", 2, "", "not one territory"},
		{"accounts that reach everything", "accounts --reach * --channel messaging policy.yaml", "", 2, "", "not one territory"},
		{"accounts that reach a territory by WhatsApp", "accounts --reach GB --channel whatsapp policy.yaml", "", 0, "by whatsapp", ""},
		{"the channels are completed", "__complete explain --channel w", "", 0, "whatsapp\n", "NoFileComp"},
		{"those of a check too", "__complete check --channel w", "", 0, "whatsapp\n", "NoFileComp"},
		{"and its classes", "__complete check --class high", "", 0, "high_risk_special\nhigh_risk_tollfraud\n", "NoFileComp"},
		{"and those of a key", "__complete key create --channel w", "", 0, "whatsapp\n", "NoFileComp"},
		{"names of limits are not files", "__complete hold list --limit p", "", 0, "", "NoFileComp"},
		{"nor are holds", "__complete hold release --address 127.0.0.1:1 p", "", 0, "", "NoFileComp"},
		{"nor feeds", "__complete feed show --address 127.0.0.1:1 p", "", 0, "", "NoFileComp"},
		{"two policies from one input", "diff - -", "version: 1", 2, "", "standard input can be read once"},
		{"a policy and destinations from one input", explain + "-p - -", "version: 1", 2, "", "standard input can be read once"},
		{"destinations from one input, again", explain + "-p policy.yaml - -", "+1", 2, "", "standard input can be read once"},
		{"a policy and what it must enable from one input", "check - --enabled - --all-accounts", "version: 1", 2, "", "standard input can be read once"},
		{"accounts that reach by nothing in particular", "accounts --reach GB policy.yaml", "", 2, "", "add --channel"},
		{"accounts that reach a group by nothing in particular", "accounts --reach EU policy.yaml", "", 2, "", "error: EU is a group of territories: ask about one of them, such as AT\nerror: no channel given"},
		{"accounts that reach nothing in particular", "accounts policy.yaml", "", 2, "", "error: no territory given: add --reach and its code\nerror: no channel given"},
		{"a territory that is none to reach", "accounts --reach UK --channel voice policy.yaml", "", 2, "", `did you mean "GB"?`},

		{"no difference", "diff policy.json policy.json", "", 0, "NO DIFFERENCE", ""},
		{"the same in two spellings", "diff policy.json wider.yaml", "", 1, "opens", ""},
		{"an account with a name", "diff hosts.yaml named.yaml", "", 1, "\nacme (" + acme + ") \"Acme\"\n", ""},
		{"only what closes, where much opens", "diff --only closes policy.json wider.yaml", "", 0, "NOTHING CLOSES", ""},
		{"that in JSON", "diff --only closes --json policy.json wider.yaml", "", 0, `"left_out": {
    "direction": "opens",`, ""},
		{"only what closes, where there is no difference", "diff --only closes policy.json policy.json", "", 0, "NO DIFFERENCE", ""},
		{"a policy and a configuration", "diff policy.json Caddyfile", "", 1, "+1900", ""},
		{"a difference in JSON", "diff --json policy.json wider.yaml", "", 1, `"direction": "opens"`, ""},
		{"one file", "diff policy.json", "", 2, "", "two policies are compared"},
		{"a mistake in one", "diff policy.json mistake.yaml", "", 2, "", "error: mistake.yaml:4:17"},
		{"a direction that is none", "diff --only wider policy.json wider.yaml", "", 2, "", "--only cannot be"},

		{"territories by code", "territories gb fr", "", 0, "United Kingdom", ""},
		{"territories with commas between them", "territories --json gb,fr", "", 0, `"code": "FR"`, ""},
		{"a territory of which nothing is written", "territories ,", "", 2, "", "no territory named"},
		{"special prefixes with commas", "prefixes --class high_risk_special IS,LV", "", 0, "IS +3549\nLV +37181\n", ""},
		{"a territory by its name", "territories kosovo", "", 0, "+383", ""},
		{"territories by their calling code", "territories +44", "", 0, "Isle of Man", ""},
		{"a calling code that is a territory", "territories +870", "", 0, "Inmarsat", ""},
		{"a flag has its source below", "territories SO", "", 0, "by_request voice: an old help page", ""},
		{"where an entry of Twilio's is not one of ours", "territories KZ", "", 0, "Russia/Kazakhstan (RU): one entry for two territories", ""},
		{"special prefixes of Latvia", "prefixes --class high_risk_special LV", "", 0, "LV +37181\nLV +3719\n", ""},
		{"a territory where prefixes cannot tell", "prefixes --class high_risk_special CL", "", 0, "CL +56600 inexact", ""},
		{"special prefixes as JSON", "prefixes LV --json", "", 0, `"class": "high_risk_special",`, ""},
		{"prefixes of every class", "prefixes LV", "", 0, "LV low_risk +3712\n", ""},
		{"satellite phones are toll-fraud ranges", "prefixes +881", "", 0, "+881 high_risk_tollfraud +881\n", ""},
		{"all toll-fraud ranges", "prefixes --class high_risk_tollfraud", "", 0, "+870 +870\n+881 +881\n+882 +882\n+883 +883\n", ""},
		{"a territory without a class says what it has", "prefixes --class high_risk_special +881", "", 1, "", "+881 has no number of class high_risk_special: all that are listed are high_risk_tollfraud"},
		{"a class that is none of prefixes", "prefixes --class special", "", 2, "", "unknown risk class"},
		{"prefixes of no territory", "prefixes Atlantis", "", 2, "", `unknown territory "Atlantis"`},
		{"a region is not a territory", "territories DACH", "", 2, "", `unknown territory "DACH": it is a region that no list defines`},
		{"the territories of a group", "territories benelux --json", "", 0, `"name": "Luxembourg"`, ""},
		{"the groups that there are", "territories --groups", "", 0, "EUROZONE       2026-01-01", ""},
		{"one group", "territories --groups EFTA", "", 0, "CH IS LI NO", ""},
		{"groups as JSON", "territories --groups --json gcc", "", 0, `"as_of": "1981-05-25",`, ""},
		{"the groups of a territory", "territories --groups IS", "", 2, "", `unknown group "IS"`},
		{"a group that is mistyped", "territories --groups EUROP", "", 2, "", `unknown group "EUROP", did you mean "EUROPE"?`},
		{"a name of yesterday is not a territory", "territories Swaziland", "", 2, "", `unknown territory "Swaziland", did you mean "SZ"?`},
		{"nor is a calling code that no one has", "territories +999", "", 2, "", `unknown territory "+999"`},

		{"the schema", "schema", "", 0, `"$schema"`, ""},
		{"the schema of something", "schema policy.yaml", "", 2, "", "takes no arguments"},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, output, complaint := ask(t, in, test.input, strings.Fields(test.command)...)
			if status != test.status || !strings.Contains(output, test.output) || !strings.Contains(complaint, test.complaint) {
				t.Errorf("tollgate %s\nexits with %d, prints\n%s\nand complains\n%s\nwant %d, %q, %q",
					test.command, status, output, complaint, test.status, test.output, test.complaint)
			}
			if strings.Contains(strings.ToLower(output+complaint), hush) {
				t.Error("shows what a placeholder stands for")
			}
			if test.complaint == "" && complaint != "" {
				t.Errorf("complains %s", complaint)
			}
			if test.status == 2 && output != "" {
				t.Errorf("prints %s", output)
			}
		})
	}
}

func TestSpaceAroundTheItemsOfAFlagDoesNotCount(t *testing.T) {
	status, output, complaint := ask(t, folder(t), "", "check", "policy.yaml", "--account", acme+", "+child, "--channel", "messaging, voice",
		"--class", "low_risk, high_risk_special", "--from", "+12015550100, +12015550199", "--enabled", "US, GB")
	if status != 1 || complaint != "" || !strings.HasPrefix(output, "NOT ENABLED  ") {
		t.Errorf("exits with %d, prints\n%s\nand complains %s", status, output, complaint)
	}
}

// An operator who wrote a Caddyfile knows that it is one.
func TestAMistakeInACaddyfileIsNamedAlone(t *testing.T) {
	in := folder(t)
	const mistake = "{\n\ttollgate {\n\t\tacount 1\n\t}\n}\n"
	for name, text := range map[string]string{
		"Caddyfile.new": mistake, "gate.caddy": "{\n\tadmn off\n}\n", "gate.conf": mistake, "Caddyfile": "{\n\tadmn off\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(in, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		command, input string
		status         int
	}{
		{"check Caddyfile.new", "", 1},
		{"check gate.caddy", "", 1},
		{"check gate.conf", "", 1},
		{"check Caddyfile", "", 1},
		{"check --config gate.conf", "", 1},
		{"check --config numbers.txt", "", 1},
		{"check -", mistake, 1},
		{"diff policy.json gate.conf", "", 2},
		{"explain --channel voice --account " + acme + " -c gate.conf +1", "", 2},
	} {
		status, _, complaint := ask(t, in, test.input, strings.Fields(test.command)...)
		if status != test.status || complaint == "" || strings.Contains(complaint, "read as") {
			t.Errorf("tollgate %s exits with %d and complains %s", test.command, status, complaint)
		}
	}
}

// Answers come in the order of the questions, though several are worked on at
// once.
func TestExplanationsAreInTheOrderOfTheInput(t *testing.T) {
	var input strings.Builder
	const lines = 5000
	for i := range lines {
		fmt.Fprintf(&input, "+1201555%04d\n", i)
	}
	status, output, complaint := ask(t, folder(t), input.String(), "explain", "-p", "policy.yaml", "-a", acme, "--channel", "messaging", "--json", "-")
	if status != 0 {
		t.Fatal(complaint)
	}
	decoder := json.NewDecoder(strings.NewReader(output))
	for i := range lines {
		var e struct{ Destination string }
		if err := decoder.Decode(&e); err != nil {
			t.Fatalf("line %d: %v", i, err)
		}
		if want := fmt.Sprintf("+1201555%04d", i); e.Destination != want {
			t.Fatalf("line %d is about %s, want %s", i, e.Destination, want)
		}
	}
	if decoder.More() {
		t.Error("there is more")
	}
}

// A running gate is asked the same, and answers by what is in force in it.
func TestARunningGateIsAsked(t *testing.T) {
	in := folder(t)
	admin := harness.FreeAddress(t)
	text := "{\n\tadmin " + admin + "\n\tpersist_config off\n\ttollgate {\n\t\tpolicy policy.yaml\n\t}\n}\n"
	if err := os.WriteFile(filepath.Join(in, "running.caddy"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	gate := exec.Command(program(t), "run", "--config", "running.caddy", "--adapter", "caddyfile")
	gate.Dir = in
	harness.Start(t, gate).AwaitListening(t, admin)
	awaitGate(t, admin)
	// What the file says by now is another matter.
	if err := os.WriteFile(filepath.Join(in, "policy.yaml"), []byte(files["mistake.yaml"]), 0o600); err != nil {
		t.Fatal(err)
	}
	question := []string{"explain", "-a", acme, "--channel", "messaging", "--at", "2026-11-22", "+447400123456", "+447012345678"}
	for _, form := range [][]string{nil, {"--json"}} {
		status, running, complaint := ask(t, in, "", append(append(question, form...), "--running", "--address", admin)...)
		if status != 0 {
			t.Fatal(complaint)
		}
		if err := os.WriteFile(filepath.Join(in, "before.yaml"), []byte(files["policy.yaml"]), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, file, _ := ask(t, in, "", append(append(question, form...), "-p", "before.yaml")...); running != file {
			t.Errorf("the running gate answers\n%s\nthe file\n%s", running, file)
		}
	}
	reload, err := http.Post("http://"+admin+"/tollgate/policy/reload", "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer reload.Body.Close()
	reach := []string{"accounts", "--reach", "GB", "--channel", "messaging", "--at", "2026-11-22"}
	const refused = `warning: the policy file as it is now is refused, so revision `
	_, running, complaint := ask(t, in, "", append(reach, "--running", "--address", admin)...)
	if !strings.Contains(complaint, refused) || !strings.Contains(complaint, `policy.yaml:4:17: unknown territory "UK"`) {
		t.Errorf("of the file that is refused it says %q", complaint)
	}
	if _, file, _ := ask(t, in, "", append(reach, "before.yaml")...); running != file || file == "" {
		t.Errorf("of accounts the running gate answers\n%s\nthe file\n%s", running, file)
	}
	if status, _, complaint := ask(t, in, "", "explain", "-a", acme, "--channel", "messaging", "--running", "-c", "running.caddy", "+1"); status != 0 || !strings.Contains(complaint, refused) {
		t.Errorf("by its configuration the gate is not found: %s", complaint)
	}
}
