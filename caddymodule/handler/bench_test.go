package handler

import (
	"bytes"
	"context"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/caddymodule/denials"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// discard is a client that looks at nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

// benchBody is a body that can be read over and over.
type benchBody struct{ bytes.Reader }

func (*benchBody) Close() error { return nil }

// What the handler costs, without a proxy behind it, where denials are shown to
// everyone and where they are not.
func BenchmarkHandler(b *testing.B) {
	const account = "AC11111111111111111111111111111111"
	us, _ := numbering.ParseTerritory("US")
	rulesWith := func(limits ...policy.Limit) func() *gate.Rules {
		snapshot, err := policy.New(policy.Definition{Limits: limits, Accounts: []policy.Account{{
			ID: account, At: []policy.CarrierAccount{{Carrier: "twilio", ID: account}}, Permissions: policy.Permissions{Messaging: &policy.Grant{Set: policy.SetOf(us)}},
		}}})
		if err != nil {
			b.Fatal(err)
		}
		rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
		return func() *gate.Rules { return rules }
	}
	unlimited := rulesWith()
	limited := rulesWith(policy.Limit{Name: "all", Amount: math.MaxUint32, Window: time.Hour, Per: []policy.Dimension{{By: policy.ByAccount}}})
	next := caddyhttp.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) error {
		w.WriteHeader(http.StatusCreated)
		return nil
	})
	ctx, err := caddy.ProvisionContext(&caddy.Config{Admin: &caddy.AdminConfig{Disabled: true}})
	if err != nil {
		b.Fatal(err)
	}
	started := new(app.App)
	if err := started.Provision(ctx); err != nil {
		b.Fatal(err)
	}
	if err := started.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = started.Stop() })
	announcer, err := telemetry.NewAnnouncer(ctx)
	if err != nil {
		b.Fatal(err)
	}
	for _, way := range []struct {
		name  string
		check *denials.CredentialCheck
		rules func() *gate.Rules
	}{
		{"shown to everyone", &denials.CredentialCheck{Off: true}, unlimited},
		{"unknown credentials rejected", nil, unlimited},
		{"limited", &denials.CredentialCheck{Off: true}, limited},
		{"limited, unknown credentials rejected", nil, limited},
	} {
		h := &Handler{
			app:             started,
			gate:            gate.Gate{Carrier: twilio.Twilio{}, Rules: way.rules, Product: "api", Counters: limits.New(time.Now()), Now: time.Now},
			logger:          zap.NewNop(),
			CredentialCheck: way.check,
			announcer:       announcer,
		}
		if h.disclosure, err = h.newDisclosure(b.Context()); err != nil {
			b.Fatal(err)
		}
		for _, what := range []struct{ name, method, to string }{
			{"a read", http.MethodGet, ""},
			{"an allowed message", http.MethodPost, "+12015550123"},
			{"a refused message", http.MethodPost, "+447400123456"}, // whose credential is known
		} {
			b.Run(way.name+"/"+what.name, func(b *testing.B) {
				form := []byte(url.Values{"To": {what.to}, "From": {"+12015550199"}, "Body": {"Hello"}}.Encode())
				r, _ := http.NewRequest(what.method, "https://api.twilio.com/2010-04-01/Accounts/"+account+"/Messages.json", nil)
				r.RequestURI = r.URL.RequestURI()
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.SetBasicAuth(account, strings.Repeat("0123456789abcdef", 2))
				ctx := context.WithValue(r.Context(), caddy.ReplacerCtxKey, caddy.NewEmptyReplacer())
				body := new(benchBody)
				w := discard{http.Header{}}
				b.ReportAllocs()
				for b.Loop() {
					if what.method == http.MethodPost {
						body.Reset(form)
						r.Body, r.ContentLength = body, int64(len(form))
					}
					// A replacer gathers what is put into it: each request has its own.
					asked := r.WithContext(context.WithValue(ctx, caddy.ReplacerCtxKey, caddy.NewEmptyReplacer()))
					if err := h.ServeHTTP(w, asked, next); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
