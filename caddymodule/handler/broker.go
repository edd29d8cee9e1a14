package handler

import (
	"errors"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
)

// errNoBroker is a handler whose gate has no keys.
var errNoBroker = errors.New("broker needs keys and credentials: add a broker block to the global tollgate block")

// checkBroker reports what a handler with `broker` lacks, or must not have.
func (h *Handler) checkBroker(a *app.App) error {
	switch {
	case !h.Broker:
		return nil
	case !a.HasBroker():
		return errNoBroker
	case h.Account != "":
		return errors.New("account must not be used with broker: the account of a request is its key's")
	case h.CredentialCheck != nil:
		return errors.New("credential_check must not be used with broker: a client without a key is refused")
	}
	return nil
}
