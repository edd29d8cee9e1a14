package twilio

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// form writes parameters, given in pairs, as a form.
func form(pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values.Encode()
}

// request is a POST to a product.
func request(product, path, contentType string) *carrier.Request {
	return &carrier.Request{
		Method: http.MethodPost, Host: product + ".twilio.com", Path: path, HasBody: true,
		Header: http.Header{"Content-Type": {contentType}},
	}
}

// describeIntent writes the sends and senders of a request: "message +1…,
// call +1…?, from +1…". The question mark is for what need be no destination.
func describeIntent(i carrier.Intent) string {
	var found []string
	for _, s := range i.Sends {
		channel, doubt := "message ", ""
		if s.Channel == policy.Voice {
			channel = "call "
		}
		if s.Tentative {
			doubt = "?"
		}
		found = append(found, channel+s.To+doubt)
	}
	for _, s := range i.Senders {
		found = append(found, "from "+s)
	}
	return strings.Join(found, ", ")
}

// One request or more for each row of the table.
var operationTests = []struct {
	product, path, body, name, want string
}{
	{"api", messagePath + ".json", form("To", "1", "From", "2", "Body", "3"), "messages.create", "message 1, from 2"},
	{"api", messagePath, form("To", "1", "MessagingServiceSid", "MG2", "FallbackFrom", "3"), "messages.create", "message 1, from 3, from MG2"},
	{"api", strings.ToLower(messagePath) + ".JSON/", form("to", "1", "TO", "2"), "messages.create", "message 2, message 1"},
	{"api", messagePath + ".json", form("Called", "1", "Caller", "2"), "messages.create", "message 1, from 2"},
	{"api", messagePath + ".json", form("Body", "1"), "messages.create", ""},
	{"api", messagePath + ".json", "", "messages.create", ""},
	{"api", strings.Replace(messagePath, "2010-04-01", "2008-08-01", 1), form("To", "1"), "messages.create", "message 1"},
	{"api", strings.Replace(messagePath, "Messages", "SMS/Messages.xml", 1), form("To", "1", "From", "2"), "messages.create", "message 1, from 2"},
	{"api", callPath + ".json", form("To", "1", "From", "2", "Url", "https://example.com/12015550123"), "calls.create", "call 1, from 2"},
	{"api", callPath, form("Called", "1", "CallerId", "2", "Caller", "3"), "calls.create", "call 1, from 3, from 2"},
	{"api", callPath + ".json", form("To", "1", "Twiml", "<Response><Dial>2</Dial></Response>"), "calls.create", "call 1, call 2"},
	{"api", callPath + "/CA1.json", form("Twiml", "<Response><Sms to='1'>x</Sms></Response>"), "calls.update", "message 1"},
	{"api", callPath + "/CA1.json", form("Status", "completed"), "calls.update", ""},
	{"api", "/2010-04-01/Accounts/AC1/Conferences/CF1/Participants.json", form("To", "1", "From", "2", "CallerId", "3"), "participants.create", "call 1, from 3, from 2"},
	{"api", "/2010-04-01/Accounts/AC1/OutgoingCallerIds.json", form("PhoneNumber", "1"), "outgoing_caller_ids.create", "call 1"},
	{"api", "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json", form("PhoneNumber", "1"), "incoming_phone_numbers.create", ""},
	{"api", "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers/Local.json", form("PhoneNumber", "1"), "incoming_phone_numbers.create", ""},
	{"verify", "/v2/Services/VA1/Verifications", form("To", "1"), "verifications.create", "message 1"},
	{"verify", "/v2/Services/VA1/Verifications", form("To", "1", "Channel", "sms"), "verifications.create", "message 1"},
	{"verify", "/v2/Services/VA1/Verifications", form("To", "1", "Channel", " CALL "), "verifications.create", "call 1"},
	{"verify", "/v2/Services/VA1/Verifications", form("To", "1", "channel", "call"), "verifications.create", "message 1, call 1"},
	{"verify", "/v2/Services/VA1/Verifications", form("To", "1", "Channel", "whatsapp"), "verifications.create", "message 1"},
	{"verify", "/v2/Services/VA1/Verifications", form("To", "a@b.example", "Channel", "email"), "verifications.create", ""},
	{"verify", "/v2/Services/VA1/Verifications", form("To", "1", "Channel", "email", "Channel", "call"), "verifications.create", "call 1"},
	{"verify", "/v2/Services/VA1/Verifications", form("To", "1", "Channel", "of tomorrow"), "verifications.create", "message 1, call 1"},
	{"verify", "/v2/Services/VA1/Verifications/", form("To", "1", "Channel", ""), "verifications.create", "message 1"},
	{"verify", "/v2/Services/VA1/VerificationCheck", form("To", "1", "Code", "2"), "verification_check.create", ""},
	{"studio", "/v2/Flows/FW1/Executions", form("To", "1", "From", "2"), "executions.create", "message 1, call 1, from 2"},
	{"studio", "/v1/Flows/FW1/Engagements", form("To", "1", "From", "2"), "engagements.create", "message 1, call 1, from 2"},
	{"notify", "/v1/Services/IS1/Notifications", form("ToBinding", `{"binding_type":"sms","address":"1"}`, "ToBinding", `{"address":"2"}`), "notifications.create", "message 1?, message 2?"},
	{"notify", "/v1/Services/IS1/Bindings", form("BindingType", "sms", "Address", "1"), "bindings.create", "message 1?"},
	{"proxy", "/v1/Services/KS1/Sessions/KC1/Participants", form("Identifier", "1"), "proxy_participants.create", "message 1, call 1"},
	{"proxy", "/v1/Services/KS1/Sessions", form("Participants", `{"Identifier":"1"}`), "proxy_sessions.create", "message 1?, call 1?"},
	{"conversations", "/v1/Conversations/CH1/Participants", form("MessagingBinding.Address", "1", "MessagingBinding.ProxyAddress", "2"), "conversation_participants.create", "message 1, from 2"},
	{"conversations", "/v1/Services/IS1/Conversations/CH1/Participants", form("MessagingBinding.ProjectedAddress", "1"), "conversation_participants.create", "message 1"},
	{"conversations", "/v1/ConversationWithParticipants", form("Participant", `{"messaging_binding":{"address":"1","proxy_address":"2"}}`), "conversation_with_participants.create", "message 1?"},
	{"conversations", "/v1/Services/IS1/ConversationWithParticipants", form("Participant", `{"messaging_binding":{"projected_address":"1"}}`), "conversation_with_participants.create", "message 1?"},
	{"conversations", "/v2/Conversations", `{"participants":[{"addresses":[{"channel":"SMS","address":"1"}]}]}`, "conversations.create", "message 1?"},
	{"conversations", "/v2/Conversations/CH1/Actions", `{"type":"SEND_MESSAGE","payload":{"to":[{"address":"1"},{"address":"2"}]}}`, "conversations.send", "message 1?, message 2?"},
	{"taskrouter", "/v1/Workspaces/WS1/Tasks/WT1/Reservations/WR1", form("CallTo", "1", "DequeueTo", "2", "To", "3"), "reservations.update", "call 1, call 2, call 3"},
	{"taskrouter", "/v1/Workspaces/WS1/Workers/WK1/Reservations/WR1", form("CallTo", "1"), "reservations.update", "call 1"},
	{"flex-api", "/v1/Interactions", form("Channel", `{"type":"sms","participants":[{"address":"1"}]}`), "interactions.create", "message 1?"},
	{"comms", "/v1/Messages", `{"to":[{"address":"1","channel":"SMS"}],"addresses":["2"]}`, "comms_messages.create", "message 1?, message 2?"},
	{"preview", "/Messaging/v1/Messages", `{"messages":[{"to":"1"},{"to":"2"}]}`, "preview_messages.create", "message 1?, message 2?"},
	{"preview", "/HostedNumbers/HostedNumberOrders", form("PhoneNumber", "1", "VerificationType", "phone-call"), "hosted_number_orders.create", "call 1"},
	{"preview", "/HostedNumbers/HostedNumberOrders/HR1", form("PhoneNumber", "1"), "hosted_number_orders.update", "call 1"},
	{"conversations", "/v2/Conversations/CH1/Participants/MB1", `{"addresses":[{"address":"1"}]}`, "conversations.update", "message 1?"},
	{"conversations", "/v1/Configuration/Addresses", form("Address", "1"), "address_configuration.create", ""},
	{"flex-api", "/v1/Interactions/KD1/Channels/UO1/Participants", form("MediaProperties", `{"address":"1"}`), "interaction_channels.create", "message 1?, call 1?"},
	{"flex-api", "/v1/Channels", form("Target", "1"), "flex_channels.create", "message 1?"},
	{"api", callPath + ".json", form("Url", "https://twimlets.com/forward?PhoneNumber=12015550123"), "calls.create", "call 12015550123?"},
	{"api", callPath + ".json", form("FallbackUrl", "https://example.com/?twiml="+url.QueryEscape("<Response><Dial>1</Dial></Response>")), "calls.create", "call 1"},
	{"wireless", "/v1/Commands", form("To", "1", "CallTo", "2"), "unlisted", "call 2?, message 1?, call 1?"},
	{"supersim", "/v1/SmsCommands", `{"to":"1"}`, "unlisted", "message 1?, call 1?"},
	{"api", messagePath + "/SM1.json", form("Body", ""), "unlisted", ""},
}

func TestEveryOperationIsReadAsItsRowSays(t *testing.T) {
	unused := map[*operation]bool{&unlisted: true}
	for i := range operations {
		unused[&operations[i]] = true
	}
	for _, test := range operationTests {
		contentType := formType
		if strings.HasPrefix(test.body, "{") {
			contentType = jsonType
		}
		r := request(test.product, test.path, contentType)
		op := Twilio{}.Route(r, "api")
		delete(unused, op.Row.(*operation))
		intent, err := Twilio{}.Read(r, op, []byte(test.body))
		if got := describeIntent(intent); err != nil || op.Name != test.name || got != test.want {
			t.Errorf("%s%s %s\nis %s: %s %v\nwant %s: %s", test.product, test.path, test.body, op.Name, got, err, test.name, test.want)
		}
		if op.Upstream != test.product+".twilio.com:443" || !op.HostKnown || op.Product != test.product {
			t.Errorf("%s%s goes to %s", test.product, test.path, op.Upstream)
		}
		if len(op.Row.(*operation).fields) > 0 && op.MaxBody == 0 {
			t.Errorf("%s%s: the body is not looked at", test.product, test.path)
		}
	}
	for row := range unused {
		t.Errorf("no request for %s %s", row.product, row.path)
	}
}

func TestWhereParametersStand(t *testing.T) {
	multipart := "--x\r\nContent-Disposition: form-data; name=\"To\"\r\n\r\n2\r\n--x--\r\n"
	for _, test := range []struct {
		name, query, contentType, body, want string
	}{
		{"in the query", "To=1", formType, "", "message 1"},
		{"in both", "To=1", formType, "To=2", "message 1, message 2"},
		{"in a multipart body", "To=1", "multipart/form-data; boundary=x", multipart, "message 1, message 2"},
		{"in a body without a type", "", "", "To=2", "message 2"},
		{"in a form that claims to be JSON", "", jsonType, "To=2", carrier.ErrContentType.Error()},
		{"in a charset that is not ours", "", formType + "; charset=utf-16", "To=2", carrier.ErrContentType.Error()},
		{"in a query that does not decode", "%zz=1", formType, "To=2", carrier.ErrUndecodable.Error()},
		{"beside a method", "", formType, "To=2&_method=PUT", carrier.ErrMethodOverride.Error()},
		{"beside a method in the query", "_METHOD=", formType, "To=2", carrier.ErrMethodOverride.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := request("api", messagePath, test.contentType)
			r.RawQuery = test.query
			intent, err := Twilio{}.Read(r, Twilio{}.Route(r, "api"), []byte(test.body))
			got := describeIntent(intent)
			if err != nil {
				got = err.Error()
			}
			if got != test.want && !strings.Contains(got, test.want) || test.want == "" {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

func TestRoutes(t *testing.T) {
	for _, test := range []struct {
		name, method, host, path string
		body                     bool
		want                     string // name, product, whether the host is known, account
	}{
		{"a read", "GET", "api.twilio.com", messagePath + ".json", false, "read api true " + account},
		{"a read of another kind", "OPTIONS", "api.twilio.com", messagePath, false, "read api true " + account},
		{"a read with a body", "GET", "api.twilio.com", messagePath, true, "messages.create api true " + account},
		{"any other method", "PUT", "api.twilio.com", messagePath, false, "messages.create api true " + account},
		{"a method nobody knows", "FOO", "api.twilio.com", messagePath, false, "messages.create api true " + account},
		{"a method in small letters", "get", "api.twilio.com", messagePath, false, "messages.create api true " + account},
		{"a host with a port", "POST", "api.twilio.com:443", messagePath, true, "messages.create api true " + account},
		{"a host in capitals with a dot", "POST", "API.TWILIO.COM.", messagePath, true, "messages.create api true " + account},
		{"a host of one's own", "POST", "gate.example", messagePath, true, "messages.create api true " + account},
		{"no host", "POST", "", messagePath, true, "messages.create api true " + account},
		{"a region", "POST", "api.ie1.twilio.com", messagePath, true, "messages.create api false " + account},
		{"no product of Twilio's", "POST", "www.twilio.com", messagePath, true, "messages.create api false " + account},
		{"the domain alone", "POST", "twilio.com", messagePath, true, "messages.create api false " + account},
		{"a domain that ends alike", "POST", "eviltwilio.com", messagePath, true, "messages.create api true " + account},
		{"another product", "POST", "verify.twilio.com", messagePath, true, "unlisted verify true "},
		{"an escape in the path", "POST", "api.twilio.com", strings.Replace(messagePath, "Messages", "%4Dessages", 1), true, "messages.create api true " + account},
		{"an extension nobody knows", "POST", "api.twilio.com", messagePath + ".foo.json", true, "messages.create api true " + account},
		{"a path too long", "POST", "api.twilio.com", strings.Repeat("/a", 20), true, "unlisted api true "},
		{"the root", "POST", "api.twilio.com", "/", true, "unlisted api true "},
		{"an upload", "POST", "mcs.twilio.com", "/v1/Services/IS1/Media", true, "upload mcs true "},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &carrier.Request{Method: test.method, Host: test.host, Path: test.path, HasBody: test.body}
			op := Twilio{}.Route(r, "api")
			if got := fmt.Sprintf("%s %s %t %s", op.Name, op.Product, op.HostKnown, op.Account); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			if isSafe := op.Name == "read" || op.Name == "upload"; op.Safe != isSafe {
				t.Errorf("safe: %t", op.Safe)
			}
		})
	}
}

// parameterForms are how a number is written in parameters that want more.
var parameterForms = map[string]string{
	"Twiml":           "<Response><Dial>" + toUZ + "</Dial></Response>",
	"ToBinding":       `{"binding_type":"sms","address":"` + toUZ + `"}`,
	"Participant":     `{"messaging_binding":{"address":"` + toUZ + `"}}`,
	"Participants":    `{"Identifier":"` + toUZ + `"}`,
	"Channel":         `{"type":"sms","participants":[{"address":"` + toUZ + `"}]}`,
	"MediaProperties": `{"address":"` + toUZ + `"}`,
	"Attributes":      `{"contact_uri":"` + toUZ + `"}`,
}

// notJudged are parameters that may hold a number without one being judged.
var notJudged = map[string]string{
	"accounts /v1/SafeList/Numbers PhoneNumber":                                            "lifts the carrier's own checks, reaches nobody",
	"verify /v2/SafeList/Numbers PhoneNumber":                                              "lifts the carrier's own checks, reaches nobody",
	"api /2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers.json PhoneNumber":          "the number to be bought",
	"api /2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers/Local.json PhoneNumber":    "the number to be bought",
	"api /2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers/Mobile.json PhoneNumber":   "the number to be bought",
	"api /2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers/TollFree.json PhoneNumber": "the number to be bought",
	"proxy /v1/Services/{ServiceSid}/PhoneNumbers PhoneNumber":                             "a number of one's own for the pool",
	"conversations /v1/Configuration/Addresses Address":                                    "an address of one's own",
	"verify /v2/Services/{ServiceSid}/VerificationCheck To":                                "checks a code that was sent",
	"flex-api /v1/Interactions Routing":                                                    "names a workspace; addresses stand in Channel",
	"flex-api /v1/Interactions/{InteractionSid}/Channels/{Sid} Routing":                    "names a workspace",
	"flex-api /v1/Interactions/{InteractionSid}/Channels/{ChannelSid}/Invites Routing":     "names a workspace",

	// Targets that are kept for later and not looked at when they are stored.
	"taskrouter /v1/Workspaces/{WorkspaceSid}/Tasks Attributes":         "stored: not yet judged",
	"taskrouter /v1/Workspaces/{WorkspaceSid}/Tasks/{Sid} Attributes":   "stored: not yet judged",
	"taskrouter /v1/Workspaces/{WorkspaceSid}/Workers Attributes":       "stored: not yet judged",
	"taskrouter /v1/Workspaces/{WorkspaceSid}/Workers/{Sid} Attributes": "stored: not yet judged",
}

// Every parameter in which Twilio's own descriptions let a destination stand is
// judged, or there is a reason why it need not be.
func TestEveryDestinationOfTwiliosDescriptionsIsJudged(t *testing.T) {
	text, err := os.ReadFile("testdata/openapi/destinations.txt")
	if err != nil {
		t.Fatal(err)
	}
	var used []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Fields(line)
		product, method, path, parameters := row[0], row[1], row[2], strings.Split(row[3], ",")
		for _, parameter := range parameters {
			value, ok := parameterForms[parameter]
			if !ok {
				value = toUZ
			}
			r := request(product, path, formType)
			r.Method = method
			intent, err := Twilio{}.Read(r, Twilio{}.Route(r, "api"), []byte(form(parameter, value)))
			judged := err == nil && slices.ContainsFunc(intent.Sends, func(s carrier.Send) bool { return s.To == toUZ })
			key := product + " " + path + " " + parameter
			_, excepted := notJudged[key]
			used = append(used, key)
			if judged == excepted {
				t.Errorf("%s %s: judged %t (%v), excepted %t", method, key, judged, err, excepted)
			}
		}
	}
	for key := range notJudged {
		if !slices.Contains(used, key) {
			t.Errorf("no such parameter: %s", key)
		}
	}
}
