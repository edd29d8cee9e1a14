package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lists are prefix lists of other systems.
var lists = map[string]string{
	"kannel.conf":               "group = smsc\nallowed-prefix = 4915\ndenied-prefix = 49;44\n",
	"spoilt.conf":               "group = smsc\ndenied-prefix = 49\nallowed-prefix-regex = ^4915\n",
	"blacklist":                 "49 # {env.TOLLGATE_TEST_SECRET} \"quoted\" \\ back\n",
	"whitelist":                 "43\n",
	"utf16":                     "\xFF\xFE4\x009\x00",
	"prices.csv":                "prefix,price,valid from\n371,0.95,2026-01-01\n3712,0.05,2026-12-24\n",
	"plan/Destinations.csv":     "DE,49\n",
	"plan/RatingPlans.csv":      "RP,DR,*any,10\n",
	"plan/RatingProfiles.csv":   "cgrates.org,call,*any,2026-01-01T00:00:00Z,RP,\n",
	"plan/DestinationRates.csv": "DR,DE,R,*up,4,0,\n",
}

// importFolder holds the lists beside the other files.
func importFolder(t *testing.T) string {
	t.Helper()
	in := folder(t)
	if err := os.Mkdir(filepath.Join(in, "plan"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range lists {
		if err := os.WriteFile(filepath.Join(in, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return in
}

func TestImportAnswersOrSaysWhatItNeeds(t *testing.T) {
	in := importFolder(t)
	for _, test := range []struct {
		name, command     string
		status            int
		output, complaint string
	}{
		{"a list", "--from kannel --international kannel.conf", 0, `{block: "+49", except: ["+4915"], channel: messaging, reason: "imported from kannel.conf:3"}`, ""},
		{"under caddy's own", "--from kannel --international kannel.conf --format caddyfile", 0, "block +49 messaging \"imported from kannel.conf:3\" except +4915\n", ""},
		{"for another channel", "--from kannel --international kannel.conf --channel voice", 0, "channel: voice", ""},
		{"for an account", "--from smstools --whitelist whitelist -a " + acme, 0, "- id: " + acme + "\n    messaging: []\n    prefixes:\n      - {allow: \"+43\"", ""},
		{"a folder", "--from cgrates --international plan", 0, `{allow: "+49", reason: "DE (Destinations.csv:1)"}`, ""},
		{"a folder of another system", "--from kannel plan", 2, "", "plan is a folder: name a file"},
		{"what a list names is not a placeholder", "--from smstools blacklist", 0, "(env.TOLLGATE_TEST_SECRET) 'quoted' / back (blacklist:1)", ""},
		{"standard input", "--from smstools -", 0, "version: 1", ""},
		{"nothing is printed of a list that cannot be kept", "--from kannel --international spoilt.conf", 1, "", "error: spoilt.conf:3: allowed-prefix-regex: no rule has the meaning of a regular expression"},
		{"digits that may be anything", "--from kannel kannel.conf", 1, "", "kannel.conf:2: \"4915\" is +4915, or a number of one country: say --international"},
		{"a flag that does not count", "--from kannel --above 0.50 kannel.conf", 2, "", "--above does not count for kannel: its flags are --international, --country, --select"},
		{"no system", "kannel.conf", 2, "", "no system given: say with --from where the list comes from, one of "},
		{"a system that is not known", "--from kanel kannel.conf", 2, "", `unknown system "kanel", did you mean "kannel"?`},
		{"a format that is not known", "--from kannel --format json kannel.conf", 2, "", `unknown format "json": must be yaml, caddyfile`},
		{"a country that is not known", "--from kannel --country UK kannel.conf", 2, "", `unknown country "UK"`},
		{"a value that cannot be both", "--from haproxy --deny-value x --allow-value x kannel.conf", 2, "", `the value "x" cannot both deny and allow`},
		{"no file", "--from kannel", 2, "", "name one file"},
		{"two files", "--from kannel kannel.conf kannel.conf", 2, "", "name one file"},
		{"a file that is not there", "--from kannel nowhere", 2, "", "nowhere: no such file"},
		{"UTF-16", "--from smstools utf16", 2, "", "utf16 is UTF-16: save it as UTF-8"},
		{"an account that is not one", "--from smstools blacklist -a Acme!", 1, "", "checking the policy that was made"},
	} {
		status, output, complaint := ask(t, in, "", strings.Fields("import prefixes "+test.command)...)
		if status != test.status || !strings.Contains(output, test.output) || !strings.Contains(complaint, test.complaint) {
			t.Errorf("%s: %q exits with %d and prints\n%s%swant %d, %q, %q", test.name, test.command, status, output, complaint, test.status, test.output, test.complaint)
		}
		if test.status != 0 && output != "" {
			t.Errorf("%s: prints %q", test.name, output)
		}
	}
}

// Both spellings have the same policy, which is valid.
func TestImportsAreTheSamePolicyInEitherFormat(t *testing.T) {
	in := importFolder(t)
	for _, command := range []string{
		"--from kannel --international kannel.conf",
		"--from smstools blacklist --whitelist whitelist",
		"--from smstools blacklist --whitelist whitelist -a " + acme,
		"--from csv --above 0.50 --at 2026-11-29 prices.csv",
		"--from cgrates --international plan --channel both",
	} {
		for format, name := range map[string]string{"yaml": "imported.yaml", "caddyfile": "imported.caddyfile"} {
			status, output, complaint := ask(t, in, "", strings.Fields("import prefixes --format "+format+" "+command)...)
			if status != 0 {
				t.Fatalf("%s: %s", command, complaint)
			}
			if err := os.WriteFile(filepath.Join(in, name), []byte(output), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if status, output, complaint := ask(t, in, "", "diff", "--at", "2026-11-29", "imported.yaml", "imported.caddyfile"); status != 0 {
			t.Errorf("%s: the formats differ:\n%s%s", command, output, complaint)
		}
	}
}
