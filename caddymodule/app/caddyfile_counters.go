package app

import (
	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
)

// countersBlock parses where it is counted how much was sent:
//
//	counters memory|store
//	counters redis <address> {
//		prefix         <text>
//		timeout        <duration>
//		on_unavailable local|deny
//	}
func (p *policyParser) countersBlock() error {
	p.note("counters")
	p.counters = new(Counters)
	arguments := p.RemainingArgs()
	switch {
	case len(arguments) == 0:
		return p.Err("counters needs an engine: write memory, store, or redis and its address")
	case len(arguments) > 2:
		return p.Errf("unexpected %q after the address of counters", arguments[2])
	case len(arguments) == 2:
		p.counters.Address = arguments[1]
	}
	p.counters.Engine = arguments[0]
	if err := p.counters.check(); err != nil {
		return p.Errf("counters: %w", err)
	}
	checked := func(value *string) func() error {
		return func() error {
			if err := directive.OneArgument(p.Dispenser, value); err != nil {
				return err
			}
			if err := p.counters.check(); err != nil {
				return p.Errf("counters: %w", err)
			}
			return nil
		}
	}
	return directive.Block(p.Dispenser, []directive.Option{
		{Name: "prefix", Read: checked(&p.counters.Prefix)},
		{Name: "timeout", Read: checked(&p.counters.Timeout)},
		{Name: "on_unavailable", Read: checked(&p.counters.OnUnavailable)},
	})
}
