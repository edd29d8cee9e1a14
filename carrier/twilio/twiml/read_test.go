package twiml

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// checkCrude compares a document with the crude reading of it: no row of digits in a
// dialled place may be missing.
func checkCrude(t *testing.T, document string) {
	t.Helper()
	d, err := Read([]byte(document))
	if err != nil {
		return
	}
	var sends []string
	for _, s := range d.Sends {
		sends = append(sends, digitsOf(s.To))
	}
	all := " " + strings.Join(sends, " ") + " "
	for _, digits := range crude(document) {
		if !strings.Contains(all, digits) {
			t.Errorf("%q\nwould dial %s, which is not among\n%q", document, digits, sends)
		}
	}
}

// checkSpans compares a document with itself without each of its sending verbs: the rest
// has exactly the other sends.
func checkSpans(t *testing.T, document string) {
	t.Helper()
	d, err := Read([]byte(document))
	if err != nil {
		return
	}
	for _, s := range d.Sends {
		written := document[s.Span.Start:s.Span.End]
		if !strings.HasPrefix(written, "<") || !strings.HasSuffix(written, ">") || !strings.Contains(written, s.Verb) {
			t.Fatalf("%q\nhas the verb %s at %q", document, s.Verb, written)
		}
		var others []Send
		for _, o := range d.Sends {
			if o.Span != s.Span {
				if o.Span.Start < s.Span.End && s.Span.Start < o.Span.End {
					t.Fatalf("%q\nhas sends at %v and %v", document, s.Span, o.Span)
				}
				others = append(others, o)
			}
		}
		rest, err := Read([]byte(document[:s.Span.Start] + document[s.Span.End:]))
		if err != nil {
			t.Fatalf("%q\nwithout %q: %v", document, written, err)
		}
		if got, want := plain(rest.Sends), plain(others); got != want {
			t.Errorf("%q\nwithout %q asks for\n%s\nwant\n%s", document, written, got, want)
		}
	}
	for _, u := range d.URLs {
		if written := document[u.Span.Start:u.Span.End]; strings.Contains(written, `"`) && u.Attribute != "" && !strings.Contains(document, "'") {
			t.Errorf("%q\nhas the attribute %s at %q", document, u.Attribute, written)
		}
	}
}

// plain writes sends without where they stand.
func plain(sends []Send) string {
	var lines []string
	for _, s := range sends {
		s.Span, s.start = Span{}, 0
		lines = append(lines, fmt.Sprintf("%+v", s))
	}
	return strings.Join(lines, "\n")
}

func TestNothingThatCouldBeDialledIsMissing(t *testing.T) {
	for _, specimens := range corpus(t, "*/*.txt") {
		for _, s := range specimens {
			checkCrude(t, s.document)
		}
	}
}

func TestADocumentWithoutAVerbAsksForAllElse(t *testing.T) {
	for _, specimens := range corpus(t, "*/*.txt") {
		for _, s := range specimens {
			checkSpans(t, s.document)
		}
	}
}

func TestTheCrudeReaderFindsWhatIsDialled(t *testing.T) {
	for document, want := range map[string]string{
		"<Dial>+998912345678</Dial>":                                      "998912345678",
		"<x:dIAL>+99891<!-- 1 -->2345<![CDATA[678]]></x:dIAL>":            "998912345678",
		"<Dial><b>+998</b>912345678</Dial>":                               "998912345678 912345678",
		"<Dial><Client>+998912345678</Client></Dial>":                     "",
		"<Dial><client>+998912345678</client></Dial>":                     "998912345678",
		"<Message to='&#43;998912345678' from='+12015550199'>1</Message>": "998912345678",
		"<Say>+998912345678</Say>":                                        "",
		"<Foo>+998912345678</Foo>":                                        "998912345678",
	} {
		if got := strings.Join(slices.Compact(crude(document)), " "); got != want {
			t.Errorf("%s\nwould dial %q, want %q", document, got, want)
		}
	}
}

func TestURLsStandWhereTheirSpansSay(t *testing.T) {
	const document = `<Response><Gather action='/a"b?x=1&amp;y=2' hints="action='/c'"><Play>/d</Play></Gather>` +
		"<Redirect>\n<![CDATA[/e]]> </Redirect></Response>"
	d, err := Read([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range d.URLs {
		got = append(got, fmt.Sprintf("%s: %s", u.Address, document[u.Span.Start:u.Span.End]))
	}
	want := []string{`/a"b?x=1&y=2: /a"b?x=1&amp;y=2`, "/d: /d", "/e: \n<![CDATA[/e]]> "}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestADocumentIsBounded(t *testing.T) {
	for _, test := range []struct {
		name, document string
		want           error
	}{
		{"as long as may be", "<Response><Say>" + strings.Repeat("a", maxDocument-32) + "</Say></Response>", nil},
		{"longer", strings.Repeat(" ", maxDocument+1), params.ErrTooMany},
		{"many destinations", strings.Repeat("<Sms/>", maxSends), nil},
		{"more destinations", strings.Repeat("<Sms/>", maxSends+1), params.ErrTooMany},
		{"more pieces", "<Dial>" + strings.Repeat("1<!---->", maxSends+1) + "</Dial>", params.ErrTooMany},
		{"more addresses", strings.Repeat("<Play>/</Play>", maxSends+1), params.ErrTooMany},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Read([]byte(test.document)); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, specimens := range corpus(f, "*/*.txt") {
		for _, s := range specimens {
			f.Add(s.document)
		}
	}
	f.Fuzz(func(t *testing.T, document string) {
		if len(document) > 4<<10 {
			return // both checks are slow
		}
		checkCrude(t, document)
		checkSpans(t, document)
	})
}

func BenchmarkRead(b *testing.B) {
	for _, bench := range []struct{ name, document string }{
		{"speech", "<Response><Say>Hello</Say></Response>"},
		{"a dial", `<?xml version="1.0" encoding="UTF-8"?><Response><Dial callerId="+12015550199">+12015550123</Dial></Response>`},
		{"a menu", `<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <Gather numDigits="1" action="/menu" timeout="10"><Say voice="alice">For sales, press one.</Say></Gather>
  <Dial callerId="+12015550199" action="/done" timeout="20">
    <Number url="/whisper" statusCallback="/status">+12015550123</Number>
    <Number>+12015550124</Number>
    <Client>alice</Client>
  </Dial>
  <Redirect>https://app.example/again</Redirect>
</Response>`},
	} {
		b.Run(bench.name, func(b *testing.B) {
			document := []byte(bench.document)
			b.ReportAllocs()
			b.SetBytes(int64(len(document)))
			for b.Loop() {
				if _, err := Read(document); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
