package forward_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

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

// idleCarrier answers every piece that it reads, and allocates nothing for it.
func idleCarrier(t testing.TB) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	answer := []byte(ordinary)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				request, read := make([]byte, 4<<10), 0
				for {
					n, err := conn.Read(request[read:])
					if err != nil {
						return
					}
					if read += n; !bytes.HasSuffix(request[:read], []byte("Body=hello")) {
						continue
					}
					read = 0
					if _, err := conn.Write(answer); err != nil {
						return
					}
				}
			}()
		}
	}()
	return listener.Addr().String()
}

// BenchmarkForward compares a send and its answer with the same over http.Transport, both
// over loopback.
func BenchmarkForward(b *testing.B) {
	address := idleCarrier(b)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.Run("own", func(b *testing.B) {
		client := &forward.Client{ResponseHeaderTimeout: time.Minute}
		defer client.Close()
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
		transport := &http.Transport{DisableCompression: true, ResponseHeaderTimeout: time.Minute}
		defer transport.CloseIdleConnections()
		w := &blank{header: http.Header{}}
		r := send()
		b.ReportAllocs()
		for b.Loop() {
			request, err := http.NewRequestWithContext(ctx, r.Method, "http://"+address+r.Target, bytes.NewReader(r.Body))
			if err != nil {
				b.Fatal(err)
			}
			request.Host, request.Header = r.Host, r.Header
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

// An ordinary answer costs few allocations: of the header's values, the text of the head,
// and the watch of the client.
func TestAnOrdinarySendAllocatesLittle(t *testing.T) {
	address := idleCarrier(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	client := &forward.Client{}
	defer client.Close()
	w := &blank{header: http.Header{}}
	r := send()
	allocations := testing.AllocsPerRun(200, func() {
		if _, err := client.Forward(ctx, w, address, r); err != nil {
			t.Fatal(err)
		}
	})
	const most = 12
	if allocations > most {
		t.Errorf("%.0f allocations, more than %d", allocations, most)
	}
}

// script is a connection that gives one text again and again.
type script struct {
	net.Conn
	text []byte
	at   int
}

func (s *script) Read(p []byte) (int, error) {
	if s.at == len(s.text) {
		return 0, io.EOF
	}
	n := copy(p, s.text[s.at:])
	s.at += n
	return n, nil
}
func (s *script) Write(p []byte) (int, error) { return len(p), nil }
func (s *script) Close() error                { return nil }

// BenchmarkAnswer compares what reading the ordinary answer and passing it on costs with
// net/http's reading of it. Neither has a network; the own one has a new connection each
// time.
func BenchmarkAnswer(b *testing.B) {
	b.Run("own", func(b *testing.B) {
		conn := &script{text: []byte(ordinary)}
		client := &forward.Client{DialContext: func(context.Context, string, string) (net.Conn, error) { return conn, nil }}
		w := &blank{header: http.Header{}}
		r := send()
		b.ReportAllocs()
		for b.Loop() {
			conn.at = 0
			if _, err := client.Forward(context.Background(), w, "carrier.example:443", r); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("http.ReadResponse", func(b *testing.B) {
		text := strings.NewReader(ordinary)
		in := bufio.NewReader(text)
		request := &http.Request{Method: "POST"}
		w := &blank{header: http.Header{}}
		body := make([]byte, 32<<10)
		b.ReportAllocs()
		for b.Loop() {
			text.Reset(ordinary)
			in.Reset(text)
			response, err := http.ReadResponse(in, request)
			if err != nil {
				b.Fatal(err)
			}
			for name, values := range response.Header {
				w.header[name] = values
			}
			w.WriteHeader(response.StatusCode)
			if _, err := io.ReadFull(response.Body, body[:response.ContentLength]); err != nil {
				b.Fatal(err)
			}
		}
	})
}
