package gate_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	benchAccount  = "AC11111111111111111111111111111111"
	benchPassword = "0123456789abcdef0123456789abcdef"
)

// benchGate lets one account send messages to the United States.
func benchGate(b testing.TB) *gate.Gate {
	b.Helper()
	us, ok := numbering.ParseTerritory("US")
	if !ok {
		b.Fatal("no US")
	}
	snapshot, err := policy.New(policy.Definition{
		Revision: "bench",
		Accounts: []policy.Account{{
			ID:          benchAccount,
			At:          []policy.CarrierAccount{{Carrier: "twilio", ID: benchAccount}},
			Permissions: policy.Permissions{Messaging: &policy.Grant{Set: policy.SetOf(us)}},
		}},
	})
	if err != nil {
		b.Fatal(err)
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
	return &gate.Gate{Carrier: twilio.Twilio{}, Rules: func() *gate.Rules { return rules }, Product: "api", Now: time.Now}
}

// benchRequest is a request that can be judged over and over: reset gives it
// its body back.
type benchRequest struct {
	*http.Request
	body benchBody
	text []byte
}

type benchBody struct{ bytes.Reader }

func (*benchBody) Close() error { return nil }

func (r *benchRequest) reset() {
	r.body.Reset(r.text)
	r.Body = &r.body
}

func newBenchRequest(method, form string) *benchRequest {
	target := "/2010-04-01/Accounts/" + benchAccount + "/Messages.json"
	header := http.Header{}
	for _, line := range clientHeader[1:] { // Host is a field of the request
		name, value, _ := strings.Cut(line, ": ")
		header.Set(name, value)
	}
	r := &benchRequest{text: []byte(form), Request: &http.Request{
		Method:        method,
		URL:           &url.URL{Path: target},
		RequestURI:    target,
		Host:          "api.twilio.com",
		ContentLength: int64(len(form)),
		Header:        header,
	}}
	r.reset()
	if form == "" {
		r.Body = http.NoBody
	}
	return r
}

// benchMessages are requests to send a message to each of a thousand numbers
// under a prefix.
func benchMessages(prefix string) []*benchRequest {
	requests := make([]*benchRequest, 1000)
	for i := range requests {
		requests[i] = newBenchRequest(http.MethodPost, fmt.Sprintf(
			"To=%%2B%s%03d&From=%%2B12025550199&Body=Your+verification+code+is+123456."+
				"+It+expires+in+ten+minutes.+Do+not+share+it+with+anyone.", prefix, i))
	}
	return requests
}

func benchJudge(b *testing.B, requests []*benchRequest, want policy.Outcome) {
	g := benchGate(b)
	for _, r := range requests {
		if d := g.Judge(r.Request); d.Outcome != want {
			b.Fatalf("outcome %v (%s), want %v", d.Outcome, d.Reason, want)
		}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		r := requests[i%len(requests)]
		r.reset()
		g.Judge(r.Request)
		i++
	}
}

// clientHeader is the header of a message as a client library sends it.
var clientHeader = []string{
	"Host: api.twilio.com",
	"User-Agent: twilio-python/9.4.1 (Linux x86_64) Python/3.12.3",
	"Accept-Encoding: gzip, deflate",
	"Accept: application/json",
	"Connection: keep-alive",
	"X-Twilio-Client: python-9.4.1",
	"Accept-Charset: utf-8",
	"Content-Type: application/x-www-form-urlencoded",
	"Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(benchAccount+":"+benchPassword)),
}

// BenchmarkReadRequest reads the bytes of a message to judge with net/http alone: what a
// request costs before anything is done about it. Judging is measured against it.
func BenchmarkReadRequest(b *testing.B) {
	message := benchMessages("12015550")[0]
	wire := []byte("POST " + message.RequestURI + " HTTP/1.1\r\n" + strings.Join(clientHeader, "\r\n") +
		fmt.Sprintf("\r\nContent-Length: %d\r\n\r\n%s", len(message.text), message.text))
	var connection bytes.Reader
	reader := bufio.NewReader(nil)
	b.ReportAllocs()
	for b.Loop() {
		connection.Reset(wire)
		reader.Reset(&connection)
		if _, err := http.ReadRequest(reader); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkJudgeAllowed judges messages to an enabled territory, and forwards
// the body and asks for the upstream as a proxy would.
func BenchmarkJudgeAllowed(b *testing.B) {
	requests := benchMessages("12015550")
	b.Run("judge", func(b *testing.B) { benchJudge(b, requests, policy.Allow) })
	b.Run("judge and forward", func(b *testing.B) {
		g := benchGate(b)
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			r := requests[i%len(requests)]
			r.reset()
			if g.Judge(r.Request).Upstream(r.Request) == "" {
				b.Fatal("no upstream")
			}
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
}

// BenchmarkJudgeHolding judges messages to an enabled territory within bounds, as a
// server does.
func BenchmarkJudgeHolding(b *testing.B) {
	g, requests := benchGate(b), benchMessages("12015550")
	bounds := gate.Bounds{Timeout: 10 * time.Second, Memory: 64 << 20, Budget: new(gate.Budget)}
	writer := httptest.NewRecorder()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		r := requests[i%len(requests)]
		r.reset()
		held := bounds.Begin(writer)
		if d := g.JudgeHolding(r.Request, &held, nil); d.Outcome != policy.Allow {
			b.Fatal(d.Reason)
		}
		held.Release()
		i++
	}
}

// BenchmarkJudgeRefused judges messages to a territory that is not enabled.
func BenchmarkJudgeRefused(b *testing.B) {
	benchJudge(b, benchMessages("447400123"), policy.Deny)
}

// BenchmarkJudgeRead judges requests that only read, which most are where an
// application polls for the state of its messages.
func BenchmarkJudgeRead(b *testing.B) {
	g, r := benchGate(b), newBenchRequest(http.MethodGet, "")
	b.ReportAllocs()
	for b.Loop() {
		if d := g.Judge(r.Request); d.Outcome != policy.Allow {
			b.Fatal(d.Reason)
		}
	}
}

// BenchmarkJudgeUnseen judges messages to numbers that the plan has not been asked for
// recently.
func BenchmarkJudgeUnseen(b *testing.B) {
	g := benchGate(b)
	g.Rules().Plan = numbering.Default()
	requests := benchMessages("12015550")
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		r := requests[i%len(requests)]
		r.reset()
		if d := g.Judge(r.Request); d.Outcome != policy.Allow {
			b.Fatal(d.Reason)
		}
		i++
	}
}

// BenchmarkJudgeLong judges a message with as much text as a message may have,
// every character of it encoded.
func BenchmarkJudgeLong(b *testing.B) {
	form := "To=%2B12015550123&From=%2B12025550199&Body=" + strings.Repeat("%D0%96", 1600)
	benchJudge(b, []*benchRequest{newBenchRequest(http.MethodPost, form)}, policy.Allow)
}
