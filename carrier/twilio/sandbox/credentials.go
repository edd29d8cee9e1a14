package sandbox

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

var (
	userPattern = regexp.MustCompile(`^(AC|SK)[0-9a-fA-F]{32}$`)
	// tokenPattern is the form of a JWT, which is what Twilio's OAuth hands out.
	tokenPattern = regexp.MustCompile(`^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$`)
)

// challenge comes with a 401.
const challenge = `Basic realm="Twilio API"`

// authenticate reads the only credential of a request and returns its user. A valid
// credential has access to every account: a main account may act for its subaccounts, and
// the sandbox does not know which those are.
func (s *Sandbox) authenticate(header http.Header) (user string, known bool) {
	values := header.Values("Authorization")
	if len(values) != 1 {
		return "", false
	}
	if scheme, token, _ := strings.Cut(values[0], " "); strings.EqualFold(scheme, "Bearer") {
		return "", len(s.tokens) == 0 && tokenPattern.MatchString(token) || slices.Contains(s.bearers, token)
	}
	user, password, ok := (&http.Request{Header: header}).BasicAuth()
	if !ok || !userPattern.MatchString(user) || password == "" {
		return "", false
	}
	if len(s.tokens) == 0 {
		return user, true
	}
	expected, listed := s.tokens[user]
	return user, listed && expected == password
}
