package gate_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// gateOf judges by a definition.
func gateOf(t *testing.T, definition policy.Definition) *gate.Gate {
	t.Helper()
	snapshot, err := policy.New(definition)
	if err != nil {
		t.Fatal(err)
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
	return &gate.Gate{Carrier: twilio.Twilio{}, Rules: func() *gate.Rules { return rules }, Now: time.Now}
}

func grantOf(t *testing.T, codes ...string) *policy.Grant {
	t.Helper()
	grant := new(policy.Grant)
	for _, code := range codes {
		territory, ok := numbering.ParseTerritory(code)
		if !ok {
			t.Fatalf("no territory %s", code)
		}
		grant.Set.Add(territory)
	}
	return grant
}

// Messages reach the United States and Great Britain. In a second policy, by WhatsApp the
// United States and Brazil, and by RCS the United States only.
func TestAMessageNeedsEachChannelThatItMayGoBy(t *testing.T) {
	const (
		gb, br = "+447400123456", "+5511961234567"
		number = "+14155550100"
		send   = "/2010-04-01/Accounts/" + benchAccount + "/Messages.json"
		verify = "/v2/Services/VA11111111111111111111111111111111/Verifications"
		convs  = "/v1/Conversations/CH11111111111111111111111111111111/Participants"
		notify = "/v1/Services/IS11111111111111111111111111111111/Notifications"
		flex   = "/v1/Interactions"
		flow   = "/v2/Flows/FW11111111111111111111111111111111/Executions"

		bindings = "/v1/Services/IS11111111111111111111111111111111/Bindings"
	)
	calls := &[policy.ClassCount]policy.Grant{*grantOf(t, "US", "GB")}
	together := gateOf(t, policy.Definition{Default: &policy.Permissions{Messaging: grantOf(t, "US", "GB"), Voice: calls}})
	apart := gateOf(t, policy.Definition{Default: &policy.Permissions{
		Messaging: grantOf(t, "US", "GB"), Voice: calls, WhatsApp: grantOf(t, "US", "BR"), RCS: grantOf(t, "US"),
	}})
	form := func(pairs ...string) string {
		values := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			values.Add(pairs[i], pairs[i+1])
		}
		return values.Encode()
	}
	for _, c := range []struct {
		says, product, path, body string
		together, apart           string
	}{
		{"an SMS", "api", send, form("To", gb, "From", number), "allow messaging", "allow messaging"},
		{"an SMS elsewhere", "api", send, form("To", br, "From", number), "deny messaging", "deny messaging"},
		{"a scheme names WhatsApp", "api", send, form("To", "whatsapp:"+gb, "From", "whatsapp:"+number), "allow whatsapp", "deny whatsapp"},
		{"in any spelling", "api", send, form("To", " WhatsApp:"+gb, "From", "WHATSAPP:"+number), "allow whatsapp", "deny whatsapp"},
		{"and opens what SMS does not reach", "api", send, form("To", "whatsapp:"+br, "From", "whatsapp:"+number), "deny whatsapp", "allow whatsapp"},
		{"by a service too", "api", send, form("To", "whatsapp:"+br, "MessagingServiceSid", someService), "deny whatsapp", "allow whatsapp"},
		{"a template is a message", "api", send, form("To", "whatsapp:"+br, "From", "whatsapp:"+number, "ContentSid", "HX11111111111111111111111111111111"), "deny whatsapp", "allow whatsapp"},
		{"a scheme names RCS", "api", send, form("To", "rcs:"+gb, "From", "rcs:brand_agent"), "allow rcs", "deny rcs"},
		{"a user without a number", "api", send, form("To", "whatsapp:US.13491208655302741918", "From", "whatsapp:"+number), "allow whatsapp", "allow whatsapp"},
		{"another scheme is a message", "api", send, form("To", "sms:"+gb, "From", number), "allow messaging", "allow messaging"},
		{"a sender by WhatsApp", "api", send, form("To", gb, "From", "whatsapp:"+number), "allow messaging", "deny whatsapp"},
		{"a sender by RCS", "api", send, form("To", gb, "From", "rcs:brand_agent", "FallbackFrom", number), "allow messaging", "deny rcs"},
		{"both channels must be allowed", "api", send, form("To", "rcs:"+br, "From", "rcs:brand_agent", "FallbackFrom", number), "deny rcs", "deny rcs"},
		{"a service may send by RCS", "api", send, form("To", gb, "MessagingServiceSid", someService), "allow messaging", "deny rcs"},
		{"to where RCS may go", "api", send, form("To", "+12015550123", "MessagingServiceSid", someService), "allow messaging", "allow messaging"},
		{"by RCS alone", "api", send, form("To", "rcs:+12015550123", "MessagingServiceSid", someService), "allow rcs", "allow rcs"},

		{"a code by SMS", "verify", verify, form("To", gb, "Channel", "sms"), "allow messaging", "allow messaging"},
		{"a code by WhatsApp", "verify", verify, form("To", br, "Channel", "whatsapp"), "deny whatsapp", "allow whatsapp"},
		{"a code by RCS, or by SMS", "verify", verify, form("To", gb, "Channel", "rcs"), "allow messaging", "deny rcs"},
		{"a code by call", "verify", verify, form("To", gb, "Channel", "call"), "allow voice", "allow voice"},

		{"a participant by WhatsApp", "conversations", convs, form("MessagingBinding.Address", "whatsapp:"+br, "MessagingBinding.ProxyAddress", "whatsapp:"+number), "deny whatsapp", "allow whatsapp"},
		{"a participant by SMS", "conversations", convs, form("MessagingBinding.Address", gb, "MessagingBinding.ProxyAddress", number), "allow messaging", "allow messaging"},
		{"an address with a channel", "comms", "/v1/Messages", `{"to":[{"address":"` + br + `","channel":"WHATSAPP"}]}`, "deny whatsapp", "allow whatsapp"},
		{"a phone is written to", "comms", "/v1/Messages", `{"to":[{"address":"` + gb + `","channel":"PHONE"}]}`, "allow messaging", "deny rcs"},
		{"a code by RCS, in the scheme of another", "verify", verify, form("To", "whatsapp:"+gb, "Channel", "rcs"), "allow whatsapp", "deny whatsapp"},
		{"nor where that is open", "verify", verify, form("To", "whatsapp:"+br, "Channel", "rcs"), "deny whatsapp", "deny rcs"},
		{"a flow may send by RCS", "studio", flow, form("To", gb, "From", number), "allow messaging", "deny whatsapp"},
		{"a flow to WhatsApp", "studio", flow, form("To", "whatsapp:+12015550123", "From", "whatsapp:"+number), "allow whatsapp", "allow whatsapp"},
		{"a flow to WhatsApp where RCS does not go", "studio", flow, form("To", "whatsapp:"+br, "From", "whatsapp:"+number), "deny whatsapp", "deny voice"},
		{"a binding by SMS, which a service sends", "notify", bindings, form("BindingType", "sms", "Identity", "1", "Address", gb), "allow messaging", "deny rcs"},
		{"a binding by SMS elsewhere", "notify", bindings, form("BindingType", "sms", "Identity", "1", "Address", br), "deny messaging", "deny messaging"},
		{"a notification by SMS, which a service sends", "notify", notify, form("ToBinding", `{"binding_type":"sms","address":"`+gb+`"}`, "Body", "x"), "allow messaging", "deny rcs"},
		{"a notification by SMS to a number of WhatsApp's set", "notify", notify, form("ToBinding", `{"binding_type":"sms","address":"`+br+`"}`, "Body", "x"), "deny messaging", "deny messaging"},
		{"a notification with a sender by WhatsApp", "notify", notify, form("ToBinding", `{"binding_type":"sms","address":"`+gb+`"}`, "Sms", `{"from":"whatsapp:`+number+`"}`), "allow messaging", "deny whatsapp"},
		{"an interaction by WhatsApp", "flex-api", flex, form("Channel", `{"type":"whatsapp","initiated_by":"agent","participants":[{"address":"whatsapp:`+br+`","proxy_address":"whatsapp:`+number+`"}]}`), "deny whatsapp", "allow whatsapp"},
		{"an interaction by WhatsApp where SMS goes", "flex-api", flex, form("Channel", `{"type":"whatsapp","participants":[{"address":"whatsapp:`+gb+`"}]}`), "allow whatsapp", "deny whatsapp"},
		{"an interaction by WhatsApp, whose address has no scheme", "flex-api", flex, form("Channel", `{"type":"whatsapp","participants":[{"address":"`+br+`"}]}`), "deny whatsapp", "allow whatsapp"},
		{"an interaction by SMS", "flex-api", flex, form("Channel", `{"type":"sms","participants":[{"address":"`+gb+`","proxy_address":"`+number+`"}]}`), "allow messaging", "allow messaging"},
		{"an interaction by RCS", "flex-api", flex, form("Channel", `{"type":"rcs","participants":[{"address":"rcs:`+gb+`"}]}`), "allow rcs", "deny rcs"},
		{"a participant of an interaction by WhatsApp", "flex-api", flex + "/KD11111111111111111111111111111111/Channels/UO11111111111111111111111111111111/Participants", form("MediaProperties", `{"address":"whatsapp:`+br+`"}`), "deny whatsapp", "deny voice"},
		{"and one who may be called too", "flex-api", flex + "/KD11111111111111111111111111111111/Channels/UO11111111111111111111111111111111/Participants", form("MediaProperties", `{"address":"whatsapp:+12015550123"}`), "allow whatsapp", "allow whatsapp"},
		{"a call to WhatsApp is a call", "api", strings.Replace(send, "Messages", "Calls", 1), form("To", "whatsapp:"+gb, "From", "whatsapp:"+number), "allow voice", "allow voice"},
		{"anything may be meant in an unknown write", "api", strings.Replace(send, "Messages", "NewThings", 1), form("Foo", gb), "allow messaging", "deny whatsapp"},
	} {
		for _, g := range []struct {
			name, want string
			*gate.Gate
		}{{"together", c.together, together}, {"apart", c.apart, apart}} {
			contentType := formType
			if strings.HasPrefix(c.body, "{") {
				contentType = jsonType
			}
			r := newRequest(c.product+".twilio.com", c.path, contentType, c.body)
			r.SetBasicAuth(benchAccount, "x")
			d := g.Judge(r)
			if got := d.Outcome.String() + " " + d.Channel.String(); got != g.want {
				t.Errorf("%s, %s: %s %s (%s), want %s", c.says, g.name, got, d.Reason, d.Rule, g.want)
			}
		}
	}
}

// Explain names the channel that decides, and asks for no other where no sender is given.
func TestExplainNamesTheChannelThatDecides(t *testing.T) {
	g := gateOf(t, policy.Definition{Default: &policy.Permissions{Messaging: grantOf(t, "US", "GB"), RCS: grantOf(t, "US")}})
	for _, c := range []struct {
		channel  policy.Channel
		to, from string
		want     string
	}{
		{policy.Messaging, "+447400123456", "", "allow messaging"},
		{policy.Messaging, "+447400123456", "+14155550100", "allow messaging"},
		{policy.Messaging, "+447400123456", someService, "deny rcs"},
		{policy.Messaging, "whatsapp:+447400123456", "", "allow whatsapp"},
		{policy.Messaging, "rcs:+447400123456", "", "deny rcs"},
		{policy.RCS, "+447400123456", "", "deny rcs"},
		{policy.WhatsApp, "+447400123456", "+14155550100", "allow whatsapp"},
	} {
		e := g.Explain(&gate.Question{Account: benchAccount, Channel: c.channel, To: c.to, Senders: strings.Fields(c.from)})
		if got := e.Outcome.String() + " " + e.Send.Channel.String(); got != c.want {
			t.Errorf("%s to %s from %q: %s, want %s", c.channel, c.to, c.from, got, c.want)
		}
	}
}
