package app

import "github.com/caddy-tollgate/tollgate/config"

var requestBodiesOptions = []string{"timeout", "memory"}

// requestBodiesBlock reads for how long and with how much memory bodies are held.
func (p *policyParser) requestBodiesBlock() error {
	if p.bodies != nil {
		return p.Err("request_bodies stands twice")
	}
	if p.NextArg() {
		return p.ArgErr()
	}
	p.bodies = new(RequestBodies)
	for nesting := p.Nesting(); p.NextBlock(nesting); {
		switch option := p.Val(); option {
		case "timeout":
			if err := p.text("request_bodies.timeout", &p.bodies.Timeout); err != nil {
				return err
			}
		case "memory":
			if err := p.text("request_bodies.memory", &p.bodies.Memory); err != nil {
				return err
			}
		default:
			return p.Errf("unknown option %q of request_bodies%s", option, config.DidYouMean(option, requestBodiesOptions))
		}
		if err := p.bodies.check(); err != nil {
			return p.WrapErr(err)
		}
	}
	return nil
}
