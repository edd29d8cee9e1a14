package telemetry

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/internal/suggest"
)

// Mask is how destinations are written in logs, which people may read who need not know
// them.
type Mask struct {
	// `last4` shows the last four characters, `none` shows everything, `hmac`
	// shows a keyed digest, by which equal destinations stay comparable.
	// Default: `last4`.
	Mode string `json:"mode,omitempty"`
	// The secret of `hmac`, as `{env.*}` or `{file.*}`.
	Secret string `json:"secret,omitempty"`
}

// The modes of a mask.
const (
	maskNone  = "none"
	maskLast4 = "last4"
	maskHMAC  = "hmac"
)

var maskModes = []string{maskNone, maskLast4, maskHMAC}

// errSecret is a secret written into a configuration.
var errSecret = errors.New("the secret of hmac must be {env.*} or {file.*}: do not write a secret into a configuration")

// check finds mistakes that show before placeholders are resolved.
func (m Mask) check() error {
	switch m.Mode {
	case "", maskNone, maskLast4:
		if m.Secret != "" {
			return errors.New("only the mask hmac takes a secret")
		}
		return nil
	case maskHMAC:
		if !placeholder.Is(m.Secret) {
			return errSecret
		}
		return nil
	}
	return fmt.Errorf("unknown mask %q%s", m.Mode, suggest.DidYouMean(m.Mode, maskModes, nil))
}

// Provision makes the mask ready for use.
func (m Mask) Provision() (Masker, error) {
	if err := m.check(); err != nil {
		return Masker{}, err
	}
	if m.Mode != maskHMAC {
		return Masker{mode: m.Mode}, nil
	}
	secret, err := caddy.NewReplacer().ReplaceOrErr(m.Secret, true, true)
	if err != nil {
		return Masker{}, fmt.Errorf("reading the secret of hmac: %w", err)
	}
	return Masker{mode: maskHMAC, secret: []byte(strings.TrimSpace(secret))}, nil
}

// Masker hides destinations. Its zero value is last4.
type Masker struct {
	mode   string
	secret []byte
}

// lastShown is how many characters last4 shows.
const lastShown = 4

// maxShown bounds how much of a text that is not a number gets into a log.
const maxShown = 64

// text masks one destination.
func (m Masker) text(destination string) string {
	if destination == "" {
		return ""
	}
	switch m.mode {
	case maskNone:
		return destination[:min(len(destination), maxShown)]
	case maskHMAC:
		mac := hmac.New(sha256.New, m.secret)
		mac.Write([]byte(destination))
		return "hmac:" + hex.EncodeToString(mac.Sum(nil)[:12])
	}
	if len(destination) <= 2*lastShown {
		return strings.Repeat("*", len(destination)) // half of it would be most of it
	}
	if len(destination) > maxShown {
		destination = destination[len(destination)-maxShown:]
	}
	hidden := len(destination) - lastShown
	return strings.Repeat("*", hidden) + strings.ToValidUTF8(destination[hidden:], "?")
}

// blockDigits is how many digits are counted within a block of 1,000 numbers.
const blockDigits = 3

// prefix is the block of 1,000 numbers that a number is in, or empty. The mode last4 has
// none: with the last four digits beside it, the prefix is the whole number.
func (m Masker) prefix(number string) string {
	if m.mode != maskNone && m.mode != maskHMAC || len(number) < leastDigits {
		return ""
	}
	return "+" + number[:len(number)-blockDigits]
}

// longestSenderName is the length of a sender that is a name and not a number, in
// characters (3GPP TS 23.040, section 9.1.2.5).
const longestSenderName = 11

// sender masks a sender like a destination, except a messaging service and a name, which
// are not of a person.
func (m Masker) sender(sender string) string {
	if isPrefixedName(sender) || isSenderName(sender) {
		return sender
	}
	return m.text(sender)
}

// isSenderName reports whether a sender is a name: short, with a letter, and with too few
// digits for a number. An address with a scheme, such as a client's, is not one.
func isSenderName(sender string) bool {
	letters, digits := 0, 0
	for i := range len(sender) {
		switch c := sender[i]; {
		case isASCIIDigit(c):
			digits++
		case isASCIIAlphanumeric(c):
			letters++
		case !strings.ContainsRune(" -_+&.", rune(c)):
			return false
		}
	}
	return len(sender) <= longestSenderName && letters > 0 && digits < leastDigits
}

// longPrefix is how many digits make the prefix of a rule a whole number,
// whatever the destination looks like.
const longPrefix = 11

// Rule masks the number in the words of a rule where it is the destination
// itself: the rule of a safe list would give away what is masked beside it.
func (m Masker) Rule(words, destination string) string {
	before, number, found := strings.Cut(words, "+")
	if !found {
		return words
	}
	number, after, spaced := strings.Cut(number, " ")
	if spaced {
		after = " " + after
	}
	if len(number) < longPrefix && !isSameNumber(number, onlyDigits(destination)) {
		return words
	}
	return before + m.text("+"+number) + after
}

// isSameNumber reports whether one of two numbers may be the other with the calling code
// left out or something dialled before it.
func isSameNumber(a, b string) bool {
	const least = 7 // digits that say more than a calling code and an area
	return len(a) >= least && len(b) >= least && (strings.HasSuffix(a, b) || strings.HasSuffix(b, a))
}

func onlyDigits(text string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, text)
}
