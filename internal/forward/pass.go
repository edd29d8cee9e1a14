package forward

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"sync"

	"golang.org/x/net/http/httpguts"
)

// Forward writes r to address (host:port) and passes the answer to w: informational
// answers, status, header without what is for one connection, the body as it comes, and
// trailers. It returns the status, or 0 where no answer was passed on. Its errors are of
// type *Error.
func (c *Client) Forward(ctx context.Context, w http.ResponseWriter, address string, r *Request) (status int, err error) {
	carrier, err := c.exchange(ctx, w, address, r)
	if err != nil {
		return 0, err
	}
	status = carrier.answer.status
	step, err := carrier.pass(w)
	if err != nil {
		err = carrier.explain(ctx, step, err, true)
	}
	carrier.finish(c, err == nil)
	return status, err
}

// pass passes on the answer whose head is read, and says which side failed.
func (c *conn) pass(w http.ResponseWriter) (Step, error) {
	c.answer.passTo(w.Header())
	w.WriteHeader(c.answer.status)
	step, err := c.copyBody(w)
	if err == nil {
		c.passTrailers(w.Header())
	}
	return step, err
}

// passTo puts an answer's fields in place of those that stand in a header.
func (h *head) passTo(header http.Header) {
	delete(header, "Server") // ours does not speak for the carrier
	delete(header, "Content-Length")
	for _, f := range h.fields {
		delete(header, f.name)
	}
	h.appendTo(header, nil)
	if _, typed := header["Content-Type"]; !typed {
		header["Content-Type"] = nil // so that net/http does not guess one
	}
	for _, name := range h.trailers {
		if httpguts.ValidTrailerHeader(name) {
			header["Trailer"] = append(header["Trailer"], name)
		}
	}
}

// appendTo adds the fields that are passed on. A length that is repeated is given once.
// The header keeps its values in values, where that has room for all fields.
func (h *head) appendTo(header http.Header, values []string) {
	if len(values) < len(h.fields) {
		values = make([]string, len(h.fields))
	}
	for i, f := range h.fields {
		before := header[f.name]
		if !h.isPassedOn(f.name) || f.name == "Content-Length" && before != nil {
			continue
		}
		if before != nil {
			header[f.name] = append(before, f.value)
			continue
		}
		values[i] = f.value
		header[f.name] = values[i : i+1 : i+1]
	}
}

// inform passes an informational answer on: to w, or where there is none, to the context's
// trace.
func (h *head) inform(ctx context.Context, w http.ResponseWriter) error {
	if w == nil {
		if trace := httptrace.ContextClientTrace(ctx); trace != nil && trace.Got1xxResponse != nil {
			header := http.Header{}
			h.appendTo(header, nil)
			return trace.Got1xxResponse(h.status, textproto.MIMEHeader(header))
		}
		return nil
	}
	header := w.Header()
	final := maps.Clone(header)
	clear(header)
	h.appendTo(header, nil)
	w.WriteHeader(h.status)
	clear(header)
	maps.Copy(header, final)
	return nil
}

// forget drops the texts of an answer.
func (h *head) forget() {
	clear(h.fields)
	*h = head{fields: h.fields[:0]}
}

// copyBuffers are for bodies that are not here when their head is.
var copyBuffers = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// copyBody passes the body on as it comes, and says which side failed.
func (c *conn) copyBody(w http.ResponseWriter) (Step, error) {
	b := &c.body
	switch {
	case b.framing == ended:
		return "", nil
	case b.framing == byLength && int64(c.buffered()) >= b.left:
		whole := c.buffer[c.begin:][:b.left]
		c.begin += len(whole)
		b.framing = ended
		_, err := w.Write(whole)
		return StepClient, err
	}
	flush := b.framing != byLength
	buffer := copyBuffers.Get().(*[32 << 10]byte)
	defer copyBuffers.Put(buffer)
	for {
		n, err := c.readBody(buffer[:])
		if n > 0 {
			if _, err := w.Write(buffer[:n]); err != nil {
				return StepClient, err
			}
			if flush {
				_ = http.NewResponseController(w).Flush() // where w cannot, it need not
			}
		}
		if err == io.EOF {
			return "", nil
		}
		if err != nil {
			return StepCopy, err
		}
	}
}

// passTrailers passes on what came after a body of chunks, except what would frame a
// message.
func (c *conn) passTrailers(header http.Header) {
	for _, f := range c.body.fields {
		if !httpguts.ValidTrailerHeader(f.name) || hopByHop(f.name) {
			continue
		}
		name := f.name
		if !slices.Contains(c.answer.trailers, name) {
			name = http.TrailerPrefix + name
		}
		header[name] = append(header[name], f.value)
	}
}

// RoundTrip does the same as Forward for a caller who wants a response. Its body must be
// closed; if it is read to its end, the connection is kept. Informational answers go to
// the Got1xxResponse of the context's httptrace.ClientTrace.
func (c *Client) RoundTrip(ctx context.Context, address string, r *Request) (*http.Response, error) {
	carrier, err := c.exchange(ctx, nil, address, r)
	if err != nil {
		return nil, err
	}
	h := &carrier.answer
	answer := new(answer)
	response := &answer.Response
	*response = http.Response{
		Status: h.statusText(), StatusCode: h.status,
		Proto: h.protocol(), ProtoMajor: 1, ProtoMinor: int(h.minor - '0'),
		Header: make(http.Header, len(h.fields)), ContentLength: h.length, Close: !h.keep,
	}
	h.appendTo(response.Header, answer.values[:])
	if h.chunked {
		response.TransferEncoding = []string{"chunked"}
	}
	for _, name := range h.trailers {
		if httpguts.ValidTrailerHeader(name) {
			if response.Trailer == nil {
				response.Trailer = http.Header{}
			}
			response.Trailer[name] = nil
		}
	}
	if carrier.body.framing == ended {
		carrier.finish(c, true)
		response.Body = http.NoBody
		if r.Method != http.MethodHead {
			response.ContentLength = 0
		}
		return response, nil
	}
	answer.body = responseBody{client: c, carrier: carrier, response: response, ctx: ctx}
	response.Body = &answer.body
	return response, nil
}

// answer is a response with what it refers to, so that all is allocated at once.
type answer struct {
	http.Response
	body   responseBody
	values [16]string // of the header, unless it has more
}

// responseBody is the body of a response.
type responseBody struct {
	client   *Client
	carrier  *conn // nil once it is finished
	response *http.Response
	ctx      context.Context
	err      error
}

func (b *responseBody) Read(p []byte) (int, error) {
	if b.carrier == nil {
		return 0, b.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	n, err := b.carrier.readBody(p)
	switch {
	case err == nil && b.carrier.body.framing == ended && b.carrier.body.fields == nil:
		err = io.EOF // at once, so that the caller need not read again
		b.end(err, true)
	case err == io.EOF:
		b.addTrailers()
		b.end(io.EOF, true)
	case err != nil:
		err = b.carrier.explain(b.ctx, StepCopy, err, true)
		b.end(err, false)
	}
	return n, err
}

// addTrailers gives the response its trailers.
func (b *responseBody) addTrailers() {
	for _, f := range b.carrier.body.fields {
		if !httpguts.ValidTrailerHeader(f.name) || hopByHop(f.name) {
			continue
		}
		if b.response.Trailer == nil {
			b.response.Trailer = http.Header{}
		}
		b.response.Trailer[f.name] = append(b.response.Trailer[f.name], f.value)
	}
}

// end finishes the connection. All later reads return err.
func (b *responseBody) end(err error, complete bool) {
	b.carrier.finish(b.client, complete)
	b.carrier, b.err = nil, err
}

// Close ends the reading. A connection whose answer is not read to its end is not kept.
func (b *responseBody) Close() error {
	if b.carrier != nil {
		b.end(http.ErrBodyReadAfterClose, false)
	}
	return nil
}
