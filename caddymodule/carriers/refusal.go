package carriers

import (
	"net/http"
	"strconv"

	"github.com/caddy-tollgate/tollgate/carrier"
)

// WriteRefusal answers in the carrier's words. A client that is gone by now is not our
// error.
func WriteRefusal(w http.ResponseWriter, refusal carrier.Refusal) error {
	delete(w.Header(), "Server")
	return WriteFields(w, refusal)
}

// WriteFields adds a refusal to the header that is there.
func WriteFields(w http.ResponseWriter, refusal carrier.Refusal) error {
	header := w.Header()
	// Each value in a slice of its own, since other handlers may change it.
	values := make([]string, 0, len(refusal.Header)+len(refusal.Fixed)+1)
	add := func(name, value string) {
		at := len(values)
		values = append(values, value)
		header[name] = values[at : at+1 : at+1]
	}
	for _, field := range refusal.Header {
		add(field.Name, field.Value)
	}
	for _, field := range refusal.Fixed {
		add(field.Name, field.Value)
	}
	if statesLength(&refusal) {
		add("Content-Length", strconv.Itoa(len(refusal.Body)))
	}
	w.WriteHeader(refusal.Status)
	_, _ = w.Write(refusal.Body)
	return nil
}

// serverBuffer is how long a body net/http still writes the length of, in bytes; a longer
// one it sends in chunks.
const serverBuffer = 2048

// statesLength reports whether the length of a body is stated here. Left to net/http, it
// costs less: a map of a header with one field more grows again. A rejected credential
// must look like one that the carrier rejected, in whose answer the length is where a proxy
// puts it.
func statesLength(refusal *carrier.Refusal) bool {
	return refusal.Status == http.StatusUnauthorized || len(refusal.Body) >= serverBuffer
}
