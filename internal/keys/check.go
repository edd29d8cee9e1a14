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

// maxName is how many characters a name for people may have.
const longestName = 100

// operationName is the name of an operation in the carrier's tables, or the
// beginning of some.
var operationName = regexp.MustCompile(`^[a-z0-9_]+(\.([a-z0-9_]+|\*))?$`)

// check finds what is wrong with a key, and writes its account and senders in
// their canonical forms, so that no spelling in the file differs from that of a
// request.
func (k *Key) check(readSender config.SenderReader) (mistakes []mistake) {
	wrong := func(member, message string) { mistakes = append(mistakes, mistake{member, message}) }
	if !policy.IsSID(k.SID) || !strings.HasPrefix(k.SID, "SK") {
		wrong("sid", "must be SK and 32 hexadecimal digits")
	}
	k.Account = policy.CanonicalSID(k.Account)
	if !policy.IsSID(k.Account) || !strings.HasPrefix(k.Account, "AC") {
		wrong("account", "must be AC and 32 hexadecimal digits")
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
	senders := make([]string, 0, len(k.Senders))
	for i, text := range k.Senders {
		names := readSender(text)
		numbers := 0
		for _, name := range names {
			if strings.HasPrefix(name, "+") {
				numbers++
			}
		}
		switch {
		case len(names) == 0 || config.CheckSender(text) != nil:
			wrong(element("senders", i), "a sender is a number, a short code, an alphanumeric sender, or a messaging service: MG and 32 hexadecimal digits")
		case numbers > 1:
			wrong(element("senders", i), `a sender can be read as several numbers: write "+" and the calling code`)
		default:
			senders = append(senders, names[0])
		}
	}
	k.Senders = senders
	return mistakes
}
