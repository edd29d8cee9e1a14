package app

import (
	"github.com/caddy-tollgate/tollgate/caddymodule/routecheck"
)

// trustedModules reads the IDs of trusted modules. Lines add up.
func (p *policyParser) trustedModules() error {
	ids := p.RemainingArgs()
	if len(ids) == 0 {
		return p.ArgErr()
	}
	p.trusted = append(p.trusted, ids...)
	if err := routecheck.CheckTrusted(p.trusted); err != nil {
		return p.WrapErr(err)
	}
	return nil
}
