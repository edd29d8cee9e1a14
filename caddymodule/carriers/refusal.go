package carriers

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/carrier"
)

// WriteRefusal answers in the carrier's words. A client that is gone by now is not our
// error.
func WriteRefusal(w http.ResponseWriter, refusal carrier.Refusal) error {
	w.Header().Del("Server")
	return WriteFields(w, refusal)
}

// WriteFields adds a refusal to the header that is there.
func WriteFields(w http.ResponseWriter, refusal carrier.Refusal) error {
	header := w.Header()
	// Each value in a slice of its own, since other handlers may change it.
	values := make([]string, len(refusal.Header))
	for i, field := range refusal.Header {
		values[i] = field.Value
		header[field.Name] = values[i : i+1 : i+1]
	}
	w.WriteHeader(refusal.Status)
	_, _ = w.Write(refusal.Body)
	return nil
}
