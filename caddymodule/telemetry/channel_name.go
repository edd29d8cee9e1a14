package telemetry

import (
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// ChannelName is the channel of a decision about a send, or empty.
func ChannelName(d *gate.Decision) string {
	if d.Sends == 0 {
		return ""
	}
	return d.Channel.String()
}
