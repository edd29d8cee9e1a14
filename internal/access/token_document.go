package access

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/internal/decode"
)

// tokenDocument is a token as the store keeps it. Times are RFC 3339, in UTC.
type tokenDocument struct {
	ID        string      `json:"id"`
	Name      string      `json:"name"`
	Role      string      `json:"role"`
	Accounts  accountList `json:"accounts,omitzero"`
	SHA256    string      `json:"sha256"`
	Created   string      `json:"created"`
	CreatedBy string      `json:"created_by"`
	Expires   string      `json:"expires"`
	Revoked   string      `json:"revoked,omitzero"`
}

// accountList differs from its absence when it is empty.
type accountList []string

// ParseToken reads a token that the store keeps, strictly. No text of the document is in an
// error, except the names of its members.
func ParseToken(document []byte) (*Token, error) {
	var d tokenDocument
	if err := decode.JSON(document, &d, nil); err != nil {
		return nil, fmt.Errorf("reading a token: %w", err)
	}
	t := Token{ID: d.ID, Name: d.Name, Accounts: d.Accounts, CreatedBy: d.CreatedBy}
	var mistakes []error
	t.Role, _ = ParseRole(d.Role) // check refuses none
	sum, err := hex.DecodeString(d.SHA256)
	if err != nil || len(sum) != len(t.sum) {
		mistakes = append(mistakes, errors.New("sha256: must be the SHA-256 of the secret, 64 hexadecimal digits"))
	}
	copy(t.sum[:], sum)
	for _, stated := range []struct {
		member, text string
		into         *time.Time
	}{{"created", d.Created, &t.Created}, {"expires", d.Expires, &t.Expires}, {"revoked", d.Revoked, &t.Revoked}} {
		if stated.text == "" && stated.member == "revoked" {
			continue
		}
		at, err := time.Parse(time.RFC3339, stated.text)
		at = at.UTC().Truncate(time.Second)
		if err != nil || at.Unix() <= 0 || at.Year() > 9999 {
			mistakes = append(mistakes, fmt.Errorf(`%s: must be a time such as "2026-12-01T18:00:00Z"`, stated.member))
		}
		*stated.into = at
	}
	if err := errors.Join(append(mistakes, t.check())...); err != nil {
		return nil, fmt.Errorf("reading a token: %w", err)
	}
	return &t, nil
}

// Document writes the token for the store.
func (t *Token) Document() (json.RawMessage, error) {
	d := tokenDocument{
		ID:        t.ID,
		Name:      t.Name,
		Role:      t.Role.String(),
		Accounts:  t.Accounts,
		SHA256:    hex.EncodeToString(t.sum[:]),
		Created:   t.Created.UTC().Format(time.RFC3339),
		CreatedBy: t.CreatedBy,
		Expires:   t.Expires.UTC().Format(time.RFC3339),
	}
	if !t.Revoked.IsZero() {
		d.Revoked = t.Revoked.UTC().Format(time.RFC3339)
	}
	text, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("writing a token: %w", err)
	}
	return text, nil
}

// longestName is how many characters a name for people may have.
const longestName = 100

// check names what is wrong with a token.
func (t *Token) check() error {
	var mistakes []error
	wrong := func(message string) { mistakes = append(mistakes, errors.New(message)) }
	if len(t.ID) != idLength || !isOfLetters(t.ID) {
		wrong("id: must be 13 letters and digits")
	}
	if t.Name == "" || !isPlain(t.Name) || utf8.RuneCountInString(t.Name) > longestName {
		wrong("name: must be 1 to 100 characters, all of which can be seen")
	}
	if t.Role == NoRole || t.Role > Owner {
		wrong("role: must be owner, admin, approver or viewer")
	}
	if t.Accounts != nil && len(t.Accounts) == 0 {
		wrong("accounts: name at least one, or leave the list out for all")
	}
	if slices.ContainsFunc(t.Accounts, func(id string) bool { return strings.TrimSpace(id) == "" }) {
		wrong("accounts: an account has no name")
	}
	if t.CreatedBy == "" {
		wrong("created_by: must name who created the token")
	}
	if t.Expires.Sub(t.Created) > LongestToken || !t.Expires.After(t.Created) {
		wrong("expires: must be at most 365 days after the token is created")
	}
	return errors.Join(mistakes...)
}
