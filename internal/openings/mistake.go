package openings

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/policy"
)

// Mistake is what is wrong with a member of an opening.
type Mistake struct{ Member, Message string }

// Mistakes are all that are wrong with an opening. As an error, none are nil.
type Mistakes []Mistake

// Error names all of them.
func (m Mistakes) Error() string {
	texts := make([]string, len(m))
	for i, mistake := range m {
		texts[i] = mistake.Member + ": " + mistake.Message
	}
	return strings.Join(texts, "\n")
}

func (m *Mistakes) add(member, message string) { *m = append(*m, Mistake{member, message}) }

// err is nil if there are none.
func (m Mistakes) err() error {
	if len(m) == 0 {
		return nil
	}
	return m
}

// How many characters texts for people may have.
const (
	longestReason = 500
	longestTicket = 100
)

// check finds what is wrong with what an opening opens, and why, as it is requested and as it
// is kept.
func (o *Opening) check(mistakes *Mistakes) {
	if strings.TrimSpace(o.Account) == "" {
		mistakes.add("account", "must be the ID of an account")
	}
	if o.Channel >= policy.ChannelCount {
		mistakes.add("channel", "must be one of "+strings.Join(policy.ChannelNames, ", "))
	}
	if o.To.Text == "" {
		mistakes.add("to", errDestination.Error())
	}
	switch {
	case o.Class >= policy.ClassCount:
		mistakes.add("class", "must be low_risk, high_risk_special or high_risk_tollfraud")
	case o.Class == policy.LowRisk:
	case o.Channel != policy.Voice:
		mistakes.add("class", "only voice has classes")
	case o.To.Prefix != "":
		mistakes.add("class", "a prefix is opened for all classes: leave the class out, or name a territory")
	}
	if !o.Until.After(o.From) {
		mistakes.add("until", "must be after the beginning")
	}
	if strings.TrimSpace(o.Reason) == "" || !isText(o.Reason, longestReason) {
		mistakes.add("reason", "is required: 1 to 500 characters on one line")
	}
	if !isText(o.Ticket, longestTicket) {
		mistakes.add("ticket", "must be 100 characters at most, on one line")
	}
}

// isText reports whether a text can be shown on one line, and is not too long.
func isText(s string, longest int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= longest &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// markWords lists marks for people.
func markWords(marks []Mark) string {
	words := make([]string, len(marks))
	for i, mark := range marks {
		words[i] = strings.ReplaceAll(string(mark), "_", " ")
	}
	return strings.Join(words, ", ")
}
