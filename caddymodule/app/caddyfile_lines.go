package app

import (
	"fmt"
	"strings"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
)

// territories adds the territories of one line to a list; "none" makes it an
// empty one.
func (p *policyParser) territories(path string, list *config.Territories, arguments []string) error {
	if len(arguments) == 0 {
		return p.Errf(`%s needs territories: write codes such as "US", "*" for all or "none"`, p.Val())
	}
	if len(arguments) == 1 && strings.EqualFold(arguments[0], "none") {
		if len(*list) > 0 {
			return p.Err(`"none" after territories: a list is either`)
		}
		p.positions[path] = p.position()
		*list = config.Territories{}
		return nil
	}
	if *list != nil && len(*list) == 0 {
		return p.Err(`territories after "none": a list is either`)
	}
	for _, code := range arguments {
		p.positions[fmt.Sprintf("%s[%d]", path, len(*list))] = p.position()
		*list = append(*list, code)
	}
	return nil
}

// control parses what an account may change of the carrier's protection:
//
//	control allow <group...>
//	control none
func (p *policyParser) control(path string, list *config.Controls) error {
	arguments := p.RemainingArgs()
	switch {
	case len(arguments) == 1 && strings.EqualFold(arguments[0], "none"):
		if len(*list) > 0 {
			return p.Err(`"none" after groups: a list is either`)
		}
		p.note(path)
		*list = config.Controls{}
		return nil
	case len(arguments) < 2 || arguments[0] != "allow":
		return p.Errf(`control needs groups: write "control none", or "control allow" and some of %s`, strings.Join(config.ControlNames(), ", "))
	case *list != nil && len(*list) == 0:
		return p.Err(`groups after "none": a list is either`)
	}
	for _, group := range arguments[1:] {
		p.note(fmt.Sprintf("%s[%d]", path, len(*list)))
		*list = append(*list, group)
	}
	return nil
}

// hosts parses where URLs may lead whose answers the carrier obeys:
//
//	url_hosts <host...>
//	url_hosts none
func (p *policyParser) hosts(path string, list *config.Hosts) error {
	arguments := p.RemainingArgs()
	switch {
	case len(arguments) == 1 && strings.EqualFold(arguments[0], "none"):
		if len(*list) > 0 {
			return p.Err(`"none" after hosts: a list is either`)
		}
		p.note(path)
		*list = config.Hosts{}
		return nil
	case len(arguments) == 0:
		return p.Err(`url_hosts needs hosts: write names such as "hooks.example.com", "*" for any or "none"`)
	case *list != nil && len(*list) == 0:
		return p.Err(`hosts after "none": a list is either`)
	}
	p.note(path)
	for _, host := range arguments {
		p.note(fmt.Sprintf("%s[%d]", path, len(*list)))
		*list = append(*list, host)
	}
	return nil
}

// channelTerritories parses a channel and its territories.
func (p *policyParser) channelTerritories(path string, lists map[string]*config.Territories) error {
	option := p.Val()
	if !p.NextArg() {
		return p.ArgErr()
	}
	channel := p.Val()
	list := lists[channel]
	if list == nil {
		var channels []string
		for _, c := range permissionOptions {
			if lists[c] != nil {
				channels = append(channels, c)
			}
		}
		return p.Errf("unknown channel %q after %s%s", channel, option, config.DidYouMean(channel, channels))
	}
	return p.territories(path+"."+channel, list, p.RemainingArgs())
}

// prefix parses a rule:
//
//	block|allow <prefix> [messaging|voice] <reason> [until <time>]
func (p *policyParser) prefix(path string, list *[]config.Prefix) error {
	verb := p.Val()
	p.note(fmt.Sprintf("%s[%d]", path, len(*list)))
	arguments := p.RemainingArgsAsTokens()
	if len(arguments) == 0 {
		return p.Errf("%s needs a prefix", verb)
	}
	var rule config.Prefix
	if verb == "block" {
		rule.Block = arguments[0].Text
	} else {
		rule.Allow = arguments[0].Text
	}
	arguments = arguments[1:]
	if len(arguments) > 0 && (isWord(arguments[0], "messaging") || isWord(arguments[0], "voice")) {
		rule.Channel, arguments = arguments[0].Text, arguments[1:]
	}
	if len(arguments) == 0 || isWord(arguments[0], "until") {
		return p.Errf("%s needs a reason: say in quotes why it is there", verb)
	}
	reason := arguments[0]
	rule.Reason, arguments = reason.Text, arguments[1:]
	switch {
	case len(arguments) == 0:
	case isWord(arguments[0], "until") && len(arguments) == 2:
		rule.Until = arguments[1].Text
	case isWord(arguments[0], "until"):
		return p.Err(`"until" needs one date or time: write "2026-12-01" or "2026-12-01T18:00:00Z"`)
	default:
		if channel, near := config.Nearest(reason.Text, permissionOptions); near && !reason.Quoted() {
			return p.Errf("unknown channel %q, did you mean %q?", reason.Text, channel)
		}
		return p.Errf(`unexpected %q after the reason: write the reason in quotes, then "until" and a time if the rule ends`, arguments[0].Text)
	}
	*list = append(*list, rule)
	return nil
}

// isWord tells whether an argument is a word of the grammar. In quotes it is a
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
func (p *policyParser) flag(value *bool) error {
	if p.NextArg() {
		return p.ArgErr()
	}
	*value = true
	return nil
}

// text parses an option with one argument that stands once.
func (p *policyParser) text(path string, value *string) error {
	option := p.Val()
	p.note(path)
	if *value != "" {
		return p.Errf("%s stands twice", option)
	}
	if !p.AllArgs(value) {
		return p.ArgErr()
	}
	return nil
}

// texts adds the arguments of one line to a list.
func (p *policyParser) texts(path string, list *[]string) error {
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

// someTexts adds the arguments of one line, which has at least one, to a list.
func (p *policyParser) someTexts(path string, list *[]string) error {
	before := len(*list)
	if err := p.texts(path, list); err != nil || len(*list) > before {
		return err
	}
	return p.ArgErr()
}

// unknown is the error about an option that there is not.
func (p *policyParser) unknown(option string, options []string) error {
	return p.Errf("unknown option %q%s", option, config.DidYouMean(option, options))
}

func (p *policyParser) note(path string) { p.positions[path] = p.position() }

func (p *policyParser) position() decode.Position {
	return decode.Position{File: p.File(), Line: p.Line()}
}
