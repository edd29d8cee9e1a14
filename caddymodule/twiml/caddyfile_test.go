package twiml_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/twiml"
)

func TestEveryOptionOfTheBlockIsRead(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"none", "tollgate_twiml", `{}`},
		{"what is denied is said", "tollgate_twiml {\n denied say \"Not from here.\"\n}", `{"denied":{"mode":"say","say":"Not from here."}}`},
		{"what is denied leads elsewhere", "tollgate_twiml {\n denied redirect /denied\n}", `{"denied":{"mode":"redirect","redirect":"/denied"}}`},
		{"what is denied rejects the call", "tollgate_twiml {\n denied reject\n}", `{"denied":{"mode":"reject"}}`},
		{"tokens in one line and in two", "tollgate_twiml {\n auth_token {env.A} {env.B}\n auth_token {file.c}\n}", `{"auth_tokens":["{env.A}","{env.B}","{file.c}"]}`},
		{"shared keys", "tollgate_twiml {\n shared_key webhooks_sharedkey_1 {env.A}\n shared_key webhooks_sharedkey_2 {file.b}\n}", `{"shared_keys":[{"id":"webhooks_sharedkey_1","secret":"{env.A}"},{"id":"webhooks_sharedkey_2","secret":"{file.b}"}]}`},
		{"a public URL", "tollgate_twiml {\n public_url https://hooks.example.com\n}", `{"public_url":"https://hooks.example.com"}`},
		{"one with a password, which Twilio signs", "tollgate_twiml {\n public_url https://a:b@hooks.example.com\n}", `{"public_url":"https://a:b@hooks.example.com"}`},
		{"a size in bytes", "tollgate_twiml {\n max_size 1000\n}", `{"max_size":1000}`},
		{"a size with its unit", "tollgate_twiml {\n max_size 64KiB\n}", `{"max_size":65536}`},
		{"a mask", "tollgate_twiml {\n mask none\n}", `{"mask":{"mode":"none"}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := new(twiml.TwiML)
			if err := h.UnmarshalCaddyfile(caddyfile.NewTestDispenser(c.text)); err != nil {
				t.Fatal(err)
			}
			if got, err := json.Marshal(h); err != nil || string(got) != c.want {
				t.Errorf("%s, %v, want %s", got, err, c.want)
			}
		})
	}
}

func TestMistakesInTheBlockAreNamed(t *testing.T) {
	for _, c := range []struct{ name, text, problem string }{
		{"an argument", "tollgate_twiml twilio", "argument"},
		{"an unknown option", "tollgate_twiml {\n denid say x\n}", `did you mean "denied"`},
		{"a mask twice", "tollgate_twiml {\n mask none\n mask none\n}", "mask"},
		{"an unknown mode", "tollgate_twiml {\n denied remov\n}", `did you mean "remove"`},
		{"nothing to say", "tollgate_twiml {\n denied say\n}", "needs text"},
		{"nowhere to lead to", "tollgate_twiml {\n denied redirect\n}", "needs the address"},
		{"a text of what says none", "tollgate_twiml {\n denied reject x\n}", "argument"},
		{"a token in the configuration", "tollgate_twiml {\n auth_token 0123456789abcdef\n}", "do not write a secret into a configuration"},
		{"no token", "tollgate_twiml {\n auth_token\n}", "argument"},
		{"the secret of a shared key in the configuration", "tollgate_twiml {\n shared_key webhooks_sharedkey_1 0123456789abcdef\n}", "do not write a secret into a configuration"},
		{"a shared key without a secret", "tollgate_twiml {\n shared_key webhooks_sharedkey_1\n}", "argument"},
		{"a shared key with two secrets", "tollgate_twiml {\n shared_key webhooks_sharedkey_1 {env.A} {env.B}\n}", "argument"},
		{"a shared key without an id", "tollgate_twiml {\n shared_key {env.A} {env.B}\n}", "needs the id of the key at Twilio"},
		{"a shared key again", "tollgate_twiml {\n shared_key webhooks_sharedkey_1 {env.A}\n shared_key webhooks_sharedkey_1 {env.B}\n}", "shared_key webhooks_sharedkey_1 is already specified"},
		{"a public URL without a scheme", "tollgate_twiml {\n public_url hooks.example.com\n}", "base URL"},
		{"more than Twilio reads", "tollgate_twiml {\n max_size 65KiB\n}", "max_size"},
		{"a size of nothing", "tollgate_twiml {\n max_size 0\n}", "max_size"},
		{"a size that is too long for a number", "tollgate_twiml {\n max_size 99999999999999999999\n}", "max_size"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := new(twiml.TwiML).UnmarshalCaddyfile(caddyfile.NewTestDispenser(c.text))
			if err == nil || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("error is %v, want one about %s", err, c.problem)
			}
		})
	}
}
