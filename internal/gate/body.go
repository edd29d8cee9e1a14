package gate

import (
	"bytes"
	"io"
	"net/http"
	"sync/atomic"
)

// judgedBody is a request body that was read to be judged, to be read once more when the
// request is forwarded.
type judgedBody struct {
	io.Closer
	// text is the whole body, and reader reads it.
	text   []byte
	reader bytes.Reader
	// touched is set by the first read. It may be asked while another goroutine
	// reads.
	touched atomic.Bool
}

func (b *judgedBody) Read(p []byte) (int, error) {
	b.touched.Store(true)
	return b.reader.Read(p)
}

// longBody is a body that was not read to its end.
type longBody struct {
	io.Reader
	io.Closer
}

// brokenReader is the end of a body that broke off.
type brokenReader struct{ err error }

func (b brokenReader) Read([]byte) (int, error) { return 0, b.err }

// hasBody reports whether a body follows. HTTP/3 does not say so beforehand: there
// a request that would be a read without a body has its first byte read and put
// back, for which it waits no longer than for a body.
func (h *Holding) hasBody(r *http.Request) bool {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return false
	}
	if r.ContentLength > 0 || r.ProtoMajor < 2 || r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodOptions {
		return true
	}
	h.startClock()
	var first [1]byte
	original := r.Body
	n, err := io.ReadFull(original, first[:])
	r.Body = &longBody{io.MultiReader(bytes.NewReader(first[:n]), original), original}
	return n > 0 || err != io.EOF
}

// isUnread reports whether a body can still be read from its start.
func isUnread(body io.ReadCloser) bool {
	judged, ok := body.(*judgedBody)
	return !ok || !judged.touched.Load()
}
