package caddymodule_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// hangUp resets the connection of a request after writing to it.
func hangUp(w http.ResponseWriter, text string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = io.WriteString(conn, text)
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

const unknownCredential = `{"code": 20003, "message": "Authenticate", "more_info": "https://www.twilio.com/docs/errors/20003", "status": 401}`

func TestACarrierThatFailsDuringACheck(t *testing.T) {
	packed := new(bytes.Buffer)
	packer := gzip.NewWriter(packed)
	_, _ = packer.Write([]byte(unknownCredential))
	_ = packer.Close()

	for _, c := range []struct {
		name       string
		meet       func(w http.ResponseWriter, r *http.Request)
		credential any
		// loose and strict are the statuses under on_unreachable deny and 401.
		loose, strict int
	}{
		{"it is slow", func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-time.After(10 * time.Second):
			}
		}, "unreachable", 400, 401},
		{"it is slow in the middle of its answer", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.WriteHeader(http.StatusUnauthorized)
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
			case <-time.After(10 * time.Second):
			}
		}, "inconclusive", 401, 401},
		{"it resets", func(w http.ResponseWriter, _ *http.Request) { hangUp(w, "") }, "unreachable", 400, 401},
		{"it resets within the header", func(w http.ResponseWriter, _ *http.Request) { hangUp(w, "HTTP/1.1 401 Unauth") }, "unreachable", 400, 401},
		{"it does not speak HTTP", func(w http.ResponseWriter, _ *http.Request) { hangUp(w, "220 smtp.example.com ESMTP\r\n") }, "unreachable", 400, 401},
		{"it has too much to do", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, "inconclusive", 401, 401},
		{"it is broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, "inconclusive", 401, 401},
		{"something in front of it refuses the check", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusRequestHeaderFieldsTooLarge)
		}, "rejected", 431, 431},
		{"it does not know the list", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Twilio-Request-Id", "RQ1")
			w.WriteHeader(http.StatusNotFound)
		}, "rejected", 401, 401},
		{"it dies after it accepted", func(w http.ResponseWriter, _ *http.Request) {
			hangUp(w, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
		}, nil, 400, 400},
		{"it dies after it rejected", func(w http.ResponseWriter, _ *http.Request) {
			hangUp(w, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 100\r\n\r\n"+`{"code": 70004`)
		}, "inconclusive", 401, 401},
		{"it dies within a chunk after it rejected", func(w http.ResponseWriter, _ *http.Request) {
			hangUp(w, "HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n"+`{"code": 70004`)
		}, "inconclusive", 401, 401},
		{"it accepts at great length", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.Copy(w, io.LimitReader(endless{}, 10<<20))
		}, nil, 400, 400},
		{"it rejects at great length", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.Copy(w, io.LimitReader(endless{}, 10<<20))
		}, "inconclusive", 401, 401},
		{"it rejects in a great header", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("x", 100<<10))
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, unknownCredential)
		}, "rejected", 401, 401},
		{"it rejects in gzip that was not asked for", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write(packed.Bytes())
		}, "rejected", 401, 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			carrier := startJudge(t, func(w http.ResponseWriter, r *http.Request) bool {
				c.meet(w, r)
				return true
			})
			for option, status := range map[string]int{"deny": c.loose, "401": c.strict} {
				s := startDisclosing(t, carrier, acmePolicy, "credential_check {\ntimeout 300ms\non_unreachable "+option+"\n}")
				client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
				request, err := http.NewRequest("POST", "http://"+s.gate+messages(acme), strings.NewReader(messageTo(inUZ)))
				if err != nil {
					t.Fatal(err)
				}
				request.SetBasicAuth(acme, "any")
				request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				response, err := client.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(response.Body)
				response.Body.Close()
				code := map[int]string{400: "21408", 401: "20003"}[status]
				if response.StatusCode != status || !strings.Contains(string(body), code) || err != nil {
					t.Errorf("%s: %s %.200s %v", option, response.Status, body, err)
				}
				if line := parseLog(t, s.accessLog(t, 1)[0]).Tollgate; line["credential"] != c.credential {
					t.Errorf("%s: %v", option, line)
				}
			}
		})
	}
}

// endless is text without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte("x"), len(p))), nil }

func TestACarrierThatIsNotThere(t *testing.T) {
	s := startDisclosing(t, &judge{address: harness.FreeAddress(t)}, acmePolicy, "")
	if line := s.logged(t, as(acme, "any", inUZ)); line.Status != 400 || line.Tollgate["credential"] != "unreachable" {
		t.Errorf("%d %v", line.Status, line.Tollgate)
	}
}

// send sends a message with a password of its own and returns the status, 0 if
// there was no answer.
func send(ctx context.Context, client *http.Client, gate, password, to string) int {
	request, err := http.NewRequestWithContext(ctx, "POST", "http://"+gate+messages(acme), strings.NewReader(messageTo(to)))
	if err != nil {
		return 0
	}
	request.SetBasicAuth(acme, password)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

func TestAThousandUnknownCredentialsAtOnce(t *testing.T) {
	const most = 50 // checks
	var checks atomic.Int32
	together := make(chan struct{})
	carrier := startJudge(t, func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Authorization") == "" {
			return false
		}
		switch checks.Add(1) {
		case 1: // of the known credential
			return false
		case most:
			close(together)
		}
		select {
		case <-together:
		case <-r.Context().Done():
		}
		return false
	})
	s := startDisclosing(t, carrier, acmePolicy, fmt.Sprintf("credential_check {\nper_client %d/1h\n}", most))
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1000}, Timeout: time.Minute}
	if status := send(t.Context(), client, s.gate, rightToken, inUZ); status != 400 {
		t.Fatalf("%d to a known credential", status)
	}
	var clients sync.WaitGroup
	var rejected atomic.Int32
	for i := range 1000 {
		clients.Go(func() {
			if send(t.Context(), client, s.gate, fmt.Sprint("wrong", i), inUZ) == 401 {
				rejected.Add(1)
			}
		})
	}
	clients.Wait()
	if rejected.Load() != 1000 || carrier.checks.Load() != 50 {
		t.Errorf("%d were rejected by %d checks", rejected.Load(), carrier.checks.Load())
	}
	if status := send(t.Context(), client, s.gate, rightToken, inUZ); status != 400 || carrier.checks.Load() != 50 {
		t.Errorf("%d to a known credential, after %d checks", status, carrier.checks.Load())
	}
	// The proxy keeps some connections for later; nothing of the checks stays.
	harness.AwaitNil(t, "no check is under way", func() error {
		stacks := make([]byte, 16<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		if bytes.Contains(stacks, []byte("tollgate/internal/credentialcheck.")) || bytes.Contains(stacks, []byte("tollgate/caddymodule/denials.")) {
			return fmt.Errorf("stacks are\n%s", stacks)
		}
		return nil
	})
}

func TestAHundredRequestsWithOneCredentialAreOneCheck(t *testing.T) {
	for password, status := range map[string]int{rightToken: 400, "wrong": 401} {
		var wrote sync.WaitGroup // of the hundred
		wrote.Add(100)
		carrier := startJudge(t, func(http.ResponseWriter, *http.Request) bool {
			wrote.Wait()
			return false
		})
		s := startDisclosing(t, carrier, acmePolicy, "")
		client := &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}
		var all sync.WaitGroup
		var answered atomic.Int32
		for range 100 {
			all.Go(func() {
				done := sync.OnceFunc(wrote.Done)
				ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { done() }})
				if send(ctx, client, s.gate, password, inUZ) == status {
					answered.Add(1)
				}
			})
		}
		all.Wait()
		client.CloseIdleConnections()
		if carrier.checks.Load() != 1 || answered.Load() != 100 {
			t.Errorf("%s: %d checks, %d of 100 were answered", password, carrier.checks.Load(), answered.Load())
		}
	}
}

func TestAClientThatGoesAwayLeavesTheCheck(t *testing.T) {
	begun, end := make(chan struct{}, 2), make(chan struct{})
	carrier := startJudge(t, func(http.ResponseWriter, *http.Request) bool {
		begun <- struct{}{}
		<-end
		return false
	})
	s := startDisclosing(t, carrier, acmePolicy, "")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan int)
	go func() { gone <- send(ctx, client, s.gate, rightToken, inUZ) }()
	<-begun
	leave()
	if status := <-gone; status != 0 {
		t.Fatalf("was answered %d", status)
	}
	s.accessLog(t, 1) // the request is over, and its check is not
	close(end)
	if status := send(t.Context(), client, s.gate, rightToken, inUZ); status != 400 || carrier.checks.Load() != 1 {
		t.Errorf("%d after %d checks", status, carrier.checks.Load())
	}
}

// What the gate answers by itself comes no sooner than the carrier's answer would.
func TestARejectionTakesAsLongAsTheCarrierWould(t *testing.T) {
	const carrierTakes = 150 * time.Millisecond
	carrier := startJudge(t, func(http.ResponseWriter, *http.Request) bool {
		<-time.After(carrierTakes) // real time: it is what the gate measures
		return false
	})
	const suspended = "AC55555555555555555555555555555555"
	s := startDisclosing(t, carrier, acmePolicy+"\n\t\taccount "+suspended+" {\n\t\t\tsuspended\n\t\t}", "")
	for _, c := range []struct {
		name, request string
	}{
		{"a rejection that is forwarded", as(acme, "wrong", inUS)},
		{"a denial to an unknown credential", as(acme, "wrong", inUZ)},
		{"a denial to one that is known to be bad", as(acme, "wrong", inUZ)},
		{"a denial without a credential", as(acme, "", inUZ)},
		{"a denial without a policy", as(unnamed, "x", inUZ)},
		{"a suspension", as(suspended, "x", inUS)},
		{"a key that the policy does not name", verification(us, basic(unknownKey+":x"))},
		{"the same once more", verification(us, basic(unknownKey+":x"))},
		{"another scheme", request("POST", messages(acme), messageTo(inUS), "Authorization: Digest x")},
		{"a credential of another tree", request("POST", messages(acme), messageTo(inUS), "Authorization: "+basic(suspended+":x"))},
	} {
		began := time.Now()
		response, body := s.raw(t, c.request)
		took := time.Since(began)
		if response.StatusCode != 401 || took < carrierTakes {
			t.Errorf("%s: %s %s after %v", c.name, response.Status, body, took)
		}
		// A machine that is busy takes long, but not that long.
		if took > 20*carrierTakes {
			t.Errorf("%s took %v", c.name, took)
		}
	}
	if carrier.checks.Load() != 1 {
		t.Errorf("%d checks", carrier.checks.Load())
	}
}
