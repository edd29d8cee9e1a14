package carrier

import (
	"encoding/base64"
	"strings"
)

// maxUser bounds the user names that BasicUser reads, in bytes.
const maxUser = 96

// BasicUser is the user name of a Basic Authorization header (RFC 7617), or
// empty. The password is never decoded.
func BasicUser(authorization string) string {
	const scheme = "basic "
	if len(authorization) < len(scheme) || !strings.EqualFold(authorization[:len(scheme)], scheme) {
		return ""
	}
	encoded := strings.Trim(authorization[len(scheme):], " \t")
	whole := base64.StdEncoding.EncodedLen(maxUser)
	if len(encoded) > whole {
		encoded = encoded[:whole] // whole groups of four: decodes by itself
	}
	var buffer [maxUser]byte
	n, err := base64.StdEncoding.Decode(buffer[:], []byte(encoded))
	if err != nil {
		return ""
	}
	user, _, ok := strings.Cut(string(buffer[:n]), ":")
	if !ok {
		return ""
	}
	return user
}
