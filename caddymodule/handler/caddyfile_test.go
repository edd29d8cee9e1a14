package handler_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/handler"
)

func TestEveryOptionOfTheHandlerIsRead(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"none", "tollgate twilio", `{"carrier":{"name":"twilio"}}`},
		{"a product", "tollgate twilio {\n product verify\n}", `{"carrier":{"name":"twilio"},"product":"verify"}`},
		{"an account", "tollgate twilio {\n account AC11111111111111111111111111111111\n}", `{"carrier":{"name":"twilio"},"account":"AC11111111111111111111111111111111"}`},
		{"an account of a variable", "tollgate twilio {\n account {env.ACCOUNT}\n}", `{"carrier":{"name":"twilio"},"account":"{env.ACCOUNT}"}`},
		{"a broker", "tollgate twilio {\n broker\n}", `{"carrier":{"name":"twilio"},"broker":true}`},
		{"unknown operations", "tollgate twilio {\n unknown allow\n}", `{"carrier":{"name":"twilio"},"unknown":"allow"}`},
		{"an upstream", "tollgate twilio {\n upstream 127.0.0.1:8081\n}", `{"carrier":{"name":"twilio"},"upstream":"127.0.0.1:8081"}`},
		{"a mask", "tollgate twilio {\n mask hmac {env.KEY}\n}", `{"carrier":{"name":"twilio"},"mask":{"mode":"hmac","secret":"{env.KEY}"}}`},
		{"the rule in a header", "tollgate twilio {\n explain_header\n}", `{"carrier":{"name":"twilio"},"explain_header":true}`},
		{"a message of one's own", "tollgate twilio {\n message \"Ask #sms.\"\n more_info https://wiki.example.com/{http.tollgate.territory}\n}",
			`{"carrier":{"name":"twilio"},"message":{"text":"Ask #sms."},"more_info":"https://wiki.example.com/{http.tollgate.territory}"}`},
		{"one in place of the carrier's", "tollgate twilio {\n message replace \"Ask #sms.\"\n}", `{"carrier":{"name":"twilio"},"message":{"text":"Ask #sms.","replace":true}}`},
		{"links", "tollgate twilio {\n rewrite_links https://gate.example.com\n}", `{"carrier":{"name":"twilio"},"rewrite_links":{"base":"https://gate.example.com"}}`},
		{"links to where the request came from", "tollgate twilio {\n rewrite_links\n}", `{"carrier":{"name":"twilio"},"rewrite_links":{}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := new(handler.Handler)
			if err := h.UnmarshalCaddyfile(caddyfile.NewTestDispenser(c.text)); err != nil {
				t.Fatal(err)
			}
			if got, err := json.Marshal(h); err != nil || string(got) != c.want {
				t.Errorf("%s, %v, want %s", got, err, c.want)
			}
		})
	}
}

func TestMistakesInTheHandlersBlockAreNamed(t *testing.T) {
	for _, c := range []struct{ name, text, problem string }{
		{"no carrier", "tollgate", "missing carrier"},
		{"an unknown carrier", "tollgate twillio", `did you mean "twilio"`},
		{"two carriers", "tollgate twilio twilio", "argument"},
		{"an unknown option", "tollgate twilio {\n upstrem 127.0.0.1:1\n}", `did you mean "upstream"`},
		{"an option twice", "tollgate twilio {\n broker\n broker\n}", "broker"},
		{"an unknown product", "tollgate twilio {\n product verfy\n}", `did you mean "verify"`},
		{"an account that is not one", "tollgate twilio {\n account AC1\n}", "AC1"},
		{"an upstream without a port", "tollgate twilio {\n upstream 127.0.0.1\n}", "host:port"},
		{"an argument of a broker", "tollgate twilio {\n broker yes\n}", "argument"},
		{"an argument of the header", "tollgate twilio {\n explain_header yes\n}", "argument"},
		{"a message without quotes", "tollgate twilio {\n message Ask the team\n}", "one text in quotes"},
		{"a message that replaces by nothing", "tollgate twilio {\n message replace \"\"\n}", "one text in quotes"},
		{"a placeholder that does not exist", "tollgate twilio {\n message \"Ask about {http.tollgate.teritory}.\"\n}", `unknown placeholder {http.tollgate.teritory}, did you mean "territory"?`},
		{"one in an address", "tollgate twilio {\n more_info https://wiki.example.com/{http.tollgate.to}\n}", "unknown placeholder {http.tollgate.to}: must be one of account, "},
		{"more information at no address", "tollgate twilio {\n more_info wiki\n}", "not a web address"},
		{"a secret in the configuration", "tollgate twilio {\n mask hmac 0123\n}", "do not write a secret into a configuration"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := new(handler.Handler).UnmarshalCaddyfile(caddyfile.NewTestDispenser(c.text))
			if err == nil || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("error is %v, want one about %s", err, c.problem)
			}
		})
	}
}
