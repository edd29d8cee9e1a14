package caddymodule

import (
	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
)

func init() {
	caddy.RegisterModule(Twilio{})
}

// carrierModule is a guest module in the namespace tollgate.carriers.
type carrierModule interface {
	Carrier() carrier.Carrier
}

// Twilio is the carrier Twilio: its messages, calls and the other operations
// of its REST API that reach a phone.
type Twilio struct{}

// CaddyModule returns the Caddy module information.
func (Twilio) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "tollgate.carriers.twilio",
		New: func() caddy.Module { return new(Twilio) },
	}
}

// Carrier returns what is known of the carrier's API.
func (Twilio) Carrier() carrier.Carrier { return twilio.Twilio{} }

// Interface guard
var _ carrierModule = Twilio{}
