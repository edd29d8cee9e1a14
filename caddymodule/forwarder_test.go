package caddymodule_test

import (
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func TestProxyBehindTheGateMustForwardWhatWasJudged(t *testing.T) {
	byProxy(t)
	for _, c := range []struct{ name, options, problem string }{
		{"a plain proxy runs", "", ""},
		{"headers may be set and dropped", "header_up -Via", ""},
		{"another credential does not run", "header_up Authorization secret", "the account that was judged would not be the one that pays"},
		{"a credential that is dropped does not run", "header_up -Authorization", "must not change the header Authorization"},
		{"a credential that is added does not run", "header_up +authorization secret", "must not change the header Authorization"},
		{"a credential that is replaced does not run", "header_up Authorization a b", "must not change the header Authorization"},
		{"all headers that are dropped do not run", "header_up -*", "must not change the header *"},
		{"a header whose name a client says does not run", "header_up {header.X-Name} x", "must not change the header {"},
		{"a body that is read first does not run", "request_buffers 1MB", "every send would end in 502"},
		{"another type does not run", "header_up Content-Type text/plain", "must not change the header Content-Type"},
		{"a type that is dropped does not run", "header_up -Content-Type", "must not change the header"},
		{"another method in a header does not run", "header_up X-HTTP-Method-Override POST", "must not change the header"},
		{"a rewrite in the proxy does not run", "rewrite /2010-04-01/Accounts/" + unnamed + "{uri}", "must not have method or rewrite"},
		{"a method in the proxy does not run", "method POST", "must not have method or rewrite"},
		{"a retry that may send twice does not run", "lb_retries 3\nlb_retry_match {\nmethod POST\n}", "must not have lb_retry_match"},
	} {
		t.Run(c.name, func(t *testing.T) {
			caddyfile := gateCaddyfile(harness.FreeAddress(t), "127.0.0.1:9", t.TempDir()+"/log", acmePolicy, "")
			caddyfile = strings.Replace(caddyfile, "header_up -Via", c.options, 1)
			text, err := adapt(caddyfile)
			if err != nil {
				t.Fatal(err)
			}
			err = caddy.Load(text, true)
			t.Cleanup(func() { _ = caddy.Stop() })
			switch {
			case c.problem == "" && err != nil:
				t.Errorf("does not run: %v", err)
			case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)):
				t.Errorf("error is %v, want one about %q", err, c.problem)
			}
		})
	}
}
