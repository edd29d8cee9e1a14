package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/webhook"
	"github.com/caddy-tollgate/tollgate/policy"
)

// signSHA256 signs a text as Twilio does with a shared key.
func signSHA256(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func TestTheSettingsOfASignatureDecideWhatItIsCheckedWith(t *testing.T) {
	// What getExpectedTwilioSignature of twilio-node 6.3.1 returns for the example of
	// Twilio's documentation.
	const (
		address = "https://mycompany.com/myapp.php?foo=1&bar=2"
		body    = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"

		byToken      = "RSOYDt4T1cUTdK1PDd93/VVr8B8="                 // 12345, HMAC_SHA1
		bySharedKey  = "jedqqegsnIcU2nnumqj8nwU1jrXA++Pq9YcuCo1ealc=" // 54321, HMAC_SHA256
		bySharedSHA1 = "DhEM0O+7fM1ZaLSSD70e0cqtHo8="                 // 54321, HMAC_SHA1
		settings     = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
		bySHA1       = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA1"
	)
	tokens := []string{"12345"}
	shared := []webhook.SharedKey{{ID: "webhooks_sharedkey_0", Secret: "old"}, {ID: "webhooks_sharedkey_1", Secret: "54321"}}
	both := webhook.SigningKeys{AuthTokens: tokens, SharedKeys: shared}
	onlyTokens := webhook.SigningKeys{AuthTokens: tokens}
	onlyShared := webhook.SigningKeys{SharedKeys: shared}
	alike := webhook.SigningKeys{AuthTokens: []string{"54321"}, SharedKeys: shared}
	for _, c := range []struct {
		name      string
		keys      webhook.SigningKeys
		settings  []string
		signature string
		cause     string // part of it; nothing where the request is Twilio's
	}{
		{"a shared key signs by SHA-256", both, []string{settings}, bySharedKey, ""},
		{"an auth token signs beside a shared key", both, nil, byToken, ""},
		{"there need not be an auth token", onlyShared, []string{settings}, bySharedKey, ""},
		{"the members in another order, with spaces", both, []string{"algorithm=HMAC_SHA256 , key = webhooks_sharedkey_1"}, bySharedKey, ""},
		{"a member that is not known is skipped", both, []string{settings + ",version=2"}, bySharedKey, ""},
		{"a signature of an auth token with settings", both, []string{settings}, byToken, "is not that of the key"},
		{"a signature of a shared key without settings", both, nil, bySharedKey, "is not that of the key"},
		{"SHA-256 with an auth token", alike, nil, bySharedKey, "is not that of the key"},
		{"a shared key signs by SHA-1", both, []string{settings}, bySharedSHA1, "is not that of the key"},
		{"a shared key signs by SHA-1, as its settings say", both, []string{bySHA1}, bySharedSHA1, ""},
		{"a shared key signs by SHA-256, and its settings say SHA-1", both, []string{bySHA1}, bySharedKey, "is not that of the key"},
		{"an auth token signs by SHA-1 with settings", both, []string{bySHA1}, byToken, "is not that of the key"},
		{"a shared key signs by SHA-1 without settings", both, nil, bySharedSHA1, "is not that of the key"},
		{"the name of an algorithm in small letters", both, []string{strings.ToLower(bySHA1)}, bySharedSHA1, "hmac_sha1 is not accepted"},
		{"the key that settings name did not sign", both, []string{"key=webhooks_sharedkey_0,algorithm=HMAC_SHA256"}, bySharedKey, "is not that of the key"},
		{"an unknown key", both, []string{"key=webhooks_sharedkey_2,algorithm=HMAC_SHA256"}, bySharedKey, "there is no shared_key webhooks_sharedkey_2"},
		{"an unknown algorithm", both, []string{"key=webhooks_sharedkey_1,algorithm=HMAC_SHA512"}, bySharedKey, "HMAC_SHA512 is not accepted"},
		{"no algorithm", both, []string{"key=webhooks_sharedkey_1"}, bySharedKey, "is malformed"},
		{"an empty algorithm", both, []string{"key=webhooks_sharedkey_1,algorithm="}, bySharedKey, "is malformed"},
		{"no key", both, []string{"algorithm=HMAC_SHA256"}, bySharedKey, "is malformed"},
		{"two keys", both, []string{"key=webhooks_sharedkey_0," + settings}, bySharedKey, "is malformed"},
		{"two algorithms", both, []string{settings + ",algorithm=HMAC_SHA256"}, bySharedKey, "is malformed"},
		{"a member without a value", both, []string{settings + ",x"}, bySharedKey, "is malformed"},
		{"a key of other characters", both, []string{"key=\"webhooks_sharedkey_1\",algorithm=HMAC_SHA256"}, bySharedKey, "is malformed"},
		{"a key that is too long for a log", both, []string{"key=" + strings.Repeat("a", 101) + ",algorithm=HMAC_SHA256"}, bySharedKey, "is malformed"},
		{"empty settings are not their absence", both, []string{""}, byToken, "is malformed"},
		{"settings that are repeated", both, []string{settings, settings}, bySharedKey, "is repeated"},
		{"no shared key to check with", onlyTokens, []string{settings}, byToken, "there is no shared_key"},
		{"no auth token to check with", onlyShared, nil, bySharedKey, "there is no auth_token"},
	} {
		t.Run(c.name, func(t *testing.T) {
			header := http.Header{webhook.SignatureHeader: {c.signature}}
			if c.settings != nil {
				header[webhook.SettingsHeader] = c.settings
			}
			var want policy.Reason
			if c.cause != "" {
				want = webhook.SignatureInvalid
			}
			reason, cause := c.keys.Check(header, address, []byte(body))
			if reason != want || !strings.Contains(cause, c.cause) || (cause == "") != (c.cause == "") {
				t.Errorf("reason %q: %q, want %q: %q", reason, cause, want, c.cause)
			}
		})
	}
	t.Run("no signature at all is missing, whatever the settings say", func(t *testing.T) {
		if reason, _ := both.Check(http.Header{webhook.SettingsHeader: {settings}}, address, []byte(body)); reason != webhook.SignatureMissing {
			t.Errorf("reason %q", reason)
		}
	})
}
