package app

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
)

// permissions parses a block that holds nothing but permission sets, by the
// options that it may have.
func (p *policyParser) permissions(path string, options []string, permissions *config.Permissions, verify **config.Verify) error {
	if p.NextArg() {
		return p.Errf("unexpected %q: write a block of permissions, one channel a line", p.Val())
	}
	for nesting := p.Nesting(); p.NextBlock(nesting); {
		var err error
		switch option := p.Val(); {
		case !slices.Contains(options, option):
			err = p.unknown(option, options)
		case option == "verify":
			err = p.verify(path, verify)
		default:
			err = p.permission(path, permissions)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// verify parses one line of a permission set for verifications.
func (p *policyParser) verify(path string, verify **config.Verify) error {
	if !p.NextArg() {
		return p.Err("verify needs a channel and territories, as in verify messaging US CA")
	}
	if channel := p.Val(); !slices.Contains(permissionOptions, channel) {
		return p.Errf("unknown channel %q after verify%s", channel, config.DidYouMean(channel, permissionOptions))
	}
	if *verify == nil {
		*verify = new(config.Verify)
	}
	return p.permission(path+".verify", (*config.Permissions)(*verify))
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
