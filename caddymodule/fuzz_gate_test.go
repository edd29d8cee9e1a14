package caddymodule_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// fuzzedGate is a Caddy that speaks HTTP/1.1 and HTTP/2 without TLS, with a gate
// whose policy stands in a file that can be swapped at once.
type fuzzedGate struct {
	*caddyServer
	file, admin string
	// open and closed are policies: by the former every number passes.
	open, closed string
}

func startFuzzedGate(f *testing.F) *fuzzedGate {
	f.Helper()
	folder := f.TempDir()
	s := &fuzzedGate{
		caddyServer: &caddyServer{gate: harness.FreeAddress(f), upstream: startRecorder(f), log: filepath.Join(folder, "access.log")},
		file:        filepath.Join(folder, "policy.yaml"),
		admin:       harness.FreeAddress(f),
		open:        fuzzedPolicy(`"*"`),
		closed:      fuzzedPolicy("US, CA"),
	}
	s.write(f, s.closed)
	// To whom a denial is shown is another question, and its answers take their time.
	caddyfile := exactCaddyfile(s.gate, s.upstream.address, s.log, "\t\tpolicy "+s.file, "credential_check off")
	loadCaddyfile(f, strings.Replace(caddyfile, "admin off", "admin "+s.admin+"\n\tservers {\n\t\tprotocols h1 h2 h2c\n\t}", 1))
	return s
}

// fuzzedPolicy lets acme reach some territories, each class of voice by name.
func fuzzedPolicy(territories string) string {
	return "version: 1\naccounts:\n  - id: " + acme + "\n    messaging: [" + territories + "]\n" +
		"    voice: {low_risk: [" + territories + "], high_risk_special: [" + territories + "], high_risk_tollfraud: [" + territories + "]}\n"
}

func (s *fuzzedGate) write(t testing.TB, policy string) {
	t.Helper()
	if err := os.WriteFile(s.file+".next", []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(s.file+".next", s.file); err != nil {
		t.Fatal(err)
	}
}

// swap puts another policy in force before it returns.
func (s *fuzzedGate) swap(t testing.TB, policy string) {
	t.Helper()
	s.write(t, policy)
	request, err := http.NewRequest(http.MethodPost, "http://"+s.admin+"/tollgate/policy/reload", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if answer, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK {
		t.Fatalf("reloading the policy: %d %s", response.StatusCode, answer)
	}
}

// sendSlowly sends the head and a part of the body while everything passes, and
// the last of it when nothing does any more.
func (s *fuzzedGate) sendSlowly(t testing.TB, r *deniedRequest, part int) (status int) {
	t.Helper()
	head, body := r.inHTTP1()
	if body == "" || r.method == http.MethodGet {
		return s.send(t, head+body).status
	}
	s.swap(t, s.open)
	conn, err := net.Dial("tcp", s.gate)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	part %= len(body)
	_, _ = io.WriteString(conn, head+body[:part])
	s.swap(t, s.closed)
	_, _ = io.WriteString(conn, body[part:])
	answer, _ := io.ReadAll(conn)
	status, _ = strconv.Atoi(string(bytes.SplitN(append(answer, "  "...), []byte(" "), 3)[1]))
	return status
}

// sendInHTTP2 sends a request in frames of its own, so that no library mends it
// on the way. The status is 0 if the gate reset the stream or the connection.
func (s *fuzzedGate) sendInHTTP2(t testing.TB, r *deniedRequest) (status int) {
	t.Helper()
	conn, err := net.Dial("tcp", s.gate)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	var head bytes.Buffer
	encoder := hpack.NewEncoder(&head)
	field := func(name, value string) {
		if err := encoder.WriteField(hpack.HeaderField{Name: name, Value: value}); err != nil {
			t.Fatal(err)
		}
	}
	field(":method", r.method)
	field(":scheme", "http")
	field(":path", r.target)
	field(":authority", r.host)
	field("authorization", asAcme)
	if r.contentType != "" {
		field("content-type", r.contentType)
	}
	if name, value, ok := strings.Cut(r.header, ": "); ok {
		field(strings.ToLower(name), value)
	}
	if !r.chunked {
		field("content-length", fmt.Sprint(len(r.body)))
	}

	framer := http2.NewFramer(conn, conn)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	_, _ = io.WriteString(conn, http2.ClientPreface)
	_ = framer.WriteSettings()
	_ = framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: head.Bytes(), EndHeaders: true, EndStream: r.body == ""})
	if r.body != "" {
		_ = framer.WriteData(1, true, []byte(r.body))
	}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return status
		}
		switch f := frame.(type) {
		case *http2.MetaHeadersFrame:
			status, _ = strconv.Atoi(f.PseudoValue("status"))
			if f.StreamEnded() {
				return status
			}
		case *http2.DataFrame:
			if f.StreamEnded() {
				return status
			}
		case *http2.RSTStreamFrame, *http2.GoAwayFrame:
			return status
		}
	}
}
