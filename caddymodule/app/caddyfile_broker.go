package app

import (
	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/config"
)

var brokerOptions = []string{"keys", "credential"}

// brokerBlock reads where the gate's keys are, and the carrier's credentials.
func (p *policyParser) brokerBlock() error {
	if p.NextArg() {
		return p.ArgErr()
	}
	p.broker = new(Broker)
	for nesting := p.Nesting(); p.NextBlock(nesting); {
		switch option := p.Val(); option {
		case "keys":
			if p.broker.Keys != "" {
				return p.Err("keys is already specified: a broker has one key file")
			}
			if !p.AllArgs(&p.broker.Keys) {
				return p.ArgErr()
			}
			p.broker.Keys = directive.Beside(p.File(), p.broker.Keys)
		case "credential":
			if err := p.carrierCredential(); err != nil {
				return err
			}
		default:
			return p.Errf("unknown option of broker%s", config.DidYouMean(option, brokerOptions))
		}
	}
	if p.broker.Keys == "" {
		p.withoutKeys = p.WrapErr(errNoKeys)
	}
	if err := p.broker.check(true); err != nil { // the line of the store may come later
		return p.WrapErr(err)
	}
	return nil
}

// carrierCredential reads one credential. Mistakes do not repeat what is written: it
// may be a secret.
func (p *policyParser) carrierCredential() error {
	var c CarrierCredential
	if !p.AllArgs(&c.Account, &c.User, &c.Secret) {
		return p.Err("a credential is three words: the account, the user and the secret, as {env.*} or {file.*}")
	}
	if err := c.check(); err != nil {
		return p.WrapErr(err)
	}
	p.broker.Credentials = append(p.broker.Credentials, c)
	return nil
}
