package caddymodule_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// startAnswering runs a gate, with what forwards behind it, in front of an upstream
// that answers its nth request, of all connections, with the nth text, and closes after an
// empty one. It returns the number of requests that came, and the host of the last one.
func startAnswering(t *testing.T, handler, forwarding string, answers ...string) (gate string, came *atomic.Int32, host *atomic.Value) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	came, host = new(atomic.Int32), new(atomic.Value)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				in := bufio.NewReader(conn)
				for {
					request, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, request.Body)
					host.Store(request.Host)
					text := answers[min(int(came.Add(1)), len(answers))-1]
					if text == "" {
						return
					}
					if text == never {
						_, _ = in.Peek(1) // until the gate hangs up
						return
					}
					if _, err := io.WriteString(conn, text); err != nil || text[9] == '1' {
						return
					}
				}
			}()
		}
	}()
	address := harness.FreeAddress(t)
	// Without an access log, which would put a body in the place of none.
	loadCaddyfile(t, inUse.in(`{
`+quietOptions+`	tollgate {
`+acmePolicy+`
	}
}
http://`+strings.TrimPrefix(address, "127.0.0.1")+` {
	route {
		tollgate twilio {
			upstream `+listener.Addr().String()+`
			`+handler+`
		}
		`+forwarding+`
	}
}
`))
	return address, came, host
}

const (
	// proxied is a reverse_proxy, in whose place another way can be tested.
	proxied   = "reverse_proxy {http.tollgate.upstream} {\n\t\t}"
	never     = "never"
	isCreated = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"
)

// A client must not take a status that no one sent for that of its message.
func TestACarrierThatOnlyAnnouncesAnAnswerIsAnError(t *testing.T) {
	for _, informational := range []string{"100 Continue", "103 Early Hints"} {
		t.Run(informational, func(t *testing.T) {
			gate, _, _ := startAnswering(t, "", proxied, "HTTP/1.1 "+informational+"\r\n\r\n")
			s := &caddyServer{gate: gate}
			conn, err := net.Dial("tcp", s.gate)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, post(messages(acme), messageTo(inUS))); err != nil {
				t.Fatal(err)
			}
			text, _ := io.ReadAll(conn)
			_, answer, _ := strings.Cut(string(text), "\r\n\r\n")
			if !strings.HasPrefix(answer, "HTTP/1.1 502 ") || !strings.Contains(answer, `"code": 20500`) {
				t.Errorf("answered\n%s", text)
			}
		})
	}
}

// The carrier may have sent the message before it closed the connection.
func TestASendIsNotRepeatedWhereTheConnectionIsClosed(t *testing.T) {
	everyWay(t, func(t *testing.T) {
		gate, came, _ := startAnswering(t, "", proxied, isCreated, "", isCreated)
		s := &caddyServer{gate: gate}
		if response, _ := s.raw(t, post(messages(acme), messageTo(inUS))); response.StatusCode != 201 {
			t.Fatalf("status %d", response.StatusCode)
		}
		if response, body := s.raw(t, post(messages(acme), messageTo(inUS))); response.StatusCode != 502 || came.Load() != 2 {
			t.Errorf("status %d after %d requests: %s", response.StatusCode, came.Load(), body)
		}
	})
}

func TestAnAnswersTimeIsBoundedWhateverEachReadMayTake(t *testing.T) {
	gate, _, _ := startAnswering(t, "", "tollgate_forward {\nresponse_header_timeout 100ms\nread_timeout 1m\nwrite_timeout 1m\n}", never)
	s := &caddyServer{gate: gate}
	if response, body := s.raw(t, post(messages(acme), messageTo(inUS))); response.StatusCode != 504 {
		t.Errorf("status %d: %s", response.StatusCode, body)
	}
}

func TestARequestWithoutAHostIsForwardedWithOne(t *testing.T) {
	everyWay(t, func(t *testing.T) {
		gate, _, host := startAnswering(t, "", proxied, isCreated)
		s := &caddyServer{gate: gate}
		text := strings.Replace(post(messages(acme), messageTo(inUS)), " HTTP/1.1\r\nHost: api.twilio.com\r\n", " HTTP/1.0\r\n", 1)
		if response, body := s.raw(t, text); response.StatusCode != 201 || host.Load() == "" {
			t.Errorf("status %d, host %q: %s", response.StatusCode, host.Load(), body)
		}
	})
}
