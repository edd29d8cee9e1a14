package gate_test

import (
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	callsPath = "/2010-04-01/Accounts/" + benchAccount + "/Calls.json"
	aCall     = "To=%2B12015550123&From=%2B12025550199&Url=https%3A%2F%2Fhooks.example%2F"
)

// callGate lets one account call the US for a quarter of an hour, and others for an hour.
func callGate(t *testing.T, change func(*policy.Definition)) *gate.Gate {
	t.Helper()
	us, _ := numbering.ParseTerritory("US")
	grant := policy.Grant{Set: policy.SetOf(us)}
	allowed := policy.Permissions{Messaging: &grant, Voice: &[policy.ClassCount]policy.Grant{grant, grant, grant}}
	definition := policy.Definition{Default: &allowed, MaxCall: time.Hour, Accounts: []policy.Account{{
		ID: benchAccount, At: []policy.CarrierAccount{{Carrier: "twilio", ID: benchAccount}}, MaxCall: 15 * time.Minute,
	}}}
	if change != nil {
		change(&definition)
	}
	return gateOf(t, definition)
}

func TestWhatIsForwardedOfACallEndsIt(t *testing.T) {
	const other = "AC22222222222222222222222222222222"
	for _, c := range []struct {
		name, path, holder, body string
		change                   func(*policy.Definition)
		want                     string
		limit                    time.Duration // that the gate wrote
	}{
		{"what the account states", callsPath, benchAccount, aCall, nil, aCall + "&TimeLimit=900", 15 * time.Minute},
		{"a call that is shorter", callsPath, benchAccount, aCall + "&TimeLimit=60", nil, aCall + "&TimeLimit=60", 0},
		{"a subaccount that only its parent's credential names", "/2010-04-01/Accounts/" + other + "/Calls.json", benchAccount, aCall, nil, aCall + "&TimeLimit=900", 15 * time.Minute},
		{"what the operator states of any other", "/2010-04-01/Accounts/" + other + "/Calls.json", other, aCall, nil, aCall + "&TimeLimit=3600", time.Hour},
		{"a longer time for a call in progress", "/2010-04-01/Accounts/" + benchAccount + "/Calls/CA1.json", benchAccount, "TimeLimit=7200", nil, "TimeLimit=900", 15 * time.Minute},
		{"a longer time in a path in small letters", "/2010-04-01/Accounts/ac11111111111111111111111111111111/Calls/CA1.json", benchAccount, "TimeLimit=7200", nil, "TimeLimit=900", 15 * time.Minute},
		{"a message", "/2010-04-01/Accounts/" + benchAccount + "/Messages.json", benchAccount, "To=%2B12015550123&Body=x", nil, "To=%2B12015550123&Body=x", 0},
		{"a call for help", callsPath, benchAccount, "To=911&From=%2B12025550199&Url=x", nil, "To=911&From=%2B12025550199&Url=x", 0},
		{"a call for help and another", callsPath, benchAccount, "To=911&To=%2B12015550123&From=%2B12025550199&Url=x", nil, "To=911&To=%2B12015550123&From=%2B12025550199&Url=x&TimeLimit=900", 15 * time.Minute},
		{"a call for help that dials someone else", callsPath, benchAccount, "To=911&From=%2B12025550199&Twiml=<Response><Dial>%2B12015550123</Dial></Response>", nil, "To=911&From=%2B12025550199&Twiml=<Response><Dial>%2B12015550123</Dial></Response>", 0},
		{"a call that dials for help in the end", callsPath, benchAccount, aCall + "&Twiml=<Response><Pause/><Dial>911</Dial></Response>", nil, aCall + "&Twiml=<Response><Pause/><Dial>911</Dial></Response>&TimeLimit=900", 15 * time.Minute},
		{"a call in progress that dials for help", "/2010-04-01/Accounts/" + benchAccount + "/Calls/CA1.json", benchAccount, "Twiml=<Response><Dial>911</Dial></Response>", nil, "Twiml=<Response><Dial>911</Dial></Response>", 0},
		{"under observe", callsPath, benchAccount, aCall, func(d *policy.Definition) { d.Observe = policy.Switch{On: true} }, aCall, 0},
		{"of an account that is monitored", callsPath, benchAccount, aCall, func(d *policy.Definition) { d.Accounts[0].Monitor = policy.Switch{On: true} }, aCall, 0},
		{"where no one states it", callsPath, benchAccount, aCall, func(d *policy.Definition) { d.MaxCall, d.Accounts[0].MaxCall = 0, 0 }, aCall, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRequest("api.twilio.com", c.path, formType, c.body)
			r.SetBasicAuth(c.holder, "secret")
			r.Header.Set("Content-Length", "1")
			d := callGate(t, c.change).Judge(r)
			if !d.MayForward(r) || d.TimeLimit != c.limit {
				t.Fatalf("%s %s, limited to %s", d.Outcome, d.Reason, d.TimeLimit)
			}
			held, _ := d.JudgedBytes()
			read, err := io.ReadAll(r.Body)
			if string(held) != c.want || string(read) != c.want || err != nil || r.ContentLength != int64(len(c.want)) {
				t.Errorf("held %q, read %q %v, length %d", held, read, err, r.ContentLength)
			}
		})
	}
}

// What stands for the body of a request is wrong once that is another one.
func TestALimitedCallHasNoDigestOfAnotherBody(t *testing.T) {
	r := newRequest("api.twilio.com", callsPath, formType, aCall)
	r.SetBasicAuth(benchAccount, "secret")
	r.Header.Set("Content-Length", "1")
	r.Header.Set("Content-Digest", "sha-256=:x:")
	r.Trailer = http.Header{"Content-Digest": nil, "X-Other": nil}
	if callGate(t, nil).Judge(r); r.Header.Get("Content-Digest") != "" || len(r.Trailer) != 1 || r.Header.Get("Content-Length") != strconv.Itoa(len(aCall+"&TimeLimit=900")) {
		t.Errorf("%v %v", r.Header, r.Trailer)
	}
}

func TestACallThatCannotBeLimitedIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, body, signature string
		reason                policy.Reason
	}{
		{"two limits", aCall + "&TimeLimit=60&TimeLimit=60", "", carrier.BodyUndecodable},
		{"no number", aCall + "&TimeLimit=never", "", carrier.BodyUndecodable},
		{"signed by its client", aCall, "signature", carrier.ClientValidation},
		{"not permitted anyway", "To=%2B998912345678&TimeLimit=never", "", policy.TerritoryNotEnabled},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRequest("api.twilio.com", callsPath, formType, c.body)
			r.SetBasicAuth(benchAccount, "secret")
			if c.signature != "" {
				r.Header.Set("Twilio-Client-Validation", c.signature)
			}
			d := callGate(t, nil).Judge(r)
			if d.Reason != c.reason || d.MayForward(r) || d.Refusal.Status/100 != http.StatusBadRequest/100 {
				t.Errorf("%s %s with %d", d.Outcome, d.Reason, d.Refusal.Status)
			}
		})
	}
}

func TestExplainSaysHowLongACallLasts(t *testing.T) {
	for _, c := range []struct {
		name    string
		channel policy.Channel
		to      string
		change  func(*policy.Definition)
		want    string
	}{
		{"of the account", policy.Voice, "+12015550123", nil, "the call ends after 15m"},
		{"of the operator", policy.Voice, "+12015550123", func(d *policy.Definition) { d.Accounts[0].MaxCall = 0 }, "the call ends after 1h"},
		{"that is monitored", policy.Voice, "+12015550123", func(d *policy.Definition) { d.Accounts[0].Monitor = policy.Switch{On: true} },
			"the call would end after 15m, and is not limited where denials are only recorded"},
		{"of a message", policy.Messaging, "+12015550123", nil, ""},
		{"for help", policy.Voice, "911", nil, ""},
	} {
		e := callGate(t, c.change).Explain(&gate.Question{Account: benchAccount, Channel: c.channel, To: c.to})
		text := ""
		if last := e.Steps[len(e.Steps)-1]; last.Name == policy.StepMaxCall {
			text = last.Text
		}
		if text != c.want {
			t.Errorf("%s: %q, want %q", c.name, text, c.want)
		}
	}
}
