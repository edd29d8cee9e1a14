package feed

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

func TestAListIsReadAsLinesOrCSV(t *testing.T) {
	for _, c := range []struct{ name, text, want, err string }{
		{"lines", "+8821300\n8821301\n", "8821300 8821301", ""},
		{"comments, blank lines and carriage returns", "\uFEFF# list\r\n\r\n+8821300 # one\r\n  8821301\r\n", "8821300 8821301", ""},
		{"the same prefix again", "8821300\n+8821300\n", "8821300", ""},
		{"a prefix within another", "8821300\n88213001\n", "8821300 88213001", ""},
		{"a range", "8821305-8821314\n", "8821305 8821306 8821307 8821308 8821309 8821310 8821311 8821312 8821313 8821314", ""},
		{"digits in brackets", "882130[1-2]\n", "8821301 8821302", ""},
		{"several on a line", "8821300\n8821301, 8821302 ;8821303\n", "8821300 8821301 8821302 8821303", ""},
		{"no line feed at the end", "8821300\n8821301", "8821300 8821301", ""},
		{"CSV with a header", "country,prefix,note\nInternational,+8821300,\"a, b\"\nInternational,8821301,\n", "8821300 8821301", ""},
		{"CSV with a header in capitals, and semicolons", "Country;Dial Code\nX;8821300\n", "8821300", ""},
		{"CSV with a destination and a prefix", "Destination,Prefix\nInmarsat,8821300\n", "8821300", ""},
		{"CSV with a calling code, a range and a number", "code,range,number\n882,8821300,882130012\n", "882130012", ""},
		{"CSV with tabs", "prefix\tname\n8821300\tx\n", "8821300", ""},
		{"CSV without a header", "8821300,Inmarsat\n8821301,Inmarsat\n", "8821300 8821301", ""},
		{"CSV with the first and the last", "from,to\n88213000,88213009\n88213010,88213014\n", "8821300 88213010 88213011 88213012 88213013 88213014", ""},
		{"CSV of one column", "prefix\n8821300\n", "8821300", ""},
		{"several in a cell", "name,prefixes\nx,8821300;8821301\n", "8821300 8821301", ""},
		{"a whole number", "+447937123456\n", "447937123456", ""},
		{"a range that no one was assigned", "+44999999\n", "44999999", ""},
		{"the shortest of a calling code", "1473\n44793\n882130\n", "1473 44793 882130", ""},

		{"no column of prefixes", "country,rate\nX,1\n", "", `line 1: no column is named "prefix"`},
		{"rows of another length", "prefix,name\n8821300\n", "", "reading CSV"},
		{"a row that is too short", "147\n", "", "line 1: +147 is too short: a prefix has at least 3 digits behind its calling code, +1"},
		{"one that is too short for its calling code", "88213\n", "", "+88213 is too short"},
		{"a range that is a short one", "8821300-8821399\n", "", "+88213 is too short"},
		{"a number with blanks", "+44 7937 123\n", "", `"44 7937 123" is not a prefix`},
		{"a number with blanks whose parts are prefixes", "447937 12345\n", "", `"447937 12345" is not a prefix`},
		{"a number with blanks in a cell", "prefix,name\n1201555 1234,x\n", "", `"1201555 1234" is not a prefix`},
		{"the prefix of international calls", "008821300\n", "", `"008821300" is not a prefix`},
		{"a trunk prefix", "07937123\n", "", `"07937123" is not a prefix`},
		{"a name", "Inmarsat\n", "", `"Inmarsat" is not a prefix`},
		{"a range from high to low", "8821305-8821301\n", "", "is not a range"},
		{"more digits than a number has", "8821300123456789\n", "", "no number has more than 15 digits"},
		{"more digits than numbers of the calling code have", "120155501234\n", "", "no number can begin with it"},
		{"an area code that is not assigned", "1999555\n", "", "no number can begin with it"},
		{"a calling code that is not assigned", "2101234\n", "", "no calling code that is assigned"},
		{"a long word", strings.Repeat("8", 100) + "\n", "", "is not a prefix"},
		{"a long line", strings.Repeat("8821300 ", 10_000) + "\n", "", "reading lines"},
		{"JSON", `["+8821300"]`, "", "is a web page or a document"},
		{"nothing", "", "", "it has no prefix"},
		{"a header alone", "prefix,name\n", "", "it has no prefix"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := Read([]byte(c.text), numbering.Default(), time.Now())
			if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
				t.Errorf("it is %v, not %q", err, c.err)
			}
			if got := digitsOf(list); got != c.want {
				t.Errorf("it has %s, not %s", got, c.want)
			}
		})
	}
}

func TestARangeOfThePolicyIsOneOfThePlan(t *testing.T) {
	gb, _ := numbering.ParseTerritory("GB")
	plan := numbering.Extend(numbering.Default(), []numbering.Range{{Prefix: "440123", Territory: gb}}, nil)
	if _, err := Read([]byte("+44012345\n"), plan, time.Now()); err != nil {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{good, "prefix,name\n8821300,x\n", "from;to\n88213000;88213099\n", "882130[1-2]\n1-9\n", "\"\n", "a\tb\n"} {
		f.Add([]byte(seed))
	}
	plan, now := numbering.Default(), time.Unix(1764500000, 0)
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := Read(text, plan, now)
		if (err == nil) != (list.Len() > 0) {
			t.Fatalf("%d prefixes and %v", list.Len(), err)
		}
		var written bytes.Buffer
		for row := range list.All {
			if strings.Trim(row.Prefix, "0123456789") != "" || len(row.Prefix) < 4 || len(row.Prefix) > 15 {
				t.Fatalf("%q is a prefix", row.Prefix)
			}
			written.WriteString(row.Prefix + "\n")
		}
		if err != nil {
			return
		}
		again, err := Read(written.Bytes(), plan, now)
		if added, removed := list.Difference(again); err != nil || len(added)+len(removed) > 0 {
			t.Fatalf("written and read again, %v are new and %v are gone: %v", added, removed, err)
		}
	})
}
