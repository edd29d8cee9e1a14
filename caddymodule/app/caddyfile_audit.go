package app

import (
	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
)

// auditBlock parses:
//
//	audit [batched|strict] {
//		retain denials <duration>|forever
//		retain changes forever
//		spool <folder>
//		head <file> [every <duration>]
//	}
func (p *policyParser) auditBlock() error {
	p.refusals = new(Audit)
	if p.NextArg() {
		p.refusals.Mode = p.Val()
		if p.refusals.Mode != auditBatched && p.refusals.Mode != auditStrict {
			return p.Errf(`audit is "batched" or "strict", not %q`, p.Val())
		}
	}
	if p.NextArg() {
		return p.ArgErr()
	}
	return directive.Block(p.Dispenser, []directive.Option{
		{Name: "retain", Repeats: true, Read: p.retain},
		{Name: "spool", Read: func() error {
			if err := directive.OneArgument(p.Dispenser, &p.refusals.Spool); err != nil {
				return err
			}
			p.refusals.Spool = directive.Beside(p.File(), p.refusals.Spool)
			return nil
		}},
		{Name: "head", Read: p.head},
	})
}

// head parses where heads are signed to, and how often.
func (p *policyParser) head() error {
	args := p.RemainingArgs()
	if len(args) != 1 && (len(args) != 3 || args[1] != "every") {
		return p.Err(`head needs a file: write "head audit-heads.txt", or "head audit-heads.txt every 10m"`)
	}
	p.refusals.Head = &AuditHead{File: directive.Beside(p.File(), args[0])}
	if len(args) == 3 {
		p.refusals.Head.Every = args[2]
	}
	if _, err := p.refusals.Head.interval(); err != nil {
		return p.WrapErr(err)
	}
	return nil
}

// retain parses for how long something is kept.
func (p *policyParser) retain() error {
	var what, duration string
	switch {
	case !p.AllArgs(&what, &duration):
		return p.Err(`retain needs what is kept, and for how long: write "retain denials 90d"`)
	case what == "changes" && duration == forever: // the one possibility
		return nil
	case what == "changes":
		return p.Errf("changes cannot be kept for %q: the audit log has no gaps; write forever, or nothing", duration)
	case what != "denials":
		return p.Errf(`nothing is kept of %q: write "retain denials" or "retain changes"`, what)
	case p.refusals.RetainDenials != "":
		return p.Err("retain denials is already specified")
	}
	p.refusals.RetainDenials = duration
	if _, err := p.refusals.retained(); err != nil {
		return p.WrapErr(err)
	}
	return nil
}
