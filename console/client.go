package console

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/caddy-tollgate/tollgate/api"
)

// client asks the management API within the process.
type client struct{ handler http.Handler }

// call is a request to the API.
type call struct {
	// method; empty is GET.
	method string
	// path below that of the API, with its parts escaped.
	path  string
	query url.Values
	// body is sent as JSON; nil is none.
	body any
	// match is the ETag that the object must have; empty is any, and absent that of none.
	match string
}

// absent is the match of a call that is for an object which does not exist yet.
const absent = "absent"

// problem is an error as the API answers it, as of RFC 9457.
type problem struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Errors []struct {
		Message  string `json:"message"`
		Location string `json:"location"`
	} `json:"errors"`
}

// Error says what the API says.
func (p *problem) Error() string { return p.Detail }

// Mistakes are what the API says of single members, unless the detail has said it.
func (p *problem) Mistakes() (lines []string) {
	for _, e := range p.Errors {
		if !strings.Contains(p.Detail, e.Message) {
			lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(e.Location, "body.")+": "+e.Message, ": "))
		}
	}
	return lines
}

// do sends a request and reads the answer into a value: a *string has it as it is, any other as
// JSON, and nil reads none. An error of the API is a *problem.
func (c client) do(ctx context.Context, call call, into any) (http.Header, error) {
	r, err := call.request(ctx)
	if err != nil {
		return nil, err
	}
	a := &answer{header: make(http.Header), status: http.StatusOK}
	c.handler.ServeHTTP(a, r)
	if a.status >= http.StatusMultipleChoices { // the API leads nowhere else
		return nil, a.problem()
	}
	switch text := into.(type) {
	case nil:
		return a.header, nil
	case *string:
		*text = a.body.String()
		return a.header, nil
	}
	if err := json.Unmarshal(a.body.Bytes(), into); err != nil {
		return nil, fmt.Errorf("reading an answer of the management API: %w", err)
	}
	return a.header, nil
}

// request is the call as a request to the API.
func (call call) request(ctx context.Context) (*http.Request, error) {
	var body bytes.Buffer
	if call.body != nil {
		if err := json.NewEncoder(&body).Encode(call.body); err != nil {
			return nil, fmt.Errorf("writing a request to the management API: %w", err)
		}
	}
	target := api.Prefix + call.path
	if len(call.query) > 0 {
		target += "?" + call.query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, call.method, target, &body)
	if err != nil {
		return nil, fmt.Errorf("writing a request to the management API: %w", err)
	}
	if call.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	switch call.match {
	case "":
	case absent:
		r.Header.Set("If-None-Match", "*")
	default:
		r.Header.Set("If-Match", call.match)
	}
	return r, nil
}

// answer keeps an answer of the API.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) { a.status = status }

// Write implements http.ResponseWriter.
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

// problem is the answer as an error.
func (a *answer) problem() *problem {
	p := &problem{Status: a.status}
	if err := json.Unmarshal(a.body.Bytes(), p); err != nil || p.Detail == "" {
		p.Detail = "the management API answers " + http.StatusText(a.status)
	}
	return p
}

// pathOf is a path of the API, of parts that are not escaped yet.
func pathOf(parts ...string) string {
	var path strings.Builder
	for _, part := range parts {
		path.WriteString("/" + escapedPart(part))
	}
	return path.String()
}

// escapedPart is a part of a path, of which dots alone do not lead to another path.
func escapedPart(part string) string {
	if part == "." || part == ".." {
		return strings.ReplaceAll(part, ".", "%2E")
	}
	return url.PathEscape(part)
}

// Interface guards
var (
	_ http.ResponseWriter = (*answer)(nil)
	_ error               = (*problem)(nil)
)
