package carriers

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/suggest"
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

// errNoCarrier is a handler that names no carrier.
var errNoCarrier = errors.New(`the tollgate handler needs a carrier, such as "twilio"`)

// Load loads the carrier of a handler.
func Load(ctx caddy.Context, handler any, raw json.RawMessage) (carrier.Carrier, error) {
	if raw == nil {
		return nil, errNoCarrier
	}
	module, err := ctx.LoadModule(handler, "CarrierRaw")
	if err != nil {
		return nil, fmt.Errorf("loading the carrier: %w", err)
	}
	loaded, ok := module.(carrierModule)
	if !ok {
		return nil, fmt.Errorf("module %T is in the namespace of carriers but is not a carrier", module)
	}
	return loaded.Carrier(), nil
}

// Named returns the carrier that a Caddyfile names.
func Named(name string) (carrier.Carrier, error) {
	module, err := caddy.GetModule(carrierNamespace + "." + name)
	if err != nil {
		return nil, fmt.Errorf("unknown carrier %q%s", name, suggest.DidYouMean(name, carrierNames(), nil))
	}
	return module.New().(carrierModule).Carrier(), nil
}

// carrierNames lists the carriers that are registered as modules.
func carrierNames() []string {
	var names []string
	for _, module := range caddy.GetModules(carrierNamespace) {
		names = append(names, module.ID.Name())
	}
	return names
}

const carrierNamespace = "tollgate.carriers"

// Interface guard
var _ carrierModule = Twilio{}
