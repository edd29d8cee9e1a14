package twilio

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// A number of the Safe List, and a prefix of 1,000 numbers
// (https://www.twilio.com/docs/usage/global-safe-list): "+18001234xxx".
var (
	wholeNumber  = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	prefixOf1000 = regexp.MustCompile(`^(\+[1-9][0-9]{5,11})[xX]{3}$`)
)

// safePrefix is the prefix of an entry of the Safe List, with "+".
func safePrefix(entry string) (prefix string, ok bool) {
	// An unescaped + is a space.
	if strings.HasPrefix(entry, " ") {
		entry = "+" + entry[1:]
	}
	if match := prefixOf1000.FindStringSubmatch(entry); match != nil {
		return match[1], true
	}
	return entry, wholeNumber.MatchString(entry)
}

// safeNumber is an entry in Twilio's shape. The product verify has its URL too.
type safeNumber struct {
	Sid         string `json:"sid"`
	PhoneNumber string `json:"phone_number"`
	URL         string `json:"url,omitempty"`
}

// safeListPath is where verify has its entries.
const safeListPath = "/v2/SafeList/Numbers"

func safeNumberOf(r *Request, entry string) safeNumber {
	// Twilio's names are its own: the same entry has the same one.
	sum := sha256.Sum256([]byte(r.Account.ID + " " + entry))
	n := safeNumber{Sid: "GN" + hex.EncodeToString(sum[:16]), PhoneNumber: entry}
	if strings.HasPrefix(strings.ToLower(r.Path), "/v2/") {
		n.URL = r.url(safeListPath + "/" + entry)
	}
	return n
}

// entryOf is the entry that a request names, in its path or by a parameter.
func entryOf(r *Request, segment string) (entry, prefix string, refused *Answer) {
	entry = segment
	if entry == "" {
		entry = r.Form.Get("PhoneNumber")
	}
	if entry == "" {
		entry = r.Query.Get("PhoneNumber")
	}
	prefix, ok := safePrefix(entry)
	if !ok {
		refusal := invalid("PhoneNumber: %q is neither a number in E.164 nor a prefix such as +18001234xxx", entry)
		return "", "", &refusal
	}
	return strings.Replace(entry, " ", "+", 1), prefix, nil
}

func (s *Resources) safeNumber(_ context.Context, r *Request, segment string) Answer {
	entry, prefix, refused := entryOf(r, segment)
	switch {
	case refused != nil:
		return *refused
	case !r.Subject.StatesAllow(strings.TrimPrefix(prefix, "+")):
		return notFound(r)
	}
	return answer(http.StatusOK, safeNumberOf(r, entry))
}

// digitsOfNANP is how many digits all numbers of +1 have (https://www.nanpa.com/about).
const digitsOfNANP = 11

// isWhole reports whether numbers of so many digits exist that begin with a prefix.
func isWhole(prefix string, length int) bool {
	plan := numbering.Default()
	switch {
	case strings.HasPrefix(prefix, "1"):
		return length == digitsOfNANP
	case len(prefix) == length:
		return plan.Lookup(prefix).Listed
	}
	for last := range 1000 {
		if plan.Lookup(fmt.Sprintf("%s%03d", prefix, last)).Listed {
			return true
		}
	}
	return false
}

func (s *Resources) addSafeNumber(ctx context.Context, r *Request, _ string) Answer {
	entry, prefix, refused := entryOf(r, "")
	switch {
	case refused != nil:
		return *refused
	case !isWhole(strings.TrimPrefix(prefix, "+"), len(entry)-len("+")):
		return invalid("PhoneNumber: %q is not a whole number, nor 1,000 of them: a beginning would allow all that begin with it", entry)
	}
	if _, err := s.Service.AllowPrefix(ctx, r.Caller, permissions.Terms{Reason: "SafeList"}, r.Account, prefix, true); err != nil {
		return s.failed(err)
	}
	return answer(http.StatusCreated, safeNumberOf(r, entry))
}

func (s *Resources) removeSafeNumber(ctx context.Context, r *Request, segment string) Answer {
	_, prefix, refused := entryOf(r, segment)
	if refused != nil {
		return *refused
	}
	switch _, err := s.Service.AllowPrefix(ctx, r.Caller, permissions.Terms{Reason: "SafeList"}, r.Account, prefix, false); {
	case errors.Is(err, permissions.ErrNotFound):
		return notFound(r)
	case err != nil:
		return s.failed(err)
	}
	return Answer{Status: http.StatusNoContent}
}
