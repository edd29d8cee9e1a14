package forward_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/forward"
)

func TestInformationalAnswersArePassedOn(t *testing.T) {
	t.Parallel()
	const hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: x\r\n\r\n"
	for _, tt := range []struct {
		name   string
		number int
		passed bool
	}{{"none", 0, true}, {"one", 1, true}, {"sixteen", 16, true}, {"more", 17, false}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			address := played(t, strings.Repeat(hints, tt.number)+created, false)
			client := &forward.Client{}
			w := newWriter()
			w.Header().Set("X-Ours", "1")
			_, err := client.Forward(context.Background(), w, address, send())
			if (err == nil) != tt.passed || len(w.informed) != min(tt.number, 17) {
				t.Fatalf("got %v, %q", err, w.informed)
			}
			for _, informed := range w.informed {
				if informed != "103 map[Link:[</a>]]" {
					t.Errorf("got %s", informed)
				}
			}
			if w.Header().Get("X-Ours") != "1" || w.Header().Get("Link") != "" {
				t.Errorf("got header %v", w.Header())
			}
			var traced []string
			ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
				Got1xxResponse: func(code int, header textproto.MIMEHeader) error {
					traced = append(traced, fmt.Sprint(code, header))
					return nil
				},
			})
			response, err := new(forward.Client).RoundTrip(ctx, address, send())
			if (err == nil) != tt.passed || !slices.Equal(traced, w.informed) {
				t.Errorf("RoundTrip got %v, %q", err, traced)
			}
			if err == nil {
				response.Body.Close()
			}
		})
	}
}

// What is informational answers nothing: the caller still can.
func TestAnAnswerThatIsOnlyAnnouncedHasNotBegun(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text string }{
		{"the carrier closes", "HTTP/1.1 100 Continue\r\n\r\n"},
		{"the answer is malformed", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/2 200 OK\r\n\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWriter()
			status, err := new(forward.Client).Forward(context.Background(), w, played(t, tt.text, false), send())
			failed := new(forward.Error)
			if !errors.As(err, &failed) || failed.Step != forward.StepRead || failed.Begun() || status != 0 {
				t.Errorf("got %d, %v, begun: %v", status, err, failed.Begun())
			}
			if len(w.informed) != 1 || w.begun {
				t.Errorf("passed on %q, begun: %v", w.informed, w.begun)
			}
		})
	}
}

// front is a server that forwards all it gets to an address.
func front(t testing.TB, client *forward.Client, address string) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		forwarded := &forward.Request{Method: r.Method, Target: r.RequestURI, Host: r.Host, Header: r.Header, Body: body}
		if _, err := client.Forward(r.Context(), w, address, forwarded); err != nil {
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(client.Close)
	return server.URL
}

func TestTrailersArePassedOnButNoneThatFrames(t *testing.T) {
	t.Parallel()
	address, connections := carrier(t, func(int, *http.Request, string) (string, bool) {
		return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum, Authorization\r\n\r\n3\r\nabc\r\n0\r\n" +
			"X-Sum: 1\r\nX-More: 2\r\nContent-Length: 7\r\nTransfer-Encoding: gzip\r\nConnection: close\r\nUpgrade: a\r\nAuthorization: b\r\n\r\n", true
	})
	client := &forward.Client{}
	url := front(t, client, address)
	for range 2 {
		response, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || string(body) != "abc" || fmt.Sprint(response.Trailer) != "map[X-More:[2] X-Sum:[1]]" {
			t.Errorf("got %q, %v, trailer %v", body, err, response.Trailer)
		}
	}
	response, err := client.RoundTrip(context.Background(), address, send())
	if err != nil || fmt.Sprint(response.Trailer) != "map[X-Sum:[]]" {
		t.Fatalf("got %v, trailer %v", err, response.Trailer)
	}
	_, _ = io.ReadAll(response.Body)
	response.Body.Close()
	if fmt.Sprint(response.Trailer) != "map[X-More:[2] X-Sum:[1]]" || connections.Load() != 1 {
		t.Errorf("got trailer %v, %d connections", response.Trailer, connections.Load())
	}
}

func TestABodyWithoutLengthIsPassedOnAsItComes(t *testing.T) {
	t.Parallel()
	seen := make(chan bool)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range 3 {
			_, _ = io.WriteString(w, "a")
			_ = http.NewResponseController(w).Flush()
			<-seen
		}
	}))
	t.Cleanup(upstream.Close)
	response, err := http.Get(front(t, &forward.Client{}, upstream.Listener.Addr().String()))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	for range 3 {
		if _, err := io.ReadFull(response.Body, make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		seen <- true
	}
	if n, err := response.Body.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("got %d, %v", n, err)
	}
}

func TestAnAnswerThatIsCutIsCutForTheClientToo(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
	} {
		response, err := http.Get(front(t, &forward.Client{}, played(t, answer, false)))
		if err != nil {
			continue // the server had not sent the head yet
		}
		if _, err := io.ReadAll(response.Body); err == nil {
			t.Errorf("%q was whole", answer)
		}
		response.Body.Close()
	}
}

// secureCarrier is a server over TLS and the settings to reach it.
func secureCarrier(t testing.TB, clientAuth tls.ClientAuthType, handler http.HandlerFunc) (*httptest.Server, *tls.Config) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.TLS = &tls.Config{ClientAuth: clientAuth, NextProtos: []string{"h2", "http/1.1"}}
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return server, &tls.Config{RootCAs: roots, NextProtos: []string{"h2", "http/1.1"}}
}

func TestForwardingOverTLSUsesHTTP1AndChecksTheCertificate(t *testing.T) {
	t.Parallel()
	handler := func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, r.Proto, " ", r.TLS.NegotiatedProtocol, " ", len(r.TLS.PeerCertificates))
	}
	server, config := secureCarrier(t, tls.RequestClientCert, handler)
	certificate := server.TLS.Certificates
	for _, tt := range []struct {
		name   string
		change func(*tls.Config)
		want   string // empty: the certificate does not hold
	}{
		{"with the address as the server's name", func(*tls.Config) {}, "HTTP/1.1 http/1.1 0"},
		{"with a server's name", func(c *tls.Config) { c.ServerName = "example.com" }, "HTTP/1.1 http/1.1 0"},
		{"with a certificate of its own", func(c *tls.Config) { c.Certificates = certificate }, "HTTP/1.1 http/1.1 1"},
		{"with another name", func(c *tls.Config) { c.ServerName = "carrier.invalid" }, ""},
		{"with an unknown authority", func(c *tls.Config) { c.RootCAs = x509.NewCertPool() }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			changed := config.Clone()
			tt.change(changed)
			client := &forward.Client{TLS: changed, HandshakeTimeout: time.Minute}
			defer client.Close()
			for range 2 {
				w := newWriter()
				_, err := client.Forward(context.Background(), w, server.Listener.Addr().String(), send())
				var failed *tls.CertificateVerificationError
				if tt.want == "" {
					if stepOf(err) != forward.StepDial || !errors.As(err, &failed) {
						t.Errorf("got %v", err)
					}
				} else if err != nil || w.Body.String() != tt.want {
					t.Errorf("got %q, %v", w.Body, err)
				}
			}
		})
	}
}

// Over TLS, the end of a connection counts only if the carrier says that it is the end.
func TestABodyThatEndsWithTheConnectionIsWholeOnlyIfTLSSaysSo(t *testing.T) {
	t.Parallel()
	for _, polite := range []bool{true, false} {
		server, config := secureCarrier(t, tls.NoClientCert, func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\nabc")
			if !polite {
				_ = conn.(*tls.Conn).NetConn().Close()
			}
			conn.Close()
		})
		client := &forward.Client{TLS: config}
		w := newWriter()
		_, err := client.Forward(context.Background(), w, server.Listener.Addr().String(), send())
		if (err == nil) != polite || !polite && stepOf(err) != forward.StepCopy {
			t.Errorf("close_notify %v: got %v", polite, err)
		}
	}
}

func TestARequestThatCouldBeReadAsAnotherIsNotWritten(t *testing.T) {
	t.Parallel()
	address, connections := carrier(t, func(int, *http.Request, string) (string, bool) { return created, true })
	for _, tt := range []struct {
		name   string
		change func(*forward.Request)
	}{
		{"a method with a space", func(r *forward.Request) { r.Method = "GET /" }},
		{"a method that is empty", func(r *forward.Request) { r.Method = "" }},
		{"CONNECT", func(r *forward.Request) { r.Method = "CONNECT" }},
		{"a target with a space", func(r *forward.Request) { r.Target = "/a b" }},
		{"a target with a line end", func(r *forward.Request) { r.Target = "/a\r\nA: b" }},
		{"a target with a host", func(r *forward.Request) { r.Target = "http://other.example/" }},
		{"a target that is empty", func(r *forward.Request) { r.Target = "" }},
		{"a host with a line end", func(r *forward.Request) { r.Host = "a\r\nA: b" }},
		{"a value with CR", func(r *forward.Request) { r.Header.Set("A", "b\rc") }},
		{"a value with LF", func(r *forward.Request) { r.Header.Set("A", "b\nc") }},
		{"a value with NUL", func(r *forward.Request) { r.Header.Set("A", "b\x00c") }},
		{"a name with a space", func(r *forward.Request) { r.Header["A b"] = []string{"c"} }},
		{"a name with a colon", func(r *forward.Request) { r.Header["A:b"] = []string{"c"} }},
		{"an authorization with a line end", func(r *forward.Request) { r.Authorization = "a\r\nA: b" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := send()
			tt.change(r)
			_, err := new(forward.Client).Forward(context.Background(), newWriter(), address, r)
			if stepOf(err) != forward.StepWrite {
				t.Errorf("got %v", err)
			}
		})
	}
	if got := connections.Load(); got != 0 {
		t.Errorf("%d connections were opened", got)
	}
}

func TestOnlyWhatIsForTheCarrierIsWritten(t *testing.T) {
	t.Parallel()
	var got http.Header
	var length int64
	address, _ := carrier(t, func(_ int, request *http.Request, _ string) (string, bool) {
		got, length = request.Header, request.ContentLength
		return created, true
	})
	r := send()
	r.Body = nil
	r.Authorization = "Basic b3Vycw=="
	r.Without = func(name string) bool { return strings.HasPrefix(name, "X-Forwarded-") }
	r.Header = http.Header{
		"A": {"1", "2"}, "Connection": {"close, X-Hop"}, "X-Hop": {"1"}, "Keep-Alive": {"1"}, "Proxy-Authorization": {"1"},
		"Proxy-Connection": {"1"}, "Te": {"trailers"}, "Trailer": {"A"}, "Transfer-Encoding": {"chunked"}, "Upgrade": {"h2c"},
		"Content-Length": {"7"}, "Host": {"other.example"}, "Expect": {"100-continue"}, "Authorization": {"Basic dGhlaXJz"},
		"X-Forwarded-For": {"192.0.2.1"},
	}
	client := &forward.Client{}
	t.Cleanup(client.Close)
	if _, err := client.Forward(context.Background(), newWriter(), address, r); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != "map[A:[1 2] Authorization:[Basic b3Vycw==] Content-Length:[0]]" || length != 0 {
		t.Errorf("got %v", got)
	}
}
