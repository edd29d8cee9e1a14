package app

import (
	"fmt"

	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/auditlog"
	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/config"
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
	config.Canonicalize(&p.document)
	if err := config.Check(config.Source{Document: p.document, Positions: p.positions}, p.file != "", carriers.All()); err != nil {
		return nil, err
	}
	return httpcaddyfile.App{
		Name: "tollgate",
		Value: caddyconfig.JSON(App{
			Policy: p.file, PolicyComplete: p.complete, Broker: p.broker, RequestBodies: p.bodies, TrustedModules: p.trusted,
			AuditLog: p.audit, Document: p.document,
		}, nil),
	}, nil
}

// policyParser reads a policy from Caddyfile tokens. Syntax:
//
//	tollgate {
//		policy <file, relative to this one> [complete]
//		broker {
//			keys       <file, relative to this one>
//			credential <account> <user> <secret>
//		}
//		request_bodies {
//			timeout <duration>
//			memory  <size>
//		}
//		trusted_modules <module ID...>
//		audit_log [required] <writer...> {
//			<options of the writer>
//		}
//		observe
//		national strict
//		stored            allow|deny
//		unscoped_service  allow|deny
//		messaging_special allow|deny
//		url_hosts         <host...>|none
//		default {
//			messaging <territory...>|none
//			voice [<class>] <territory...>|none
//			verify messaging|voice …
//		}
//		block|allow <prefix> [messaging|voice] <reason> [until <time>]
//		range       <prefix> <territory> [<class>]
//		unsupported messaging|voice <territory...>|none
//		by_request  voice <territory...>|none
//		account <sid> [<name>] {
//			parent <sid>
//			messaging …
//			voice …
//			verify messaging|voice …
//			home  <territory>
//			trial [<number...>]
//			keys  <sid...>
//			credential <OAuth client or digest of a token...>
//			sender <sender> {
//				messaging …
//				voice …
//			}
//			block|allow …
//			approved <territory> voice <reason>
//			control allow <group...>|none
//			stored            allow|deny
//			unscoped_service  allow|deny
//			messaging_special allow|deny
//			url_hosts         <host...>|none
//			suspended
//			monitor
//		}
//	}
//
// Lines that stand more than once add up.
type policyParser struct {
	*caddyfile.Dispenser
	// file is the policy file that adds to the document. It must state its end if it is
	// to be complete.
	file      string
	complete  bool
	broker    *Broker
	bodies    *RequestBodies
	trusted   []string
	audit     *auditlog.AuditLog
	document  config.Document
	positions config.Positions
}

var (
	policyOptions = []string{"policy", "broker", "request_bodies", "trusted_modules", "audit_log", "observe", "national", "default", "block", "allow", "range",
		"unsupported", "by_request", "stored", "unscoped_service", "messaging_special", "url_hosts", "account"}
	permissionOptions = []string{"messaging", "voice"}
	defaultOptions    = append(permissionOptions[:2:2], "verify")
	accountOptions    = append([]string{"parent", "home", "trial", "keys", "credential", "sender", "block", "allow",
		"approved", "control", "stored", "unscoped_service", "messaging_special", "url_hosts", "suspended", "monitor"}, defaultOptions...)
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
		case "policy":
			err = p.policyFile()
		case "broker":
			err = p.brokerBlock()
		case "request_bodies":
			err = p.requestBodiesBlock()
		case "trusted_modules":
			err = p.trustedModules()
		case "audit_log":
			if p.audit != nil {
				return p.Err("audit_log stands twice")
			}
			p.audit, err = auditlog.Parse(p.Dispenser)
		case "observe":
			err = p.flag(&d.Observe)
		case "national":
			err = p.text("national", &d.National)
		case "default":
			if d.Default == nil {
				d.Default = new(config.Default)
			}
			err = p.permissions("default", defaultOptions, &d.Default.Permissions, &d.Default.Verify)
		case "stored":
			err = p.text("stored", &d.Stored)
		case "unscoped_service":
			err = p.text("unscoped_service", &d.UnscopedService)
		case "messaging_special":
			err = p.text("messaging_special", &d.MessagingSpecial)
		case "url_hosts":
			err = p.hosts("url_hosts", &d.URLHosts)
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

// policyFile parses:
//
//	policy <file> [complete]
func (p *policyParser) policyFile() error {
	p.note("policy")
	if p.file != "" {
		return p.Err("policy stands twice")
	}
	if !p.NextArg() {
		return p.ArgErr()
	}
	p.file = directive.Beside(p.File(), p.Val())
	if p.NextArg() {
		if p.complete = p.Val() == "complete"; !p.complete {
			return p.Errf(`unexpected %q after the policy file: only "complete" may stand there, for a file that must state its end`, p.Val())
		}
	}
	if p.NextArg() {
		return p.ArgErr()
	}
	return nil
}

func (p *policyParser) account() error {
	path := fmt.Sprintf("accounts[%d]", len(p.document.Accounts))
	var a config.Account
	if !p.NextArg() {
		return p.Err("account needs the identifier of an account")
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
		case "verify":
			err = p.verify(path, &a.Verify)
		case "home":
			err = p.text(path+".home", &a.Home)
		case "trial":
			err = p.texts(path+".trial", (*[]string)(&a.Trial))
		case "keys":
			err = p.someTexts(path+".keys", &a.Keys)
		case "credential":
			err = p.someTexts(path+".credentials", &a.Credentials)
		case "sender":
			err = p.sender(path, &a)
		case "block", "allow":
			err = p.prefix(path+".prefixes", &a.Prefixes)
		case "approved":
			err = p.approved(path, &a)
		case "control":
			err = p.control(path+".control", &a.Control)
		case "stored":
			err = p.text(path+".stored", &a.Stored)
		case "unscoped_service":
			err = p.text(path+".unscoped_service", &a.UnscopedService)
		case "messaging_special":
			err = p.text(path+".messaging_special", &a.MessagingSpecial)
		case "url_hosts":
			err = p.hosts(path+".url_hosts", &a.URLHosts)
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
		return p.Err("sender needs one name: write a number without spaces, other names with spaces in quotes")
	}
	path += ".senders." + name
	p.note(path)
	if _, twice := a.Senders[name]; twice {
		return p.Errf("sender %s is defined twice", name)
	}
	var permissions config.Permissions
	if err := p.permissions(path, permissionOptions, &permissions, nil); err != nil {
		return err
	}
	if a.Senders == nil {
		a.Senders = make(map[string]config.Permissions)
	}
	a.Senders[name] = permissions
	return nil
}
