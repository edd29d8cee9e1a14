package main

import (
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// defence lets a send pass, or does not. It gets them in the order of time.
type defence interface {
	passes(s *send) bool
}

// policyFile has the limits that are shipped, and holdingFile the same, by which what is over is
// held.
var (
	//go:embed policy.yaml
	policyFile []byte
	//go:embed holding.yaml
	holdingFile []byte
)

// beginning is the time of the first send: a Monday.
var beginning = time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)

// tollgate is the gate itself.
type tollgate struct {
	gate gate.Gate
	now  time.Time
}

func newTollgate(file []byte) (*tollgate, error) {
	source, err := config.ParseFile("policy.yaml", file)
	if err != nil {
		return nil, err
	}
	compiled, err := config.Compile(carriers.All(), source)
	if err != nil {
		return nil, err
	}
	snapshot, err := policy.New(compiled.Definition)
	if err != nil {
		return nil, err
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
	t := &tollgate{now: beginning}
	t.gate = gate.Gate{
		Carrier: twilio.Twilio{}, Rules: func() *gate.Rules { return rules }, Product: "api",
		Counters: limits.New(beginning), Holds: limits.NewHolds(), Now: func() time.Time { return t.now },
	}
	return t, nil
}

func (t *tollgate) passes(s *send) bool {
	t.now = beginning.Add(s.at)
	return t.gate.Judge(request(s)).Outcome == policy.Allow
}

// request is a send as an application makes it.
func request(s *send) *http.Request {
	account := fmt.Sprintf("AC%032d", s.account)
	target, form := "https://api.twilio.com/2010-04-01/Accounts/"+account+"/Messages.json", url.Values{"To": {s.to}, "From": {"+12015550199"}, "Body": {"Hello"}}
	switch s.kind {
	case call:
		target, form = "https://api.twilio.com/2010-04-01/Accounts/"+account+"/Calls.json", url.Values{"To": {s.to}, "From": {"+12015550199"}, "Url": {"https://a.example"}}
	case verification:
		target, form = "https://verify.twilio.com/v2/Services/VA11111111111111111111111111111111/Verifications", url.Values{"To": {s.to}, "Channel": {"sms"}}
	}
	body := form.Encode()
	r, err := http.NewRequest(http.MethodPost, target, io.NopCloser(strings.NewReader(body)))
	if err != nil {
		panic(err) // the targets are those above
	}
	r.ContentLength, r.RequestURI = int64(len(body)), r.URL.RequestURI()
	r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.1", 1, 1
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(account, "secret")
	return r
}
