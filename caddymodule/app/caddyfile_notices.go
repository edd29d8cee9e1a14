package app

import (
	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
)

// incidentsBlock parses:
//
//	incidents {
//		quiet <duration>
//	}
func (p *policyParser) incidentsBlock() error {
	if p.NextArg() {
		return p.ArgErr()
	}
	p.notices.Incidents = new(Incidents)
	err := directive.Block(p.Dispenser, []directive.Option{
		{Name: "quiet", Read: func() error { return directive.OneArgument(p.Dispenser, &p.notices.Incidents.Quiet) }},
	})
	if err != nil {
		return err
	}
	if _, err := p.notices.Incidents.quiet(); err != nil {
		return p.WrapErr(err)
	}
	return nil
}

// webhookBlock parses:
//
//	webhook <url> {
//		format standard|slack
//		secret <secret...>
//		events <event...>
//	}
func (p *policyParser) webhookBlock() error {
	var w Webhook
	if !p.AllArgs(&w.URL) {
		return p.Err("webhook needs one URL, such as https://alerts.example/tollgate")
	}
	err := directive.Block(p.Dispenser, []directive.Option{
		{Name: "format", Read: func() error { return directive.OneOf(p.Dispenser, &w.Format, webhookFormats) }},
		{Name: "secret", Repeats: true, Read: p.words(&w.Secrets)},
		{Name: "events", Repeats: true, Read: p.words(&w.Events)},
	})
	if err != nil {
		return err
	}
	if err := w.check(); err != nil {
		return p.WrapErr(err)
	}
	p.notices.Webhooks = append(p.notices.Webhooks, w)
	return nil
}

// emailBlock parses:
//
//	email {
//		to     <address...>
//		from   <address>
//		server <url>
//		tls    mandatory|none
//		login  <user> <password>
//		events <event...>
//	}
func (p *policyParser) emailBlock() error {
	if p.NextArg() {
		return p.ArgErr()
	}
	e := new(Email)
	err := directive.Block(p.Dispenser, []directive.Option{
		{Name: "to", Repeats: true, Read: p.words(&e.To)},
		{Name: "from", Read: func() error { return directive.OneArgument(p.Dispenser, &e.From) }},
		{Name: "server", Read: func() error { return directive.OneArgument(p.Dispenser, &e.Server) }},
		{Name: "tls", Read: func() error { return directive.OneOf(p.Dispenser, &e.TLS, tlsModes) }},
		{Name: "login", Read: func() error {
			if !p.AllArgs(&e.User, &e.Password) {
				return p.Err(`login needs a user and a password: write "login {env.SMTP_USER} {env.SMTP_PASSWORD}"`)
			}
			return nil
		}},
		{Name: "events", Repeats: true, Read: p.words(&e.Events)},
	})
	if err != nil {
		return err
	}
	if err := e.check(); err != nil {
		return p.WrapErr(err)
	}
	p.notices.Email = e
	return nil
}

// words reads the arguments of an option, at least one, and adds them to a list.
func (p *policyParser) words(list *[]string) func() error {
	return func() error {
		arguments := p.RemainingArgs()
		if len(arguments) == 0 {
			return p.ArgErr()
		}
		*list = append(*list, arguments...)
		return nil
	}
}
