package caddymodule_test

import (
	"net/http"
	"testing"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// A request that is forwarded after its configuration was replaced opens a connection that
// nothing else will use. It is closed with the answer, and does not stay until it has been
// idle for two minutes.
func TestAReplacedConfigurationKeepsNoConnectionToTheCarrier(t *testing.T) {
	for _, w := range []way{
		ways[0],
		ways[2],
		{"transport tollgate over connections of Caddy's", "reverse_proxy {http.tollgate.upstream} {\n transport tollgate {\n  versions 1.1 2\n }\n}"},
	} {
		t.Run(w.name, func(t *testing.T) {
			forwardBy(t, w)
			upstream := startRecorder(t)
			gate := harness.FreeAddress(t)
			text, err := adapt(gateCaddyfile(gate, upstream.address, t.TempDir()+"/access.log", acmePolicy, ""))
			if err != nil {
				t.Fatal(err)
			}
			load := func() {
				if err := caddy.Load(text, true); err != nil {
					t.Fatal(err)
				}
			}
			load()
			t.Cleanup(func() { _ = caddy.Stop() })
			late, err := sendHalf(gate, messages(acme), messageTo(inUS))
			if err != nil {
				t.Fatal(err)
			}
			load()
			if status, err := late.finish(); err != nil || status != http.StatusCreated {
				t.Fatalf("answered %d, %v", status, err)
			}
			if arrived := upstream.take(); len(arrived) != 1 {
				t.Errorf("%d requests arrived", len(arrived))
			}
			harness.Await(t, "the connection to the carrier is closed", func() bool { return upstream.open.Load() == 0 })
		})
	}
}
