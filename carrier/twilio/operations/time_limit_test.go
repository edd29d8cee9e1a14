package operations_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
)

func TestCallsEndAfterATime(t *testing.T) {
	const (
		calls        = "/2010-04-01/Accounts/AC11111111111111111111111111111111/Calls.json"
		call         = "/2010-04-01/Accounts/AC11111111111111111111111111111111/Calls/CA1.json"
		participants = "/2010-04-01/Accounts/AC11111111111111111111111111111111/Conferences/room/Participants.json"
		messages     = "/2010-04-01/Accounts/AC11111111111111111111111111111111/Messages.json"
		form         = "application/x-www-form-urlencoded"
		multipart    = "multipart/form-data; boundary=b"
		part         = "--b\r\nContent-Disposition: form-data; name=\"To\"\r\n\r\n+1\r\n"
		added        = "--b\r\nContent-Disposition: form-data; name=\"TimeLimit\"\r\n\r\n900\r\n"
	)
	for _, c := range []struct {
		name, target, contentType, body string
		want                            string // of the body; it is denied where this is empty
		lasts                           time.Duration
	}{
		{"a call that says nothing", calls, form, "To=%2B1&Url=x", "To=%2B1&Url=x&TimeLimit=900", 15 * time.Minute},
		{"a form without a type", calls, "", "To=%2B1", "To=%2B1&TimeLimit=900", 15 * time.Minute},
		{"a shorter one stays", calls, form, "TimeLimit=60&To=%2B1", "TimeLimit=60&To=%2B1", time.Minute},
		{"as long as may be", calls, form, "To=%2B1&TimeLimit=900", "To=%2B1&TimeLimit=900", 15 * time.Minute},
		{"a longer one is replaced where it is", calls, form, "To=%2B1&TimeLimit=901&Url=%20+x", "To=%2B1&TimeLimit=900&Url=%20+x", 15 * time.Minute},
		{"its name is encoded", calls, form, "Time%4Cimit=7200", "TimeLimit=900", 15 * time.Minute},
		{"a participant", participants, form, "To=%2B1", "To=%2B1&TimeLimit=900", 15 * time.Minute},
		{"a change of a call that says nothing", call, form, "Status=completed", "Status=completed", 0},
		{"a change of a call that makes it longer", call, form, "TimeLimit=7200", "TimeLimit=900", 15 * time.Minute},
		{"TwiML for a call that dials on", call, form, "Twiml=%3CResponse%3E%3CDial%3E%2B1%3C%2FDial%3E%3C%2FResponse%3E&x=%20", "Twiml=%3CResponse%3E%3CDial+timeLimit%3D%22900%22%3E%2B1%3C%2FDial%3E%3C%2FResponse%3E&x=%20", 15 * time.Minute},
		{"TwiML for a call that says something", call, form, "Twiml=<Response><Say>x</Say></Response>", "Twiml=<Response><Say>x</Say></Response>", 0},
		{"TwiML that dials for a short time", call, form, "Twiml=<Response><Dial timeLimit='60'>1</Dial></Response>", "Twiml=<Response><Dial timeLimit='60'>1</Dial></Response>", 0},
		{"TwiML in parts that dials on", call, multipart, "--b\r\nContent-Disposition: form-data; name=\"Twiml\"\r\n\r\n<Response><Dial>1</Dial></Response>\r\n--b--", "", 0},
		{"TwiML that is there twice and dials on", call, form, "Twiml=<Response/>&Twiml=<Response><Dial>1</Dial></Response>", "", 0},
		{"TwiML in the query that dials on", call + "?Twiml=<Response><Dial>1</Dial></Response>", form, "Status=in-progress", "", 0},
		{"TwiML in the query that dials on, without a body", call + "?Twiml=<Response><Dial>1</Dial></Response>", form, "", "", 0},
		{"TwiML in the query that dials for a short time", call + "?Twiml=<Response><Dial+timeLimit='60'>1</Dial></Response>", form, "x=1", "x=1", 0},
		{"TwiML for a new call, which ends all that it dials", calls, form, "Twiml=<Response><Dial>1</Dial></Response>", "Twiml=<Response><Dial>1</Dial></Response>&TimeLimit=900", 15 * time.Minute},
		{"a message", messages, form, "To=%2B1&TimeLimit=7200", "To=%2B1&TimeLimit=7200", 0},
		{"parts", calls, multipart, part + "--b--", added + part + "--b--", 15 * time.Minute},
		{"parts after a preamble", calls, multipart, "hello\r\n" + part + "--b--\r\n", "hello\r\n" + added + part + "--b--\r\n", 15 * time.Minute},
		{"parts of which one is longer", calls, multipart, strings.Replace(added, "900", "901", 1) + "--b--", "", 0},
		{"two of them", calls, form, "TimeLimit=60&TimeLimit=60", "", 0},
		{"two of which one is spelled otherwise", calls, form, "TimeLimit=60&time_limit=60", "", 0},
		{"spelled otherwise", calls, form, "timelimit=60", "", 0},
		{"an element of a list", calls, form, "TimeLimit[]=60", "", 0},
		{"behind a semicolon", calls, form, "To=%2B1;TimeLimit=60", "", 0},
		{"in the query", calls + "?TimeLimit=60", form, "To=%2B1", "", 0},
		{"no number", calls, form, "TimeLimit=1h", "", 0},
		{"no time", calls, form, "TimeLimit=0", "", 0},
		{"nothing", calls, form, "TimeLimit=", "", 0},
		{"a sign", calls, form, "TimeLimit=%2B60", "", 0},
		{"more than fits", calls, form, "TimeLimit=99999999999999999999", "", 0},
		{"no body", calls, form, "", "", 0},
		{"JSON", calls, "application/json", `{"TimeLimit":60}`, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			path, query, _ := strings.Cut(c.target, "?")
			r := &carrier.Request{
				Method: http.MethodPost, Host: "api.twilio.com", Path: path, RawQuery: query,
				Header: http.Header{"Content-Type": {c.contentType}}, HasBody: true,
			}
			body, lasts, err := operations.LimitCalls(r, operations.Route(r, "api"), []byte(c.body), 15*time.Minute)
			switch {
			case c.want == "":
				if fault := (*params.Fault)(nil); !errors.As(err, &fault) || fault.Kind == params.ErrUndecodable && !strings.HasPrefix(fault.Parameter, "T") {
					t.Errorf("got %q %v", body, err)
				}
			case err != nil || string(body) != c.want || lasts != c.lasts:
				t.Errorf("got %q %s %v, want %q %s", body, lasts, err, c.want, c.lasts)
			}
		})
	}
}

// A signature covers the body, so that Twilio would refuse another one
// (https://www.twilio.com/docs/iam/pkcv).
func TestASignedRequestForACallIsNotChanged(t *testing.T) {
	r := &carrier.Request{
		Method: http.MethodPost, Host: "api.twilio.com", Path: "/2010-04-01/Accounts/AC11111111111111111111111111111111/Calls.json",
		Header: http.Header{"Twilio-Client-Validation": {"signature"}}, HasBody: true,
	}
	op := operations.Route(r, "api")
	if _, _, err := operations.LimitCalls(r, op, []byte("To=%2B1"), 15*time.Minute); !errors.Is(err, carrier.ErrSigned) {
		t.Errorf("without a limit: %v", err)
	}
	if body, lasts, err := operations.LimitCalls(r, op, []byte("To=%2B1&TimeLimit=60"), 15*time.Minute); err != nil || lasts != time.Minute || string(body) != "To=%2B1&TimeLimit=60" {
		t.Errorf("with its own: %q %s %v", body, lasts, err)
	}
}
