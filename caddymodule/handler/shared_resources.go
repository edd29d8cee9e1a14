package handler

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/api/twilio"
)

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
