package limits

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
)

// NewHoldSecret is a secret by which holds have their IDs, which no one can guess.
func NewHoldSecret() []byte {
	secret := make([]byte, sha256.Size)
	_, _ = rand.Read(secret) // never fails
	return secret
}

// UseSecret has holds named by a secret, which gates that show the same holds have in common. The
// IDs of all that are known change, unless it is the one in use.
func (h *Holds) UseSecret(secret []byte) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if hmac.Equal(h.secret, secret) {
		return
	}
	h.secret = append([]byte(nil), secret...)
	for _, s := range h.held {
		s.ID = h.idOf(&s.Subject)
	}
}

// idOf is the ID of the hold of a subject, as logs and people have it: a hash by a secret. Of a
// hash without one, the number of a limit per number would be found by trying all numbers.
func (h *Holds) idOf(s *Subject) string {
	mac := hmac.New(sha256.New, h.secret)
	mac.Write(s.text())
	return idText(mac.Sum(nil))
}

// ThresholdID is the ID of a step that what a limit counts has reached, of an amount and within a
// period: a hash by the same secret, for the same reason.
func (h *Holds) ThresholdID(s *Subject, percent int, amount, period int64) string {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	mac := hmac.New(sha256.New, h.secret)
	mac.Write(appendText(s.text(), fmt.Sprintf("threshold %d %d %d", percent, amount, period)))
	return idText(mac.Sum(nil))
}

// StoreID is the ID by which stores keep a hold. It is the same whatever the secret, so that gates
// which do not have it yet write no hold two times. It is shown to no one: the document beside it
// says more, and is as little shown.
func (t *Told) StoreID() string {
	sum := sha256.Sum256(t.text())
	return idText(sum[:])
}

// idBytes is how many bytes of a hash an ID has: of a million holds, two are alike once in
// millions of cases.
const idBytes = 10

func idText(hash []byte) string {
	return strings.ToLower(base32.StdEncoding.EncodeToString(hash[:idBytes]))
}

// text is what a hold is of, in bytes.
func (s *Subject) text() []byte {
	text := appendText(nil, s.Counter)
	for _, value := range s.Values {
		text = appendText(text, value)
	}
	return text
}
