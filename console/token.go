package console

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"sync"
)

// tokenField is the field of each form that shows that it is of a page of the console's own.
const tokenField = "token"

// tokenKey is that of this process: a form is valid for as long as that runs, over reloads of
// its configuration.
var tokenKey = sync.OnceValue(func() []byte {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails
	return key
})

// tokenOf is the token in the forms of an identity.
func tokenOf(identity string) string {
	mac := hmac.New(sha256.New, tokenKey())
	mac.Write([]byte(identity))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// isToken reports whether a text is the token of an identity, in constant time.
func isToken(identity, text string) bool {
	return hmac.Equal([]byte(tokenOf(identity)), []byte(text))
}
