package keys_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	acme  = "AC11111111111111111111111111111111"
	other = "AC22222222222222222222222222222222"
)

var now = time.Date(2026, 11, 22, 3, 12, 0, 0, time.UTC)

// readSender reads as the gate does, without what a carrier adds.
func readSender(text string) []string {
	reader := address.Reader{Plan: numbering.Default(), Dialect: &address.Dialect{Schemes: map[string]address.Scheme{"whatsapp": address.NumberScheme}}}
	return reader.ReadSender(text)
}

var carriers = configtest.Carriers{Read: readSender}

// parse reads a file of one key with some members besides those it must have.
func parse(t *testing.T, members string) *keys.Key {
	t.Helper()
	set, err := keys.Parse("keys.json", []byte(withMembers(members)), carriers)
	if err != nil {
		t.Fatal(err)
	}
	for key := range set.All() {
		return key
	}
	t.Fatal("no key")
	return nil
}

func withMembers(members string) string {
	if members != "" {
		members = ", " + members
	}
	return `{"version": 1, "keys": [{"sid": "SK22222222222222222222222222222222", "account": "` + acme +
		`", "sha256": "` + strings.Repeat("ab", 32) + `", "created": "2026-11-01T00:00:00Z"` + members + `}]}`
}

func TestAKeyMayDoWhatItsLimitsLeave(t *testing.T) {
	for _, c := range []struct {
		says, members string
		asked         func(k *keys.Key) bool
		want          bool
	}{
		{"without a limit, any channel", ``, channel(policy.Voice), true},
		{"the channel that is named", `"channels": ["messaging"]`, channel(policy.Messaging), true},
		{"no other channel", `"channels": ["messaging"]`, channel(policy.Voice), false},
		{"messaging is all messages", `"channels": ["messaging"]`, channel(policy.WhatsApp), true},
		{"an app alone is not an SMS", `"channels": ["whatsapp"]`, channel(policy.Messaging), false},
		{"nor another app", `"channels": ["whatsapp"]`, channel(policy.RCS), false},
		{"an app alone is itself", `"channels": ["whatsapp"]`, channel(policy.WhatsApp), true},
		{"of no channels, none", `"channels": []`, channel(policy.Messaging), false},

		{"without a limit, any operation", ``, operation("messages.create"), true},
		{"the operation that is named", `"operations": ["calls.create", "messages.create"]`, operation("messages.create"), true},
		{"no other operation", `"operations": ["messages.create"]`, operation("messages.update"), false},
		{"an operation's name is whole", `"operations": ["messages.create"]`, operation("messages.create_all"), false},
		{"all operations of a kind", `"operations": ["messages.*"]`, operation("messages.update"), true},
		{"none of another kind that begins alike", `"operations": ["messages.*"]`, operation("messages_media.update"), false},
		{"reads are an operation", `"operations": ["read"]`, operation("read"), true},
		{"an operation without a name is none of a key's", `"operations": ["messages.*"]`, operation(""), false},
		{"of no operations, none", `"operations": []`, operation("read"), false},

		{"without a limit, any sender", ``, sender("ACME"), true},
		{"without a limit, no sender", ``, sender(""), true},
		{"the number that is named", `"senders": ["+14155550100"]`, sender("+14155550100"), true},
		{"in another spelling", `"senders": ["+14155550100"]`, sender("+1 (415) 555-0100"), true},
		{"named in another spelling", `"senders": ["+1 (415) 555-0100"]`, sender("+14155550100"), true},
		{"another number", `"senders": ["+14155550100"]`, sender("+14155550101"), false},
		{"a number allows itself with a scheme", `"senders": ["+14155550100"]`, sender("whatsapp:+14155550100"), true},
		{"one behind a scheme not for the bare number", `"senders": ["whatsapp:+14155550100"]`, sender("+14155550100"), false},
		{"one behind a scheme for itself", `"senders": ["whatsapp:+14155550100"]`, sender("whatsapp:+14155550100"), true},
		{"an alphanumeric sender in any case", `"senders": ["Acme"]`, sender("ACME"), true},
		{"another alphanumeric sender", `"senders": ["Acme"]`, sender("ACNE"), false},
		{"a messaging service", `"senders": ["MG33333333333333333333333333333333"]`, sender("MG33333333333333333333333333333333"), true},
		{"a short code", `"senders": ["12345"]`, sender("12345"), true},
		{"what ends like a sender is not it", `"senders": ["acme"]`, sender("x:acme"), false},
		{"no sender is none of a key's", `"senders": ["+14155550100"]`, sender(""), false},
		{"of no senders, none", `"senders": []`, sender("+14155550100"), false},
		{"of two readings, one does not do", `"senders": ["+14155550100"]`, names("+14155550100", "+4155550100"), false},
		{"of two readings, both do", `"senders": ["+14155550100", "+4155550100"]`, names("+14155550100", "+4155550100"), true},
	} {
		if got := c.asked(parse(t, c.members)); got != c.want {
			t.Errorf("%s: %v", c.says, got)
		}
	}
}

func channel(c policy.Channel) func(*keys.Key) bool {
	return func(k *keys.Key) bool { return k.AllowsChannel(c) }
}

func operation(name string) func(*keys.Key) bool {
	return func(k *keys.Key) bool { return k.AllowsOperation(name) }
}

func sender(text string) func(*keys.Key) bool { return names(readSender(text)...) }

func names(names ...string) func(*keys.Key) bool {
	return func(k *keys.Key) bool { return k.AllowsSender(names) }
}

func TestAKeyIsRefusedFromTheMomentItExpiresAndOnceItIsRevoked(t *testing.T) {
	for _, c := range []struct {
		says, members string
		want          keys.Refusal
	}{
		{"neither", ``, keys.Accepted},
		{"a second before it expires", `"expires": "2026-11-22T03:12:01Z"`, keys.Accepted},
		{"in the moment it expires", `"expires": "2026-11-22T03:12:00Z"`, keys.Expired},
		{"that moment elsewhere", `"expires": "2026-11-22T05:12:00+02:00"`, keys.Expired},
		{"revoked", `"revoked": "2026-11-22T03:11:00Z"`, keys.Revoked},
		{"revoked by a clock that is ahead", `"revoked": "2027-01-01T00:00:00Z"`, keys.Revoked},
		{"both", `"expires": "2026-11-22T03:12:00Z", "revoked": "2026-11-22T03:11:00Z"`, keys.Revoked},
	} {
		if got := parse(t, c.members).RefusedAt(now); got != c.want {
			t.Errorf("%s: %q", c.says, got)
		}
	}
}

// A key is printed in logs, by accident or not.
func TestNothingPrintsASecret(t *testing.T) {
	file := newFile(t)
	key, secret := create(t, file, keys.Key{Account: acme, Name: "billing"})
	set := read(t, file)
	for _, value := range []any{key, *key, set, *set} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			text := fmt.Sprintf(verb, value)
			if strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) {
				t.Errorf("%T by %s is %s", value, verb, text)
			}
		}
		if strings.Contains(asJSON(t, value), secret) {
			t.Errorf("%T has it in JSON", value)
		}
	}
}
