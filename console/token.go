package console

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"sync"
	"time"
)

// tokenField is the field of each form that shows that it is of a page of the console's own.
const tokenField = "token"

// tokenDay is how long a token is made for. It is taken for a day more, and from a gate whose clock
// is ahead.
const tokenDay = 24 * time.Hour

// processKey is that of this process, over reloads of its configuration.
var processKey = sync.OnceValue(func() []byte {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails
	return key
})

// tokenMaker makes and checks the tokens of forms.
type tokenMaker struct {
	// shared is the key that all gates of a store have; nil as long as it is not known, which a key
	// of the process stands in for.
	shared func() []byte
	now    func() time.Time
}

// of is the token in the forms of an identity.
func (m *tokenMaker) of(identity string) string {
	return tokenOf(m.keys()[0], identity, m.day())
}

// has reports whether a text is a token of an identity, in constant time. One by the key of the
// process is taken also once the shared key is known: its page may have been loaded before.
func (m *tokenMaker) has(identity, text string) bool {
	found := false
	for _, key := range m.keys() {
		for _, day := range []int64{m.day() - 1, m.day(), m.day() + 1} {
			if hmac.Equal([]byte(tokenOf(key, identity, day)), []byte(text)) {
				found = true
			}
		}
	}
	return found
}

// keys begin with the one by which tokens are made.
func (m *tokenMaker) keys() [][]byte {
	if m.shared != nil {
		if shared := m.shared(); shared != nil {
			return [][]byte{shared, processKey()}
		}
	}
	return [][]byte{processKey()}
}

func (m *tokenMaker) day() int64 { return m.now().Unix() / int64(tokenDay/time.Second) }

func tokenOf(key []byte, identity string, day int64) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(strconv.FormatInt(day, 10) + " " + identity))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
