package app

import (
	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/internal/feed"
)

// feed parses a list of ranges that others keep:
//
//	feed <name> <file or https address> {
//		block | class high_risk_special|high_risk_tollfraud
//		channel    messaging|voice|whatsapp|rcs
//		interval   <duration>
//		max_age    <duration>
//		max_change <percent>
//		minisign   <public key>
//	}
func (p *policyParser) feed() error {
	var f Feed
	if !p.Args(&f.Name, &f.Source) || p.NextArg() {
		return p.Err(`feed needs a name and a source: write "feed <name> <file or https address>", and a block with "block" or "class high_risk_tollfraud"`)
	}
	if !feed.IsAddress(f.Source) {
		f.Source = directive.Beside(p.File(), f.Source)
	}
	text := func(value *string) func() error {
		return func() error { return directive.OneArgument(p.Dispenser, value) }
	}
	err := directive.Block(p.Dispenser, []directive.Option{
		{Name: "block", Read: func() error { return directive.Flag(p.Dispenser, &f.Block) }},
		{Name: "class", Read: text(&f.Class)},
		{Name: "channel", Read: text(&f.Channel)},
		{Name: "interval", Read: text(&f.Interval)},
		{Name: "max_age", Read: text(&f.MaxAge)},
		{Name: "max_change", Read: text(&f.MaxChange)},
		{Name: "minisign", Read: text(&f.Minisign)},
	})
	if err != nil {
		return err
	}
	p.feeds = append(p.feeds, f)
	if err := checkFeeds(p.feeds); err != nil {
		return p.Err(err.Error())
	}
	return nil
}
