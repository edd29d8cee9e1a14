package caddymodule_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/keys"
)

// The carrier's credential comes in where the request is written. Whatever stands
// between the gate and there, or is given the answer, and every log, even one that is
// told to show credentials, has the key.
func TestNothingButTheCarrierIsGivenItsCredential(t *testing.T) {
	byProxy(t)
	s := newBrokerServer(t)
	key, _ := s.create(t, keys.Key{})
	serverLog := filepath.Join(t.TempDir(), "server.log")
	caddyfile := exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker")
	caddyfile = strings.NewReplacer(
		"auto_https off", "auto_https off\n\tdebug\n\tservers {\n\t\tlog_credentials\n\t\ttrace\n\t}",
		"output discard", "output file "+serverLog+"\n\t\tlevel DEBUG",
		"\t\treverse_proxy", `		@basic header_regexp basic Authorization "Basic (.*)"
		header @basic X-Matched {re.basic.1}
		@expression expression `+"`{http.request.header.Authorization}.startsWith(\"Basic\")`"+`
		vars @expression seen {http.request.header.Authorization}
		map {http.request.header.Authorization} {mapped} {
			~^Basic.(.*)$ $1
		}
		log_append mapped {mapped}
		intercept {
			@created status 2xx
			handle_response @created {
				header X-Intercepted {http.request.header.Authorization}
				copy_response
			}
		}
		reverse_proxy`,
		"header_up -Via", `header_up -Via
			header_up X-Copied {http.request.header.Authorization}
			header_down X-Down {http.request.header.Authorization}
			header_down X-Seen {vars.seen}
			handle_response {
				header X-Handled {http.request.header.Authorization}
				copy_response_headers
				templates {
					mime application/json
				}
				respond "{{.Req.Header.Authorization}} {http.reverse_proxy.header.Content-Type}"
			}`,
	).Replace(caddyfile)
	loadCaddyfile(t, caddyfile)

	a := s.send(t, sent(key, message(us)))
	arrived := s.upstream.take()
	if len(arrived) != 1 || !strings.Contains(arrived[0], "Authorization: "+carriers+"\r\n") || !strings.Contains(arrived[0], "X-Copied: "+key+"\r\n") {
		t.Fatalf("arrived %q, answered %s", arrived, a.text())
	}
	s.accessLog(t, 1)
	log, err := os.ReadFile(serverLog)
	if err != nil {
		t.Fatal(err)
	}
	access, err := os.ReadFile(s.log)
	if err != nil {
		t.Fatal(err)
	}
	encoded := strings.TrimPrefix(key, "Basic ")
	for where, text := range map[string]string{"the answer": a.text(), "the log": string(log), "the access log": string(access)} {
		if !strings.Contains(text, encoded) {
			t.Errorf("%s does not show even the key: nothing was searched\n%s", where, clip(text))
		}
		for _, secret := range spellings(t, carriers) {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds the carrier's credential:\n%s", where, clip(text))
			}
		}
	}
}

// The transport is Caddy's own, with one thing more.
func TestATransportOfABrokerTakesTheOptionsOfCaddys(t *testing.T) {
	byProxy(t)
	s := newBrokerServer(t)
	caddyfile := exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker")
	text, err := adapt(strings.Replace(caddyfile, "compression off", "tls\n\t\t\t\tresponse_header_timeout 7s\n\t\t\t\tversions 1.1\n\t\t\t\tresolvers 192.0.2.53", 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"protocol":"tollgate"`, `"tls":{}`, `"response_header_timeout":7000000000`, `"versions":["1.1"]`, `"192.0.2.53"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the configuration lacks %s:\n%s", want, text)
		}
	}
	loadCaddyfile(t, caddyfile)
}
