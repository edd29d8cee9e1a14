package caddymodule

import (
	"fmt"
	"strings"

	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

func init() {
	httpcaddyfile.RegisterGlobalOption("tollgate", parseApp)
}

// parseApp parses the global tollgate block and checks the policy in it.
func parseApp(d *caddyfile.Dispenser, existing any) (any, error) {
	if existing != nil {
		d.Next()
		return nil, d.Err("a second tollgate block: a server has one policy")
	}
	p := policyParser{Dispenser: d, positions: make(config.Positions)}
	if err := p.parse(); err != nil {
		return nil, err
	}
	if err := config.Check(&p.document, p.positions, readSender); err != nil {
		return nil, err
	}
	return httpcaddyfile.App{
		Name:  "tollgate",
		Value: caddyconfig.JSON(App{Document: p.document}, nil),
	}, nil
}

// policyParser reads a policy from Caddyfile tokens. Syntax:
//
//	tollgate {
//		observe
//		national strict
//		default {
//			messaging <territory...>|none
//			voice [<class>] <territory...>|none
//		}
//		block|allow <prefix> [messaging|voice] <reason> [until <time>]
//		range       <prefix> <territory> [<class>]
//		unsupported messaging|voice <territory...>|none
//		by_request  voice <territory...>|none
//		account <sid> [<name>] {
//			parent <sid>
//			messaging …
//			voice …
//			home  <territory>
//			trial [<number...>]
//			keys  <sid...>
//			sender <sender> {
//				messaging …
//				voice …
//			}
//			block|allow …
//			approved <territory> voice <reason>
//			suspended
//			monitor
//		}
//	}
//
// Lines that stand more than once add up.
type policyParser struct {
	*caddyfile.Dispenser
	document  config.Document
	positions config.Positions
}

var (
	policyOptions = []string{"observe", "national", "default", "block", "allow", "range",
		"unsupported", "by_request", "account"}
	permissionOptions = []string{"messaging", "voice"}
	accountOptions    = append([]string{"parent", "home", "trial", "keys", "sender", "block",
		"allow", "approved", "suspended", "monitor"}, permissionOptions...)
)

func (p *policyParser) parse() error {
	p.Next() // consume option name
	if p.NextArg() {
		return p.ArgErr()
	}
	d := &p.document
	for nesting := p.Nesting(); p.NextBlock(nesting); {
		var err error
		switch option := p.Val(); option {
		case "observe":
			err = p.flag(&d.Observe)
		case "national":
			err = p.text("national", &d.National)
		case "default":
			if d.Default == nil {
				d.Default = new(config.Permissions)
			}
			err = p.permissions("default", d.Default)
		case "block", "allow":
			err = p.prefix("prefixes", &d.Prefixes)
		case "range":
			err = p.numberRange()
		case "unsupported":
			if d.Unsupported == nil {
				d.Unsupported = new(config.Unsupported)
			}
			err = p.channelTerritories("unsupported", map[string]*config.Territories{
				"messaging": &d.Unsupported.Messaging,
				"voice":     &d.Unsupported.Voice,
			})
		case "by_request":
			if d.ByRequest == nil {
				d.ByRequest = new(config.ByRequest)
			}
			err = p.channelTerritories("by_request", map[string]*config.Territories{"voice": &d.ByRequest.Voice})
		case "account":
			err = p.account()
		default:
			err = p.unknown(option, policyOptions)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *policyParser) account() error {
	path := fmt.Sprintf("accounts[%d]", len(p.document.Accounts))
	var a config.Account
	if !p.NextArg() {
		return p.Err("account needs the SID of an account")
	}
	p.note(path)
	a.ID = p.Val()
	if p.NextArg() {
		a.Name = p.Val()
	}
	if p.NextArg() {
		return p.Errf("unexpected %q after the name of an account: write a name of several words in quotes", p.Val())
	}
	for nesting := p.Nesting(); p.NextBlock(nesting); {
		var err error
		switch option := p.Val(); option {
		case "parent":
			err = p.text(path+".parent", &a.Parent)
		case "messaging", "voice":
			err = p.permission(path, &a.Permissions)
		case "home":
			err = p.text(path+".home", &a.Home)
			a.Home = canonicalCode(a.Home)
		case "trial":
			err = p.texts(path+".trial", &a.Trial)
		case "keys":
			before := len(a.Keys)
			if err = p.texts(path+".keys", &a.Keys); err == nil && len(a.Keys) == before {
				err = p.ArgErr()
			}
		case "sender":
			err = p.sender(path, &a)
		case "block", "allow":
			err = p.prefix(path+".prefixes", &a.Prefixes)
		case "approved":
			err = p.approved(path, &a)
		case "suspended":
			err = p.flag(&a.Suspended)
		case "monitor":
			err = p.flag(&a.Monitor)
		default:
			err = p.unknown(option, accountOptions)
		}
		if err != nil {
			return err
		}
	}
	p.document.Accounts = append(p.document.Accounts, a)
	return nil
}

func (p *policyParser) sender(path string, a *config.Account) error {
	var name string
	if !p.AllArgs(&name) {
		return p.ArgErr()
	}
	path += ".senders." + name
	p.note(path)
	if _, twice := a.Senders[name]; twice {
		return p.Errf("sender %s is defined twice", name)
	}
	var permissions config.Permissions
	if err := p.permissions(path, &permissions); err != nil {
		return err
	}
	if a.Senders == nil {
		a.Senders = make(map[string]config.Permissions)
	}
	a.Senders[name] = permissions
	return nil
}

// permissions parses a block that holds nothing but permission sets.
func (p *policyParser) permissions(path string, permissions *config.Permissions) error {
	if p.NextArg() {
		return p.Errf("unexpected %q: write a block of permissions, one channel a line", p.Val())
	}
	for nesting := p.Nesting(); p.NextBlock(nesting); {
		switch option := p.Val(); option {
		case "messaging", "voice":
			if err := p.permission(path, permissions); err != nil {
				return err
			}
		default:
			return p.unknown(option, permissionOptions)
		}
	}
	return nil
}

// permission parses one line of a permission set.
func (p *policyParser) permission(path string, permissions *config.Permissions) error {
	if p.Val() == "messaging" {
		return p.territories(path+".messaging", &permissions.Messaging, p.RemainingArgs())
	}
	arguments := p.RemainingArgs()
	class := policy.LowRisk
	if len(arguments) > 0 {
		if c, ok := policy.ParseClass(arguments[0]); ok {
			class, arguments = c, arguments[1:]
		} else if strings.Contains(arguments[0], "_") && !strings.Contains(arguments[0], "{") {
			return p.Errf("unknown risk class %q%s", arguments[0], config.DidYouMean(arguments[0], config.Classes()))
		}
	}
	if permissions.Voice == nil {
		permissions.Voice = new(config.Voice)
	}
	list := map[policy.Class]*config.Territories{
		policy.LowRisk:           &permissions.Voice.LowRisk,
		policy.HighRiskSpecial:   &permissions.Voice.HighRiskSpecial,
		policy.HighRiskTollFraud: &permissions.Voice.HighRiskTollFraud,
	}[class]
	return p.territories(path+".voice."+class.String(), list, arguments)
}

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
		*list = append(*list, canonicalCode(code))
	}
	return nil
}

// canonicalCode writes the code of a territory in capitals, and leaves anything
// else alone, such as a placeholder.
func canonicalCode(code string) string {
	if t, ok := numbering.ParseTerritory(code); ok {
		return t.String()
	}
	return code
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
	arguments := p.RemainingArgs()
	if len(arguments) == 0 {
		return p.Errf("%s needs a prefix", verb)
	}
	var rule config.Prefix
	if verb == "block" {
		rule.Block = arguments[0]
	} else {
		rule.Allow = arguments[0]
	}
	arguments = arguments[1:]
	if len(arguments) > 0 && (arguments[0] == "messaging" || arguments[0] == "voice") {
		rule.Channel, arguments = arguments[0], arguments[1:]
	}
	if len(arguments) == 0 || arguments[0] == "until" {
		return p.Errf("%s needs a reason: say in quotes why it is there", verb)
	}
	rule.Reason, arguments = arguments[0], arguments[1:]
	switch {
	case len(arguments) == 0:
	case arguments[0] == "until" && len(arguments) == 2:
		rule.Until = arguments[1]
	case arguments[0] == "until":
		return p.Err(`"until" needs one date or time: write "2026-12-01" or "2026-12-01T18:00:00Z"`)
	default:
		if channel, near := config.Nearest(rule.Reason, permissionOptions); near {
			return p.Errf("unknown channel %q, did you mean %q?", rule.Reason, channel)
		}
		return p.Errf(`unexpected %q after the reason: write the reason in quotes, then "until" and a time if the rule ends`, arguments[0])
	}
	*list = append(*list, rule)
	return nil
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
	r := config.Range{Prefix: arguments[0], Territory: canonicalCode(arguments[1])}
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
	approval.Territory = canonicalCode(approval.Territory)
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
func (p *policyParser) texts(path string, list *config.Texts) error {
	p.note(path)
	if *list == nil {
		*list = config.Texts{}
	}
	for _, text := range p.RemainingArgs() {
		p.note(fmt.Sprintf("%s[%d]", path, len(*list)))
		*list = append(*list, text)
	}
	return nil
}

// unknown is the error about an option that there is not.
func (p *policyParser) unknown(option string, options []string) error {
	return p.Errf("unknown option %q%s", option, config.DidYouMean(option, options))
}

func (p *policyParser) note(path string) { p.positions[path] = p.position() }

func (p *policyParser) position() config.Position {
	return config.Position{File: p.File(), Line: p.Line()}
}
