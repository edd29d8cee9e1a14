package config

import (
	"errors"
	"regexp"
	"slices"
	"strconv"

	"github.com/caddy-tollgate/tollgate/policy"
)

// senders compiles one sender of an account, which was written so in the document: as
// each of the carriers names it, most often all alike.
func (c *compiler) senders(carriers Carriers, path, name, written string, p Permissions) (senders []policy.Sender) {
	permissions := c.permissions(path, &p)
	if c.opaque(name) {
		return nil
	}
	for _, carrier := range carriers.Names() {
		names := carriers.ReadSender(carrier, name)
		if len(names) > 0 && !slices.ContainsFunc(senders, func(s policy.Sender) bool { return s.ID == names[0] }) {
			senders = append(senders, policy.Sender{ID: names[0], Permissions: permissions})
		}
	}
	switch {
	case len(senders) == 0:
		c.problem(path, "a sender needs a name: a number, short code, alphanumeric sender or messaging service")
		return nil
	case isMistyped(carriers, name):
		c.problem(path, "%s", mistyped(carriers, written))
		return nil
	}
	return senders
}

// serviceOf returns what reports whether a sender is a messaging service.
func serviceOf(ids policy.Identifiers) func(sender string) bool {
	return func(sender string) bool {
		_, ok := ids.Canonical(policy.ServiceID, sender)
		return ok
	}
}

// numberOfOne is a number of +1, whether it has its ten digits or not.
var numberOfOne = regexp.MustCompile(`^\+1[0-9]*$`)

// CheckSender finds a sender that was mistyped. It would match nothing, and what
// it should narrow would remain wide.
func CheckSender(ids policy.Identifiers, name string) error {
	if !isMistyped(ids, name) {
		return nil
	}
	return errors.New(mistyped(ids, name))
}

func isMistyped(ids policy.Identifiers, name string) bool {
	return numberOfOne.MatchString(name) && len(name) != len("+1")+10 || ids.IsMistyped(name)
}

// mistyped says what is wrong with a sender.
func mistyped(ids policy.Identifiers, shown string) string {
	service := ""
	if form := ids.Form(policy.ServiceID); form != "" {
		service = "a messaging service is " + form + ", "
	}
	return strconv.Quote(shown) + " is not a sender: " + service + "a number of +1 has ten digits behind it"
}
