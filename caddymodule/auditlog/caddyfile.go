package auditlog

import (
	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
)

// standardWriters are the log writers that have no package of their own.
var standardWriters = map[string]caddy.WriterOpener{
	"stdout":  caddy.StdoutWriter{},
	"stderr":  caddy.StderrWriter{},
	"discard": caddy.DiscardWriter{},
}

// Parse parses, behind the name of the option:
//
//	audit_log [required] <writer...> {
//		<options of the writer>
//	}
func Parse(d *caddyfile.Dispenser) (*AuditLog, error) {
	a := new(AuditLog)
	if !d.NextArg() {
		return nil, d.Err(`audit_log needs a writer: write "audit_log file <path>", or "audit_log required file <path>"`)
	}
	if d.Val() == "required" {
		a.Required = true
		if !d.NextArg() {
			return nil, d.Err(`audit_log required needs a writer: write "audit_log required file <path>"`)
		}
	}
	name := d.Val()
	opener, standard := standardWriters[name]
	if standard {
		if d.NextArg() {
			return nil, d.ArgErr()
		}
	} else {
		id := "caddy.logging.writers." + name
		if _, err := caddy.GetModule(id); err != nil {
			return nil, d.Errf(`unknown log writer %q: write one of Caddy's, such as "file <path>", "stdout" or "net <address>"`, name)
		}
		module, err := caddyfile.UnmarshalModule(d, id)
		if err != nil {
			return nil, err
		}
		var ok bool
		if opener, ok = module.(caddy.WriterOpener); !ok {
			return nil, d.Errf("%q is not a log writer", name)
		}
	}
	a.WriterRaw = caddyconfig.JSONModuleObject(opener, "output", name, nil)
	return a, nil
}
