package keys

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
)

// mistake is what is wrong with a member of a key, in the words of the file.
type mistake struct{ member, message string }

// element names one element of a list in a mistake.
func element(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

// longestName is how many characters a name for people may have.
const longestName = 100

// operationName has the form of the name of an operation in the carrier's tables, or of
// the beginning of some.
var operationName = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)*(\.\*)?$`)

// check finds what is wrong with a key, and writes its account and senders in
// their canonical forms, so that no spelling in the file differs from that of a
// request.
func (k *Key) check(carriers config.Carriers) (mistakes []mistake) {
	wrong := func(member, message string) { mistakes = append(mistakes, mistake{member, message}) }
	if id, ok := carriers.Canonical(policy.KeyID, k.SID); ok {
		k.SID = id
	} else {
		wrong("sid", "must be "+carriers.Form(policy.KeyID))
	}
	if id, ok := carriers.Canonical(policy.AccountID, k.Account); ok {
		k.Account = id
	} else {
		wrong("account", "must be "+carriers.Form(policy.AccountID))
	}
	if utf8.RuneCountInString(k.Name) > longestName || strings.ContainsFunc(k.Name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		wrong("name", "must be 100 characters at most, all of which can be seen")
	}
	for i, operation := range k.Operations {
		if !operationName.MatchString(operation) {
			wrong(element("operations", i), `an operation is written like "messages.create", all of a kind like "messages.*"`)
		}
	}
	if k.Senders == nil {
		return mistakes
	}
	carrier := k.carrier(carriers)
	senders := make([]string, 0, len(k.Senders))
	for i, text := range k.Senders {
		names := carriers.ReadSender(carrier, text)
		numbers := 0
		for _, name := range names {
			if strings.HasPrefix(name, "+") {
				numbers++
			}
		}
		switch {
		case len(names) == 0 || config.CheckSender(carriers, text) != nil:
			wrong(element("senders", i), senderForms(carriers))
		case numbers > 1:
			wrong(element("senders", i), `a sender can be read as several numbers: write "+" and the calling code`)
		default:
			senders = append(senders, names[0])
		}
	}
	k.Senders = senders
	return mistakes
}

// senderForms describes what a sender may be.
func senderForms(ids policy.Identifiers) string {
	form := ids.Form(policy.ServiceID)
	if form == "" {
		return "a sender is a number, a short code or an alphanumeric sender"
	}
	return "a sender is a number, a short code, an alphanumeric sender, or a messaging service: " + form
}
