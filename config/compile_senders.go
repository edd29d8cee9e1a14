package config

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
)

// sender compiles one sender, which was written so in the document.
func (c *compiler) sender(path, name, written string, p Permissions) (policy.Sender, bool) {
	permissions := c.permissions(path, &p)
	if c.opaque(name) {
		return policy.Sender{}, false
	}
	names := c.senders(name)
	switch {
	case len(names) == 0:
		c.problem(path, "a sender needs a name: a number, short code, alphanumeric sender or messaging service")
		return policy.Sender{}, false
	case CheckSender(name) != nil:
		c.problem(path, noSender, written)
		return policy.Sender{}, false
	}
	return policy.Sender{ID: names[0], Permissions: permissions}, true
}

// brokenSender is what a mistyped sender looks like: a SID of the wrong length or
// kind (alphanumeric senders have 11 characters at most), or a number of +1
// without its ten digits.
var brokenSender = regexp.MustCompile(`(?i)^(MG|AC|SK)[0-9a-f]{10,}$|^\+1[0-9]*$`)

// CheckSender finds a sender that was mistyped. It would match nothing, and what
// it should narrow would remain wide.
func CheckSender(name string) error {
	isNumber := strings.HasPrefix(name, "+1") && len(name) == len("+1")+10
	isService := policy.IsSID(name) && strings.EqualFold(name[:2], "MG")
	if isNumber || isService || !brokenSender.MatchString(name) {
		return nil
	}
	return fmt.Errorf(noSender, name)
}

const noSender = `%q is no sender: a messaging service is MG and 32 hexadecimal digits, a number of +1 has ten digits behind it`
