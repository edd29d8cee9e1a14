package access

import (
	"fmt"
	"strings"
)

// matches reports whether a pattern stands for a name: the name itself, or a text in which
// one "*" stands for any characters, also for none. No pattern stands for the empty name.
func matches(pattern, name string) bool {
	if name == "" {
		return false
	}
	before, after, hasStar := strings.Cut(pattern, "*")
	if !hasStar {
		return pattern == name
	}
	return len(name) >= len(before)+len(after) && strings.HasPrefix(name, before) && strings.HasSuffix(name, after)
}

// checkPattern says what is wrong with a pattern for identities.
func checkPattern(pattern string) error {
	name := strings.TrimPrefix(pattern, certificateBeginning)
	switch {
	case name == "":
		return fmt.Errorf(`%q stands for no one: write a name, or "*" for any`, pattern)
	case strings.Count(name, "*") > 1:
		return fmt.Errorf(`%q has more than one "*"`, pattern)
	case !isPlain(pattern) || !isPlain(name):
		return fmt.Errorf("%q has characters that cannot be seen, or a space at an end", pattern)
	case strings.HasPrefix(strings.ToLower(pattern), tokenBeginning):
		return fmt.Errorf("%q names a token, which has its role from its creation", pattern)
	case isReserved(name):
		return fmt.Errorf(`%q stands for no one: write %q in lower case, and once`, pattern, certificateBeginning)
	}
	return nil
}

// cutCertificate returns what a pattern says of the name of a certificate, if it is for one.
func cutCertificate(pattern string) (name string, ok bool) {
	return strings.CutPrefix(pattern, certificateBeginning)
}
