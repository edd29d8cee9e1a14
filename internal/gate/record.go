package gate

import "github.com/caddy-tollgate/tollgate/carrier"

// record is all that is kept of one request while it is judged, in one allocation. Its
// parts live as long as the decision: none is used for another request, so whatever keeps
// a decision, or a text of it, keeps what was judged.
type record struct {
	Decision
	request carrier.Request
	room    carrier.Room
	// body is the one that was held, if one was.
	body judgedBody
	// edited is what is forwarded in place of it, nil where it is forwarded itself.
	edited []byte
}

// newRecord begins the record of a request.
func (g *Gate) newRecord(h *head, hasBody bool) *record {
	rec := new(record)
	rec.request = carrier.Request{
		Method:     h.Method,
		Host:       h.Host,
		Path:       h.path,
		RawQuery:   h.URL.RawQuery,
		Header:     h.Header,
		HasBody:    hasBody,
		AnyProduct: g.AnyProduct,
		Room:       &rec.room,
	}
	return rec
}
