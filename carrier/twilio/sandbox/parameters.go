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

// parameters are what a request says by name. Names are case-sensitive, as Twilio's are: "to" is no To.
type parameters url.Values

// readParameters takes them from the body, as a form or multipart, and from the query; the body goes first, and of
// several values the first counts (both unverified). A JSON body is not read, nor is any other: Twilio then
// answers that To is missing.
func readParameters(w http.ResponseWriter, r *http.Request) (parameters, error) {
	found := parameters{}
	if r.Body != nil {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maximumBody))
		if err != nil {
			return nil, err
		}
		found.add(readBody(r.Header.Get("Content-Type"), body))
	}
	// What does not decode is left out and the rest is kept: url.ParseQuery returns both the rest and the error.
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

// readParts takes the parts of a multipart body up to the first that does not decode, and none of its files.
// (multipart.Reader.ReadForm would write them to the disk.)
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

// get returns a copy, so that what a resource keeps of it does not keep the whole request.
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
