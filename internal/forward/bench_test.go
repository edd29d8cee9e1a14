package forward_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/forward"
)

// ordinary is an answer as a carrier gives it to a send.
var ordinary = "HTTP/1.1 201 Created\r\nContent-Type: application/json;charset=utf-8\r\nContent-Length: 812\r\n" +
	"Connection: keep-alive\r\nDate: Sun, 29 Nov 2026 12:00:00 GMT\r\nAccess-Control-Allow-Origin: *\r\n" +
	"Access-Control-Expose-Headers: ETag, Retry-After\r\nAccess-Control-Allow-Credentials: true\r\n" +
	"X-API-Domain: api.carrier.example\r\nX-Powered-By: AT-5000\r\nX-Home-Region: us1\r\nX-Shenanigans: none\r\n" +
	"Vary: Origin\r\nStrict-Transport-Security: max-age=31536000\r\n\r\n" + strings.Repeat("x", 812)

// blank is a response writer that keeps nothing.
type blank struct{ header http.Header }

func (b *blank) Header() http.Header         { return b.header }
func (b *blank) WriteHeader(int)             { clear(b.header) }
func (b *blank) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkForward compares a send and its answer with the same over http.Transport, both
// over loopback.
func BenchmarkForward(b *testing.B) {
	address, _ := carrier(b, func(int, *http.Request, string) (string, bool) { return ordinary, true })
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.Run("own", func(b *testing.B) {
		client := &forward.Client{}
		defer client.CloseIdleConnections()
		w := &blank{header: http.Header{}}
		r := send()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := client.Forward(ctx, w, address, r); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("transport", func(b *testing.B) {
		transport := &http.Transport{DisableCompression: true}
		defer transport.CloseIdleConnections()
		w := &blank{header: http.Header{}}
		r := send()
		b.ReportAllocs()
		for b.Loop() {
			request := httptest.NewRequestWithContext(ctx, r.Method, "http://"+address+r.Target, bytes.NewReader(r.Body))
			request.RequestURI, request.Host, request.Header = "", r.Host, r.Header
			response, err := transport.RoundTrip(request)
			if err != nil {
				b.Fatal(err)
			}
			for name, values := range response.Header {
				w.header[name] = values
			}
			w.WriteHeader(response.StatusCode)
			if _, err := io.Copy(w, response.Body); err != nil {
				b.Fatal(err)
			}
			response.Body.Close()
		}
	})
}

// BenchmarkReadResponse is what net/http's reading of the ordinary answer costs.
func BenchmarkReadResponse(b *testing.B) {
	text := strings.NewReader(ordinary)
	in := bufio.NewReader(text)
	request := &http.Request{Method: "POST"}
	b.ReportAllocs()
	for b.Loop() {
		text.Reset(ordinary)
		in.Reset(text)
		response, err := http.ReadResponse(in, request)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			b.Fatal(err)
		}
	}
}
