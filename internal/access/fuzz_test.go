package access_test

import (
	"hash/crc32"
	"regexp"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/access"
)

// modelMatches is the obvious way to match: it tries every text that the star could be.
func modelMatches(pattern, name string) bool {
	star := strings.Index(pattern, "*")
	if name == "" || star < 0 {
		return name != "" && pattern == name
	}
	for from := 0; from <= len(name); from++ {
		for to := from; to <= len(name); to++ {
			if pattern[:star]+name[from:to]+pattern[star+1:] == name {
				return true
			}
		}
	}
	return false
}

func FuzzPattern(f *testing.F) {
	for _, seed := range [][2]string{{"*", ""}, {"ops-*", "ops-1"}, {"a*a", "a"}, {"a*a", "aa"}, {"alice", "alice"}, {"", ""}, {"*", "*"}, {"a*b*", "axb*"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if len(pattern) > 50 || len(name) > 50 {
			return
		}
		if got, want := access.Matches(pattern, name), modelMatches(pattern, name); got != want {
			t.Errorf("%q for %q: %v, want %v", pattern, name, got, want)
		}
	})
}

var tokenForm = regexp.MustCompile(`\Atgt_([a-z2-7]{13})_([a-z2-7]{52})([a-z2-7]{7})\z`)

const alphabet = "abcdefghijklmnopqrstuvwxyz234567"

// modelChecksum writes the CRC-32 of a text in base 32, digit by digit.
func modelChecksum(text string) string {
	// Seven digits have 35 bits: three zero bits follow the 32.
	rest := uint64(crc32.ChecksumIEEE([]byte(text))) << 3
	var digits [7]byte
	for i := range digits {
		digits[len(digits)-1-i] = alphabet[rest%32]
		rest /= 32
	}
	return string(digits[:])
}

func FuzzTokenText(f *testing.F) {
	_, text, err := access.NewToken(access.Token{Name: "a", Role: access.Viewer, Expires: now.AddDate(0, 1, 0)}, principal(access.Owner), now)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(access.WithSecret(text, strings.Repeat("A", 52)))
	f.Add(access.WithSecret(text, strings.Repeat("a", 51)))
	f.Add(text + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		var id, secret string
		match := tokenForm.FindStringSubmatch(text)
		isToken := match != nil && modelChecksum(text[:len(text)-7]) == match[3]
		if isToken {
			id, secret = match[1], match[2]
		}
		gotID, gotSecret, ok := access.ParseTokenText(text)
		if ok != isToken || gotID != id || gotSecret != secret {
			t.Errorf("%q: %q %q %v, want %q %q %v", text, gotID, gotSecret, ok, id, secret, isToken)
		}
	})
}

func FuzzTokenDocument(f *testing.F) {
	f.Add([]byte(document))
	f.Fuzz(func(t *testing.T, text []byte) {
		token, err := access.ParseToken(text)
		if err != nil {
			return
		}
		if token.Role == access.NoRole || token.Accounts != nil && len(token.Accounts) == 0 || token.Expires.Sub(token.Created) > access.LongestToken {
			t.Errorf("%s is read as %+v", text, token)
		}
		written, err := token.Document()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := access.ParseToken(written); err != nil {
			t.Errorf("wrote %s: %v", written, err)
		}
	})
}
