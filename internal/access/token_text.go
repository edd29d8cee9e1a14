package access

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"hash/crc32"
	"strings"
)

// A token is "tgt_", its ID, "_", its secret and a checksum of all before it:
//
//	tgt_bz4k2m7qxw3ra_…52 characters…ukq5iyi
//
// Its beginning and its checksum let a scanner find a token in code and logs without asking
// the gate, as GitHub's tokens do
// (https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/).
// A key that the gate issues to applications has the form of a carrier's own: no text has
// both forms.
const tokenStart = "tgt_"

// The lengths of the parts, in characters: 8, 32 and 4 bytes.
const (
	idLength       = 13
	secretLength   = 52
	checksumLength = 7
	tokenLength    = len(tokenStart) + idLength + 1 + secretLength + checksumLength
)

// letters are base 32 (RFC 4648) in lower case: shells, URLs and people leave them as they
// are.
const letters = "abcdefghijklmnopqrstuvwxyz234567"

var encoding = base32.NewEncoding(letters).WithPadding(base32.NoPadding)

// newTokenText makes the text of a token, with an ID and a secret that no one can guess.
func newTokenText() (text, id, secret string) {
	var drawn [8 + 32]byte
	rand.Read(drawn[:]) // never fails
	id = encoding.EncodeToString(drawn[:8])
	secret = encoding.EncodeToString(drawn[8:])
	text = tokenStart + id + "_" + secret
	return text + checksum(text), id, secret
}

// IsTokenText reports whether a text was meant as a token of the gate's own, valid or not.
func IsTokenText(text string) bool { return strings.HasPrefix(text, tokenStart) }

// parseTokenText takes the text of a token apart. It is false for a text that never was a
// token: one of another form, or with a mistyped or missing character.
func parseTokenText(text string) (id, secret string, ok bool) {
	if len(text) != tokenLength || text[:len(tokenStart)] != tokenStart {
		return "", "", false
	}
	body, sum := text[:tokenLength-checksumLength], text[tokenLength-checksumLength:]
	id, secret = body[len(tokenStart):len(tokenStart)+idLength], body[len(body)-secretLength:]
	if body[len(tokenStart)+idLength] != '_' || !isOfLetters(id) || !isOfLetters(secret) || checksum(body) != sum {
		return "", "", false
	}
	return id, secret, true
}

// checksum is of everything before it. It finds mistakes, and keeps no secret.
func checksum(body string) string {
	var sum [4]byte
	binary.BigEndian.PutUint32(sum[:], crc32.ChecksumIEEE([]byte(body)))
	return encoding.EncodeToString(sum[:])
}

// isOfLetters reports whether a text has no other characters than tokens are written with.
func isOfLetters(s string) bool { return strings.Trim(s, letters) == "" }
