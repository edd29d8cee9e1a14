package forwarder_test

import (
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/forwarder"
)

func TestAMistakeInTheBlockOfTollgateForwardSaysWhatToWrite(t *testing.T) {
	for _, tt := range []struct{ name, block, want string }{
		{"an address", "tollgate_forward api.twilio.com", `write "upstream <host:port>" into the gate's block`},
		{"an option of reverse_proxy", "tollgate_forward {\n header_up Host a\n}",
			"unrecognized subdirective header_up, at Testfile:2: tollgate_forward has the options of reverse_proxy's transport http; " +
				"for its other options, write reverse_proxy {http.tollgate.upstream} with transport tollgate"},
		{"a value of an option", "tollgate_forward {\n dial_timeout fast\n}", `invalid duration "fast", at Testfile:2`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := new(forwarder.Forwarder).UnmarshalCaddyfile(caddyfile.NewTestDispenser(tt.block))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
