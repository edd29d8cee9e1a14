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
//		head [<file>] [every <duration>] {
//			post <url> [secret <secret>]
//			bucket <url> {
//				access_key <id> <secret>
//				region <region>
//				retain <duration>
//			}
//		}
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
	const usage = `head needs a file, a server or a bucket: write "head audit-heads.txt", "head audit-heads.txt every 10m", or a block with post or bucket`
	args := p.RemainingArgs()
	p.refusals.Head = new(AuditHead)
	if n := len(args); n >= 2 && args[n-2] == "every" {
		p.refusals.Head.Every, args = args[n-1], args[:n-2]
	}
	if len(args) > 1 {
		return p.Err(usage)
	}
	if len(args) == 1 {
		p.refusals.Head.File = directive.Beside(p.File(), args[0])
	}
	if err := directive.Block(p.Dispenser, []directive.Option{
		{Name: "post", Read: p.headPost}, {Name: "bucket", Read: p.headBucket},
	}); err != nil {
		return err
	}
	if !p.refusals.Head.isStated() {
		return p.Err(usage)
	}
	if _, err := p.refusals.Head.interval(); err != nil {
		return p.WrapErr(err)
	}
	return nil
}

// headPost parses the server that heads are sent to.
func (p *policyParser) headPost() error {
	args := p.RemainingArgs()
	if len(args) != 1 && (len(args) != 3 || args[1] != "secret") {
		return p.Err(`post needs a URL: write "post https://auditor.example/heads", or add "secret {env.HEAD_SECRET}"`)
	}
	p.refusals.Head.Post = &HeadPost{URL: args[0]}
	if len(args) == 3 {
		p.refusals.Head.Post.Secret = args[2]
	}
	return nil
}

// headBucket parses the bucket that heads are put into.
func (p *policyParser) headBucket() error {
	bucket := new(HeadBucket)
	p.refusals.Head.Bucket = bucket
	if err := directive.OneArgument(p.Dispenser, &bucket.URL); err != nil {
		return err
	}
	return directive.Block(p.Dispenser, []directive.Option{
		{Name: "access_key", Read: func() error {
			if !p.AllArgs(&bucket.AccessKeyID, &bucket.SecretAccessKey) {
				return p.Err(`access_key needs an ID and a secret: write "access_key {env.HEAD_KEY_ID} {env.HEAD_KEY}"`)
			}
			return nil
		}},
		{Name: "region", Read: func() error { return directive.OneArgument(p.Dispenser, &bucket.Region) }},
		{Name: "retain", Read: func() error { return directive.OneArgument(p.Dispenser, &bucket.Retain) }},
	})
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
