package caddymodule_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// What a client offers to its next hop is not offered to the carrier in its name.
func TestAnOfferEndsAtTheGate(t *testing.T) {
	s := startExactGate(t, acmePolicy, "")
	for _, c := range []struct{ name, request string }{
		{"HTTP/2", request("POST", messages(acme), "To="+us+messageRest, "Connection: close, Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")},
		{"TLS", request("POST", messages(acme), "To="+us+messageRest, "Connection: close, Upgrade", "Upgrade: TLS/1.2")},
		{"to wait with the body", request("POST", messages(acme), "To="+us+messageRest, "Expect: 100-continue")},
		{"HTTP/2, in a read", reading(messages(acme), "Connection: close, Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.mustForwardOnce(t, c.request, func(arrived *http.Request) {
				for _, name := range []string{"Upgrade", "Http2-Settings", "Connection", "Expect"} {
					if values := arrived.Header.Values(name); len(values) > 0 {
						t.Errorf("%s arrived: %v", name, values)
					}
				}
			})
		})
	}
}

// mustForwardOnce sends a request, and shows what arrived.
func (s *caddyServer) mustForwardOnce(t *testing.T, request string, look func(arrived *http.Request)) {
	t.Helper()
	if response, _ := s.raw(t, request); response.StatusCode != http.StatusCreated {
		t.Fatalf("answered %s", response.Status)
	}
	arrived := s.upstream.take()
	if len(arrived) != 1 {
		t.Fatalf("arrived %d times", len(arrived))
	}
	parsed, _, err := parseRequest(arrived[0])
	if err != nil {
		t.Fatal(err)
	}
	look(parsed)
}

// The gate asks for the body itself: a carrier that is asked to ask for it does so again.
func TestAClientIsAskedForItsBodyOnce(t *testing.T) {
	carrier := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // which asks for it, where it is expected
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(carrier.Close)
	s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}
	loadCaddyfile(t, gateCaddyfile(s.gate, strings.TrimPrefix(carrier.URL, "http://"), s.log, acmePolicy, ""))
	for _, c := range []struct{ name, target string }{
		{"a body that is held", messages(acme)},
		{"a body that streams", "/2010-04-01/Accounts/" + acme + "/IncomingPhoneNumbers.json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			head, body, _ := strings.Cut(request("POST", c.target, "To="+us+messageRest, "Expect: 100-continue"), "\r\n\r\n")
			conn, err := net.Dial("tcp", s.gate)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
			_, _ = io.WriteString(conn, head+"\r\n\r\n")
			answers := bufio.NewReader(conn)
			asked, err := answers.ReadString('\n')
			if err != nil || !strings.HasPrefix(asked, "HTTP/1.1 100 ") {
				t.Fatalf("got %q, %v", asked, err)
			}
			_, _ = io.WriteString(conn, body)
			rest, _ := io.ReadAll(answers)
			if n := strings.Count(string(rest), "HTTP/1.1 "); n != 1 || !strings.Contains(string(rest), "HTTP/1.1 201 ") {
				t.Errorf("after the first, the answers are\n%s", rest)
			}
		})
	}
}

// The refusal is a 404 in the carrier's words, which says nothing of why.
func TestTheAccessLogSaysToWhatARequestAskedToUpgrade(t *testing.T) {
	s := startGate(t, acmePolicy, "")
	for _, c := range []struct{ name, request, rule string }{
		{"a websocket", reading(messages(acme), "Connection: close, Upgrade", "Upgrade: websocket"), "Upgrade: websocket"},
		{"a tunnel", request("CONNECT", "api.twilio.com:443", ""), "CONNECT"},
		{"what is not a name", reading(messages(acme), "Connection: close, Upgrade", "Upgrade: +998912345678"), "Upgrade"},
	} {
		t.Run(c.name, func(t *testing.T) {
			logged := s.logged(t, c.request).Tollgate
			if logged["reason"] != "upgrade_forbidden" || logged["rule"] != c.rule {
				t.Errorf("logged %v", logged)
			}
		})
	}
}

// Some clients offer HTTP/2 with each request over plain HTTP, whether their users asked
// for it or not.
func TestClientsThatOfferHTTP2AreServed(t *testing.T) {
	s := startExactGate(t, acmePolicy, "")
	for _, c := range []struct {
		name    string
		program []string
	}{
		{"curl --http2", []string{"curl", "--silent", "--output", os.DevNull, "--write-out", "%{http_code}", "--max-time", "20", "--http2",
			"--user", acme + ":secret", "--data", "{body}", "{url}"}},
		{"the HttpClient of the JDK", []string{"java", javaClient(t), "{url}", "{body}", basic(acme + ":secret")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := exec.LookPath(c.program[0]); err != nil {
				t.Skip(err)
			}
			for _, send := range []struct {
				to   string
				want int
			}{{us, 201}, {uz, 400}} {
				args := make([]string, len(c.program)-1)
				for i, arg := range c.program[1:] {
					args[i] = strings.NewReplacer("{url}", "http://"+s.gate+messages(acme), "{body}", "To="+send.to+messageRest).Replace(arg)
				}
				output, err := exec.Command(c.program[0], args...).CombinedOutput()
				if err != nil || strings.TrimSpace(string(output)) != fmt.Sprint(send.want) {
					t.Errorf("to %s: %s, %v", send.to, output, err)
				}
				if arrived := s.upstream.take(); (len(arrived) == 1) != (send.want == 201) {
					t.Errorf("to %s: arrived %q", send.to, arrived)
				}
			}
		})
	}
}

// javaClient writes a program for the JDK's own client, whose default is to offer
// HTTP/2 in each first request.
func javaClient(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "Send.java")
	const program = `import java.net.URI;
import java.net.http.*;

class Send {
	public static void main(String[] args) throws Exception {
		var request = HttpRequest.newBuilder(URI.create(args[0]))
			.header("Content-Type", "application/x-www-form-urlencoded").header("Authorization", args[2])
			.POST(HttpRequest.BodyPublishers.ofString(args[1])).build();
		System.out.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
	}
}
`
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
