package carriers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

// A policy for one customer at both carriers, with an account at either whose id is of the
// same form.
const namedPolicy = `
		account acme "Acme Corp" {
			at telnyx ` + account + `
			at twilio ` + twilios + `
			messaging US CA
			voice US
			credential %s
			sender ` + profile + ` {
				messaging CA
			}
		}
		account other {
			at twilio AC22222222222222222222222222222222
			messaging GB
			credential %s
		}`

const (
	othersKey     = "KEYother"
	unknownBasic  = "Basic QUM5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTpzZWNyZXQ="
	twiliosPath   = "/2010-04-01/Accounts/" + twilios + "/Messages.json"
	twiliosInForm = "To=%2B12015550123"
)

func startNamed(t *testing.T, handler string) *gates {
	t.Helper()
	g, err := load(t, fmt.Sprintf(namedPolicy, policy.TokenDigest(apiKey), policy.TokenDigest(othersKey)), handler)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestOneAccountAtTwoCarriersIsJudgedAtBothByOnePermissionSet(t *testing.T) {
	g := startNamed(t, "")
	atTelnyx := func(to string) [4]string { return [4]string{g.telnyx, "/v2/messages", bearer, `{"to":"` + to + `"}`} }
	atTwilio := func(to string) [4]string {
		return [4]string{g.twilio, twiliosPath, unknownBasic, "To=" + strings.Replace(to, "+", "%2B", 1)}
	}
	for _, c := range []struct {
		says          string
		request       [4]string // address, path, credential, body
		status        int
		account, name string
		reason, rule  string
	}{
		{"allowed at Telnyx", atTelnyx(inUS), 200, account, "acme", "enabled", "account acme messaging"},
		{"refused at Telnyx", atTelnyx(inUZ), 400, account, "acme", "territory_not_enabled", "account acme messaging"},
		{"allowed at Twilio", atTwilio(inUS), 200, twilios, "acme", "enabled", "account acme messaging"},
		{"refused at Twilio", atTwilio(inUZ), 400, twilios, "acme", "territory_not_enabled", "account acme messaging"},
		{"a sender of Telnyx's that may not",
			[4]string{g.telnyx, "/v2/messages", bearer, `{"messaging_profile_id":"` + profile + `","to":"` + inUS + `"}`},
			403, account, "acme", "sender_not_enabled", "sender " + profile + " messaging"},
		{"an id at Telnyx in the path at Twilio, which has no such account",
			[4]string{g.twilio, strings.Replace(twiliosPath, twilios, account, 1), unknownBasic, twiliosInForm},
			400, account, "", "account_unknown", "no default"},
		{"an id at Twilio in the path at Telnyx, which has no such account",
			[4]string{g.telnyx, strings.Replace(texml, account, twilios, 1), "Bearer KEYunknown", twiliosInForm},
			403, twilios, "", "account_unknown", "no default"},
		{"a token of an account that is not at the carrier",
			[4]string{g.telnyx, "/v2/messages", "Bearer " + othersKey, `{"to":"+447400123456"}`},
			401, "", "", "credential_unknown", ""},
	} {
		t.Run(c.says, func(t *testing.T) {
			contentType := formType
			if strings.HasPrefix(c.request[3], "{") {
				contentType = jsonType
			}
			status, answer, logged := g.send(t, c.request[0], c.request[1], c.request[2], contentType, c.request[3])
			name, _ := logged["name"].(string)
			if status != c.status || logged["account"] != c.account || name != c.name || logged["reason"] != c.reason || logged["rule"] != c.rule {
				t.Errorf("answered %d %s\nlogged %v", status, answer, logged)
			}
			if arrived := g.upstream.take(); (len(arrived) == 1) != (c.status == 200) {
				t.Errorf("arrived %q", arrived)
			}
		})
	}
}

func TestTheAccountOfAHandlerMayBeNamedAsThePolicyDoes(t *testing.T) {
	g := startNamed(t, "account acme")
	status, answer, logged := g.send(t, g.telnyx, "/v2/messages", "Bearer KEYunknown", jsonType, `{"to":"`+inUS+`"}`)
	if status != 200 || logged["account"] != account || logged["name"] != "acme" {
		t.Errorf("%d %s, logged %v", status, answer, logged)
	}
}
