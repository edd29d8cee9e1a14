package app

import (
	"strconv"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/internal/openings"
)

// openingsBlock parses:
//
//	openings {
//		max       <duration>
//		approvals <number> [for high_risk|by_request|wide...]
//	}
func (p *policyParser) openingsBlock() error {
	p.note("openings")
	if p.NextArg() {
		return p.ArgErr()
	}
	settings := new(openings.Settings)
	err := directive.Block(p.Dispenser, []directive.Option{
		{Name: "max", Read: p.text("openings.max", &settings.Max)},
		{Name: "approvals", Read: func() (err error) { settings.Approvals, err = p.approvals(); return err }},
	})
	if err != nil {
		return err
	}
	if _, err := settings.Rules(); err != nil {
		return p.Errf("openings: %v", err)
	}
	p.openings = settings
	return nil
}

// approvals parses:
//
//	approvals <number> [for high_risk|by_request|wide...]
func (p *policyParser) approvals() (*openings.Approvals, error) {
	p.note("openings.approvals")
	arguments := p.RemainingArgs()
	if len(arguments) == 0 || len(arguments) == 2 {
		return nil, p.Err(`approvals needs a number, such as 1, and may name the openings that need them: approvals 1 for high_risk`)
	}
	count, err := strconv.Atoi(arguments[0])
	if err != nil {
		return nil, p.Errf("%q is not a number of approvals: write 1, or 0 for none", arguments[0])
	}
	stated := &openings.Approvals{Count: &count}
	if len(arguments) > 2 {
		if arguments[1] != "for" {
			return nil, p.Errf(`unexpected %q after the number of approvals: write "for" and the openings that need them`, arguments[1])
		}
		stated.For = arguments[2:]
	}
	return stated, nil
}
