package operations_test

import (
	"bytes"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/twiml"
)

// What is forwarded of a call asks for the sends that were judged, says once for how long, and
// leaves all else as it came.
func FuzzLimitedCallsAreWhatWasJudged(f *testing.F) {
	const (
		account = "/2010-04-01/Accounts/AC11111111111111111111111111111111/"
		form    = "application/x-www-form-urlencoded"
		parts   = "multipart/form-data; boundary=b"
	)
	for _, seed := range []struct{ contentType, query, body string }{
		{form, "", "To=%2B12015550123&TimeLimit=7200"},
		{form, "", "To=%2B12015550123;Time%4cimit=60&x=%"},
		{form, "Twiml=<Response><Dial>%2B12015550123</Dial></Response>", "Status=completed"},
		{form, "TimeLimit=60", "\ufeffTo=911&"},
		{form, "", "Twiml=<Response><Dial+timelimit='7200'>%2B12015550123</Dial></Response>"},
		{form, "", "Twiml=<Response><Dial>1<Dial/></Dial><x:Dial+timeLimit='9'/><!--<Dial>--><![CDATA[<Dial>]]></Response>"},
		{parts, "", "a--b\r\nContent-Disposition: form-data; name=\"To\"\r\n\r\n+12015550123\r\n--b--"},
		{parts, "", "--b\r\nContent-Disposition: form-data; name=\"TimeLimit\"; filename=x\r\n\r\n60\r\n--b--\r\nepilogue"},
		{"application/json", "", `{"To":"+12015550123"}`},
	} {
		for _, path := range []string{"Calls.json", "Calls/CA1.json"} {
			f.Add(path, seed.contentType, seed.query, seed.body)
		}
	}
	f.Fuzz(func(t *testing.T, path, contentType, query, body string) {
		r := &carrier.Request{
			Method: http.MethodPost, Host: "api.twilio.com", Path: account + path, RawQuery: query,
			Header: http.Header{"Content-Type": {contentType}}, HasBody: true, SeesURLs: true,
		}
		op := operations.Route(r, "api")
		judged, _, err := operations.Read(r, op, []byte(body))
		if err != nil {
			return
		}
		limited, _, err := operations.LimitCalls(r, op, []byte(body), 15*time.Minute)
		if err != nil {
			return
		}
		again, _, err := operations.Read(r, op, limited)
		if err != nil || !reflect.DeepEqual(judged.Sends, again.Sends) || !reflect.DeepEqual(judged.URLs, again.URLs) || !reflect.DeepEqual(judged.Senders, again.Senders) {
			t.Fatalf("%q asks for %v of %v, and %q for %v of %v: %v", body, judged.Sends, judged.Senders, limited, again.Sends, again.Senders, err)
		}
		once, lasts, err := operations.LimitCalls(r, op, limited, 15*time.Minute)
		if err != nil || !bytes.Equal(once, limited) || lasts > 15*time.Minute {
			t.Fatalf("%q, and then %q for %s: %v", limited, once, lasts, err)
		}
		if op.Name == "calls.update" {
			for _, text := range []string{query, string(limited)} {
				values, _ := url.ParseQuery(text) // what it can read
				for _, document := range values["Twiml"] {
					if ends, err := twiml.LimitDials([]byte(document), 15*time.Minute); err != nil || string(ends) != document {
						t.Fatalf("%q of %q does not end: %v", document, text, err)
					}
				}
			}
		}
		if op.Name != "calls.create" {
			return
		}
		if lasts == 0 && len(judged.Sends) > 0 {
			t.Fatalf("%q has no end", limited)
		}
		if removed := replaced(body, string(limited)); strings.ContainsAny(removed, "&\r\n") {
			t.Fatalf("%q lacks %q of %q", limited, removed, body)
		}
	})
}

// replaced is what is not in a text that another came from: what is between what both begin
// and end with.
func replaced(from, to string) string {
	for from != "" && to != "" && from[0] == to[0] {
		from, to = from[1:], to[1:]
	}
	for from != "" && to != "" && from[len(from)-1] == to[len(to)-1] {
		from, to = from[:len(from)-1], to[:len(to)-1]
	}
	return from
}
