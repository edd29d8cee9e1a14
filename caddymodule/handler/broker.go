package handler

import (
	"errors"
	"fmt"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/carrier"
)

// errNoBroker is a handler whose gate has no keys.
var errNoBroker = errors.New("broker needs keys and credentials: add a broker block to the global tollgate block")

// checkBroker reports what a handler with `broker` lacks, or must not have. It returns
// what no key can ask for.
func (h *Handler) checkBroker(a *app.App) (carrier.BrokerDenylist, error) {
	denylist, known := h.gate.Carrier.(carrier.BrokerDenylist)
	switch {
	case !h.Broker:
		return nil, nil
	case !known:
		return nil, fmt.Errorf("broker cannot be used with the carrier %q: "+
			"which of its answers hold a credential is unknown", h.gate.Carrier.Name())
	case !a.HasBroker():
		return nil, errNoBroker
	case h.Account != "":
		return nil, errors.New("account must not be used with broker: the account of a request is that of its key")
	case h.CredentialCheck != nil:
		return nil, errors.New("credential_check must not be used with broker: a client without a key is refused")
	}
	return denylist, nil
}
