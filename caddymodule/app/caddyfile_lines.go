package app

import (
	"fmt"
	"slices"
	"strconv"
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

// unallocated parses what becomes of sends to ranges that no plan has assigned. Lines for
// different channels add up:
//
//	unallocated [messaging|voice] allow|monitor|deny
func (p *policyParser) unallocated(path string, stated **config.Unallocated) func() error {
	return func() error {
		arguments := p.RemainingArgs()
		if *stated == nil {
			*stated = new(config.Unallocated)
			p.note(path)
		}
		words := map[string]*string{policy.Messaging.String(): &(*stated).Messaging, policy.Voice.String(): &(*stated).Voice}
		channels := []string{policy.Messaging.String(), policy.Voice.String()}
		switch {
		case len(arguments) == 2 && slices.Contains(policy.ChannelNames, arguments[0]) && words[arguments[0]] == nil:
			return p.Errf("unallocated has no choice of its own for %s: messaging is all messages", arguments[0])
		case len(arguments) == 2 && words[arguments[0]] == nil:
			return p.Errf("unknown channel %q after unallocated%s", arguments[0], config.DidYouMean(arguments[0], channels))
		case len(arguments) == 2:
			channels, arguments = arguments[:1], arguments[1:]
		}
		if len(arguments) != 1 || arguments[0] == "" {
			return p.Err(`unallocated needs one of allow, monitor, deny: write "unallocated deny", or "unallocated voice deny" for one channel`)
		}
		for _, channel := range channels {
			if *words[channel] != "" {
				return p.Errf("unallocated is already specified for %s", channel)
			}
			p.note(path + "." + channel)
			*words[channel] = arguments[0]
		}
		return nil
	}
}

// prefix parses a rule:
//
//	block|allow <prefix> [messaging|voice|whatsapp|rcs] <reason> [except <prefix...>] [from <time>] [until <time>]
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
	clauses := []clause{{"except", p.exceptions(&rule.Except)}, {"from", p.moment(&rule.From)}, {"until", p.moment(&rule.Until)}}
	if len(arguments) == 0 || isClause(arguments[0], clauses) {
		return rule, p.Errf("%s needs a reason: say in quotes why it is there", verb)
	}
	reason := arguments[0]
	rule.Reason, arguments = reason.Text, arguments[1:]
	if len(arguments) > 0 && !isClause(arguments[0], clauses) && !reason.Quoted() {
		if channel, near := config.Nearest(reason.Text, policy.ChannelNames); near {
			return rule, p.Errf("unknown channel %q, did you mean %q?", reason.Text, channel)
		}
	}
	return rule, p.clauses(arguments, clauses)
}

// clause is a word that may follow a reason, and what reads its values.
type clause struct {
	word string
	read func(word string, values []caddyfile.Token) error
}

func isClause(argument caddyfile.Token, clauses []clause) bool {
	return slices.ContainsFunc(clauses, func(c clause) bool { return isWord(argument, c.word) })
}

// clauses reads what follows a reason: words in any order, each with all values up to the
// next word.
func (p *policyParser) clauses(arguments []caddyfile.Token, clauses []clause) error {
	read := make(map[string]bool)
	for len(arguments) > 0 {
		i := slices.IndexFunc(clauses, func(c clause) bool { return isWord(arguments[0], c.word) })
		if i < 0 {
			words := make([]string, len(clauses))
			for i := range clauses {
				words[i] = strconv.Quote(clauses[i].word)
			}
			return p.Errf(`unexpected %q after the reason: write the reason in quotes; after it may be %s`,
				arguments[0].Text, strings.Join(words, ", "))
		}
		word, values := clauses[i].word, arguments[1:]
		if read[word] {
			return p.Errf("%q is already specified", word)
		}
		read[word] = true
		end := slices.IndexFunc(values, func(t caddyfile.Token) bool { return isClause(t, clauses) })
		if end < 0 {
			end = len(values)
		}
		if err := clauses[i].read(word, values[:end]); err != nil {
			return err
		}
		arguments = values[end:]
	}
	return nil
}

// exceptions reads the values of "except".
func (p *policyParser) exceptions(into *[]string) func(string, []caddyfile.Token) error {
	return func(word string, values []caddyfile.Token) error {
		if len(values) == 0 {
			return p.Errf(`%q needs prefixes: write those whose numbers the rule does not match`, word)
		}
		for _, value := range values {
			*into = append(*into, value.Text)
		}
		return nil
	}
}

// moment reads the value of "from" or "until".
func (p *policyParser) moment(into *string) func(string, []caddyfile.Token) error {
	return func(word string, values []caddyfile.Token) error {
		if len(values) != 1 || values[0].Text == "" {
			return p.Errf(`%q needs one date or time: write "2026-12-01" or "2026-12-01T18:00:00Z"`, word)
		}
		*into = values[0].Text
		return nil
	}
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
	r := config.Range{Prefix: arguments[0], Territory: config.Territory(arguments[1])}
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
	if !p.AllArgs((*string)(&approval.Territory), &approval.Channel, &approval.Reason) {
		return p.Err("approved needs a territory, the channel voice, and a reason in quotes")
	}
	a.Approved = append(a.Approved, approval)
	return nil
}

// turned parses a statement that holds for good or until a time:
//
//	observe|suspended|monitor [<reason>] [until <time>]
//
// The reason is in quotes, so that "observe off" is not one.
func (p *policyParser) turned(path string, into *config.Switch) func() error {
	return func() error {
		p.note(path)
		word, arguments, stated := p.Val(), p.RemainingArgsAsTokens(), config.Switch{On: true}
		clauses := []clause{{"until", p.moment(&stated.Until)}}
		if len(arguments) > 0 && !isClause(arguments[0], clauses) {
			if !arguments[0].Quoted() || arguments[0].Text == "" {
				return p.Errf(`unexpected %q after %s: it may have a reason in quotes, then "until" and a time`, arguments[0].Text, word)
			}
			stated.Reason, arguments = arguments[0].Text, arguments[1:]
		}
		if err := p.clauses(arguments, clauses); err != nil {
			return err
		}
		if into.On && *into != stated {
			return p.Errf("%s is already specified otherwise", word)
		}
		*into = stated
		return nil
	}
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
