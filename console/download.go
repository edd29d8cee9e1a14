package console

import (
	"bytes"
	"context"
	"mime"
	"net/http"
)

// download gives a client what the API answers, as a file, while the API writes it. An error of the
// API is a *problem, and nothing was written.
func (c client) download(ctx context.Context, w http.ResponseWriter, call call, name string) error {
	r, err := call.request(ctx)
	if err != nil {
		return err
	}
	f := &file{ResponseWriter: w, name: name}
	c.handler.ServeHTTP(f, r)
	if f.refused != nil {
		return f.refused.problem()
	}
	return nil
}

// file passes an answer on as a file. An error is kept.
type file struct {
	http.ResponseWriter
	name    string
	begun   bool
	refused *answer
}

// WriteHeader implements http.ResponseWriter.
func (f *file) WriteHeader(status int) {
	f.begun = true
	if status >= http.StatusBadRequest {
		f.refused = &answer{status: status, body: bytes.Buffer{}}
		return
	}
	f.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
	f.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (f *file) Write(text []byte) (int, error) {
	if !f.begun {
		f.WriteHeader(http.StatusOK)
	}
	if f.refused != nil {
		return f.refused.Write(text)
	}
	return f.ResponseWriter.Write(text)
}

// Interface guard
var _ http.ResponseWriter = (*file)(nil)
