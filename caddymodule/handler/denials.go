package handler

import (
	"context"
	"net/http"

	"github.com/caddy-tollgate/tollgate/caddymodule/denials"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// newDisclosure makes what decides which clients denials are shown to. It is nil where
// every client is shown them.
func (h *Handler) newDisclosure(ctx context.Context) (*denials.Disclosure, error) {
	prober, _ := h.gate.Carrier.(carrier.CredentialProber)
	return h.CredentialCheck.Provision(ctx, denials.Handler{
		Gate:     &h.gate,
		Prober:   prober,
		Logger:   h.logger,
		Upstream: h.upstream,
		Announce: func(r *http.Request, d *gate.Decision) { h.announce(r, d) },
		Refuse:   h.refuse,
	})
}
