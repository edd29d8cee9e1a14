package gate

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync/atomic"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// judgedBody is a request body that was read to be judged, to be read once
// more by whoever forwards the request.
type judgedBody struct {
	io.Closer
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

// hasBody tells whether a body follows. HTTP/3 does not say so beforehand: there
// a request that would be a read without a body has its first byte read and put
// back.
func hasBody(r *http.Request) bool {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return false
	}
	if r.ContentLength > 0 || r.ProtoMajor < 2 || r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodOptions {
		return true
	}
	var first [1]byte
	original := r.Body
	n, err := io.ReadFull(original, first[:])
	r.Body = &longBody{io.MultiReader(bytes.NewReader(first[:n]), original), original}
	return n > 0 || err != io.EOF
}

// isUnread tells whether a body still has all that was judged of it.
func isUnread(body io.ReadCloser) bool {
	judged, ok := body.(*judgedBody)
	return !ok || !judged.touched.Load()
}

// Hold reads the body of a request to judge it and puts it back, whole. It
// reads no more than the limit and one byte: a body over the limit is refused
// and never cut. The request's length, transfer coding and trailers stay as
// they were. Nobody may change the bytes returned: they are forwarded.
func Hold(r *http.Request, limit int64) ([]byte, policy.Reason) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, ""
	}
	original := r.Body
	body, err := readUpTo(original, r.ContentLength, limit)

	judged := &judgedBody{Closer: original}
	judged.reader.Reset(body)
	r.Body = judged
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		r.Body = &longBody{io.MultiReader(judged, brokenReader{err}), original}
		return nil, carrier.BodyTooLarge
	case err != nil:
		// Whoever forwards it all the same must see that it broke off.
		r.Body = &longBody{io.MultiReader(judged, brokenReader{err}), original}
		return nil, carrier.BodyUnreadable
	case int64(len(body)) > limit:
		r.Body = &longBody{io.MultiReader(judged, original), original}
		return nil, carrier.BodyTooLarge
	}
	return body, ""
}

// unknownLength is how much room is made at first for a body that does not say
// how long it is, in bytes.
const unknownLength = 512

// mostAtFirst is the most room that is made for a body before any of it came,
// in bytes: to announce much costs nothing.
const mostAtFirst = 64 << 10

// readUpTo reads to the end, and at most one byte more than the limit. The
// length that was announced, negative if none was, says how much room to make
// and nothing else.
func readUpTo(r io.Reader, announced, limit int64) ([]byte, error) {
	if announced < 0 {
		announced = unknownLength
	}
	body := make([]byte, 0, min(announced, limit, mostAtFirst)+1)
	for {
		n, err := r.Read(body[len(body):min(int64(cap(body)), limit+1)])
		body = body[:len(body)+n]
		switch {
		case err == io.EOF:
			return body, nil
		case err != nil || int64(len(body)) > limit:
			return body, err
		case len(body) == cap(body):
			body = append(body, 0)[:len(body)]
		}
	}
}
