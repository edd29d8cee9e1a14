package webhook_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/webhook"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const acme = "AC11111111111111111111111111111111"

// Numbers of the tests: examples of their territories in libphonenumber.
const (
	inUS = "+12015550123"
	inGB = "+447400123456"
	inUZ = "+998912345678"
)

// permit is a permission set of the territories given, for all channels and classes.
func permit(t testing.TB, territories ...string) policy.Permissions {
	t.Helper()
	var set policy.Set
	for _, code := range territories {
		territory, ok := numbering.ParseTerritory(code)
		if !ok {
			t.Fatalf("no territory %s", code)
		}
		set.Add(territory)
	}
	grant := policy.Grant{Set: set}
	return policy.Permissions{Messaging: &grant, Voice: &[policy.ClassCount]policy.Grant{grant, grant, grant}}
}

// atTwilio is the id of acme.
var atTwilio = []policy.CarrierAccount{{Carrier: "twilio", ID: acme}}

// newJudge is a judge by a policy.
func newJudge(t testing.TB, definition policy.Definition) *webhook.Judge {
	t.Helper()
	snapshot, err := policy.New(definition)
	if err != nil {
		t.Fatal(err)
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
	return &webhook.Judge{
		Gate:    &gate.Gate{Carrier: twilio.Twilio{}, Rules: func() *gate.Rules { return rules }, Now: time.Now},
		Denied:  webhook.Denied{Mode: webhook.Remove},
		MaxSize: webhook.MaxDocument,
	}
}

// acmeIn is a policy under which acme may reach some territories.
func acmeIn(t testing.TB, territories ...string) policy.Definition {
	t.Helper()
	return policy.Definition{Accounts: []policy.Account{{ID: acme, At: atTwilio, Permissions: permit(t, territories...)}}}
}

// aCall is a request about a call from the United States that rings.
func aCall() *webhook.Request {
	return webhook.ReadRequest("https://hooks.example.com/voice", "", "application/x-www-form-urlencoded",
		[]byte("AccountSid="+acme+"&CallSid=CA1&CallStatus=ringing&Direction=inbound&From=%2B12015550123&To=%2B12015550199"), "")
}

// aMessage is a request about a message from a number.
func aMessage(from string) *webhook.Request {
	return webhook.ReadRequest("https://hooks.example.com/sms", "", "application/x-www-form-urlencoded",
		[]byte("AccountSid="+acme+"&MessageSid=SM1&From="+strings.Replace(from, "+", "%2B", 1)+"&To=%2B12015550199"), "")
}

// anAnswer is an answer with TwiML.
func anAnswer(document string) *webhook.Answer {
	return &webhook.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/xml"}}, Body: []byte(document)}
}

// corpus returns the documents of the corpus of the reader of TwiML.
func corpus(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob("../../carrier/twilio/twiml/testdata/*/*.txt")
	if err != nil || len(names) < 5 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	var documents []string
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split("\n"+string(content), "\n=== ")[1:] {
			_, rest, _ := strings.Cut(part, "\n")
			written, _, _ := strings.Cut(rest, "\n---\n")
			documents = append(documents, unescape(written))
		}
	}
	return documents
}

// unescape resolves the escapes of the corpus, \xff for one.
func unescape(text string) string {
	var b strings.Builder
	for text != "" {
		c, isMultibyte, rest, err := strconv.UnquoteChar(text, 0)
		switch {
		case err != nil:
			b.WriteByte(text[0])
			rest = text[1:]
		case isMultibyte:
			b.WriteRune(c)
		default:
			b.WriteByte(byte(c))
		}
		text = rest
	}
	return b.String()
}
