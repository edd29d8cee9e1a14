package caddymodule

import (
	"math"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/dustin/go-humanize"

	"github.com/caddy-tollgate/tollgate/config"
)

var requestBodiesOptions = []string{"timeout", "memory"}

// requestBodiesBlock reads for how long and with how much memory bodies are held.
func (p *policyParser) requestBodiesBlock() error {
	if p.bodies != nil {
		return p.Err("request_bodies stands twice")
	}
	if p.NextArg() {
		return p.ArgErr()
	}
	p.bodies = new(RequestBodies)
	for nesting := p.Nesting(); p.NextBlock(nesting); {
		option := p.Val()
		var value string
		if option == "timeout" || option == "memory" {
			if !p.AllArgs(&value) {
				return p.ArgErr()
			}
		}
		switch option {
		case "timeout":
			if p.bodies.Timeout != 0 {
				return p.Err("timeout stands twice")
			}
			timeout, err := caddy.ParseDuration(value)
			if err != nil || timeout <= 0 {
				return p.WrapErr(errBodyTimeout)
			}
			p.bodies.Timeout = caddy.Duration(timeout / time.Nanosecond)
		case "memory":
			if p.bodies.Memory != 0 {
				return p.Err("memory stands twice")
			}
			memory, err := humanize.ParseBytes(value)
			if err != nil || memory < leastBodyMemory || memory > math.MaxInt64 {
				return p.WrapErr(errBodyMemory)
			}
			p.bodies.Memory = int64(memory)
		default:
			return p.Errf("unknown option of request_bodies%s", config.DidYouMean(option, requestBodiesOptions))
		}
	}
	return nil
}
