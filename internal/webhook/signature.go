package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// SignatureHeader is the header in which Twilio signs a request.
const SignatureHeader = "X-Twilio-Signature"

// Reasons to refuse a request itself.
const (
	SignatureMissing policy.Reason = "signature_missing"
	SignatureInvalid policy.Reason = "signature_invalid"
)

// Reasons has a row for each of them.
var Reasons = []policy.ReasonRow{
	{Reason: SignatureMissing, Outcome: policy.Deny, Step: carrier.StepRequest, Enforced: true, Meaning: "is not signed"},
	{Reason: SignatureInvalid, Outcome: policy.Deny, Step: carrier.StepRequest, Enforced: true, Meaning: "is not signed by the carrier for its address"},
}

// bodyDigest is the parameter in the query of a request whose body is not a form: the
// SHA-256 of the body, in hexadecimal.
const bodyDigest = "bodySHA256"

// SigningKeys are what Twilio may sign a request with. An auth token signs by HMAC-SHA1,
// a shared key by the algorithm that SettingsHeader names. Neither stands in for the other.
type SigningKeys struct {
	AuthTokens []string
	SharedKeys []SharedKey
}

// Check returns why a request was not signed with one of the keys, or nothing if it was
// (https://www.twilio.com/docs/usage/security#validating-requests). Cause explains the
// reason to an operator. The address is the one that Twilio requested, with its query as
// it came. The digest of a body that is not a form must be in the address.
func (k *SigningKeys) Check(header http.Header, address string, body []byte) (reason policy.Reason, cause string) {
	signatures := header.Values(SignatureHeader)
	if len(signatures) == 0 || signatures[0] == "" {
		return SignatureMissing, ""
	}
	if len(signatures) > 1 {
		return SignatureInvalid, SignatureHeader + " is repeated"
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(signatures[0])
	if err != nil {
		return SignatureInvalid, SignatureHeader + " is not in base64"
	}
	secrets, algorithm, cause := k.choose(header.Values(SettingsHeader))
	if cause != "" {
		return SignatureInvalid, cause
	}
	parameters, ok := signedParameters(address, body)
	if !ok {
		return SignatureInvalid, "the body is neither a form nor that of " + bodyDigest
	}
	isSigned := false
	for _, secret := range secrets {
		for _, variant := range portVariants(address) {
			mac := hmac.New(algorithm, []byte(secret))
			mac.Write([]byte(variant))
			mac.Write([]byte(parameters))
			isSigned = hmac.Equal(mac.Sum(nil), signature) || isSigned
		}
	}
	if !isSigned {
		return SignatureInvalid, "the signature is not that of the key for this address"
	}
	return "", ""
}

// signedParameters are the parameters of the body as they are signed: sorted, each name
// followed by its value. A repeated one has each of its values once, as in Twilio's
// libraries for Node and Python. The body of a request with a digest is not signed, but
// the digest is.
func signedParameters(address string, body []byte) (text string, ok bool) {
	_, rawQuery, _ := strings.Cut(address, "?")
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		// What does not decode is in the address, and signed as it is.
		query = url.Values{}
	}
	if digests := query[bodyDigest]; len(digests) > 0 {
		sum := sha256.Sum256(body)
		return "", len(digests) == 1 && hmac.Equal([]byte(hex.EncodeToString(sum[:])), []byte(strings.ToLower(digests[0])))
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return "", false
	}
	var b strings.Builder
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		values := form[name]
		slices.Sort(values)
		for _, value := range slices.Compact(values) {
			b.WriteString(name)
			b.WriteString(value)
		}
	}
	return b.String(), true
}

// portVariants are an address as it is, without its port, and with the default port of
// its scheme: Twilio does not always sign the same one.
func portVariants(address string) []string {
	variants := []string{address}
	scheme, rest, found := strings.Cut(address, "://")
	if !found {
		return variants
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	authority, rest := rest[:end], rest[end:]
	user := authority[:strings.LastIndexByte(authority, '@')+1]
	host := authority[len(user):]
	if name, _, err := net.SplitHostPort(host); err == nil {
		if strings.Contains(name, ":") {
			name = "[" + name + "]"
		}
		return append(variants, scheme+"://"+user+name+rest)
	}
	port := ":80"
	if strings.EqualFold(scheme, "https") {
		port = ":443"
	}
	return append(variants, scheme+"://"+user+host+port+rest)
}
