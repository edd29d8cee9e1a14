package gate

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// judgedBody is a request body that was read to be judged, to be read once
// more by whoever forwards the request.
type judgedBody struct {
	io.Reader
	io.Closer
}

// hold reads the body of a request to judge it and puts it back, whole. It
// reads no more than the limit and one byte: a body over the limit is refused
// and never cut. The request's length, transfer coding and trailers stay as
// they were.
func hold(r *http.Request, limit int64) ([]byte, policy.Reason) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, ""
	}
	var buffer bytes.Buffer
	if r.ContentLength > 0 {
		// ReadFrom wants room to find the end in.
		buffer.Grow(int(min(r.ContentLength, limit)) + bytes.MinRead)
	}
	original := r.Body
	_, err := buffer.ReadFrom(io.LimitReader(original, limit+1))
	body := buffer.Bytes()
	r.Body = &judgedBody{bytes.NewReader(body), original}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, carrier.BodyTooLarge
	case err != nil:
		return nil, carrier.BodyUnreadable
	case int64(len(body)) > limit:
		r.Body = &judgedBody{io.MultiReader(bytes.NewReader(body), original), original}
		return nil, carrier.BodyTooLarge
	}
	return body, ""
}
