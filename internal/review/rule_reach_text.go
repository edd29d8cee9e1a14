package review

import (
	"fmt"
	"io"
	"strings"
)

// mostReached is how many territories a line about a wide rule names.
const mostReached = 8

// summary says what a rule covers in one line.
func (r *RuleReach) summary() string {
	switch n := len(r.Territories); {
	case n == 0:
		return "covers no listed number"
	case n == 1 && r.Territories[0].Whole:
		return "covers all of " + withName(r.Territories[0].Code) + r.effect()
	case n == 1:
		return "covers numbers of " + withName(r.Territories[0].Code) + r.effect()
	case r.Territories[0].Shared:
		return "covers numbers that " + r.codes(mostReached) + " share" + r.effect()
	default:
		return fmt.Sprintf("covers %d territories, %s,%s", n, r.codes(mostReached), strings.TrimPrefix(r.effect(), ","))
	}
}

// codes lists the territories, or the first of them and how many more there are.
func (r *RuleReach) codes(most int) string {
	var codes []string
	for i := range r.Territories {
		codes = append(codes, r.Territories[i].Code)
	}
	if more := len(codes) - most; more > 1 {
		return fmt.Sprintf("%s and %d more", strings.Join(codes[:most], " "), more)
	}
	return strings.Join(codes, " ")
}

// effect says for whom the rule makes a difference.
func (r *RuleReach) effect() string {
	does := ", and opens numbers to "
	if r.block {
		does = ", and closes numbers to "
	}
	switch {
	case r.Unnamed && r.Accounts == 0:
		return does + "accounts that are not named"
	case r.Unnamed:
		return does + accountsText(r.Accounts) + " and those that are not named"
	case r.Accounts == 0:
		return ", and makes no difference to any account"
	default:
		return does + accountsText(r.Accounts)
	}
}

func accountsText(n int) string {
	if n == 1 {
		return "1 account"
	}
	return fmt.Sprintf("%d accounts", n)
}

// warning says of a wide rule what it covers and what would be narrower.
func (r *RuleReach) warning() Remark {
	return Remark{Code: WideRule, Place: r.Place, Text: r.Rule + " " + r.summary() + ": write longer prefixes if that is more than you mean"}
}

// WriteRules writes for people what each rule covers.
func WriteRules(w io.Writer, rules []RuleReach) error {
	var p page
	for i := range rules {
		r := &rules[i]
		p.line("")
		heading := r.Rule
		if at := r.Place.String(); at != "" {
			heading += "  " + at
		}
		p.wrapped("", heading+quoted(r.Reason))
		p.wrapped("  ", r.summary())
		for _, t := range r.Territories {
			remark := ""
			if t.Whole {
				remark = ", all of it"
			}
			p.wrapped("    ", fmt.Sprintf("%s %s: %s, %s%s", t.Code, t.Name, t.Example, t.Class, remark))
		}
	}
	return p.writeTo(w)
}

// mostLogged is how many wide rules of a policy the log names.
const mostLogged = 10

// LogWarnings are the wide ones of some rules, in words for a log, and how many more there
// are than it has room for.
func LogWarnings(rules []RuleReach) (lines []string) {
	more := 0
	for i := range rules {
		switch {
		case !rules[i].Wide:
		case len(lines) == mostLogged:
			more++
		default:
			w := rules[i].warning()
			lines = append(lines, w.String())
		}
	}
	if more > 0 {
		lines = append(lines, fmt.Sprintf(`and %d more rules are wide: "tollgate check" lists them`, more))
	}
	return lines
}

// WideRules are the warnings about the wide ones of some rules.
func WideRules(rules []RuleReach) (warnings []Remark) {
	for i := range rules {
		if rules[i].Wide {
			warnings = append(warnings, rules[i].warning())
		}
	}
	return warnings
}
