package config

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
)

// sender compiles one sender, which was written so in the document. Spellings
// holds the senders of the account that came before it, as somebody wrote them, by
// what they are.
func (c *compiler) sender(path, name, written string, p *Permissions, spellings map[string]string, account *policy.Account) {
	permissions := c.permissions(path, p)
	if c.opaque(name) {
		return
	}
	names := c.senders(name)
	if len(names) == 0 {
		c.problem(path, "a sender needs a name: a number, short code, alphanumeric sender or messaging service")
		return
	}
	if CheckSender(name) != nil {
		c.problem(path, noSender, written)
		return
	}
	if other, twice := spellings[names[0]]; twice {
		c.problem(path, "senders %q and %q are one and the same: define it once", other, written)
		return
	}
	spellings[names[0]] = written
	account.Senders = append(account.Senders, policy.Sender{ID: names[0], Permissions: permissions})
}

// brokenSender is what a mistyped sender looks like: a SID of the wrong length or
// kind (alphanumeric senders have 11 characters at most), or a number of +1
// without its ten digits.
var brokenSender = regexp.MustCompile(`(?i)^(MG|AC|SK)[0-9a-f]{10,}$|^\+1[0-9]*$`)

// CheckSender finds a sender that was mistyped. It would match nothing, and what
// it was to narrow would stay wide.
func CheckSender(name string) error {
	isNumber := strings.HasPrefix(name, "+1") && len(name) == len("+1")+10
	isService := policy.IsSID(name) && strings.EqualFold(name[:2], "MG")
	if isNumber || isService || !brokenSender.MatchString(name) {
		return nil
	}
	return fmt.Errorf(noSender, name)
}

const noSender = `%q is no sender: a messaging service is MG and 32 hexadecimal digits, a number of +1 has ten digits behind it`
