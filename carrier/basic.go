package carrier

import (
	"bytes"
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
	var buffer [maxBasic]byte // on the stack
	plain, err := decodeBasic(buffer[:0], encoded, strictBase64)
	if err != nil {
		return "", "", false
	}
	return strings.Cut(string(plain), ":")
}

// lenientBasicUser is the user name of a Basic credential. What lenient readers drop is
// dropped: white space and missing padding.
func lenientBasicUser(encoded, expected string) (string, error) {
	user, ok := basicUser(strings.TrimLeft(encoded, " "), expected)
	if !ok && strings.ContainsAny(encoded, " \t") {
		user, ok = basicUser(strings.Join(strings.Fields(encoded), ""), expected)
	}
	if !ok {
		return "", ErrCredential
	}
	return user, nil
}

// basicUser decodes a Basic credential without white space, and returns its user name.
// Where that is the one expected, the text is not copied.
func basicUser(encoded, expected string) (user string, ok bool) {
	var buffer [maxBasic]byte // on the stack, unless it is longer
	plain, err := decodeBasic(buffer[:0], strings.TrimRight(encoded, "="), base64.RawStdEncoding)
	name, _, ok := bytes.Cut(plain, []byte(":"))
	if err != nil || !ok {
		return "", false
	}
	if name = bytes.TrimSpace(name); string(name) == expected {
		return expected, true
	}
	return string(name), true
}

// decodeBasic appends user and password, with a colon between them, to a buffer.
func decodeBasic(buffer []byte, encoded string, encoding *base64.Encoding) ([]byte, error) {
	var text [maxBasic]byte // on the stack, unless it is longer
	return encoding.AppendDecode(buffer, append(text[:0], encoded...))
}

// cutScheme returns what follows a scheme, in any letter case.
func cutScheme(authorization, scheme string) (rest string, ok bool) {
	if len(authorization) < len(scheme) || !strings.EqualFold(authorization[:len(scheme)], scheme) {
		return "", false
	}
	return authorization[len(scheme):], true
}
