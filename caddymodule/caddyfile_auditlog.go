package caddymodule

import (
	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
)

// standardWriters are the log writers that are no modules of a package of their own.
var standardWriters = map[string]caddy.WriterOpener{
	"stdout":  caddy.StdoutWriter{},
	"stderr":  caddy.StderrWriter{},
	"discard": caddy.DiscardWriter{},
}

// auditLog parses:
//
//	audit_log [required] <writer...> {
//		<options of the writer>
//	}
func (p *policyParser) auditLog() error {
	if p.audit != nil {
		return p.Err("audit_log stands twice")
	}
	p.audit = new(AuditLog)
	if !p.NextArg() {
		return p.Err(`audit_log needs a writer: write "audit_log file <path>", or "audit_log required file <path>"`)
	}
	if p.Val() == "required" {
		p.audit.Required = true
		if !p.NextArg() {
			return p.Err(`audit_log required needs a writer: write "audit_log required file <path>"`)
		}
	}
	name := p.Val()
	opener, standard := standardWriters[name]
	if standard {
		if p.NextArg() {
			return p.ArgErr()
		}
	} else {
		id := "caddy.logging.writers." + name
		if _, err := caddy.GetModule(id); err != nil {
			return p.Errf(`unknown log writer %q: write one of Caddy's, such as "file <path>", "stdout" or "net <address>"`, name)
		}
		module, err := caddyfile.UnmarshalModule(p.Dispenser, id)
		if err != nil {
			return err
		}
		var ok bool
		if opener, ok = module.(caddy.WriterOpener); !ok {
			return p.Errf("%q is no log writer", name)
		}
	}
	p.audit.WriterRaw = caddyconfig.JSONModuleObject(opener, "output", name, nil)
	return nil
}
