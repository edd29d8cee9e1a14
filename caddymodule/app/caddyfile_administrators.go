package app

import (
	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/internal/access"
)

// administratorsBlock parses:
//
//	administrators {
//		owner|admin|approver|viewer <pattern...>
//	}
func (p *policyParser) administratorsBlock() error {
	p.note("administrators")
	if p.NextArg() {
		return p.ArgErr()
	}
	a := new(access.Administrators)
	role := func(name string, patterns *[]string) directive.Option {
		return directive.Option{Name: name, Repeats: true, Read: p.someTexts("administrators."+name, patterns)}
	}
	err := directive.Block(p.Dispenser, []directive.Option{
		role("owner", &a.Owner), role("admin", &a.Admin), role("approver", &a.Approver), role("viewer", &a.Viewer),
	})
	if err != nil {
		return err
	}
	if err := a.Check(); err != nil {
		return p.Errf("administrators: %v", err)
	}
	p.administrators = a
	return nil
}
