package handler

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// maxCallAnswer is how much of an answer is read for the id of its call, in bytes. Twilio's are
// less than 4 KiB.
const maxCallAnswer = 64 << 10

// callWriter keeps the beginning of an answer that passes, for the id of the call that it is
// about. It has no ReadFrom, which would bypass it.
type callWriter struct {
	http.ResponseWriter
	text []byte
}

// watchCall has the answer read to a request whose calls are counted. It asks for one that is not
// encoded.
func watchCall(w http.ResponseWriter, r *http.Request, d *gate.Decision) (http.ResponseWriter, *callWriter) {
	if !d.CountsCalls() {
		return w, nil
	}
	r.Header.Del("Accept-Encoding")
	begun := &callWriter{ResponseWriter: w}
	return begun, begun
}

// Write implements http.ResponseWriter.
func (w *callWriter) Write(text []byte) (int, error) {
	w.text = append(w.text, text[:min(len(text), maxCallAnswer-len(w.text))]...)
	return w.ResponseWriter.Write(text)
}

// Unwrap lets flushes pass.
func (w *callWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// nameCall names the calls of a request as the carrier's answer does, if there was one.
func (h *Handler) nameCall(d *gate.Decision, begun *callWriter) {
	limiter, ok := h.gate.Carrier.(carrier.CallLimiter)
	if begun == nil || !ok || len(begun.text) == 0 {
		return
	}
	h.gate.NameCalls(d, limiter.CallID(begun.Header(), begun.text))
}
