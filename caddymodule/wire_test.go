package caddymodule_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// line is a request in the making: what it says about itself is written as it
// stands, so that it may lie.
type line struct {
	method, target, body string
	// headers are whole lines. One with the name of a default replaces it, and
	// "-Name" leaves the default out.
	headers []string
	proto   string
}

// defaults of a request: what a Twilio client sends.
func (l line) defaults() []string {
	defaults := []string{
		"Host: api.twilio.com",
		"Connection: close",
		"Authorization: " + basic(acme+":secret"),
		"User-Agent: twilio-test/1.0",
	}
	if l.body != "" {
		defaults = append(defaults, "Content-Type: application/x-www-form-urlencoded",
			"Content-Length: "+strconv.Itoa(len(l.body)))
	}
	return defaults
}

// String is the request as it goes over the wire.
func (l line) String() string {
	var b strings.Builder
	proto := l.proto
	if proto == "" {
		proto = "HTTP/1.1"
	}
	b.WriteString(l.method + " " + l.target + " " + proto + "\r\n")
	for _, d := range l.defaults() {
		name, _, _ := strings.Cut(d, ":")
		replaced := slices.ContainsFunc(l.headers, func(h string) bool {
			given, _, _ := strings.Cut(strings.TrimPrefix(h, "-"), ":")
			return strings.EqualFold(given, name) || name == "Content-Length" && strings.EqualFold(given, "Transfer-Encoding")
		})
		if !replaced {
			b.WriteString(d + "\r\n")
		}
	}
	for _, h := range l.headers {
		if !strings.HasPrefix(h, "-") {
			b.WriteString(h + "\r\n")
		}
	}
	return b.String() + "\r\n" + l.body
}

func basic(userinfo string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(userinfo))
}

// request writes a request with a body as it stands.
func request(method, target, body string, headers ...string) string {
	return line{method: method, target: target, body: body, headers: headers}.String()
}

// reading is a request without a body.
func reading(target string, headers ...string) string {
	return request("GET", target, "", headers...)
}

// typed is a POST of a body of the type given.
func typed(target, contentType, body string, headers ...string) string {
	return request("POST", target, body, append(headers, "Content-Type: "+contentType)...)
}

// chunked writes a POST of a form in chunks of the size given, with trailers
// behind it.
func chunked(target, body string, size int, trailers []string, headers ...string) string {
	var b strings.Builder
	for rest := body; rest != ""; {
		n := min(size, len(rest))
		fmt.Fprintf(&b, "%x\r\n%s\r\n", n, rest[:n])
		rest = rest[n:]
	}
	b.WriteString("0\r\n")
	for _, t := range trailers {
		b.WriteString(t + "\r\n")
	}
	return request("POST", target, b.String()+"\r\n", append(headers, "Transfer-Encoding: chunked")...)
}

// multipartForm is a body of form fields, as pairs of name and value.
func multipartForm(boundary string, fields ...string) string {
	var b strings.Builder
	for i := 0; i < len(fields); i += 2 {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", boundary, fields[i], fields[i+1])
	}
	return b.String() + "--" + boundary + "--\r\n"
}

// startExactGate is a gate as the shipped Caddyfile has it: the proxy adds
// nothing of its own to a request.
func startExactGate(t testing.TB, policy, handler string) *caddyServer {
	t.Helper()
	s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"}
	loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, policy, handler))
	return s
}

func exactCaddyfile(gate, upstream, log, policy, handler string) string {
	transport := "http"
	if strings.HasPrefix(handler, "broker") {
		transport = "tollgate"
	}
	return inUse.in(strings.Replace(proxyCaddyfile(gate, upstream, log, policy, handler),
		"header_up -Via", "header_up -Via\n\t\t\ttransport "+transport+" {\n\t\t\t\tcompression off\n\t\t\t}", 1))
}

// answer is what a client got. Its status is 0 if the gate said nothing and
// closed the connection.
type answer struct {
	status int
	code   int // Twilio's error code, or 0
	header http.Header
	body   string
}

// send sends bytes to the gate as they are.
func (s *caddyServer) send(t testing.TB, request string) answer {
	t.Helper()
	conn, err := net.Dial("tcp", s.gate)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	// An early refusal may close the connection before all is written.
	written := make(chan struct{})
	go func() {
		defer close(written)
		_, _ = io.WriteString(conn, request)
	}()
	defer func() { <-written }()
	a := readAnswer(bufio.NewReader(conn))
	conn.Close()
	return a
}

func readAnswer(reader *bufio.Reader) answer {
	response, err := http.ReadResponse(reader, nil)
	for err == nil && response.StatusCode == http.StatusContinue {
		response, err = http.ReadResponse(reader, nil)
	}
	if err != nil {
		return answer{}
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return answer{response.StatusCode, errorCode(string(body)), response.Header, string(body)}
}

var xmlCode = regexp.MustCompile(`<RestException><Code>(\d+)</Code>`)

// errorCode finds Twilio's error code in either shape of body.
func errorCode(body string) int {
	var shape struct {
		Code int `json:"code"`
	}
	if json.Unmarshal([]byte(body), &shape) == nil {
		return shape.Code
	}
	if m := xmlCode.FindStringSubmatch(body); m != nil {
		code, _ := strconv.Atoi(m[1])
		return code
	}
	return 0
}

// mustRefuse sends a request that must be answered with a carrier's error, and
// of which nothing may reach the upstream. A code or status of 0 is any.
func (s *caddyServer) mustRefuse(t *testing.T, request string, status, code int) {
	t.Helper()
	a := s.send(t, request)
	if arrived := s.upstream.take(); len(arrived) > 0 {
		t.Fatalf("reached the upstream:\n%s", clip(arrived[0]))
	}
	switch {
	case a.status == 0:
		t.Fatalf("the gate gave no answer")
	case status != 0 && a.status != status, code != 0 && a.code != code:
		t.Errorf("answered %d code %d, want %d code %d: %s", a.status, a.code, status, code, clip(a.body))
	case status == 0 && (a.status < 400 || a.status >= 500):
		t.Errorf("answered %d, want a refusal: %s", a.status, clip(a.body))
	}
}

// mustForward sends a request that must arrive as it is.
func (s *caddyServer) mustForward(t *testing.T, request string) {
	t.Helper()
	a := s.send(t, request)
	arrived := s.upstream.take()
	if len(arrived) != 1 {
		t.Fatalf("arrived %d times; answered %d: %s", len(arrived), a.status, clip(a.body))
	}
	if a.status != http.StatusCreated {
		t.Errorf("answered %d, want the upstream's 201: %s", a.status, clip(a.body))
	}
	if difference := compare(request, arrived[0]); difference != "" {
		t.Errorf("arrived with another %s\nsent:\n%s\narrived:\n%s", difference, clip(request), clip(arrived[0]))
	}
}

// hopByHop are headers that end at the next server (RFC 9110, sections 7.6.1, 7.8 and
// 10.1.1).
var hopByHop = []string{"Connection", "Keep-Alive", "Te", "Proxy-Connection", "Upgrade", "Http2-Settings", "Expect"}

// compare names the first thing in which a request differs from how it was
// sent, or nothing. The letter case of header names makes no difference.
func compare(sent, arrived string) string {
	a, bodyA, errA := parseRequest(sent)
	b, bodyB, errB := parseRequest(arrived)
	if errA != nil || errB != nil {
		return fmt.Sprintf("shape: %v, %v", errA, errB)
	}
	for _, name := range hopByHop {
		a.Header.Del(name)
		b.Header.Del(name)
	}
	if len(a.TransferEncoding) > 0 && len(a.Trailer) == 0 && b.ContentLength == int64(len(bodyA)) {
		// All of it was held, so that its length is known.
		a.TransferEncoding, a.ContentLength = nil, b.ContentLength
		b.Header.Del("Content-Length")
	}
	same := func(a, b http.Header) bool { return maps.EqualFunc(a, b, slices.Equal) }
	switch {
	case a.Method != b.Method:
		return "method"
	case a.RequestURI != b.RequestURI:
		return "target"
	case a.Host != b.Host:
		return "host"
	case !same(a.Header, b.Header):
		return fmt.Sprintf("header: sent %v, arrived %v", a.Header, b.Header)
	case !slices.Equal(a.TransferEncoding, b.TransferEncoding):
		return "transfer encoding"
	case a.ContentLength != b.ContentLength:
		return "length"
	case !bytes.Equal(bodyA, bodyB):
		return "body"
	case !same(a.Trailer, b.Trailer):
		return fmt.Sprintf("trailer: sent %v, arrived %v", a.Trailer, b.Trailer)
	}
	return ""
}

func parseRequest(text string) (*http.Request, []byte, error) {
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		return nil, nil, err
	}
	body, err := io.ReadAll(r.Body)
	return r, body, err
}

// clip shortens a text to what is worth showing.
func clip(text string) string {
	const shown = 1500
	if len(text) <= shown {
		return text
	}
	return fmt.Sprintf("%s… (%d bytes)", text[:shown], len(text))
}

// witness is an upstream that also notices requests that never end, and takes
// large ones fast.
type witness struct {
	address string

	mu   sync.Mutex
	open map[net.Conn]bool
	seen []witnessed
}

// witnessed is a request that began to arrive, as far as it came.
type witnessed struct {
	method, target string
	header         http.Header
	trailer        http.Header
	length         int64
	body           []byte
	err            error // why the body ended early
}

func startWitness(t *testing.T) *witness {
	t.Helper()
	w := &witness{open: make(map[net.Conn]bool)}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == lastOfAll {
			return
		}
		body, err := io.ReadAll(r.Body)
		w.mu.Lock()
		w.seen = append(w.seen, witnessed{r.Method, r.RequestURI, r.Header, r.Trailer, r.ContentLength, body, err})
		w.mu.Unlock()
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(rw, "{}")
	}))
	// Each request has a connection of its own, so that its end is seen.
	server.Config.SetKeepAlivesEnabled(false)
	server.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		w.mu.Lock()
		defer w.mu.Unlock()
		switch state {
		case http.StateNew:
			w.open[conn] = true
		case http.StateClosed, http.StateHijacked:
			delete(w.open, conn)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	w.address = strings.TrimPrefix(server.URL, "http://")
	return w
}

// lastOfAll is the path of a request that the test itself sends.
const lastOfAll = "/last-of-all"

// take returns the requests that were seen since the last call, once no more are on
// their way: connections are accepted in turn, so those of the gate were accepted once a
// later one is answered.
func (w *witness) take(t *testing.T) []witnessed {
	t.Helper()
	response, err := http.Get("http://" + w.address + lastOfAll)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	harness.Await(t, "every request has ended", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.open) == 0
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := w.seen
	w.seen = nil
	return seen
}

// startWitnessedGate is a gate before a witness.
func startWitnessedGate(t *testing.T, policy, handler string) (*caddyServer, *witness) {
	t.Helper()
	w := startWitness(t)
	s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"}
	loadCaddyfile(t, exactCaddyfile(s.gate, w.address, s.log, policy, handler))
	return s, w
}
