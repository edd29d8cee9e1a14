package twilio_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// A policy knows a messaging service by one name, however a request spells it.
func TestEverySpellingOfAMessagingServiceIsOneSender(t *testing.T) {
	const service = "MG3333333333333333333333333333333f"
	reader := address.Reader{Plan: numbering.Default(), Dialect: twilio.Twilio{}.Dialect()}
	for _, spelling := range []string{service, strings.ToLower(service), strings.ToUpper(service), " " + service + "\t", "ＭＧ" + service[2:]} {
		if names := reader.ReadSender(spelling); len(names) != 1 || names[0] != service {
			t.Errorf("%q is %q", spelling, names)
		}
	}
	for _, other := range []string{service[:33], "HX" + service[2:], "ACME"} {
		if names := reader.ReadSender(other); len(names) != 1 || names[0] != strings.ToLower(other) {
			t.Errorf("%q is %q", other, names)
		}
	}
}
