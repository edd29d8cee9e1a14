package handler

import (
	"github.com/caddy-tollgate/tollgate/caddymodule/routecheck"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// Judge implements routecheck.Gate.
func (h *Handler) Judge() *gate.Gate { return &h.gate }

// Brokered implements routecheck.Gate.
func (h *Handler) Brokered() bool { return h.Broker }

// FixedUpstream implements routecheck.Gate.
func (h *Handler) FixedUpstream() string { return h.upstream }

// Interface guard
var _ routecheck.Gate = (*Handler)(nil)
