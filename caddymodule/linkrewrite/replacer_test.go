package linkrewrite

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

const (
	linkHost = "verify.twilio.com"
	linkBase = "http://localhost:8080/verify"
)

// replaceSlowly is the model: it looks at one place after the other in the whole
// document.
func replaceSlowly(document string) string {
	escape := func(text string) string { return strings.ReplaceAll(text, "/", `\/`) }
	var b strings.Builder
	for i := 0; i < len(document); {
		within := i > 0 && document[i-1] == '\\'
		width := 1
		text := document[i : i+1]
		for _, pair := range [][2]string{
			{`"https://` + linkHost + `/`, `"` + linkBase + `/`},
			{`"https://` + linkHost + `"`, `"` + linkBase + `"`},
			{`"` + escape("https://"+linkHost+"/"), `"` + escape(linkBase+"/")},
			{`"` + escape("https://"+linkHost) + `"`, `"` + escape(linkBase) + `"`},
		} {
			if !within && strings.HasPrefix(document[i:], pair[0]) {
				width, text = len(pair[0]), pair[1]
			}
		}
		b.WriteString(text)
		i += width
	}
	return b.String()
}

// replacePieces gives the replacer a document in pieces that the cuts end.
func replacePieces(document string, next func(left int) int) string {
	replacer := newLinkReplacer(linkHost, linkBase)
	var out []byte
	for document != "" {
		n := next(len(document))
		out = replacer.replace(out, []byte(document[:n]))
		document = document[n:]
	}
	return string(replacer.rest(out))
}

func TestLinksLeadToTheGate(t *testing.T) {
	for _, c := range []struct{ name, document, want string }{
		{"a link", `{"url":"https://verify.twilio.com/v2/x"}`, `{"url":"http://localhost:8080/verify/v2/x"}`},
		{"a link with spaces before it", `{"url": "https://verify.twilio.com/v2/x"}`, `{"url": "http://localhost:8080/verify/v2/x"}`},
		{"the base alone", `["https://verify.twilio.com"]`, `["http://localhost:8080/verify"]`},
		{"escaped slashes", `["https:\/\/verify.twilio.com\/v2\/x"]`, `["http:\/\/localhost:8080\/verify\/v2\/x"]`},
		{"the base alone, with escaped slashes", `["https:\/\/verify.twilio.com"]`, `["http:\/\/localhost:8080\/verify"]`},
		{"several links", `["https://verify.twilio.com/a","https://verify.twilio.com/b"]`, `["http://localhost:8080/verify/a","http://localhost:8080/verify/b"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := replacePieces(c.document, func(left int) int { return left }); got != c.want {
				t.Errorf("%s", got)
			}
		})
	}
}

// A host in HTTP/2 may hold what must not stand in JSON as it is.
func TestABaseCannotBreakTheJSON(t *testing.T) {
	replacer := newLinkReplacer(linkHost, "http://a\",\"b")
	if got := string(replacer.replace(nil, []byte(`["https://verify.twilio.com/"]`))); got != `["http://a\",\"b/"]` {
		t.Errorf("%s", got)
	}
}

func TestWhatIsNoLinkStays(t *testing.T) {
	for name, document := range map[string]string{
		"another product":                   `["https://studio.twilio.com/v2/x"]`,
		"a host that begins so":             `["https://verify.twilio.com.example.com/"]`,
		"a host that ends so":               `["https://no-verify.twilio.com/"]`,
		"a port":                            `["https://verify.twilio.com:8443/"]`,
		"a user":                            `["https://verify.twilio.com@example.com/"]`,
		"plain HTTP":                        `["http://verify.twilio.com/"]`,
		"another letter case":               `["https://Verify.twilio.com/"]`,
		"text within a string":              `["see https://verify.twilio.com/v2/x"]`,
		"JSON within a string":              `["{\"url\":\"https://verify.twilio.com/v2/x\"}"]`,
		"a document that ends in one":       `"https://verify.twilio.com`,
		"a document that ends in an escape": `"https:\/\/verify.twilio.com\`,
		"an escape that is not a slash":     `["https:\/\/verify.twilio.com\u0020"]`,
		"a document that ends in a quote":   `"`,
		"nothing":                           ``,
	} {
		t.Run(name, func(t *testing.T) {
			for size := 1; size <= len(document)+1; size++ {
				if got := replacePieces(document, func(left int) int { return min(size, left) }); got != document {
					t.Errorf("in pieces of %d: %s", size, got)
				}
			}
		})
	}
}

// linkWords are what random documents are made of.
var linkWords = []string{
	`"`, `\`, `/`, `{`, `:`, `"https:`, `"https://`, `"https:\/\/`, linkHost, linkHost + "/", linkHost + `"`, linkHost + `\/`,
	`"https://` + linkHost, `"https:\/\/` + linkHost, `"https://` + linkHost + `/v2/x"`, `\"https://` + linkHost + `/"`, "h", "https://studio.twilio.com/",
}

func TestPiecesMakeNoDifference(t *testing.T) {
	for seed := range uint64(20_000) {
		random := rand.New(rand.NewPCG(seed, 0))
		var b strings.Builder
		for range random.IntN(12) {
			b.WriteString(linkWords[random.IntN(len(linkWords))])
		}
		document := b.String()
		most := 1 + random.IntN(40)
		got := replacePieces(document, func(left int) int { return min(left, 1+random.IntN(most)) })
		if want := replaceSlowly(document); got != want {
			t.Fatalf("seed %d: %s\nbecomes %s\nwant    %s", seed, document, got, want)
		}
	}
}

// FuzzLinks holds the replacer against the model. Each cut is the length of a
// piece.
func FuzzLinks(f *testing.F) {
	for _, word := range linkWords {
		f.Add(`{"url":`+word+`}`, []byte{1, 5, 2})
	}
	f.Fuzz(func(t *testing.T, document string, cuts []byte) {
		next := 0
		got := replacePieces(document, func(left int) int {
			if len(cuts) == 0 {
				return left
			}
			next++
			return min(left, 1+int(cuts[next%len(cuts)]))
		})
		if want := replaceSlowly(document); got != want {
			t.Errorf("%s\nbecomes %s\nwant    %s", document, got, want)
		}
	})
}

// listPage is a page of a list as Twilio's products write it, of about 100 kB.
func listPage() []byte {
	var b strings.Builder
	b.WriteString(`{"services": [`)
	for i := 0; b.Len() < 100_000; i++ {
		if i > 0 {
			b.WriteString(", ")
		}
		sid := fmt.Sprintf("VA%032d", i)
		fmt.Fprintf(&b, `{"sid": %q, "account_sid": "AC11111111111111111111111111111111", "friendly_name": "Service", "code_length": 6, `+
			`"date_created": "2026-01-01T00:00:00Z", "url": "https://verify.twilio.com/v2/Services/%s", `+
			`"links": {"verifications": "https://verify.twilio.com/v2/Services/%s/Verifications"}}`, sid, sid, sid)
	}
	b.WriteString(`], "meta": {"next_page_url": "https://verify.twilio.com/v2/Services?PageSize=50&Page=1&PageToken=x"}}`)
	return []byte(b.String())
}

// BenchmarkLinks replaces the links of a page that comes in the pieces a proxy
// reads.
func BenchmarkLinks(b *testing.B) {
	page := listPage()
	buffer := make([]byte, 0, 2*linkPiece)
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		replacer := newLinkReplacer(linkHost, linkBase)
		for at := 0; at < len(page); at += linkPiece {
			buffer = replacer.replace(buffer[:0], page[at:min(len(page), at+linkPiece)])
		}
	}
}
