package app

import (
	"fmt"
	"strings"

	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/auditlog"
	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/openings"
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
	p := policyParser{Dispenser: d, positions: make(decode.Positions)}
	if err := p.parse(); err != nil {
		return nil, err
	}
	source := config.Source{Document: p.document, Positions: p.positions}
	if err := config.Check(source, p.file != "", carriers.All()); err != nil {
		return nil, err
	}
	return httpcaddyfile.App{
		Name: "tollgate",
		Value: caddyconfig.JSON(App{
			PolicyFile: p.file, PolicyFileComplete: p.complete, Numbering: p.numbering, GeoIP: p.geoip, Rates: p.rates, Feeds: p.feeds, Broker: p.broker, RequestBodies: p.bodies, TrustedModules: p.trusted,
			Store: p.store, Counters: p.counters, Audit: p.refusals, Administrators: p.administrators, Openings: p.openings, AuditLog: p.audit, Notices: p.notices, Document: config.Merge(source),
		}, nil),
	}, nil
}

// policyParser reads a policy from Caddyfile tokens. Syntax:
//
//	tollgate {
//		policy <file, relative to this one> [complete]
//		numbering <file, relative to this one> [sha256 <digits>]
//		geoip <file, relative to this one>
//		rates <file, relative to this one>
//		feed <name> <file, relative to this one, or https address> {
//			block | class high_risk_special|high_risk_tollfraud
//			channel    messaging|voice|whatsapp|rcs
//			interval   <duration>
//			max_age    <duration>
//			max_change <percent>
//			minisign   <public key>
//		}
//		broker {
//			keys       <file, relative to this one>
//			credential <account> <user> <secret>
//		}
//		request_bodies {
//			timeout <duration>
//			memory  <size>
//		}
//		trusted_modules <module ID...>
//		store [sqlite [<file, relative to this one>] | postgres <dsn>] [stale deny <duration>]
//		counters memory
//		counters redis <address> {
//			prefix         <text>
//			timeout        <duration>
//			on_unavailable local|deny
//		}
//		audit [batched|strict] {
//			retain denials <duration>|forever
//			retain changes forever
//			spool  <folder, relative to this one>
//			head   <file, relative to this one> [every <duration>]
//		}
//		administrators {
//			owner|admin|approver|viewer <pattern...>
//		}
//		openings {
//			max       <duration>
//			approvals <number> [for high_risk|by_request|wide...]
//		}
//		audit_log [required] <writer...> {
//			<options of the writer>
//		}
//		incidents {
//			quiet <duration>
//		}
//		webhook <url> {
//			format standard|slack
//			secret <secret...>
//			events <event...>
//		}
//		email {
//			to     <address...>
//			from   <address>
//			server <url>
//			tls    mandatory|none
//			login  <user> <password>
//			events <event...>
//		}
//		observe [<reason>] [until <time>]
//		national strict
//		stored            allow|deny
//		unscoped_service  allow|deny
//		messaging_special allow|deny
//		unallocated       [messaging|voice] allow|monitor|deny
//		url_hosts         <host...>|none
//		default {
//			messaging|whatsapp|rcs <territory...>|none
//			voice [<class>] <territory...>|none
//			verify messaging|voice|whatsapp|rcs …
//		}
//		limit <name> [messaging|voice|verify] <amount>/<window> [of <measure>] per <dimension...> [monitor|deny]
//		limit <name> [voice] <amount> of calls per <dimension...> [monitor|deny]
//		max_call <duration>
//		price_limit [<price>/message] [<price>/minute] [unpriced allow|deny]
//		block|allow <prefix> [messaging|voice|whatsapp|rcs] <reason> [except <prefix...>] [from <time>] [until <time>]
//		range       <prefix> <territory> [<class>]
//		unsupported messaging|voice|whatsapp|rcs <territory...>|none
//		by_request  voice <territory...>|none
//		account <name or id> [<label>] {
//			at <carrier> <id>
//			parent <name or id>
//			messaging|whatsapp|rcs …
//			voice …
//			verify messaging|voice|whatsapp|rcs …
//			home  <territory>
//			trial [<number...>]
//			keys  <sid...>
//			credential <OAuth client or digest of a token...>
//			sender <sender> {
//				messaging|whatsapp|rcs …
//				voice …
//			}
//			limit …
//			max_call <duration>
//			price_limit [<price>/message] [<price>/minute] [unpriced allow|deny]
//			block|allow …
//			opening <territory or prefix> [messaging|voice|whatsapp|rcs] [<class>] <reason> [ticket <ticket>] [from <time>] until <time> [acknowledge_high_risk]
//			approved <territory> voice <reason>
//			control allow <group...>|none
//			stored            allow|deny
//			unscoped_service  allow|deny
//			messaging_special allow|deny
//			unallocated       [messaging|voice] allow|monitor|deny
//			url_hosts         <host...>|none
//			suspended [<reason>] [until <time>]
//			monitor   [<reason>] [until <time>]
//		}
//	}
//
// Options that are specified more than once add up.
type policyParser struct {
	*caddyfile.Dispenser
	// file is the policy file that adds to the document. If it is to be complete, it must
	// state its end.
	file           string
	complete       bool
	numbering      *NumberingData
	geoip          *GeoIP
	rates          *Rates
	feeds          []Feed
	broker         *Broker
	withoutKeys    error // of a broker that needs a store
	bodies         *RequestBodies
	trusted        []string
	audit          *auditlog.AuditLog
	store          *Store
	counters       *Counters
	refusals       *Audit
	administrators *access.Administrators
	openings       *openings.Settings
	notices        Notices
	document       config.Document
	positions      decode.Positions
}

func (p *policyParser) parse() error {
	p.Next() // consume option name
	if p.NextArg() {
		return p.ArgErr()
	}
	d := &p.document
	err := directive.Block(p.Dispenser, []directive.Option{
		{Name: "policy", Read: p.policyFile},
		{Name: "numbering", Read: p.numberingData},
		{Name: "geoip", Read: p.geoIP},
		{Name: "rates", Read: p.ratesFile},
		{Name: "feed", Repeats: true, Read: p.feed},
		{Name: "broker", Read: p.brokerBlock},
		{Name: "request_bodies", Read: p.requestBodiesBlock},
		{Name: "trusted_modules", Repeats: true, Read: p.trustedModules},
		{Name: "store", Read: p.storeLine},
		{Name: "counters", Read: p.countersBlock},
		{Name: "audit", Read: p.auditBlock},
		{Name: "administrators", Read: p.administratorsBlock},
		{Name: "openings", Read: p.openingsBlock},
		{Name: "audit_log", Read: func() (err error) { p.audit, err = auditlog.Parse(p.Dispenser); return err }},
		{Name: "incidents", Read: p.incidentsBlock},
		{Name: "webhook", Repeats: true, Read: p.webhookBlock},
		{Name: "email", Read: p.emailBlock},
		{Name: "observe", Repeats: true, Read: p.turned("observe", &d.Observe)},
		{Name: "national", Read: p.text("national", &d.National)},
		{Name: "default", Repeats: true, Read: p.defaultBlock},
		{Name: "block", Repeats: true, Read: p.prefix("prefixes", &d.Prefixes)},
		{Name: "allow", Repeats: true, Read: p.prefix("prefixes", &d.Prefixes)},
		{Name: "range", Repeats: true, Read: p.numberRange},
		{Name: "unsupported", Repeats: true, Read: p.unsupported},
		{Name: "by_request", Repeats: true, Read: p.byRequest},
		{Name: "stored", Read: p.text("stored", &d.Stored)},
		{Name: "unscoped_service", Read: p.text("unscoped_service", &d.UnscopedService)},
		{Name: "messaging_special", Read: p.text("messaging_special", &d.MessagingSpecial)},
		{Name: "unallocated", Repeats: true, Read: p.unallocated("unallocated", &d.Unallocated)},
		{Name: "url_hosts", Repeats: true, Read: p.hosts("url_hosts", &d.URLHosts)},
		{Name: "limit", Repeats: true, Read: p.limit("limits", &d.Limits)},
		{Name: "max_call", Read: p.text("max_call", &d.MaxCall)},
		{Name: "price_limit", Read: p.priceLimit("price_limit", &d.PriceLimit)},
		{Name: "account", Repeats: true, Read: p.account},
	})
	if err == nil && p.store == nil {
		err = p.withoutKeys
	}
	return err
}

// policyFile parses:
//
//	policy <file> [complete]
func (p *policyParser) policyFile() error {
	p.note("policy")
	if !p.NextArg() {
		return p.ArgErr()
	}
	p.file = directive.Beside(p.File(), p.Val())
	if p.NextArg() {
		if p.complete = p.Val() == "complete"; !p.complete {
			return p.Errf(`unexpected %q after the policy file: write "complete" or nothing: "complete" is for a file that must state its end`, p.Val())
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
		return p.Err("account needs a name, or the identifier of an account")
	}
	p.note(path)
	a.ID = p.Val()
	if p.NextArg() {
		a.Label = p.Val()
	}
	if p.NextArg() {
		return p.Errf("unexpected %q after the label of an account: write a label of several words in quotes", p.Val())
	}
	if err := directive.Block(p.Dispenser, p.accountOptions(path, &a)); err != nil {
		return err
	}
	p.document.Accounts = append(p.document.Accounts, a)
	return nil
}

func (p *policyParser) accountOptions(path string, a *config.Account) []directive.Option {
	return append([]directive.Option{
		{Name: "at", Repeats: true, Read: func() error { return p.at(path, a) }},
		{Name: "parent", Read: p.text(path+".parent", &a.Parent)},
		{Name: "home", Read: p.text(path+".home", (*string)(&a.Home))},
		{Name: "trial", Repeats: true, Read: p.texts(path+".trial", (*[]string)(&a.Trial))},
		{Name: "keys", Repeats: true, Read: p.someTexts(path+".keys", &a.Keys)},
		{Name: "credential", Repeats: true, Read: p.someTexts(path+".credentials", &a.Credentials)},
		{Name: "sender", Repeats: true, Read: func() error { return p.sender(path, a) }},
		{Name: "block", Repeats: true, Read: p.prefix(path+".prefixes", &a.Prefixes)},
		{Name: "allow", Repeats: true, Read: p.prefix(path+".prefixes", &a.Prefixes)},
		{Name: "opening", Repeats: true, Read: func() error { return p.opening(path, a) }},
		{Name: "approved", Repeats: true, Read: func() error { return p.approved(path, a) }},
		{Name: "control", Repeats: true, Read: p.control(path+".control", &a.Control)},
		{Name: "stored", Read: p.text(path+".stored", &a.Stored)},
		{Name: "unscoped_service", Read: p.text(path+".unscoped_service", &a.UnscopedService)},
		{Name: "messaging_special", Read: p.text(path+".messaging_special", &a.MessagingSpecial)},
		{Name: "unallocated", Repeats: true, Read: p.unallocated(path+".unallocated", &a.Unallocated)},
		{Name: "url_hosts", Repeats: true, Read: p.hosts(path+".url_hosts", &a.URLHosts)},
		{Name: "limit", Repeats: true, Read: p.limit(path+".limits", &a.Limits)},
		{Name: "max_call", Read: p.text(path+".max_call", &a.MaxCall)},
		{Name: "price_limit", Read: p.priceLimit(path+".price_limit", &a.PriceLimit)},
		{Name: "suspended", Repeats: true, Read: p.turned(path+".suspended", &a.Suspended)},
		{Name: "monitor", Repeats: true, Read: p.turned(path+".monitor", &a.Monitor)},
		{Name: "verify", Repeats: true, Read: p.verify(path, &a.Verify)},
	}, p.permissionOptions(path, &a.Permissions)...)
}

// at parses one id of an account:
//
//	at <carrier> <id>
func (p *policyParser) at(path string, a *config.Account) error {
	var carrier, id string
	if !p.AllArgs(&carrier, &id) {
		return p.Errf("at needs a carrier and the account's id there: write %s", atForms())
	}
	if _, twice := a.At[carrier]; twice {
		return p.Errf("at %s is already specified: an account has one id at a carrier", carrier)
	}
	p.note(path + ".at." + carrier)
	if a.At == nil {
		p.note(path + ".at")
		a.At = make(config.At)
	}
	a.At[carrier] = id
	return nil
}

// atForms says how at is written for each carrier.
func atForms() string {
	all := carriers.All()
	forms := make([]string, len(all))
	for i, c := range all {
		forms[i] = fmt.Sprintf("%q and %s", "at "+c.Name(), c.Identifiers().Form(policy.AccountID))
	}
	return strings.Join(forms, ", or ")
}

func (p *policyParser) sender(path string, a *config.Account) error {
	var name string
	if !p.AllArgs(&name) {
		return p.Err("sender needs one name: write a number without spaces, other names with spaces in quotes")
	}
	path += ".senders." + name
	p.note(path)
	if _, twice := a.Senders[name]; twice {
		return p.Errf("sender %s is already defined", name)
	}
	var permissions config.Permissions
	if err := p.permissionBlock(p.permissionOptions(path, &permissions)); err != nil {
		return err
	}
	if a.Senders == nil {
		a.Senders = make(config.Senders)
	}
	a.Senders[name] = permissions
	return nil
}
