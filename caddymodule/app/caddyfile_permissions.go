package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/suggest"
	"github.com/caddy-tollgate/tollgate/policy"
)

// defaultBlock parses the permission sets where no account states one.
func (p *policyParser) defaultBlock() error {
	d := &p.document
	if d.Default == nil {
		d.Default = new(config.Default)
	}
	options := append(p.permissionOptions("default", &d.Default.Permissions),
		directive.Option{Name: "verify", Repeats: true, Read: p.verify("default", &d.Default.Verify)})
	return p.permissionBlock(options)
}

// permissionBlock parses a block that holds nothing but permission sets.
func (p *policyParser) permissionBlock(options []directive.Option) error {
	if p.NextArg() {
		return p.Errf("unexpected %q: write a block of permissions, one channel a line", p.Val())
	}
	return directive.Block(p.Dispenser, options)
}

func (p *policyParser) permissionOptions(path string, permissions *config.Permissions) []directive.Option {
	return []directive.Option{
		{Name: "messaging", Repeats: true, Read: p.messages(path+".messaging", &permissions.Messaging)},
		{Name: "voice", Repeats: true, Read: p.voice(path, permissions)},
		{Name: "whatsapp", Repeats: true, Read: p.messages(path+".whatsapp", &permissions.WhatsApp)},
		{Name: "rcs", Repeats: true, Read: p.messages(path+".rcs", &permissions.RCS)},
	}
}

// messages parses one line of territories that may be sent messages by a channel.
func (p *policyParser) messages(path string, list *config.Territories) func() error {
	return func() error { return p.territories(path, list, p.RemainingArgs()) }
}

// voice parses one line of territories that may be called, in a risk class:
//
//	voice [<class>] <territory...>|none
func (p *policyParser) voice(path string, permissions *config.Permissions) func() error {
	return func() error {
		arguments := p.RemainingArgs()
		class := policy.LowRisk
		if len(arguments) > 0 {
			if c, ok := policy.ParseClass(arguments[0]); ok {
				class, arguments = c, arguments[1:]
			} else if isLikeClass(arguments[0]) {
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
}

// isLikeClass reports whether a word is more likely a mistyped class than a territory.
func isLikeClass(word string) bool {
	if config.IsGroup(word) || placeholder.Holds(word) || suggest.TerritoryHint(word) != "" {
		return false
	}
	_, isNear := config.Nearest(word, config.Classes())
	return isNear || strings.Contains(word, "_")
}

// verify parses one line of a permission set for verifications.
func (p *policyParser) verify(path string, verify **config.Verify) func() error {
	return func() error {
		if !p.NextArg() {
			return p.Err("verify needs a channel and territories, as in verify messaging US CA")
		}
		channel := p.Val()
		if !slices.Contains(policy.ChannelNames, channel) {
			return p.Errf("unknown channel %q after verify%s", channel, config.DidYouMean(channel, policy.ChannelNames))
		}
		if *verify == nil {
			*verify = new(config.Verify)
		}
		permissions := (*config.Permissions)(*verify)
		for _, option := range p.permissionOptions(path+".verify", permissions) {
			if option.Name == channel {
				return option.Read()
			}
		}
		return p.ArgErr()
	}
}

// unsupported parses the territories that the carrier does not serve:
//
//	unsupported messaging|voice|whatsapp|rcs <territory...>|none
func (p *policyParser) unsupported() error {
	d := &p.document
	if d.Unsupported == nil {
		d.Unsupported = new(config.Unsupported)
	}
	return p.channelTerritories("unsupported", map[string]*config.Territories{
		"messaging": &d.Unsupported.Messaging,
		"voice":     &d.Unsupported.Voice,
		"whatsapp":  &d.Unsupported.WhatsApp,
		"rcs":       &d.Unsupported.RCS,
	})
}

// byRequest parses the territories that the carrier opens on request:
//
//	by_request voice <territory...>|none
func (p *policyParser) byRequest() error {
	d := &p.document
	if d.ByRequest == nil {
		d.ByRequest = new(config.ByRequest)
	}
	return p.channelTerritories("by_request", map[string]*config.Territories{"voice": &d.ByRequest.Voice})
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
		for _, c := range policy.ChannelNames {
			if lists[c] != nil {
				channels = append(channels, c)
			}
		}
		return p.Errf("unknown channel %q after %s%s", channel, option, config.DidYouMean(channel, channels))
	}
	return p.territories(path+"."+channel, list, p.RemainingArgs())
}

// territories adds the territories of one line to a list.
func (p *policyParser) territories(path string, list *config.Territories, arguments []string) error {
	if len(arguments) == 0 {
		return p.Errf(`%s needs territories: write codes such as "US", "*" for all or "none"`, p.Val())
	}
	return addOrNone(p, path, list, arguments, "territories")
}

// addOrNone adds the arguments of one line to a list; "none" makes it an empty one.
func addOrNone[L ~[]string](p *policyParser, path string, list *L, arguments []string, things string) error {
	if isNone(arguments) {
		return none(p, path, list, things)
	}
	return add(p, path, list, arguments, things)
}

func isNone(arguments []string) bool {
	return len(arguments) == 1 && strings.EqualFold(arguments[0], "none")
}

// none makes a list of things an empty one, which is not the same as none stated.
func none[L ~[]string](p *policyParser, path string, list *L, things string) error {
	if len(*list) > 0 {
		return p.Errf(`"none" after %s: write one or the other`, things)
	}
	p.note(path)
	*list = L{}
	return nil
}

// add adds the arguments of one line to a list of things.
func add[L ~[]string](p *policyParser, path string, list *L, arguments []string, things string) error {
	if *list != nil && len(*list) == 0 {
		return p.Errf(`%s after "none": write one or the other`, things)
	}
	p.note(path)
	for _, argument := range arguments {
		p.note(fmt.Sprintf("%s[%d]", path, len(*list)))
		*list = append(*list, argument)
	}
	return nil
}
