package prefixlist_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/prefixlist"
)

// What is said of lines: the note or the error that has the text.
func TestLinesThatNeverMatchedAreNotedAndWhatCannotBeKeptIsRefused(t *testing.T) {
	international := prefixlist.Options{International: true}
	germany := prefixlist.Options{International: true, Country: country("DE")}
	haproxy := prefixlist.Options{International: true, Default: "allow", DenyValues: []string{"deny"}, AllowValues: []string{"allow"}}
	limit := prefixlist.Options{Above: "0.50"}
	smsc := "group = smsc\n"
	header := "name,prefixes,price,valid from\n"
	insert := "INSERT INTO globalblocklist (prefix, allowlist) VALUES "
	for _, test := range []struct {
		name, system, text string
		options            prefixlist.Options
		note, refusal      string
	}{
		{"kannel: a comma does not separate", "kannel", smsc + "denied-prefix = 44,49\n", international, `list:2: "44,49" never matched`, ""},
		{"kannel: a space is part of an entry", "kannel", smsc + "denied-prefix = 44; 49\n", international, `list:2: " 49" never matched`, ""},
		{"kannel: what is denied within allowed", "kannel", smsc + "allowed-prefix = 49\ndenied-prefix = 4915;44\n", international, "list:3: +4915 never denied anything", ""},
		{"kannel: both lists refuse nothing by the allowed one", "kannel", smsc + "allowed-prefix = 49\ndenied-prefix = 4915;44\n", international, "list:2: allowed-prefix refused nothing by itself", ""},
		{"kannel: prefixes of a user have no effect", "kannel", smsc + "denied-prefix = 44\n\ngroup = sendsms-user\ndenied-prefix = 49\n", international, `list:5: denied-prefix never had an effect in a group "sendsms-user"`, ""},
		{"kannel: a white list is elsewhere", "kannel", smsc + "denied-prefix = 44\nwhite-list = http://lists.example/white\n", international, "list:3: white-list is not imported", ""},
		{"kannel: a regular expression", "kannel", smsc + "denied-prefix = 44\nallowed-prefix-regex = ^49\n", international, "", "list:3: allowed-prefix-regex: no rule has the meaning"},
		{"kannel: a list that is repeated", "kannel", smsc + "denied-prefix = 44\ndenied-prefix = 49\n", international, "", "list:3: denied-prefix is already specified"},
		{"kannel: several groups", "kannel", smsc + "smsc-id = a\ndenied-prefix = 44\n\n" + smsc + "smsc-id = b\ndenied-prefix = 49\n", international, "", `2 smsc groups could be meant, "a" (list:1), "b" (list:5)`},
		{"kannel: one of several", "kannel", smsc + "smsc-id = a\ndenied-prefix = 44;x\n\n" + smsc + "smsc-id = b\ndenied-prefix = 49\n", prefixlist.Options{International: true, Select: "a"}, `"x" never matched`, ""},
		{"kannel: a preference refuses nothing", "kannel", smsc + "preferred-prefix = 44\npreferred-prefix-regex = ^44\n", international, "", "no such smsc group has an allowed-prefix"},
		{"kannel: no list", "kannel", smsc, international, "", "no such smsc group has an allowed-prefix"},
		{"kannel: bare digits", "kannel", smsc + "denied-prefix = 44;49\n", prefixlist.Options{}, "", `list:2: "44" is +44, or a number of one country: say --international, or --country and which one (and so do 1 more lines)`},
		{"kannel: zeros", "kannel", smsc + "denied-prefix = 0044\n", international, "", `"0044" begins with 0: say with --country`},
		{"kannel: spellings that agree", "kannel", smsc + "denied-prefix = 44;+44;0044;x\n", germany, `"x" never matched`, ""},
		{"kannel: spellings that differ", "kannel", smsc + "allowed-prefix = +4915\ndenied-prefix = 49;0049\n", germany, "", "list:2: +4915 is allowed, and denied where it is written 4915 (list:3)"},
		{"kannel: a national entry and a wider one", "kannel", smsc + "denied-prefix = 49;0900\n", germany, "list:2: +49 is denied in any spelling from now on; written 0… it was allowed (prefixes of which this is so: 1)", ""},
		{"kannel: a national entry", "kannel", smsc + "denied-prefix = 44;0900;x\n", germany, "+49900 is denied in any spelling from now on; written 49900… it was allowed", ""},

		{"smstools: a plus in the list", "smstools", "+4915\n", prefixlist.Options{}, `list:1: "+4915" never matched: "+" and "00" are cut`, ""},
		{"smstools: zeros in the list", "smstools", "# x\n\n0044 # UK\n", prefixlist.Options{}, `list:3: "0044" never matched`, ""},
		{"smstools: a space within", "smstools", "49 15\n", prefixlist.Options{}, `"49 15" never matched`, ""},
		{"smstools: a byte-order mark is part of the first entry", "smstools", "\uFEFF49\n", prefixlist.Options{}, `never matched`, ""},
		{"smstools: a short number", "smstools", "s123\n", prefixlist.Options{}, "", "list:1: \"s123\" is a short number, for which there are no rules: leave it out with --skip 1"},
		{"smstools: a short number left out", "smstools", "44\ns123\n", prefixlist.Options{Skip: []string{"2"}}, "list:2: left out, as --skip says", ""},
		{"smstools: a line to skip that is not there", "smstools", "44\n", prefixlist.Options{Skip: []string{"7"}}, "", "--skip 7: no entry is in this line"},
		{"smstools: a repeated line", "smstools", "44\n44\n", prefixlist.Options{}, "list:2: +44 adds nothing: it is already specified (list:1)", ""},
		{"smstools: a number that begins with 0 nowhere", "smstools", "030\n", prefixlist.Options{}, "", `"030" begins with 0: say with --country`},
		{"smstools: a whole number too long", "smstools", "4912345678901234\n", prefixlist.Options{}, "no number has more than 15 digits", ""},

		{"kamailio: a row with a plus", "kamailio", insert + "('+39',0),('44',0);", international, `"+39" never matched: Kamailio leaves out a row`, ""},
		{"kamailio: the last of equal rows", "kamailio", insert + "('44',0),\n('44',1);", international, `list:1: "44" never matched: the last row of a prefix counts (list:2)`, ""},
		{"kamailio: the former names", "kamailio", "INSERT INTO `globalblacklist` VALUES (1,'x',0,'');", international, `"x" never matched`, ""},
		{"kamailio: several lists", "kamailio", insert + "('44',0);INSERT INTO userblocklist VALUES (1,'ann','h',49,0);", international, "", "--select globalblocklist or userblocklist/ann@h"},
		{"kamailio: rows that are changed", "kamailio", insert + "('44',0);\nDELETE FROM globalblocklist;", international, "", "list:2: globalblocklist is changed in a way that is not read"},
		{"kamailio: COPY", "kamailio", "COPY globalblocklist (prefix) FROM stdin;", international, "", "list:1: globalblocklist is changed"},
		{"kamailio: a row cut off", "kamailio", insert + "('44',0),('49", international, "", "is changed in a way that is not read"},
		{"kamailio: no rows", "kamailio", "CREATE TABLE globalblocklist (prefix);", international, "", "no INSERT of a row"},

		{"haproxy: the first of equal keys", "haproxy", "44 deny\n44 allow\n", haproxy, `list:2: "44" never matched: the first of equal keys counts (list:1)`, ""},
		{"haproxy: a comment behind a value is part of it", "haproxy", "44 deny # UK\n", haproxy, "", `the value "deny # UK" is not known`},
		{"haproxy: a space behind a value is part of it", "haproxy", "44 deny \n", haproxy, "", `the value "deny " is not known`},
		{"haproxy: no value is not the default", "haproxy", "44\n", haproxy, "", `list:1: "44" has no value`},
		{"haproxy: another text", "haproxy", "sip: deny\n", haproxy, "", `"sip:" is not the beginning of a number`},
		{"haproxy: no default", "haproxy", "44 deny\n", international, "", "say --default allow or --default deny"},

		{"csv: brackets with more than a digit", "csv", header + "a,12[13-15],0.95,\n", limit, "", `list:2: "12[13-15]" is not a range that all programs read alike`},
		{"csv: a range backwards", "csv", header + "a,15-13,0.95,\n", limit, "", `"15-13" is not a range`},
		{"csv: a range of two lengths", "csv", header + "a,13-155,0.95,\n", limit, "", `"13-155" is not a range`},
		{"csv: a decimal comma", "csv", header + "a,44,\"0,95\",\n", limit, "", `cannot read "0,95" as a price`},
		{"csv: a date of another order", "csv", header + "a,44,0.95,24.12.2026\n", limit, "", `cannot read "24.12.2026" as a date`},
		{"csv: two prices from one day", "csv", header + "a,44,0.95,\nb,44,0.05,\n", limit, "", "list:3: +44 has another price from the same day on (list:2)"},
		{"csv: no header", "csv", "a,44,0.95,\n", limit, "", "list:1: the first row must name the columns"},
		{"csv: an end", "csv", "prefix,price,valid to\n44,0.95,2026-12-24\n", limit, "", `the column "valid to" is not read`},
		{"csv: a limit with a comma", "csv", header, prefixlist.Options{Above: "0,5"}, "", `cannot read --above "0,5" as a price: write digits and a point, such as 0.5`},
		{"csv: a limit that is not a price", "csv", header, prefixlist.Options{Above: "abc"}, "", `cannot read --above "abc" as a price: write digits and a point, such as 0.50`},
		{"csv: no limit", "csv", header, prefixlist.Options{}, "", "say with --above"},
		{"csv: zeros", "csv", header + "a,0044,0.95,\n", limit, "", `"0044" begins with 0`},
	} {
		list, err := read(t, test.system, test.text, test.options)
		switch {
		case test.refusal != "":
			if err == nil || !strings.Contains(err.Error(), test.refusal) {
				t.Errorf("%s: error %v, want %q", test.name, err, test.refusal)
			}
		case err != nil:
			t.Errorf("%s: %v", test.name, err)
		case !strings.Contains(list.Comments("title"), test.note):
			t.Errorf("%s: notes\n%swant %q", test.name, list.Comments("title"), test.note)
		}
	}
}

// rulesOf are those of a list, a line each.
func rulesOf(list *prefixlist.List) string {
	document := list.Document("", "messaging", noon)
	text := prefixlist.WriteCaddyfile(&document)
	var rules []string
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); words[0] == "block" || words[0] == "allow" {
			before, after, _ := strings.Cut(strings.TrimSpace(line), ` messaging "`)
			_, clauses, _ := strings.Cut(after, `"`)
			rules = append(rules, before+clauses)
		}
	}
	return strings.Join(rules, "; ")
}

func TestRulesSayWhatTheListSays(t *testing.T) {
	header := "name,prefixes,price,valid from\n"
	limit := prefixlist.Options{Above: "0.50"}
	for _, test := range []struct {
		name, system, text string
		options            prefixlist.Options
		rules              string
	}{
		{"kannel: exceptions from what is denied", "kannel", "group=smsc\nallowed-prefix = 4915\ndenied-prefix = 49\n", prefixlist.Options{International: true}, "block +49 except +4915"},
		{"kannel: only what is allowed", "kannel", "group=smsc\nallowed-prefix = 49;4915;\n", prefixlist.Options{International: true}, "allow +49; allow +4915"},
		{"a number dialled abroad and one at home", "kannel", "group=smsc\ndenied-prefix = 0044;0900\n", prefixlist.Options{Country: country("DE")}, "block +44; block +49900"},
		{"a country that keeps its zero", "kannel", "group=smsc\ndenied-prefix = 06\n", prefixlist.Options{Country: country("IT")}, "block +3906"},
		{"a country whose trunk prefix has two digits", "kannel", "group=smsc\ndenied-prefix = 0690\n", prefixlist.Options{Country: country("HU")}, "block +3690"},
		{"a country that dials otherwise abroad", "kannel", "group=smsc\ndenied-prefix = 01144;1900;976\n", prefixlist.Options{Country: country("US")}, "block +1900; block +1976; block +44"},
		{"a range has the fewest prefixes", "csv", header + "a,37190-37199;44-44;4915-4917,0.95,\n", limit, "block +3719; block +44; block +4915; block +4916; block +4917"},
		{"a whole decade is one prefix", "csv", header + "a,37190-37199,0.95,\n", limit, "block +3719"},
		{"a range across decades", "csv", header + "a,12129-12131,0.95,\n", limit, "block +12129; block +12130; block +12131"},
		{"brackets with a digit", "csv", header + "a,12[3-5],0.95,\n", limit, "block +123; block +124; block +125"},
		{"a price that equals the limit", "csv", header + "a,44,0.50,\nb,49,0.51,\n", limit, "block +49"},
		{"what is carved out from a day on", "csv", header + "a,37190,0.95,2026-01-01\nb,371901,0.05,2026-12-24\n", limit, "block +37190 from 2026-01-01 until 2026-12-24; block +37190 except +371901 from 2026-12-24"},
		{"what was carved out already", "csv", header + "a,37190,0.95,2026-01-01\nb,371901,0.05,2026-10-24\n", limit, "block +37190 except +371901 from 2026-10-24"},
		{"a price that falls", "csv", header + "a,44,0.95,2026-01-01\na,44,0.05,2026-12-24\n", limit, "block +44 from 2026-01-01 until 2026-12-24"},
		{"a price that rises", "csv", header + "a,44,0.05,2026-01-01\na,44,0.95,2026-12-24\n", limit, "block +44 from 2026-12-24"},
		{"a price that fell already", "csv", header + "a,44,0.95,2025-01-01\na,44,0.05,2026-01-24\n", limit, ""},
	} {
		list, err := read(t, test.system, test.text, test.options)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := rulesOf(list); got != test.rules {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, test.rules)
		}
	}
}
