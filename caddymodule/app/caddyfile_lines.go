package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/policy"
)

// control parses what an account may change of the carrier's protection:
//
//	control allow <group...>
//	control none
func (p *policyParser) control(path string, list *config.Controls) func() error {
	return func() error {
		arguments := p.RemainingArgs()
		switch {
		case isNone(arguments):
			return none(p, path, list, "groups")
		case len(arguments) < 2 || arguments[0] != "allow":
			return p.Errf(`control needs groups: write "control none", or "control allow" and some of %s`, strings.Join(config.ControlNames(), ", "))
		}
		return add(p, path, list, arguments[1:], "groups")
	}
}

// hosts parses the hosts that instruction URLs may have:
//
//	url_hosts <host...>
//	url_hosts none
func (p *policyParser) hosts(path string, list *config.Hosts) func() error {
	return func() error {
		arguments := p.RemainingArgs()
		if len(arguments) == 0 {
			return p.Err(`url_hosts needs hosts: write names such as "hooks.example.com", "*" for any or "none"`)
		}
		return addOrNone(p, path, list, arguments, "hosts")
	}
}

// prefix parses a rule:
//
//	block|allow <prefix> [messaging|voice|whatsapp|rcs] <reason> [until <time>]
func (p *policyParser) prefix(path string, list *[]config.Prefix) func() error {
	return func() error {
		p.note(fmt.Sprintf("%s[%d]", path, len(*list)))
		rule, err := p.rule()
		if err == nil {
			*list = append(*list, rule)
		}
		return err
	}
}

func (p *policyParser) rule() (rule config.Prefix, err error) {
	verb := p.Val()
	arguments := p.RemainingArgsAsTokens()
	if len(arguments) == 0 {
		return rule, p.Errf("%s needs a prefix", verb)
	}
	if verb == "block" {
		rule.Block = arguments[0].Text
	} else {
		rule.Allow = arguments[0].Text
	}
	arguments = arguments[1:]
	if len(arguments) > 0 && isChannel(arguments[0]) {
		rule.Channel, arguments = arguments[0].Text, arguments[1:]
	}
	if len(arguments) == 0 || isWord(arguments[0], "until") {
		return rule, p.Errf("%s needs a reason: say in quotes why it is there", verb)
	}
	reason := arguments[0]
	rule.Reason, arguments = reason.Text, arguments[1:]
	switch {
	case len(arguments) == 0:
	case isWord(arguments[0], "until") && len(arguments) == 2:
		rule.Until = arguments[1].Text
	case isWord(arguments[0], "until"):
		return rule, p.Err(`"until" needs one date or time: write "2026-12-01" or "2026-12-01T18:00:00Z"`)
	default:
		if channel, near := config.Nearest(reason.Text, policy.ChannelNames); near && !reason.Quoted() {
			return rule, p.Errf("unknown channel %q, did you mean %q?", reason.Text, channel)
		}
		return rule, p.Errf(`unexpected %q after the reason: write the reason in quotes, `+
			`then "until" and a time if the rule ends`, arguments[0].Text)
	}
	return rule, nil
}

// isChannel reports whether an argument names a channel.
func isChannel(argument caddyfile.Token) bool {
	return slices.Contains(policy.ChannelNames, argument.Text) && !argument.Quoted()
}

// isWord reports whether an argument is a word of the grammar. In quotes it is a
// text, whatever it says.
func isWord(argument caddyfile.Token, word string) bool {
	return argument.Text == word && !argument.Quoted()
}

// numberRange parses:
//
//	range <prefix> <territory> [<class>]
func (p *policyParser) numberRange() error {
	p.note(fmt.Sprintf("ranges[%d]", len(p.document.Ranges)))
	arguments := p.RemainingArgs()
	if len(arguments) < 2 || len(arguments) > 3 {
		return p.Err("range needs a prefix, a territory and, unless it is low_risk, a risk class")
	}
	r := config.Range{Prefix: arguments[0], Territory: arguments[1]}
	if len(arguments) == 3 {
		r.Class = arguments[2]
	}
	p.document.Ranges = append(p.document.Ranges, r)
	return nil
}

// approved parses:
//
//	approved <territory> voice <reason>
func (p *policyParser) approved(path string, a *config.Account) error {
	p.note(fmt.Sprintf("%s.approved[%d]", path, len(a.Approved)))
	var approval config.Approval
	if !p.AllArgs(&approval.Territory, &approval.Channel, &approval.Reason) {
		return p.Err("approved needs a territory, the channel voice, and a reason in quotes")
	}
	a.Approved = append(a.Approved, approval)
	return nil
}

// flag parses an option without arguments.
func (p *policyParser) flag(value *bool) func() error {
	return func() error { return directive.Flag(p.Dispenser, value) }
}

// text parses an option with one argument.
func (p *policyParser) text(path string, value *string) func() error {
	return func() error {
		p.note(path)
		return directive.OneArgument(p.Dispenser, value)
	}
}

// texts adds the arguments of one line to a list.
func (p *policyParser) texts(path string, list *[]string) func() error {
	return func() error {
		p.note(path)
		if *list == nil {
			*list = []string{}
		}
		for _, text := range p.RemainingArgs() {
			p.note(fmt.Sprintf("%s[%d]", path, len(*list)))
			*list = append(*list, text)
		}
		return nil
	}
}

// someTexts adds the arguments of one line, which has at least one, to a list.
func (p *policyParser) someTexts(path string, list *[]string) func() error {
	return func() error {
		before := len(*list)
		if err := p.texts(path, list)(); err != nil || len(*list) > before {
			return err
		}
		return p.ArgErr()
	}
}

// note records where the value at a path is.
func (p *policyParser) note(path string) {
	p.positions[path] = decode.Position{File: p.File(), Line: p.Line()}
}
