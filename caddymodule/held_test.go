package caddymodule_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// inTime is an option of a test's policy: a body must be there soon.
const inTime = "request_bodies {\n\t\t\ttimeout 300ms\n\t\t}"

// comms is a bulk message, of which 4 MiB are held.
const comms = "/v1/Messages"

// unfinished sends a part of a request and returns what the gate answers to that, and
// whether it then closes the connection.
func unfinished(t *testing.T, gate, part string) (a answer, isClosed bool) {
	t.Helper()
	conn, err := net.Dial("tcp", gate)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(conn, part); err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(conn)
	a = readAnswer(reader)
	_, err = reader.ReadByte()
	return a, err == io.EOF || errors.Is(err, syscall.ECONNRESET)
}

func TestABodyThatComesTooLateIsRefused(t *testing.T) {
	for name, settings := range map[string]struct{ server, policy string }{
		"by the gate's time":                     {"", inTime},
		"by the server's, where that is shorter": {"\t\ttimeouts {\n\t\t\tread_body 300ms\n\t\t}\n", ""},
	} {
		for protocol, open := range slowly {
			t.Run(name+" over "+protocol, func(t *testing.T) {
				s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"}
				caddyfile := withHTTP2(gateCaddyfile(s.gate, s.upstream.address, s.log, settings.policy+acmePolicy, ""))
				loadCaddyfile(t, strings.Replace(caddyfile, "protocols h1 h2c\n", "protocols h1 h2c\n"+settings.server, 1))
				form := messageTo(inUS)
				half := open(t, s.gate, asAcme, messages(acme), len(form))
				half.write(form[:len(form)-1])
				status, body := half.answer()
				if status != http.StatusRequestTimeout || errorCode(body) != 20001 {
					t.Errorf("answered %d %s", status, body)
				}
				if arrived := s.upstream.take(); len(arrived) > 0 {
					t.Errorf("arrived %d times", len(arrived))
				}
				if logged := parseLog(t, s.accessLog(t, 1)[0]).Tollgate; logged["verdict"] != "deny" || logged["reason"] != "body_late" {
					t.Errorf("logged %v", logged)
				}
			})
		}
	}
}

// What was watched only is not forwarded in part.
func TestABodyThatComesTooLateIsRefusedUnderObserve(t *testing.T) {
	s := startGate(t, "observe\n"+inTime+acmePolicy, "")
	request := post(messages(acme), messageTo(inUS))
	request = strings.Replace(request, "Connection: close\r\n", "", 1)
	if a, isClosed := unfinished(t, s.gate, request[:len(request)-1]); a.status != http.StatusRequestTimeout || !isClosed {
		t.Errorf("answered %d, closed %t", a.status, isClosed)
	}
	if arrived := s.upstream.take(); len(arrived) > 0 {
		t.Errorf("arrived %d times", len(arrived))
	}
}

// Nothing is left over of the time for the body: neither does it end the wait for the
// carrier, nor what else comes on the connection.
func TestTheTimeForABodyIsNotThatForTheCarrier(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(600 * time.Millisecond): // twice as long
			w.WriteHeader(http.StatusCreated)
		}
	}))
	t.Cleanup(upstream.Close)
	gate := harness.FreeAddress(t)
	loadCaddyfile(t, withHTTP2(gateCaddyfile(gate, upstream.Listener.Addr().String(), t.TempDir()+"/access.log", inTime+acmePolicy, "")))
	for name, isHTTP2 := range map[string]bool{"over HTTP/1.1": false, "over HTTP/2": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // to wait together
			protocols := new(http.Protocols)
			protocols.SetUnencryptedHTTP2(isHTTP2)
			protocols.SetHTTP1(!isHTTP2)
			client := http.Client{Transport: &http.Transport{Protocols: protocols, MaxConnsPerHost: 1}}
			defer client.CloseIdleConnections()
			for range 3 {
				r, err := http.NewRequest(http.MethodPost, "http://"+gate+messages(acme), strings.NewReader(messageTo(inUS)))
				if err != nil {
					t.Fatal(err)
				}
				r.Host = "api.twilio.com"
				r.Header = http.Header{"Authorization": {asAcme}, "Content-Type": {formType}}
				response, err := client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				response.Body.Close()
				if response.StatusCode != http.StatusCreated {
					t.Errorf("answered %d", response.StatusCode)
				}
			}
		})
	}
}

// The gate refuses a request without waiting for the rest of its body.
func TestARefusalDoesNotWaitForTheRestOfTheBody(t *testing.T) {
	s := startGate(t, inTime+acmePolicy, "")
	for name, target := range map[string]string{
		"a path that is not canonical": account("/%4dessages.json"),
		"an unknown operation":         account("/NewThing.json"),
	} {
		t.Run(name, func(t *testing.T) {
			whole := strings.Replace(post(target, messageTo(inUS)), "Connection: close\r\n", "", 1)
			if a, _ := unfinished(t, s.gate, whole[:len(whole)-1]); a.status != 404 {
				t.Errorf("answered %d", a.status)
			}
		})
	}
}

// A body is not worth more than its credential.
func TestALongBodyIsNotHeldWithoutACredential(t *testing.T) {
	s := startGate(t, acmePolicy, "")
	long := `{"content":{"text":"` + strings.Repeat("x", 64<<10) + `"},"to":[{"address":"` + inUS + `"}]}`
	head := "POST " + comms + " HTTP/1.1\r\nHost: comms.twilio.com\r\nContent-Type: application/json\r\n"
	for _, c := range []struct {
		name, part string
		status     int
	}{
		{"that is announced", head + "Content-Length: 4194294\r\n\r\n", 401},
		{"in a chunk", head + fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s", 4<<20, strings.Repeat("x", 64<<10+1)), 401},
		{"with an empty credential", head + "Authorization: \r\nContent-Length: 4194294\r\n\r\n", 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			if a, isClosed := unfinished(t, s.gate, c.part); a.status != c.status || a.code != 20003 || !isClosed {
				t.Errorf("answered %d %d, closed %t", a.status, a.code, isClosed)
			}
		})
	}
	if arrived := s.upstream.take(); len(arrived) > 0 {
		t.Errorf("arrived %d times", len(arrived))
	}
	if logged := parseLog(t, s.accessLog(t, 3)[0]).Tollgate; logged["reason"] != "credential_missing" {
		t.Errorf("logged %v", logged)
	}
	withCredential := request("POST", comms, long, "Host: comms.twilio.com", "Content-Type: application/json")
	if a := s.send(t, withCredential); a.status == 401 || a.status == 413 {
		t.Errorf("with a credential, it is answered %d %s", a.status, a.body)
	}
}

// While a client fills the memory for bodies, long ones are answered 503, and
// messages are still sent.
func TestTheMemoryForBodiesIsBounded(t *testing.T) {
	s := startFileServer(t, policyFile("US"))
	s.loadElsewhere(t, "\t\tpolicy ", "\t\trequest_bodies {\n\t\t\tmemory 4MiB\n\t\t}\n\t\tpolicy ")
	full := "POST " + comms + " HTTP/1.1\r\nHost: comms.twilio.com\r\nAuthorization: " + asAcme +
		"\r\nContent-Type: application/json\r\nContent-Length: 4000000\r\n\r\n" + `{"x":"`
	conn, err := net.Dial("tcp", s.gate)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, full+strings.Repeat("x", 3_500_000)); err != nil {
		t.Fatal(err)
	}
	harness.Await(t, "a body takes all the memory", func() bool {
		held, _ := strconv.ParseFloat(s.metric(t, "held_bytes"), 64)
		return held > 4e6
	})

	a, isClosed := unfinished(t, s.gate, full+strings.Repeat("x", 100_000))
	if a.status != http.StatusServiceUnavailable || a.code != 20503 || !isClosed {
		t.Errorf("a long body is answered %d %s, closed %t", a.status, a.body, isClosed)
	}
	if status := s.status(t, inUS); status != http.StatusCreated {
		t.Errorf("a message is answered %d", status)
	}
	longest := request("POST", messages(acme), messageTo(inUS)+"&Body="+strings.Repeat("%E2%82%AC", 1600), "Host: api.twilio.com")
	if a := s.send(t, longest); a.status != http.StatusCreated {
		t.Errorf("as long a message as there can be is answered %d %s", a.status, a.body)
	}
	s.upstream.take()
	if logged := parseLog(t, s.accessLog(t, 1)[0]).Tollgate; logged["verdict"] != "deny" || logged["reason"] != "memory_full" || logged["code"] != 20503.0 {
		t.Errorf("logged %v", logged)
	}
	waitForLog(t, s.serverLog(), "memory for request bodies is full")

	conn.Close()
	harness.Await(t, "the memory is given back", func() bool { return s.metric(t, "held_bytes") == "0" })
	whole := `{"x":"` + strings.Repeat("x", 1_000_000) + `"}`
	a = s.send(t, request("POST", comms, whole, "Host: comms.twilio.com", "Content-Type: application/json", "Authorization: "+asAcme))
	if a.status != http.StatusCreated && a.status != http.StatusBadRequest {
		t.Errorf("a long body is answered %d %s afterwards", a.status, a.body)
	}
	harness.Await(t, "the memory is given back once more", func() bool { return s.metric(t, "held_bytes") == "0" })
}

// Whatever becomes of a request, its memory is given back.
func TestMemoryIsGivenBackWhenTheCarrierHangsUp(t *testing.T) {
	s := startFileServer(t, policyFile("US"))
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "half an answer")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}))
	defer upstream.Close()
	s.loadElsewhere(t, s.upstream.address, upstream.Listener.Addr().String())
	form := padded(messageTo(inUS), 60_000)
	s.send(t, post(messages(acme), form))
	if s.send(t, post(messages(acme), form)).body != "half an answer" {
		t.Error("the request did not arrive")
	}
	harness.Await(t, "the memory is given back", func() bool { return s.metric(t, "held_bytes") == "0" })
}

// A web server behind tollgate_twiml is not asked for what is not there.
func TestARequestForInstructionsThatComesTooLateIsRefused(t *testing.T) {
	s := startTwiML(t, inTime+acmePolicy, "", "", func(http.ResponseWriter, *http.Request) {})
	whole := post("/voice", "AccountSid="+acme+"&CallSid=CAx&From="+inUS)
	a, _ := unfinished(t, s.gate, whole[:len(whole)-1])
	if a.status != http.StatusRequestTimeout || s.asked != nil {
		t.Errorf("answered %d, asked %v", a.status, s.asked != nil)
	}
	if logged := parseLog(t, s.accessLog(t, 1)[0]).Tollgate; logged["reason"] != "body_late" || logged["verdict"] != "deny" {
		t.Errorf("logged %v", logged)
	}
}

// A handler that reads the body keeps every send from being forwarded. No operator
// would guess why.
func TestTheLogSaysWhyARequestThatMayPassIsNotForwarded(t *testing.T) {
	for change, want := range map[string]string{
		"reading": "its body was read",
		"body":    "another body",
		"length":  "its length",
		"type":    "a header that it was judged by",
		"path":    "target",
	} {
		t.Run(change, func(t *testing.T) {
			s := startFileServer(t, policyFile("US"))
			s.loadElsewhere(t, "\t\tpolicy ", "\t\ttrusted_modules http.handlers.test_change\n\t\tpolicy ",
				behindTheGate, "\t\tchange "+change)
			if status := s.status(t, inUS); status != http.StatusBadGateway {
				t.Errorf("answered %d", status)
			}
			if line := waitForLog(t, s.serverLog(), "not forwarded"); !strings.Contains(line, want) {
				t.Error(line)
			}
		})
	}
}
