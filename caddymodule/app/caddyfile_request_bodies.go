package app

import "github.com/caddy-tollgate/tollgate/caddymodule/directive"

// requestBodiesBlock reads for how long and with how much memory bodies are held.
func (p *policyParser) requestBodiesBlock() error {
	if p.NextArg() {
		return p.ArgErr()
	}
	p.bodies = new(RequestBodies)
	checked := func(value *string) func() error {
		return func() error {
			if err := directive.OneArgument(p.Dispenser, value); err != nil {
				return err
			}
			if err := p.bodies.check(); err != nil {
				return p.WrapErr(err)
			}
			return nil
		}
	}
	return directive.Block(p.Dispenser, []directive.Option{
		{Name: "timeout", Read: checked(&p.bodies.Timeout)},
		{Name: "memory", Read: checked(&p.bodies.Memory)},
	})
}
