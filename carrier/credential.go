package carrier

import (
	"encoding/base64"
	"errors"
	"strings"
)

// ErrCredential is a Basic credential that two readers could take for two
// users.
var ErrCredential = errors.New("credential cannot be decoded")

// BasicUser is the user name of a Basic Authorization header (RFC 7617), or
// empty if it is of another scheme. What lenient readers drop is dropped: white
// space and missing padding. What does not decode even so is ErrCredential.
func BasicUser(authorization string) (string, error) {
	const scheme = "basic"
	authorization = strings.TrimSpace(authorization)
	if len(authorization) < len(scheme) || !strings.EqualFold(authorization[:len(scheme)], scheme) {
		return "", nil
	}
	encoded := authorization[len(scheme):]
	if strings.ContainsAny(encoded, " \t") {
		encoded = strings.Join(strings.Fields(encoded), "")
	}
	encoded = strings.TrimRight(encoded, "=")
	decoded, err := base64.RawStdEncoding.DecodeString(encoded)
	if err != nil {
		return "", ErrCredential
	}
	user, _, ok := strings.Cut(string(decoded), ":")
	if !ok {
		return "", ErrCredential
	}
	return strings.TrimSpace(user), nil
}
