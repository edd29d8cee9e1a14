package carrier

import (
	"encoding/base64"
	"strings"
)

// maxBasic is the longest Basic credential that StrictBasic reads, in characters
// encoded. Keys of the gate's own have 104.
const maxBasic = 128

// strictBase64 accepts only one spelling of each text.
var strictBase64 = base64.StdEncoding.Strict()

// StrictBasic reads an Authorization header of the scheme Basic (RFC 7617), in the one
// spelling that every library writes.
func StrictBasic(authorization string) (user, password string, ok bool) {
	const scheme = "basic "
	if len(authorization) > len(scheme)+maxBasic {
		return "", "", false
	}
	encoded, ok := cutScheme(authorization, scheme)
	if !ok || encoded == "" {
		return "", "", false
	}
	return decodeBasic(encoded, strictBase64)
}

// lenientBasicUser is the user name of a Basic credential. What lenient readers drop is
// dropped: white space and missing padding.
func lenientBasicUser(encoded string) (string, error) {
	if strings.ContainsAny(encoded, " \t") {
		encoded = strings.Join(strings.Fields(encoded), "")
	}
	user, _, ok := decodeBasic(strings.TrimRight(encoded, "="), base64.RawStdEncoding)
	if !ok {
		return "", ErrCredential
	}
	return strings.TrimSpace(user), nil
}

// decodeBasic decodes user and password.
func decodeBasic(encoded string, encoding *base64.Encoding) (user, password string, ok bool) {
	var text, plain [maxBasic]byte // on the stack, unless it is longer
	decoded, err := encoding.AppendDecode(plain[:0], append(text[:0], encoded...))
	if err != nil {
		return "", "", false
	}
	return strings.Cut(string(decoded), ":")
}

// cutScheme returns what follows a scheme, in any letter case.
func cutScheme(authorization, scheme string) (rest string, ok bool) {
	if len(authorization) < len(scheme) || !strings.EqualFold(authorization[:len(scheme)], scheme) {
		return "", false
	}
	return authorization[len(scheme):], true
}
