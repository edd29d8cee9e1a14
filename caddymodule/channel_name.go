package caddymodule

import (
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// channelName is the channel of a decision about a send, or empty.
func channelName(d *gate.Decision) string {
	if d.Sends == 0 {
		return ""
	}
	return d.Channel.String()
}
