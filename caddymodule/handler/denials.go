package handler

import (
	"context"

	"github.com/caddy-tollgate/tollgate/caddymodule/denials"
	"github.com/caddy-tollgate/tollgate/carrier"
)

// newDoor makes ready to whom denials are shown. It is nil where that is everyone.
func (h *Handler) newDoor(ctx context.Context) (*denials.Door, error) {
	prober, _ := h.gate.Carrier.(carrier.CredentialProber)
	return h.Strangers.Provision(ctx, denials.Handler{
		Gate:        &h.gate,
		Prober:      prober,
		Logger:      h.logger,
		Upstream:    h.upstream,
		Placeholder: h.placeholder,
		Refuse:      h.refuse,
	})
}
