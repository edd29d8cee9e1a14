package review

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/policy"
)

// WriteExplanation writes an explanation for people: the verdict first and what
// decided it, then every step that led there, and an empty line. A ">" marks the
// step that decided.
func WriteExplanation(w io.Writer, e *Explanation) error {
	var p page
	p.line("%s  %s  %s", destination(e), strings.ToUpper(e.Verdict), reason(e))
	for i := range e.Steps {
		if s := &e.Steps[i]; s.Decides {
			p.wrapped("  because ", sentence(s))
		}
	}
	channel := e.Channel
	if e.Verification {
		channel = "verification by " + channel
	}
	p.line("  %s from %s, %s, policy %s", channel, payer(e), when(e.At), e.Policy)
	for i := range e.Numbers {
		p.wrapped("  read as ", number(&e.Numbers[i]))
		if text := origin(&e.Numbers[i]); text != "" {
			p.wrapped("          ", text)
		}
	}
	if e.Rule != "" {
		p.wrapped("  rule in the logs: ", e.Rule)
	}
	p.line("")
	numbers := 0
	for i := range e.Steps {
		s := &e.Steps[i]
		if s.Name == policy.StepDestination {
			if numbers++; numbers > 1 {
				p.line("")
			}
		}
		mark := " "
		if s.Decides {
			mark = ">"
		}
		p.wrapped(fmt.Sprintf("  %s %-14s  ", mark, s.Name), sentence(s))
	}
	p.line("")
	return p.writeTo(w)
}

// sentence is what a step says.
func sentence(s *Step) string { return strings.TrimSpace(s.Level + " " + s.Text) }

// maxShown is how much of a destination is shown, in bytes.
const maxShown = 200

// destination is what the caller wrote, in quotes where that could be taken for
// something else.
func destination(e *Explanation) string {
	text, rest := e.Destination, ""
	if len(text) > maxShown {
		text, rest = text[:maxShown], fmt.Sprintf(" and %d bytes more", len(text)-maxShown)
	}
	if text == "" || strings.ContainsFunc(text, func(r rune) bool {
		return r == '"' || r == utf8.RuneError || !unicode.IsGraphic(r) || unicode.IsSpace(r)
	}) {
		text = strconv.Quote(text)
	}
	return text + rest
}

// reason says why, and what the carrier's error is where there is one.
func reason(e *Explanation) string {
	text := string(e.Reason)
	if e.Code != 0 {
		text += fmt.Sprintf(", %s error %d", e.Carrier, e.Code)
	}
	if e.Verdict == policy.Monitor.String() && !e.Recorded {
		text += " if it were enforced"
	}
	return text
}

func payer(e *Explanation) string {
	if e.Account == "" {
		return "no account"
	}
	return whose(e.Account, e.Name, e.Label)
}

// number says what one number that a destination can mean is.
func number(n *Number) string {
	text := n.Number + ": "
	if len(n.Territories) == 0 {
		return text + "calling code not assigned"
	}
	if n.Impossible != "" {
		return text + "cannot exist: " + n.Impossible
	}
	text += belongsTo(n.Territories, n.Any)
	if n.Network != nil {
		text += ", " + n.Network.Prefix + " " + n.Network.Name
	}
	if len(n.Kinds) > 0 {
		text += ", " + strings.ReplaceAll(strings.Join(n.Kinds, " / "), "_", " ")
	}
	if n.Class != "" {
		text += ", " + n.Class
	}
	if !n.Listed {
		text += ", in no known range"
	}
	return text
}

// origin says how it is known what a number is; empty if it is not known.
func origin(n *Number) string {
	if n.Source == "" {
		return ""
	}
	text := "matched " + n.Matched + ": " + n.Source
	if n.CallingCode != "" {
		text = "calling code " + n.CallingCode + ", " + text
	}
	return text
}
