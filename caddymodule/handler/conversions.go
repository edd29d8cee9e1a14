package handler

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// maxConversion bounds an answer that is read for whether a number was verified, in bytes, as it is
// sent and without its encoding. Twilio's have some 1,500.
const maxConversion = 16 << 10

// copyingWriter keeps a copy of an answer that it passes on as it comes. It has no ReadFrom, which
// would bypass it.
type copyingWriter struct {
	http.ResponseWriter
	// status is that of the answer, 0 before there is one.
	status int
	body   bytes.Buffer
	// isTooLong says that the copy is not all of the answer.
	isTooLong bool
}

// Unwrap lets flushes pass.
func (w *copyingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter. Informational answers come before the one that
// counts.
func (w *copyingWriter) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *copyingWriter) Write(body []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	switch {
	case w.body.Len()+len(body) > maxConversion:
		w.isTooLong = true
	case !w.isTooLong:
		w.body.Write(body)
	}
	return w.ResponseWriter.Write(body)
}

// answer is the answer without its encoding, if its status is one of success, all of it was copied,
// and its encoding is known.
func (w *copyingWriter) answer() (body []byte, ok bool) {
	if w.isTooLong || w.status < http.StatusOK || w.status >= http.StatusMultipleChoices {
		return nil, false
	}
	switch encoding := w.Header().Get("Content-Encoding"); {
	case encoding == "", strings.EqualFold(encoding, "identity"):
		return w.body.Bytes(), true
	case !strings.EqualFold(encoding, "gzip"):
		return nil, false
	}
	reader, err := gzip.NewReader(&w.body)
	if err != nil {
		return nil, false
	}
	body, err = io.ReadAll(io.LimitReader(reader, maxConversion+1))
	if err != nil || len(body) > maxConversion {
		return nil, false
	}
	return body, true
}

// readAnswer takes back what a number has of limits of the unverified if the carrier's answer says
// that it was verified, and remembers whom a message went to of which that will be said.
func (h *Handler) readAnswer(r *http.Request, d *gate.Decision, w *copyingWriter, expectsFeedback bool) {
	answer, ok := w.answer()
	if !ok {
		return
	}
	if expectsFeedback {
		h.gate.RememberMessage(d, answer)
		return
	}
	if freed, ok := h.gate.ConvertAnswered(r, d, answer); ok {
		telemetry.CountConversion(telemetry.ByCarrier, freed)
	}
}

// Interface guard
var _ http.ResponseWriter = (*copyingWriter)(nil)
