package caddymodule

import "context"

// newDoor makes ready to whom denials are shown. It is nil where that is everyone.
func (h *Handler) newDoor(ctx context.Context) (*door, error) {
	return h.Strangers.provision(ctx, DeniedHandler{
		Gate:        &h.gate,
		Logger:      h.logger,
		Upstream:    h.upstream,
		Placeholder: h.placeholder,
		Refuse:      h.refuse,
	})
}
