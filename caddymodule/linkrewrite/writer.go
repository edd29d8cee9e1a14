package linkrewrite

import (
	"net/http"
	"strings"
	"sync"
)

// linkPiece is how much of a document is replaced at once, in bytes.
const linkPiece = 32 << 10

// linkBuffers hold pieces of documents. Links that become longer make them grow
// a little.
var linkBuffers = sync.Pool{New: func() any {
	buffer := make([]byte, 0, linkPiece+linkPiece/4)
	return &buffer
}}

// linkWriter replaces links in the JSON that is written to it, piece by piece. All else
// passes as it is. It has no ReadFrom, which would bypass it: it does not embed Caddy's
// wrapper, which has one.
type linkWriter struct {
	http.ResponseWriter
	host, base string

	wroteHeader bool
	// buffer is nil unless there are links to replace.
	buffer *[]byte
	links  linkReplacer
}

// Unwrap lets flushes pass: everything but the beginning of a link has been written by
// then.
func (w *linkWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter. Informational answers come before
// the one that counts.
func (w *linkWriter) WriteHeader(status int) {
	if !w.wroteHeader && status >= http.StatusOK {
		w.wroteHeader = true
		if holdsLinks(w.Header()) {
			// Also where no body follows: it is the length of another one.
			w.Header().Del("Content-Length")
			w.links = newLinkReplacer(w.host, w.base)
			w.buffer = linkBuffers.Get().(*[]byte)
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *linkWriter) Write(body []byte) (int, error) {
	if !w.wroteHeader {
		w.WriteHeader(http.StatusOK)
	}
	if w.buffer == nil {
		return w.ResponseWriter.Write(body)
	}
	written := 0
	for written < len(body) {
		piece := body[written:min(len(body), written+linkPiece)]
		*w.buffer = w.links.replace((*w.buffer)[:0], piece)
		if len(*w.buffer) > 0 {
			if _, err := w.ResponseWriter.Write(*w.buffer); err != nil {
				return written, err
			}
		}
		written += len(piece)
	}
	return written, nil
}

// finish writes what was held back. A client that is gone by now is not our error.
func (w *linkWriter) finish() {
	if w.buffer == nil {
		return
	}
	if *w.buffer = w.links.rest((*w.buffer)[:0]); len(*w.buffer) > 0 {
		_, _ = w.ResponseWriter.Write(*w.buffer)
	}
}

// release returns the buffer.
func (w *linkWriter) release() {
	if w.buffer != nil {
		linkBuffers.Put(w.buffer)
		w.buffer = nil
	}
}

// holdsLinks reports whether a body is JSON that can be read as it comes. A part of a
// document is not changed: its range is counted in the bytes of the whole.
func holdsLinks(header http.Header) bool {
	kind, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	encoding := header.Get("Content-Encoding")
	return (kind == "application/json" || strings.HasSuffix(kind, "+json")) &&
		(encoding == "" || strings.EqualFold(encoding, "identity")) &&
		header.Get("Content-Range") == ""
}

// Interface guard
var _ http.ResponseWriter = (*linkWriter)(nil)
