package telemetry_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
)

// newFormatURI is what the format `tollgate` logs of a URI.
func newFormatURI(t testing.TB, m telemetry.Mask) func(uri string) string {
	t.Helper()
	e := &telemetry.Encoder{Mask: m}
	if err := e.Provision(caddy.Context{}); err != nil {
		t.Fatal(err)
	}
	return func(uri string) string {
		encoder := e.Clone()
		zap.Object("request", caddyhttp.LoggableHTTPRequest{Request: &http.Request{RequestURI: uri}}).AddTo(encoder)
		line, err := encoder.EncodeEntry(zapcore.Entry{}, nil)
		if err != nil {
			return err.Error()
		}
		var logged struct{ Request struct{ URI string } }
		if err := json.Unmarshal(line.Bytes(), &logged); err != nil {
			return err.Error()
		}
		return logged.Request.URI
	}
}

// asInJSON is a text as it can be in JSON: what is not UTF-8 is a replacement character.
func asInJSON(text string) string { return string([]rune(text)) }

// newFilter is a filter as Caddy would have it.
func newFilter(t testing.TB, m telemetry.Mask) func(uri string) string {
	t.Helper()
	f := &telemetry.LogFilter{Mask: m}
	if err := f.Provision(caddy.Context{}); err != nil {
		t.Fatal(err)
	}
	return func(uri string) string { return f.Filter(zap.String("uri", uri)).String }
}

const (
	someSMS   = "SM37190001234719000123471900012347a"
	someToken = "PA" + "SM3719000123471900012347190001234f"
)

func TestNumbersInALoggedURIAreMaskedWhereverTheyStand(t *testing.T) {
	filter, format := newFilter(t, telemetry.Mask{}), newFormatURI(t, telemetry.Mask{})
	for _, c := range []struct{ name, uri, want string }{
		// Where.
		{"a sender", "/x?From=%2B37190001234&PageSize=5", "/x?From=********1234&PageSize=5"},
		{"a sender of few digits", "/x?from=12345", "/x?from=*****"},
		{"a sender with a comma between its digits", "/x?From=371,900,012,34", "/x?From=**********2,34"},
		{"a caller", "/x?CallerId=client:alice", "/x?CallerId=********lice"},
		{"a sender that is a number with letters", "/x?From=A3719000123", "/x?From=*******0123"},
		{"a sender inside a binding", "/x?MessagingBinding.ProxyAddress=12345", "/x?MessagingBinding.ProxyAddress=*****"},
		{"a supervisor", "/x?Supervisor=%2B37190001234", "/x?Supervisor=********1234"},
		{"an unknown name", "/x?Whatever=37190001234", "/x?Whatever=*******1234"},
		{"a name", "/x?37190001234", "/x?*******1234"},
		{"a name with a value", "/x?37190001234=y&z=1", "/x?*******1234=y&z=1"},
		{"the index of a destination", "/x?To[37190001234]=alice", "/x?To[*******1234]=*****"},
		{"behind a semicolon", "/x?To=%2B14155550123;37190001234", "/x?To=********0123;*******1234"},
		{"within a text", "/x?Body=call+37190001234+now", "/x?Body=call********1234+now"},
		{"behind letters", "/x?Friendly=tel37190001234", "/x?Friendly=tel*******1234"},
		{"within JSON", "/x?Whatever=%7B%22to%22%3A%22%2B37190001234%22%7D", "/x?Whatever=%7B%22to%22%3A%22********1234%22%7D"},
		{"behind a scheme", "/x?a=whatsapp%3A%2B37190001234", "/x?a=whatsapp%3A********1234"},
		{"two of them", "/x?a=37190001234,37190005678", "/x?a=*******1234,*******5678"},
		{"in a path", "/v2/PhoneNumbers/37190001234", "/v2/PhoneNumbers/*******1234"},
		{"in a path with an ending", "/v2/PhoneNumbers/+37190001234.json?a=b", "/v2/PhoneNumbers/********1234.json?a=b"},
		{"behind two question marks", "/x?a?b=37190001234", "/x?a?b=*******1234"},
		{"behind a fragment", "/x#37190001234", "/x#*******1234"},
		{"of seven digits", "/x?a=1234567", "/x?a=*******"},

		// How.
		{"with a digit encoded", "/%2B%3371%390001234", "/********1234"},
		{"all encoded", "/x?a=%33%37%31%39%30%30%30%31%32%33%34", "/x?a=*******1234"},
		{"encoded twice", "/x?a=%252B%2533719000%25312%33%34", "/x?a=********1234"},
		{"as browsers once encoded it", "/x?a=%u0033%u0037%u003190001234", "/x?a=*******1234"},
		{"escaped as in JSON", `/x?a=%22%5Cu002b%5Cu0033%5Cu0037%5Cu0031%5Cu00390001234%22`, "/x?a=%22********1234%22"},
		{"escaped as in JSON, its backslash plain", `/x?a=\u0033\u0037\U0031\u00390001234`, "/x?a=*******1234"},
		{"in digits of full width, escaped", `/x?a=%5Cuff13%5Cuff17%5Cuff1190001234`, "/x?a=*************1234"},
		{"in references of XML", "/x?a=%26%2351%3B%26%23x37%3B%26%23X031%3B90001234", "/x?a=*******1234"},
		{"in references of XML, encoded twice", "/x?a=%2526%252351%253B7190001234", "/x?a=*******1234"},
		{"with characters between that control", "/x?a=371%00900%0B0123%7F4", "/x?a=**********23\x7f4"},
		{"encoded four times", "/x?a=%25252533719000123%25252534", "/x?a=*******1234"},
		{"an encoding that is encoded", "/x?a=%2%35337190001234", "/x?a=*******1234"},
		{"with dashes", "/x?a=371-90-001-234", "/x?a=**********-234"},
		{"with dots", "/x?a=371.90001.234", "/x?a=*********.234"},
		{"with spaces", "/x?a=%2B371+9000+1234", "/x?a=**********1234"},
		{"with encoded spaces", "/x?a=371%209000%201234", "/x?a=*********1234"},
		{"with brackets", "/x?a=1(415)555-0123", "/x?a=**********0123"},
		{"with a slash in a query", "/x?a=0371/9000/1234", "/x?a=**********1234"},
		{"with an encoded slash in a path", "/x/0371%2F90001234", "/x/*********1234"},
		{"in full width", "/x?a=%EF%BC%93%EF%BC%97%EF%BC%91%EF%BC%99%EF%BC%90%EF%BC%90%EF%BC%90", "/x?a=" + strings.Repeat("*", 17) + "?０"},
		{"in the digits of another script, not encoded", "/x?a=٣٧١٩٠٠٠", "/x?a=" + strings.Repeat("*", 10) + "٠٠"},
		{"with what is invisible", "/x?a=3719%E2%80%8B0001234", "/x?a=**********1234"},
		{"as it looks and not as it decodes", "/x?a=%3712345", "/x?a=******"},
		{"as it looks once decoded", "/x?a=%25%33%37%31%32%33%34%35", "/x?a=******"},

		// What is none.
		{"a SID", "/2010-04-01/Accounts/AC37190001234719000123471900012347/Messages/" + someSMS[:34] + ".json", "/2010-04-01/Accounts/AC37190001234719000123471900012347/Messages/" + someSMS[:34] + ".json"},
		{"a SID in a query", "/x?AccountSid=AC37190001234719000123471900012347", "/x?AccountSid=AC37190001234719000123471900012347"},
		{"a page token", "/x?PageSize=50&Page=1&PageToken=" + someToken, "/x?PageSize=50&Page=1&PageToken=" + someToken},
		{"a UUID", "/x/12345678-1234-4123-8123-123456789012?a=1", "/x/12345678-1234-4123-8123-123456789012?a=1"},
		{"a digest", "/x?etag=1234567890abcdef1234567890abcdef12345678", "/x?etag=1234567890abcdef1234567890abcdef12345678"},
		{"a date", "/x?DateSent>=2026-01-01&DateSent%3C=2026-12-31", "/x?DateSent>=2026-01-01&DateSent%3C=2026-12-31"},
		{"a time", "/x?StartTime%3E=2026-01-01T00%3A00%3A00Z", "/x?StartTime%3E=2026-01-01T00%3A00%3A00Z"},
		{"a time behind a space", "/x?a=2026-01-01+10:20:30", "/x?a=2026-01-01+10:20:30"},
		{"a date in a quote", "/x?a=%222026-01-01%22", "/x?a=%222026-01-01%22"},
		{"a short number of another parameter", "/x?Code=123456", "/x?Code=123456"},
		{"a messaging service as a sender", "/x?MessagingServiceSid=MG37190001234719000123471900012347", "/x?MessagingServiceSid=MG37190001234719000123471900012347"},
		{"a name as a sender", "/x?From=Acme+Bank", "/x?From=Acme+Bank"},
		{"numbers of other things", "/x?PageSize=1000&Page=20&a=1%2C2%2C3", "/x?PageSize=1000&Page=20&a=1%2C2%2C3"},
		{"a text in many encoded letters", "/x?Body=%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82", "/x?Body=%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82"},

		// What looks like those.
		{"a date behind a plus sign", "/x?a=%2B2026-01-01", "/x?a=*******1-01"},
		{"a date that goes on", "/x?a=2012-01-01-5550", "/x?a=***********5550"},
		{"no day of any month", "/x?a=2012-13-01", "/x?a=******3-01"},
		{"a SID that is one too long", "/x?a=AC371900012347190001234719000123471", "/x?a=AC*****************************3471"},
		{"a name of digits alone", "/x?a=37190001234719000123471900012347", "/x?a=" + strings.Repeat("*", 28) + "2347"},
		{"a UUID that goes on", "/x?a=12345678-1234-4123-8123-1234567890123", "/x?a=" + strings.Repeat("*", 33) + "0123"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := filter(c.uri); got != c.want {
				t.Errorf("%s is logged as\n%s, want\n%s", c.uri, got, c.want)
			}
			if got := format(c.uri); got != asInJSON(c.want) {
				t.Errorf("in the format tollgate, %s is logged as\n%s, want\n%s", c.uri, got, c.want)
			}
		})
	}
}

func TestTheModesOfTheFilterHoldForNumbersAnywhere(t *testing.T) {
	t.Setenv("TOLLGATE_TEST_SECRET", "a secret")
	const uri = "/x/%2B37190001234?To=%2B37190001234&a=b&Body=%2B37190001234"
	for name, logged := range map[string]func(testing.TB, telemetry.Mask) func(string) string{"the filter": newFilter, "the format": newFormatURI} {
		t.Run(name, func(t *testing.T) {
			if got := logged(t, telemetry.Mask{Mode: "none"})(uri); got != uri {
				t.Errorf("none logs %s", got)
			}
			got := logged(t, telemetry.Mask{Mode: "hmac", Secret: "{env.TOLLGATE_TEST_SECRET}"})(uri)
			_, rest, _ := strings.Cut(got, "hmac:")
			digest := rest[:24]
			if want := strings.ReplaceAll(uri, "%2B37190001234", "hmac:"+digest); got != want {
				t.Errorf("hmac logs %s, want the same digest everywhere, and everything else", got)
			}
		})
	}
}

func TestTheFilterHoldsForEachValueOfAHeader(t *testing.T) {
	f := &telemetry.LogFilter{}
	if err := f.Provision(caddy.Context{}); err != nil {
		t.Fatal(err)
	}
	values := []string{"https://app.example/?To=%2B37190001234", "twilio-node/5.3.0 (linux x64) node/20.11.1 (for 37190001234)"}
	header := caddyhttp.LoggableStringArray(slices.Clone(values))
	encoder := zapcore.NewMapObjectEncoder()
	f.Filter(zap.Array("Referer", header)).AddTo(encoder)
	want := []any{"https://app.example/?To=********1234", "twilio-node/5.3.0 (linux x64) node/20.11.1 (for *******1234)"}
	if got := encoder.Fields["Referer"]; !reflect.DeepEqual(got, want) {
		t.Errorf("logged %q, want %q", got, want)
	}
	if !slices.Equal(header, values) {
		t.Errorf("the request itself has changed: %q", header)
	}
}

// holdsDigits reports whether a text has digits one after the other, whatever
// separates them.
func holdsDigits(text, digits string) bool {
	text = strings.Map(func(c rune) rune {
		switch {
		case strings.ContainsRune(" -.()+", c):
			return -1
		case c >= '０' && c <= '９':
			return c - '０' + '0'
		}
		return c
	}, text)
	return strings.Contains(text, digits)
}

// Of a denied number, no seven digits in a row may be read in the log, however often
// someone decodes it.
func FuzzLogFilter(f *testing.F) {
	f.Add("/2010-04-01/Accounts/AC37190001234719000123471900012347/Messages.json?a=", "&b=c", uint64(1), []byte{})
	f.Add("/x?%2533", "%", uint64(2), []byte{1, 2, 3, 4, 5, 6, 7, 8})
	f.Add("%25%25", ";x", uint64(3), []byte{3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3})
	f.Add("/x?To=", "", uint64(4), []byte{4, 5, 4, 5, 4, 5})
	f.Add("/x?a=%20-", "", uint64(5), []byte{0, 6, 0, 7, 0})
	filter, format := newFilter(f, telemetry.Mask{}), newFormatURI(f, telemetry.Mask{})
	f.Fuzz(func(t *testing.T, before, after string, seed uint64, ways []byte) {
		digits := "371" + strings.Repeat("0", 8)
		number := []byte(digits)
		for i := 3; i < len(number); i++ {
			number[i] = '0' + byte(seed%10)
			seed /= 10
		}
		digits = string(number)
		var written strings.Builder
		for i, c := range number {
			way := byte(0)
			if len(ways) > 0 {
				way = ways[i%len(ways)]
			}
			written.WriteString(writeDigit(c, way))
		}
		// What is around must not make a name of a resource of it, nor hold it.
		if isName(before) || isName(after) || holdsAnyOf(before+" "+after, digits) {
			return
		}
		uri := before + written.String() + after
		got := filter(uri)
		if logged := format(uri); logged != asInJSON(got) {
			t.Fatalf("of %q, the filter logs %q and the format %q", uri, got, logged)
		}
		for text, layers := got, 0; layers < 12; layers++ {
			for i := 0; i+7 <= len(digits); i++ {
				if holdsDigits(text, digits[i:i+7]) && !holdsDigits(before+"|"+after, digits[i:i+7]) {
					t.Fatalf("%q is logged as %q, and shows %s in layer %d: %q", uri, got, digits[i:i+7], layers, text)
				}
			}
			decoded := decodeOnce(text)
			if decoded == text {
				break
			}
			text = decoded
		}
	})
}

// writeDigit writes a digit in one of many ways, with a separator before it in some.
func writeDigit(c, way byte) string {
	text := string(rune(c))
	switch way % 8 {
	case 1:
		text = "%3" + text
	case 2:
		text = "%253" + text
	case 3:
		text = "%25253" + text
	case 4:
		text = "-" + text
	case 5:
		text = "%20" + text
	case 6:
		text = url.QueryEscape(string(rune(c) - '0' + '０'))
	case 7:
		text = "%2%353" + text
	}
	return text
}

// decodeOnce decodes what is percent-encoded, and leaves what is not decodable.
func decodeOnce(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if i+2 < len(text) && text[i] == '%' {
			if decoded, err := url.PathUnescape(text[i : i+3]); err == nil {
				b.WriteString(decoded)
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// isName reports whether a text could be the beginning or end of a name that is not a
// number.
func isName(text string) bool {
	return len(text) >= 16 && strings.Trim(text[len(text)-16:], "0123456789abcdefABCDEF-%") == "" ||
		len(text) >= 16 && strings.Trim(text[:16], "0123456789abcdefABCDEF-%") == ""
}

// holdsAnyOf reports whether a text has seven digits of a number in some layer by
// itself.
func holdsAnyOf(text, digits string) bool {
	for range 12 {
		for i := 0; i+7 <= len(digits); i++ {
			if holdsDigits(text, digits[i:i+7]) {
				return true
			}
		}
		text = decodeOnce(text)
	}
	return false
}

func BenchmarkLogFilter(b *testing.B) {
	filter := newFilter(b, telemetry.Mask{})
	for _, c := range []struct{ name, uri string }{
		{"a send", "/2010-04-01/Accounts/AC11111111111111111111111111111111/Messages.json"},
		{"a page of a list", "/2010-04-01/Accounts/AC11111111111111111111111111111111/Messages.json?PageSize=50&Page=1&PageToken=PASM5f2c1a9e8b7d6c4a3f2e1d0c9b8a7f6e"},
		{"a list by destination", "/2010-04-01/Accounts/AC11111111111111111111111111111111/Messages.json?To=%2B12015550123&DateSent%3E=2026-01-01&PageSize=50"},
		{"a lookup", "/v2/PhoneNumbers/%2B12015550123?Fields=line_type_intelligence"},
		{"64 KiB of nothing but escapes", "/x?a=" + strings.Repeat("%25", 1<<14) + strings.Repeat("25", 1<<13)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				filter(c.uri)
			}
		})
	}
}
