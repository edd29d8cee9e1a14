package webhook_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/taskrouter"
	"github.com/caddy-tollgate/tollgate/internal/webhook"
	"github.com/caddy-tollgate/tollgate/policy"
)

// aTask is TaskRouter's request about a reservation, with further parameters in pairs.
func aTask(pairs ...string) *webhook.Request {
	values := url.Values{"AccountSid": {acme}, "WorkspaceSid": {"WS1"}, "TaskSid": {"WT1"}, "ReservationSid": {"WR1"}}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return webhook.ReadRequest("https://hooks.example.com/assignment", "", "application/x-www-form-urlencoded", []byte(values.Encode()), "")
}

func TestInstructionsToTaskRouter(t *testing.T) {
	const (
		json    = "application/json"
		allowed = ""
		denied  = string(policy.TerritoryNotEnabled)
		unread  = "body_undecodable"
	)
	worker := aTask("TaskAttributes", `{"type":"support"}`, "WorkerAttributes", `{"contact_uri":"`+inUS+`"}`)
	for _, c := range []struct {
		name        string
		request     *webhook.Request
		contentType string
		body        string
		want        string // the reason of a denial
	}{
		{"accept passes", aTask(), json, `{"instruction":"accept"}`, allowed},
		{"and with an activity", aTask(), json + "; charset=utf-8", " {\n\"instruction\": \"accept\", \"activity_sid\": \"WA00000000000000000000998912345678\"}\n", allowed},
		{"reject passes", aTask(), json, `{"instruction":"reject"}`, allowed},
		{"an empty document passes", aTask(), json, `{}`, allowed},
		{"and an empty answer", aTask(), json, ``, allowed},
		{"and a word of the server's own", aTask(), "text/plain", `ok`, allowed},
		{"an ampersand is none of XML's", aTask(), json, `{"instruction":"redirect","call_sid":"CA1","url":"https://hooks.example.com/a?b=1&c=2"}`, allowed},
		{"a call to a number that may be called", aTask(), json, `{"instruction":"call","to":"` + inUS + `","from":"+12015550199","url":"/agent"}`, allowed},
		{"a call to a number that may not", aTask(), json, `{"instruction":"call","to":"` + inUZ + `","from":"+12015550199","url":"/agent"}`, denied},
		{"dequeue", aTask(), json, `{"instruction":"dequeue","to":"` + inUZ + `"}`, denied},
		{"conference", aTask(), json, `{"instruction":"conference","room_name":"a","to":"` + inUZ + `"}`, denied},
		{"an unknown instruction", aTask(), json, `{"instruction":"ring","to":"` + inUZ + `"}`, denied},
		{"in other spellings", aTask(), json, `{"Instruction":"Call","CallTo":"` + inUZ + `"}`, denied},
		{"in a list, twice, deep down", aTask(), json, `[{"instruction":"accept","x":{"to":"` + inUS + `","to":["` + inUZ + `"]}}]`, denied},
		{"escaped", aTask(), json, `{"instruction":"call","t\u006f":"\u002b998912345678"}`, denied},
		{"as sound", aTask(), "audio/mpeg", `{"instruction":"call","to":"` + inUZ + `"}`, denied},
		{"as a picture", aTask(), "image/png", `{"instruction":"call","to":"` + inUZ + `"}`, denied},
		{"as a text", aTask(), "text/plain", `{"instruction":"call","to":"` + inUZ + `"}`, denied},
		{"as TwiML", aTask(), "text/xml", `{"instruction":"call","to":"` + inUZ + `"}`, denied},
		{"of an unknown type", aTask(), "application/x-y", `{"instruction":"call","to":"` + inUZ + `"}`, denied},
		{"after a byte order mark", aTask(), json, "\xef\xbb\xbf" + `{"instruction":"call","to":"` + inUZ + `"}`, unread},
		{"as a form", aTask(), "application/x-www-form-urlencoded", "Instruction=call&To=" + url.QueryEscape(inUZ), unread},
		{"as JSON in JSON", aTask(), "text/plain", `"{\"instruction\":\"call\",\"to\":\"` + inUZ + `\"}"`, unread},
		{"in UTF-16", aTask(), json, "{\x00\"\x00", unread},
		{"that two readers take differently", aTask(), json, `{"instruction":"accept",}`, unread},
		{"where the worker is reached who may be called", worker, json, `{"instruction":"dequeue"}`, allowed},
		{"where the worker is reached who may not", aTask("WorkerAttributes", `{"contact_uri":"`+inUZ+`"}`), json, `{"instruction":"dequeue"}`, denied},
		{"where nothing is called", aTask("WorkerAttributes", `{"contact_uri":"`+inUZ+`"}`), json, `{"instruction":"accept"}`, allowed},
		{"where nothing says who is reached", aTask(), json, `{"instruction":"dequeue"}`, allowed},
		{"a supervisor by number", aTask(), json, `{"instruction":"supervise","supervisor":"` + inUZ + `"}`, denied},
		{"a supervisor by name", aTask(), json, `{"instruction":"supervise","supervisor":"WK00000000000000000000998912345678"}`, allowed},
		{"an address with a number in it", aTask(), json, `{"instruction":"redirect","call_sid":"CA1","url":"https://twimlets.com/forward?PhoneNumber=` + inUZ[1:] + `"}`, denied},
		{"an address with a document in it", aTask(), json, `{"instruction":"call","to":"` + inUS + `","url":"https://x.example/?Twiml=%3CDial%3E` + inUZ[1:] + `%3C/Dial%3E"}`, denied},
		{"in the answer about a call", aCall(), json, `{"instruction":"call","to":"` + inUZ + `"}`, denied},
		{"beside the name of a call in the address", webhook.ReadRequest("", "CallSid=CA1", "application/x-www-form-urlencoded", []byte("AccountSid="+acme+"&ReservationSid=WR1"), ""), json, `{"instruction":"call","to":"` + inUZ + `"}`, denied},
		{"a text that is said and looks like one", aCall(), "text/plain", `{"to":"` + inUZ + `"}`, allowed},
		{"a reply stays one", aMessage(inUZ), json, `{"instruction":"accept"}`, denied},
		{"and where the address says that it is of a task", webhook.ReadRequest("", "ReservationSid=WR1", "application/x-www-form-urlencoded", []byte("AccountSid="+acme+"&MessageSid=SM1&From="+url.QueryEscape(inUZ)), ""), "text/plain", `hello`, denied},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := answer(c.contentType, c.body)
			result := newJudge(t, acmeIn(t, "US")).Answer(c.request, &a)
			if got := string(result.Decision.Reason); got != c.want && !(c.want == allowed && result.Decision.Outcome == policy.Allow) {
				t.Errorf("denied for %q", got)
			}
			if (result.Body == nil) != (c.want == allowed) {
				t.Errorf("answered %q", result.Body)
			}
		})
	}
}

// Every attribute that is dialled is judged in what TaskRouter says of a task and of a
// worker, in an instruction, and in the TwiML of a server's answer.
func TestWhatATaskDialsIsJudgedInAnswers(t *testing.T) {
	for _, a := range taskrouter.Dialled {
		for number, isDenied := range map[string]bool{inUS: false, inUZ: true} {
			attributes := `{"` + a.Name + `":"` + number + `"}`
			for name, c := range map[string]struct {
				request *webhook.Request
				answer  webhook.Answer
			}{
				"of a task":       {aTask("TaskAttributes", attributes), answer("application/json", `{"instruction":"conference"}`)},
				"of a worker":     {aTask("WorkerAttributes", attributes), answer("application/json", `{"instruction":"call"}`)},
				"of a supervisor": {aTask("WorkerAttributes", attributes), answer("application/json", `{"instruction":"supervise"}`)},
				"in JSON":         {aTask(), answer("application/json", `{"instruction":"conference","attributes":`+attributes+`}`)},
				"in TwiML":        {aCall(), answer("text/xml", before+`<Enqueue workflowSid="WW1"><Task>`+attributes+`</Task></Enqueue>`+after)},
			} {
				result := newJudge(t, acmeIn(t, "US")).Answer(c.request, &c.answer)
				if denied := result.Decision.Outcome == policy.Deny; denied != isDenied {
					t.Errorf("%s %s: %s %s", attributes, name, result.Decision.Outcome, result.Decision.Reason)
				}
			}
		}
	}
}

func TestWhatTakesThePlaceOfAnInstruction(t *testing.T) {
	for mode, want := range map[webhook.Mode]string{
		webhook.Remove: `{}`, webhook.Say: `{}`, webhook.Redirect: `{}`, webhook.Reject: `{"instruction":"reject"}`,
	} {
		judge := newJudge(t, acmeIn(t, "US"))
		judge.Denied = webhook.Denied{Mode: mode, Text: "https://hooks.example.com/refused"}
		a := answer("text/plain", `{"instruction":"call","to":"`+inUZ+`"}`)
		result := judge.Answer(aTask(), &a)
		if string(result.Body) != want || !result.Whole || result.Type != webhook.InstructionType {
			t.Errorf("%s: %q of type %q", mode, result.Body, result.Type)
		}
	}
}

func TestAStoredWorkerIsNotReachedWhereThatIsDenied(t *testing.T) {
	definition := acmeIn(t, "US")
	definition.Choices.Stored = policy.Denied
	for body, want := range map[string]policy.Reason{
		`{"instruction":"dequeue"}`: policy.StoredDenied,
		`{"instruction":"supervise","supervisor":"WK11111111111111111111111111111111"}`: policy.StoredDenied,
		`{"instruction":"accept"}`: "",
	} {
		a := answer("application/json", body)
		if result := newJudge(t, definition).Answer(aTask(), &a); result.Decision.Reason != want || strings.Contains(string(result.Body), "Response") {
			t.Errorf("%s: %s, %s", body, result.Decision.Reason, result.Body)
		}
	}
}
