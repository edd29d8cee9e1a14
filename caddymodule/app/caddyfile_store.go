package app

import (
	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/internal/suggest"
)

// storeLine parses:
//
//	store [sqlite [<file>] | postgres <dsn>] [stale deny <duration>]
func (p *policyParser) storeLine() error {
	p.note("store")
	p.store = &Store{Engine: engineSQLite}
	arguments := p.RemainingArgs()
	if n := len(arguments); n >= 3 && arguments[n-3] == "stale" && arguments[n-2] == "deny" {
		p.store.DenyAfter = arguments[n-1]
		if _, err := readDenyAfter(p.store.DenyAfter); err != nil {
			return p.Errf("stale deny: %w", err)
		}
		arguments = arguments[:n-3]
	}
	if len(arguments) == 0 {
		return nil
	}
	engine, rest := arguments[0], arguments[1:]
	switch {
	case engine == engineSQLite && len(rest) == 0:
	case engine == engineSQLite && len(rest) == 1:
		p.store.Path = directive.Beside(p.File(), rest[0])
	case engine == enginePostgres && len(rest) == 1:
		p.store.Engine, p.store.DSN = enginePostgres, rest[0]
	case engine == enginePostgres && len(rest) == 0:
		return p.Err("store postgres needs a DSN, such as {env.TOLLGATE_DSN}")
	case engine != engineSQLite && engine != enginePostgres:
		return p.Errf("unknown engine of a store %q%s", engine, suggest.DidYouMean(engine, []string{engineSQLite, enginePostgres}, nil))
	default:
		return p.Errf(`unexpected %q after store %s: only "stale deny" and a duration may follow`, rest[1], engine)
	}
	return nil
}
