package gate_test

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// clientForm is a request as some published client writes it.
type clientForm struct {
	name, host, path, contentType, body string
}

// clientForms reads testdata/clients.txt, which says what stands in it.
func clientForms(t *testing.T) (forms []clientForm) {
	t.Helper()
	text, err := os.ReadFile("testdata/clients.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(string(text), "\n=== ")[1:] {
		lines := strings.SplitN(strings.ReplaceAll(part, "{account}", benchAccount), "\n", 4)
		host, path, found := strings.Cut(lines[1], " ")
		if !found || len(lines) < 4 {
			t.Fatalf("%s: no host and path", lines[0])
		}
		forms = append(forms, clientForm{lines[0], host, path, lines[2], strings.TrimSpace(lines[3])})
	}
	return forms
}

// Whichever client writes a request, and however its caller encoded it before: a
// destination that is enabled is let through, and one that is not is found.
func TestDestinationsAreFoundInWhatPublishedClientsSend(t *testing.T) {
	g := worstGate(t)
	for _, form := range clientForms(t) {
		t.Run(form.name, func(t *testing.T) {
			if !strings.Contains(form.body, "{to}") {
				t.Fatal("no destination")
			}
			for to, want := range map[string]policy.Outcome{"+12015550142": policy.Allow, "+37190001234": policy.Deny} {
				written := to
				if form.contentType == formType {
					written = url.QueryEscape(to)
				}
				r := newRequest(form.host, form.path, form.contentType, strings.ReplaceAll(form.body, "{to}", written))
				r.SetBasicAuth(benchAccount, "0123456789abcdef0123456789abcdef")
				if d := g.Judge(r); d.Outcome != want || d.Sends == 0 || want == policy.Deny && d.Reason != policy.TerritoryNotEnabled {
					t.Errorf("to %s: %s %s, %d sends", to, d.Outcome, d.Reason, d.Sends)
				}
			}
		})
	}
}

// A parameter that is to be a document is an object or a list of objects, however often
// it was encoded, or is refused: what else it says, some reader may understand.
func TestADocumentThatIsNoneIsRefused(t *testing.T) {
	const (
		notifications = "/v1/Services/IS1/Notifications"
		participants  = "/v1/ConversationWithParticipants"
		interactions  = "/v1/Interactions"
		workers       = "/v1/Workspaces/WS1/Workers"
		sessions      = "/v1/Services/KS1/Sessions"
	)
	sixfold := `{"contact_uri":"+12015550123"}`
	for range 6 {
		sixfold = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(sixfold) + `"`
	}
	g := worstGate(t)
	for _, c := range []struct {
		name, host, path, parameter, value string
		reason                             policy.Reason
	}{
		{"a text", "conversations.twilio.com", participants, "Participant", `"+37190001234"`, carrier.BodyUndecodable},
		{"a word", "conversations.twilio.com", participants, "Participant", `alice`, carrier.BodyUndecodable},
		{"a number", "notify.twilio.com", notifications, "ToBinding", `37190001234`, carrier.BodyUndecodable},
		{"a list of texts", "notify.twilio.com", notifications, "ToBinding", `["sms","+37190001234"]`, carrier.BodyUndecodable},
		{"a list of an object and a number", "proxy.twilio.com", sessions, "Participants", `[{"Identifier":"+12015550123"},37190001234]`, carrier.BodyUndecodable},
		{"a truth", "taskrouter.twilio.com", workers, "Attributes", `true`, carrier.BodyUndecodable},
		{"a text of a list of numbers", "flex-api.twilio.com", interactions, "Channel", `"[37190001234]"`, carrier.BodyUndecodable},
		{"a text that ends too early", "flex-api.twilio.com", interactions, "Channel", `"{\"address\":\"+37190001234\""`, carrier.BodyUndecodable},
		{"a text in six texts", "taskrouter.twilio.com", workers, "Attributes", sixfold, carrier.BodyUndecodable},
		{"nothing", "taskrouter.twilio.com", workers, "Attributes", `null`, ""},
		{"an empty object", "taskrouter.twilio.com", workers, "Attributes", `{}`, ""},
		{"an empty list", "notify.twilio.com", notifications, "ToBinding", `[]`, policy.StoredTarget},
		{"a text of an object", "taskrouter.twilio.com", workers, "Attributes", `" {\"contact_uri\":\"client:ada\"}"`, policy.NotANumber},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRequest(c.host, c.path, formType, c.parameter+"="+url.QueryEscape(c.value))
			r.SetBasicAuth(benchAccount, "0123456789abcdef0123456789abcdef")
			if d := g.Judge(r); d.Reason != c.reason {
				t.Errorf("%s %s", d.Outcome, d.Reason)
			}
		})
	}
}

// A text for people is not a document, whatever is in it.
func TestJSONInATextForPeopleIsText(t *testing.T) {
	const quoted = `{\"to\":\"+37190001234\",\"address\":\"+37190001234\",\"channel\":\"voice\"}`
	plain := strings.ReplaceAll(quoted, `\`, "")
	g := worstGate(t)
	for _, c := range []struct{ name, host, path, contentType, body string }{
		{"the body of a message", "api.twilio.com", "/2010-04-01/Accounts/" + benchAccount + "/Messages.json", formType,
			"To=%2B12015550123&Body=" + url.QueryEscape(plain)},
		{"variables of a template", "api.twilio.com", "/2010-04-01/Accounts/" + benchAccount + "/Messages.json", formType,
			"To=%2B12015550123&ContentVariables=" + url.QueryEscape(`{"1":"`+quoted+`"}`)},
		{"the text of a message in JSON", "comms.twilio.com", "/v1/Messages", jsonType,
			`{"to":[{"address":"+12015550123","channel":"SMS"}],"content":{"title":"` + quoted + `","text":"` + quoted + `"}}`},
		{"variables of a template in JSON", "comms.twilio.com", "/v1/Messages", jsonType,
			`{"to":[{"address":"+12015550123","channel":"SMS","variables":{"1":"` + quoted + `"}}],"content":{"contentVariables":"` + quoted + `"}}`},
		{"the body of a notification by message", "notify.twilio.com", "/v1/Services/IS1/Notifications", formType,
			"Sms=" + url.QueryEscape(`{"body":"`+quoted+`"}`)},
		{"attributes of a worker with the record of a customer", "taskrouter.twilio.com", "/v1/Workspaces/WS1/Workers", formType,
			"Attributes=" + url.QueryEscape(`{"contact_uri":"client:ada","customer":"`+quoted+`"}`)},
		{"a text in brackets", "comms.twilio.com", "/v1/Messages", jsonType,
			`{"to":[{"address":"+12015550123","channel":"SMS"}],"tags":"[urgent] call +37190001234","note":"{{name}}"}`},
		{"a parameter of a flow with a template", "studio.twilio.com", "/v2/Flows/FW1/Executions", formType,
			"To=%2B12015550123&Parameters=" + url.QueryEscape(`{"greeting":"{{contact.channel.address}}","order":"[4711]","items":"[{\"to\":\"Ada\",\"number\":\"4711\"}]"}`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRequest(c.host, c.path, c.contentType, c.body)
			r.SetBasicAuth(benchAccount, "0123456789abcdef0123456789abcdef")
			if d := g.Judge(r); d.Outcome != policy.Allow {
				t.Errorf("%s %s to %s", d.Outcome, d.Reason, d.To)
			}
		})
	}
}

// A channel that is stated in the same document is stated, however that is encoded, and
// one that only some readers see is not.
func TestTheChannelOfAnEncodedDocument(t *testing.T) {
	const twice = `"{\"type\":\"sms\",\"participants\":[{\"address\":\"+12015550123\"}]}"`
	g := benchGate(t) // no calls
	for _, c := range []struct {
		name, channel string
		denied        bool
	}{
		{"in one document", strings.Trim(strings.ReplaceAll(twice, `\`, ""), `"`), false},
		{"in a document encoded twice", twice, false},
		{"in a text beside the address", `{"x":"{\"type\":\"sms\"}","participants":[{"address":"+12015550123"}]}`, true},
		{"in a text beside the document", `["{\"type\":\"sms\"}",{"participants":[{"address":"+12015550123"}]}]`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRequest("flex-api.twilio.com", "/v1/Interactions", formType, "Channel="+url.QueryEscape(c.channel))
			r.SetBasicAuth(benchAccount, "0123456789abcdef0123456789abcdef")
			if d := g.Judge(r); (d.Outcome == policy.Deny) != c.denied {
				t.Errorf("%s %s", d.Outcome, d.Reason)
			}
		})
	}
}

func TestATemplateOfAnAccountIsNotFound(t *testing.T) {
	g := worstGate(t)
	for _, account := range []string{"{AccountSid}", "%7BAccountSid%7D", "%7bAccountSid%7d"} {
		r := newRequest("api.twilio.com", "/2010-04-01/Accounts/"+account+"/Messages.json", formType, "To=%2B12015550123")
		r.SetBasicAuth(benchAccount, "0123456789abcdef0123456789abcdef")
		if d := g.Judge(r); d.Outcome != policy.Deny || d.Refusal.Status != 404 || d.Refusal.Code != 20404 {
			t.Errorf("%s: %s %s, %+v", account, d.Outcome, d.Reason, d.Refusal)
		}
	}
}
