package handler

import (
	"net/http"
	"slices"

	"github.com/caddy-tollgate/tollgate/api/twilio"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// serveShared answers a resource that the carrier has records of too, for a credential that the
// carrier accepts. Where it does not answer, nothing is recorded: the request goes on like any
// other.
func (h *Handler) serveShared(w http.ResponseWriter, r *http.Request, d *gate.Decision) (answered bool, err error) {
	request, err := h.resourceRequest(r, d)
	if err != nil {
		return true, h.refuseResource(w, r, d, carrier.CredentialDenied)
	}
	resources := twilio.Resources{Service: h.app.Permissions()}
	answer := resources.Answer(r.Context(), d.Operation.Product, request)
	if answer.FromCarrier {
		return false, nil
	}
	d.AnsweredHere(true)
	_ = h.record(r, d, nil) // it may be lost to the audit log: it sends nothing
	writeResource(w, answer)
	return true, nil
}

// asksCarrier reports whether a request is for the carrier's first page, by the link on the gate's
// last one, and makes it the one that a client would send that knows of no gate. It is judged
// afterwards. A target that two readers may understand differently stays as it is.
func (p *permissionsAPI) asksCarrier(r *http.Request) bool {
	if p == nil || r.URL.RawQuery == "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	query, ok := twilio.CarriersQuery(r.URL.Path, r.URL.RawQuery)
	if !ok || r.RequestURI != r.URL.RequestURI() {
		return false
	}
	r.URL.RawQuery = query
	r.RequestURI = r.URL.RequestURI()
	return true
}

// subaccountOf finds subaccounts of an account by their ids at the carrier.
func (h *Handler) subaccountOf(account string) func(id string) (own string, ok bool) {
	return func(id string) (string, bool) {
		id, ok := h.gate.Carrier.Identifiers().Canonical(policy.AccountID, id)
		if !ok {
			return "", false
		}
		snapshot := h.gate.Rules().Snapshot
		own, ok := snapshot.IDOf(policy.CarrierAccount{Carrier: h.gate.Carrier.Name(), ID: id})
		isOf := func(l policy.Listed) bool { return l.ID() == own }
		return own, ok && slices.ContainsFunc(snapshot.Subaccounts(account), isOf)
	}
}
