package sandbox

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
)

// parameters are a request's named values. Names are case-sensitive, as they are at
// Twilio: "to" is not "To".
type parameters url.Values

// readParameters reads them from the body, as a form or multipart, and from the query.
// The body comes first, and of several values the first counts (both unverified). JSON
// and other bodies are not read: Twilio then answers that To is missing.
func readParameters(w http.ResponseWriter, r *http.Request) (parameters, error) {
	found := parameters{}
	if r.Body != nil {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maximumBody))
		if err != nil {
			return nil, err
		}
		found.add(readBody(r.Header.Get("Content-Type"), body))
	}
	// Pairs that do not decode are left out: url.ParseQuery returns the others beside
	// its error.
	query, _ := url.ParseQuery(r.URL.RawQuery)
	found.add(query)
	return found, nil
}

func readBody(contentType string, body []byte) url.Values {
	mediaType, details, _ := mime.ParseMediaType(contentType)
	switch mediaType {
	case "application/x-www-form-urlencoded":
		values, _ := url.ParseQuery(string(body))
		return values
	case "multipart/form-data":
		return readParts(multipart.NewReader(bytes.NewReader(body), details["boundary"]))
	}
	return nil
}

// readParts reads the parts of a multipart body up to the first that does not decode,
// and skips files, which multipart.Reader.ReadForm would write to the disk.
func readParts(parts *multipart.Reader) url.Values {
	values := url.Values{}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return values
		}
		if part.FileName() != "" {
			continue
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return values
		}
		values.Add(part.FormName(), string(value))
	}
}

func (p parameters) add(more url.Values) {
	for name, values := range more {
		p[name] = append(p[name], values...)
	}
}

// get returns a copy, so that a resource that keeps it does not keep the whole request
// in memory.
func (p parameters) get(name string) string { return strings.Clone(url.Values(p).Get(name)) }

func (p parameters) has(name string) bool { return url.Values(p).Has(name) }

// any reports whether one of the names has a value.
func (p parameters) any(names ...string) bool {
	for _, name := range names {
		if p.get(name) != "" {
			return true
		}
	}
	return false
}
