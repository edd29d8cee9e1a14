package credentials_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/credentials"
)

// A policy compares identifiers as they are, so each spelling must become the same one.
func TestEverySpellingOfAUserIsReadAsOne(t *testing.T) {
	const digits = "0123456789abcdef0123456789abcdef"
	for name, c := range map[string]struct{ user, holder, credential string }{
		"an account":             {"AC" + digits, "AC" + digits, ""},
		"an account in capitals": {"AC" + strings.ToUpper(digits), "AC" + digits, ""},
		"an account in small":    {"ac" + digits, "AC" + digits, ""},
		"a key":                  {"SK" + digits, "", "SK" + digits},
		"a key in capitals":      {"SK" + strings.ToUpper(digits), "", "SK" + digits},
		"a key in small":         {"sk" + digits, "", "SK" + digits},
		"another text":           {"Acme", "", "Acme"},
		"none":                   {"", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var intent carrier.Intent
			err := credentials.Read("Basic "+base64.StdEncoding.EncodeToString([]byte(c.user+":secret")), &intent)
			if err != nil || intent.Holder != c.holder || intent.Credential != c.credential {
				t.Errorf("held by %q, credential %q (%v); want %q, %q", intent.Holder, intent.Credential, err, c.holder, c.credential)
			}
		})
	}
}
