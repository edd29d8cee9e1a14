package caddymodule_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// An idle connection holds the configuration that opened it, with its policy, for minutes.
func TestTheLastRequestsOfAConfigurationLeaveNoIdleConnection(t *testing.T) {
	for _, c := range []struct{ name, options string }{
		{"on connections of the gate's own", ""},
		{"on those of Caddy's transport", "versions 1.1 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var open, opened atomic.Int32
			carrier := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) }))
			carrier.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				switch state {
				case http.StateNew:
					open.Add(1)
					opened.Add(1)
				case http.StateClosed:
					open.Add(-1)
				}
			}
			carrier.Start()
			t.Cleanup(carrier.Close)
			address := harness.FreeAddress(t)
			caddyfile := gateCaddyfile(address, carrier.Listener.Addr().String(), t.TempDir()+"/access.log", acmePolicy, "")
			caddyfile = strings.Replace(caddyfile, "tollgate_forward", "tollgate_forward {\n"+c.options+"\n}", 1)
			loadCaddyfile(t, caddyfile)
			half, err := sendHalf(address, messages(acme), messageTo(inUS))
			if err != nil {
				t.Fatal(err)
			}
			loadCaddyfile(t, strings.Replace(caddyfile, "messaging US CA", "messaging US", 1))
			if status, err := half.finish(); err != nil || status != http.StatusCreated {
				t.Fatalf("got %d, %v", status, err)
			}
			if opened.Load() == 0 {
				t.Fatal("nothing reached the carrier")
			}
			harness.Await(t, "the connection to the carrier to be closed", func() bool { return open.Load() == 0 })
		})
	}
}
