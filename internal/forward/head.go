package forward

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// field is one line of a header. Both parts are within the text of the head.
type field struct{ name, value string }

// head is what stands before an answer's body.
type head struct {
	minor  byte // '0' or '1', of HTTP/1.0 and HTTP/1.1
	status int
	line   string  // as the carrier wrote it, such as "HTTP/1.1 201 Created"
	fields []field // names are canonical
	named  []string

	length   int64 // of the body, -1 if not given
	chunked  bool
	keep     bool          // whether the carrier keeps the connection
	keepFor  time.Duration // how long it announces to keep it idle, -1 if it does not
	trailers []string      // that are announced
}

// noLength is the length of a body that ends otherwise.
const noLength = -1

// parse reads a head, from the status line to the empty line, all ended by CR LF. What is
// in h is overwritten; its fields are used again.
func (h *head) parse(text string) error {
	clear(h.fields)
	*h = head{fields: h.fields[:0], length: noLength, keepFor: -1}
	line, rest, _ := strings.Cut(text, "\r\n")
	if err := h.parseStatusLine(line); err != nil {
		return err
	}
	var err error
	if h.fields, err = parseFields(h.fields, rest); err != nil {
		return err
	}
	return h.frame()
}

// parseStatusLine reads "HTTP/1.1 201 Created". The reason and the space before it may be
// left out, as some servers do.
func (h *head) parseStatusLine(line string) error {
	const version = "HTTP/1."
	if len(line) < code+3 || line[:len(version)] != version || line[code-1] != ' ' {
		return errStatusLine
	}
	h.minor = line[len(version)]
	if h.minor != '0' && h.minor != '1' {
		return errStatusLine
	}
	for _, digit := range []byte(line[code : code+3]) {
		if digit < '0' || digit > '9' {
			return errStatusLine
		}
		h.status = h.status*10 + int(digit-'0')
	}
	rest := line[code+3:]
	if h.status < 100 || rest != "" && rest[0] != ' ' || !validValue(rest) {
		return errStatusLine
	}
	if h.status == http.StatusSwitchingProtocols {
		return errSwitching
	}
	h.line = line
	return nil
}

// code is where the status begins in a status line.
const code = len("HTTP/1.1 ")

// protocol is "HTTP/1.0" or "HTTP/1.1".
func (h *head) protocol() string { return h.line[:code-1] }

// statusText is the status and its reason, such as "201 Created".
func (h *head) statusText() string { return h.line[code:] }

// parseFields reads lines of a header up to the empty one.
func parseFields(fields []field, text string) ([]field, error) {
	for {
		line, rest, _ := strings.Cut(text, "\r\n")
		if line == "" {
			return fields, nil
		}
		text = rest
		colon := strings.IndexByte(line, ':')
		if colon < 0 {
			return fields, errFieldName
		}
		// A line that goes on with the value of the one before begins with a space, which
		// is not part of a token either.
		name, ok := canonical(line[:colon])
		if !ok {
			return fields, errFieldName
		}
		value := strings.Trim(line[colon+1:], " \t")
		if !validValue(value) {
			return fields, errFieldValue
		}
		fields = append(fields, field{name, value})
	}
}

// frame reads the fields that say where the answer ends and what becomes of the
// connection (RFC 9112, sections 6 and 9).
func (h *head) frame() error {
	var length string
	encoded, closes, keeps := false, false, false
	for _, f := range h.fields {
		switch f.name {
		case "Content-Length":
			if length != "" && f.value != length || !digits(f.value) {
				return errLength
			}
			length = f.value
		case "Transfer-Encoding":
			if encoded || !strings.EqualFold(f.value, "chunked") {
				return errEncoding
			}
			encoded = true
		case "Connection":
			eachElement(f.value, func(option string) {
				switch {
				case strings.EqualFold(option, "close"):
					closes = true
				case strings.EqualFold(option, "keep-alive"):
					keeps = true
				default:
					if name, ok := canonical(option); ok {
						h.named = append(h.named, name)
					}
				}
			})
		case "Keep-Alive":
			h.keepFor = keptFor(f.value)
		case "Trailer":
			eachElement(f.value, func(element string) {
				if name, ok := canonical(element); ok {
					h.trailers = append(h.trailers, name)
				}
			})
		}
	}
	h.chunked = encoded
	h.keep = !closes && (h.minor == '1' || keeps)
	if length != "" {
		n, err := strconv.ParseInt(length, 10, 64)
		if err != nil {
			return errLength
		}
		h.length = n
	}
	if encoded && (length != "" || h.minor == '0') {
		return errEncoding
	}
	return h.checkTrailers()
}

// checkTrailers refuses trailers that would frame the message. Where an answer is not
// chunked, it has none.
func (h *head) checkTrailers() error {
	if !h.chunked {
		h.trailers = nil
	}
	for _, name := range h.trailers {
		switch name {
		case "Content-Length", "Transfer-Encoding", "Trailer":
			return errTrailer
		}
	}
	return nil
}

// bodyless reports whether an answer has no body, whatever its fields say.
func (h *head) bodyless(method string) bool {
	return method == http.MethodHead || h.status < 200 || h.status == http.StatusNoContent || h.status == http.StatusNotModified
}

// isPassedOn reports whether a field is passed on to the client. Content-Length is, unless
// the status has none.
func (h *head) isPassedOn(name string) bool {
	if name == "Content-Length" {
		return h.status >= 200 && h.status != http.StatusNoContent
	}
	if hopByHop(name) {
		return false
	}
	for _, named := range h.named {
		if named == name {
			return false
		}
	}
	return true
}

// digits reports whether a text has digits only, and at least one.
func digits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// keptFor reads "timeout=5, max=100": how long the carrier keeps an idle connection.
func keptFor(value string) time.Duration {
	kept := time.Duration(-1)
	eachElement(value, func(parameter string) {
		name, seconds, _ := strings.Cut(parameter, "=")
		if !strings.EqualFold(strings.Trim(name, " \t"), "timeout") {
			return
		}
		n, err := strconv.ParseUint(strings.Trim(seconds, " \t\""), 10, 16)
		if err == nil {
			kept = time.Duration(n) * time.Second
		}
	})
	return kept
}
