package webhook

import (
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"hash"
	"strings"
)

// SettingsHeader is the header in which Twilio says that a shared key signed a request,
// and how: "key=webhooks_sharedkey_…,algorithm=HMAC_SHA256". It is on a request whose URL
// a webhook rule matches, and may be on some requests for a URL only: a rule can divide
// them between two settings
// (https://www.twilio.com/docs/usage/webhooks/webhook-shared-keys,
// https://www.twilio.com/docs/usage/webhooks/webhook-rules).
const SettingsHeader = "X-Twilio-Webhooks-Signature-Settings"

// SharedKey is a key that an operator creates at Twilio for signatures alone. Twilio
// never changes the secret of an id.
type SharedKey struct{ ID, Secret string }

// sharedKeyAlgorithms are the algorithms by which a shared key may sign
// (https://www.twilio.com/docs/usage/webhooks/webhook-shared-keys). HMAC_SHA1 is as good a
// proof of the key: collisions of SHA-1 do not help to forge an HMAC.
var sharedKeyAlgorithms = map[string]func() hash.Hash{
	"HMAC_SHA256": sha256.New,
	"HMAC_SHA1":   sha1.New,
}

// choose returns the secrets that may have signed a request with these values of
// SettingsHeader, and the hash that they sign by; or the cause if there are none.
func (k *SigningKeys) choose(settings []string) (secrets []string, algorithm func() hash.Hash, cause string) {
	switch {
	case len(settings) == 0 && len(k.AuthTokens) == 0:
		return nil, nil, "the request is signed with an auth token, and there is no auth_token"
	case len(settings) == 0:
		return k.AuthTokens, sha1.New, ""
	case len(settings) > 1:
		return nil, nil, SettingsHeader + " is repeated"
	case len(k.SharedKeys) == 0:
		return nil, nil, "the request is signed with a shared key, and there is no shared_key"
	}
	id, name, ok := readSettings(settings[0])
	if !ok {
		return nil, nil, SettingsHeader + " is malformed"
	}
	if algorithm = sharedKeyAlgorithms[name]; algorithm == nil {
		return nil, nil, fmt.Sprintf("%s is not accepted of a shared key: let the webhook setting sign by HMAC_SHA256 or HMAC_SHA1", name)
	}
	for _, key := range k.SharedKeys {
		if key.ID == id {
			return []string{key.Secret}, algorithm, ""
		}
	}
	return nil, nil, fmt.Sprintf("there is no shared_key %s", id)
}

// readSettings reads the two members of SettingsHeader, in any order. Other members are
// skipped, as in Twilio's library for Node.
func readSettings(value string) (id, algorithm string, ok bool) {
	for member := range strings.SplitSeq(value, ",") {
		name, text, found := strings.Cut(member, "=")
		if !found {
			return "", "", false
		}
		var target *string
		switch strings.TrimSpace(name) {
		case "key":
			target = &id
		case "algorithm":
			target = &algorithm
		default:
			continue
		}
		text = strings.TrimSpace(text)
		if *target != "" || !IsKeyID(text) {
			return "", "", false
		}
		*target = text
	}
	return id, algorithm, id != "" && algorithm != ""
}

// maxKeyID bounds the id of a shared key, in bytes. Logs have it as a client sends it.
const maxKeyID = 100

// IsKeyID reports whether a text may be the id of a shared key: letters, digits, "_" and
// "-". The names of algorithms are written alike.
func IsKeyID(text string) bool {
	isOther := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-'
	}
	return text != "" && len(text) <= maxKeyID && !strings.ContainsFunc(text, isOther)
}
