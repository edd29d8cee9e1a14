package webhook

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net"
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

// CheckSignature returns why a request was not signed for an account with one of the auth
// tokens, or nothing if it was
// (https://www.twilio.com/docs/usage/security#validating-requests). Signatures are the
// header's values, and the address is the one that Twilio requested, with its query as it
// came. The digest of a body that is not a form must be in the address.
func CheckSignature(tokens []string, signatures []string, address string, body []byte) policy.Reason {
	if len(signatures) == 0 || signatures[0] == "" {
		return SignatureMissing
	}
	if len(signatures) > 1 {
		return SignatureInvalid
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(signatures[0])
	if err != nil {
		return SignatureInvalid
	}
	parameters, ok := signedParameters(address, body)
	if !ok {
		return SignatureInvalid
	}
	isSigned := false
	for _, token := range tokens {
		for _, variant := range portVariants(address) {
			mac := hmac.New(sha1.New, []byte(token))
			mac.Write([]byte(variant))
			mac.Write([]byte(parameters))
			isSigned = hmac.Equal(mac.Sum(nil), signature) || isSigned
		}
	}
	if !isSigned {
		return SignatureInvalid
	}
	return ""
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
