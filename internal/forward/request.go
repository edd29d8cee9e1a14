package forward

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
)

// Request is what is written to the carrier. Forward changes nothing in it.
type Request struct {
	// Target is the request target as it is written: path and query. Host is the Host field.
	Method, Target, Host string
	// Header has canonical keys. What is for one connection alone (Connection and what it
	// names, Keep-Alive, Proxy-*, Te, Trailer, Transfer-Encoding, Upgrade), Content-Length,
	// Host and Expect are never written.
	Header http.Header
	// Without reports whether a further field is left out. It may be nil.
	Without func(name string) bool
	// Authorization is written in place of the header's, if it is not empty.
	Authorization string
	// Body is the whole body. It is written in the same piece as the head.
	Body []byte
	// Replayable says that the request only reads. It is tried once more, on another
	// connection, where one was closed before any of the answer came.
	Replayable bool
}

// maxKept is how large a buffer may be that is kept for other requests.
const maxKept = 64 << 10

// requestBuffers are buffers to write requests from. What they held is cleared.
var requestBuffers = sync.Pool{New: func() any {
	buffer := make([]byte, 0, 2<<10)
	return &buffer
}}

// release gives a buffer back, without what it holds: a request has credentials.
func release(buffer *[]byte) {
	if cap(*buffer) > maxKept {
		return
	}
	clear(*buffer)
	*buffer = (*buffer)[:0]
	requestBuffers.Put(buffer)
}

var errMethod = errors.New("the method is not a token, or is CONNECT")

// append appends the request as it is written. It fails where the request could be read as
// another one.
func (r *Request) append(to []byte) ([]byte, error) {
	if !isToken(r.Method) || r.Method == http.MethodConnect {
		return to, errMethod
	}
	if !visible(r.Target) || r.Target[0] != '/' && r.Target != "*" {
		return to, errors.New("the target is not a path, or has a space or a control character")
	}
	if r.Host != "" && !visible(r.Host) {
		return to, errors.New("the host has a space or a control character")
	}
	to = append(to, r.Method...)
	to = append(to, ' ')
	to = append(to, r.Target...)
	to = append(to, " HTTP/1.1\r\n"...)
	to = appendField(to, "Host", r.Host)
	to, err := r.appendHeader(to)
	if err != nil {
		return to, err
	}
	if len(r.Body) > 0 || r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch {
		to = append(to, "Content-Length: "...)
		to = strconv.AppendInt(to, int64(len(r.Body)), 10)
		to = append(to, "\r\n"...)
	}
	to = append(to, "\r\n"...)
	return append(to, r.Body...), nil
}

// appendHeader appends the fields that are forwarded.
func (r *Request) appendHeader(to []byte) ([]byte, error) {
	if r.Authorization != "" {
		if !validValue(r.Authorization) {
			return to, errors.New("the authorization has a control character")
		}
		to = appendField(to, "Authorization", r.Authorization)
	}
	named := namedIn(r.Header["Connection"])
	for key, values := range r.Header {
		name, ok := canonical(key)
		if !ok {
			return to, fmt.Errorf("the field name %q is not a token", key)
		}
		if r.leavesOut(name) || slices.Contains(named, name) {
			continue
		}
		for _, value := range values {
			if !validValue(value) {
				return to, fmt.Errorf("the field %s has a control character", name)
			}
			to = appendField(to, name, value)
		}
	}
	return to, nil
}

// leavesOut reports whether a field of the header is not written.
func (r *Request) leavesOut(name string) bool {
	switch name {
	case "Content-Length", "Host", "Expect":
		return true
	case "Authorization":
		if r.Authorization != "" {
			return true
		}
	}
	return hopByHop(name) || r.Without != nil && r.Without(name)
}

func appendField(to []byte, name, value string) []byte {
	to = append(to, name...)
	to = append(to, ": "...)
	to = append(to, value...)
	return append(to, "\r\n"...)
}

// namedIn are the fields that a Connection field names, without its two usual options.
func namedIn(connection []string) (names []string) {
	for _, value := range connection {
		eachElement(value, func(element string) {
			name, ok := canonical(element)
			if ok && name != "Close" && name != "Keep-Alive" {
				names = append(names, name)
			}
		})
	}
	return names
}

// visible reports whether a text is not empty and has neither spaces nor control
// characters.
func visible(text string) bool {
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c == 0x7f {
			return false
		}
	}
	return text != ""
}
