package app

import (
	"fmt"
	"slices"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/config"
)

// opening parses:
//
//	opening <territory or prefix> [messaging|voice|whatsapp|rcs] [<class>] <reason>
//		[ticket <ticket>] [from <time>] until <time> [acknowledge_high_risk]
//
// in one line.
func (p *policyParser) opening(path string, a *config.Account) error {
	p.note(fmt.Sprintf("%s.openings[%d]", path, len(a.Openings)))
	arguments := p.RemainingArgsAsTokens()
	if len(arguments) == 0 {
		return p.Err("opening needs a territory or a prefix")
	}
	var o config.Opening
	if target := arguments[0].Text; config.IsPrefix(target) {
		o.Prefix = target
	} else {
		o.Territory = config.Territory(target)
	}
	arguments = arguments[1:]
	if len(arguments) > 0 && isChannel(arguments[0]) {
		o.Channel, arguments = arguments[0].Text, arguments[1:]
	}
	if len(arguments) > 0 && isClass(arguments[0]) {
		o.Class, arguments = arguments[0].Text, arguments[1:]
	}
	clauses := []clause{
		{"ticket", p.ticket(&o.Ticket)}, {"from", p.moment(&o.From)}, {"until", p.moment(&o.Until)},
		{"acknowledge_high_risk", p.acknowledgement(&o.AcknowledgeHighRisk)},
	}
	if len(arguments) == 0 || isClause(arguments[0], clauses) {
		return p.Err("opening needs a reason: say in quotes why it is there")
	}
	o.Reason = arguments[0].Text
	if err := p.clauses(arguments[1:], clauses); err != nil {
		return err
	}
	a.Openings = append(a.Openings, o)
	return nil
}

// isClass reports whether an argument names a risk class.
func isClass(argument caddyfile.Token) bool {
	return slices.Contains(config.Classes(), argument.Text) && !argument.Quoted()
}

// ticket reads the value of "ticket".
func (p *policyParser) ticket(into *string) func(string, []caddyfile.Token) error {
	return func(word string, values []caddyfile.Token) error {
		if len(values) != 1 || values[0].Text == "" {
			return p.Errf("%q needs one text: write it in quotes if it has spaces", word)
		}
		*into = values[0].Text
		return nil
	}
}

// acknowledgement reads a word that has no values.
func (p *policyParser) acknowledgement(into *bool) func(string, []caddyfile.Token) error {
	return func(word string, values []caddyfile.Token) error {
		if len(values) > 0 {
			return p.Errf("unexpected %q after %q: it has no values", values[0].Text, word)
		}
		*into = true
		return nil
	}
}
