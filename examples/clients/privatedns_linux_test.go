package clients_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/sys/unix"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/sandbox"
	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// Addresses in a network of its own. The gate listens at all of them, and the
// carrier at one.
const (
	privateResolver = "127.0.0.1" // the applications': their carrier is the gate
	publicResolver  = "127.0.0.3" // the gate's: its carrier is the carrier
	gateAddress     = "127.0.0.2"
	carrierAddress  = "127.0.0.4"
)

// startResolver answers that every name in twilio.com has one address.
func startResolver(t *testing.T, resolver, address string) {
	t.Helper()
	handler := dns.HandlerFunc(func(w dns.ResponseWriter, question *dns.Msg) {
		answer := new(dns.Msg).SetReply(question)
		for _, q := range question.Question {
			switch {
			case !strings.HasSuffix(strings.ToLower(q.Name), ".twilio.com."):
				answer.Rcode = dns.RcodeNameError
			case q.Qtype == dns.TypeA:
				answer.Answer = append(answer.Answer, &dns.A{
					Hdr: dns.RR_Header{Name: q.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1},
					A:   net.ParseIP(address),
				})
			}
		}
		_ = w.WriteMsg(answer)
	})
	ready := make(chan struct{})
	server := &dns.Server{Addr: resolver + ":53", Net: "udp", Handler: handler, NotifyStartedFunc: func() { close(ready) }}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case <-ready:
		t.Cleanup(func() { _ = server.Shutdown() })
	case err := <-failed:
		t.Fatalf("starting a resolver: %v", err)
	}
}

// carrier is the sandbox in Twilio's place: at Twilio's names, on port 443, with
// a certificate.
type carrier struct {
	authority string // file with the certificate that signed the carrier's

	mu    sync.Mutex
	hosts []string // that requests came for
}

func startCarrier(t *testing.T) *carrier {
	t.Helper()
	c := new(carrier)
	certificate := c.certificate(t)
	reuse := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		// The gate listens on port 443 of every address; this one is the carrier's.
		var err error
		if controlErr := raw.Control(func(fd uintptr) {
			err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
		}); controlErr != nil {
			return controlErr
		}
		return err
	}}
	listener, err := reuse.Listen(t.Context(), "tcp", carrierAddress+":443")
	if err != nil {
		t.Fatal(err)
	}
	twilio := sandbox.New(sandbox.Options{})
	server := &http.Server{
		ReadHeaderTimeout: time.Minute,
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{certificate}},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c.mu.Lock()
			c.hosts = append(c.hosts, r.Host)
			c.mu.Unlock()
			twilio.ServeHTTP(w, r)
		}),
	}
	go func() { _ = server.ServeTLS(listener, "", "") }()
	t.Cleanup(func() { server.Close() })
	return c
}

// certificate is one for Twilio's names, signed by itself.
func (c *carrier) certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		DNSNames:              []string{"*.twilio.com"},
		NotAfter:              time.Now().Add(time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c.authority = filepath.Join(t.TempDir(), "carrier.pem")
	if err := os.WriteFile(c.authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// take returns the hosts of the requests that arrived since the last call.
func (c *carrier) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	hosts := c.hosts
	c.hosts = nil
	return hosts
}

// startPrivateDNS runs the example with edits and a resolver of the gate's own, and
// returns the environment by which clients trust it.
func startPrivateDNS(t *testing.T, resolver string, c *carrier, edits ...string) (s *server, trust []string) {
	t.Helper()
	startResolver(t, privateResolver, gateAddress)
	startResolver(t, publicResolver, carrierAddress)
	text, err := os.ReadFile(root + "/examples/private-dns/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	s = startGate(t, strings.NewReplacer(edits...).Replace(string(text)), gateAddress+":443",
		"GATE_HOSTS=*.twilio.com, *.fence.twilio.com",
		"GATE_RESOLVER="+resolver,
		"SSL_CERT_FILE="+c.authority,
		"SSL_CERT_DIR="+t.TempDir(),
	)
	authority := filepath.Join(s.Folder, "caddy/pki/authorities/local/root.crt")
	s.waitForLog(t, "certificate obtained successfully", 2)
	// It is logged before it is in use.
	for _, name := range []string{"api.twilio.com", "api.fence.twilio.com"} {
		harness.AwaitNil(t, "the gate has a certificate for "+name, func() error {
			connection, err := tls.Dial("tcp", gateAddress+":443", &tls.Config{ServerName: name, InsecureSkipVerify: true})
			if err == nil {
				connection.Close()
			}
			return err
		})
	}
	// Debian's Python library takes no other authorities than the machine's. In
	// this network, those are the gate's.
	if store := "/etc/ssl/certs/ca-certificates.crt"; exists(store) {
		if err := unix.Mount(authority, store, "", unix.MS_BIND, ""); err != nil {
			t.Fatalf("replacing %s: %v", store, err)
		}
	}
	return s, []string{"NODE_EXTRA_CA_CERTS=" + authority, "REQUESTS_CA_BUNDLE=" + authority, "SSL_CERT_FILE=" + authority}
}

func TestClientsNeedNoChangeBehindPrivateDNS(t *testing.T) {
	if !inOwnNetwork(t) {
		return
	}
	c := startCarrier(t)
	_, trust := startPrivateDNS(t, publicResolver, c)
	for language, program := range messagePrograms {
		t.Run(language, func(t *testing.T) {
			requireMessages(t, program(t), trust...)
			if hosts := c.take(); !slices.Equal(hosts, []string{"api.twilio.com"}) {
				t.Errorf("the carrier got requests for %q, want the one that may be sent", hosts)
			}
		})
	}
}

// A label in place of a region makes names that no one else has, so that all
// other traffic to Twilio stays as it is.
func TestClientsReachTheGateByARegionLabel(t *testing.T) {
	if !inOwnNetwork(t) {
		return
	}
	c := startCarrier(t)
	_, trust := startPrivateDNS(t, publicResolver, c)
	for language, program := range messagePrograms {
		t.Run(language, func(t *testing.T) {
			requireMessages(t, program(t), append(trust, "TWILIO_REGION=fence")...)
			if hosts := c.take(); !slices.Equal(hosts, []string{"api.twilio.com"}) {
				t.Errorf("the carrier got requests for %q, want the one that may be sent", hosts)
			}
		})
	}
}

func TestTheCLIReachesTheGateByARegionLabel(t *testing.T) {
	twilio, err := filepath.Abs("cli/node_modules/.bin/twilio")
	if err != nil {
		t.Fatal(err)
	}
	if !exists(twilio) {
		without(t, "examples/clients/cli/node_modules")
	}
	if !inOwnNetwork(t) {
		return
	}
	c := startCarrier(t)
	_, trust := startPrivateDNS(t, publicResolver, c)
	environment := append(trust, "TWILIO_REGION=fence", "HOME="+t.TempDir(),
		"PATH="+filepath.Dir(twilio)+":"+os.Getenv("PATH"))
	command := []string{"sh", "cli/message.sh"}
	output, ok := run(t, command, inUS, environment...)
	if !ok || !regexp.MustCompile(`(?m)^SM[0-9a-f]{32}$`).MatchString(output) {
		t.Errorf("a message that may be sent: %s", output)
	}
	output, ok = run(t, command, inUZ, environment...)
	if ok || !strings.Contains(output, refusedMessage.text) || !strings.Contains(output, refusedMessage.code) {
		t.Errorf("a message that may not be sent: %s", output)
	}
	if hosts := c.take(); !slices.Equal(hosts, []string{"api.twilio.com"}) {
		t.Errorf("the carrier got requests for %q, want the one that may be sent", hosts)
	}
}

// Of all labels in place of a region, the gate answers one alone.
func TestAnUnknownLabelIsRefused(t *testing.T) {
	if !inOwnNetwork(t) {
		return
	}
	c := startCarrier(t)
	_, trust := startPrivateDNS(t, publicResolver, c)
	roots := x509.NewCertPool()
	authority, err := os.ReadFile(strings.TrimPrefix(trust[2], "SSL_CERT_FILE="))
	if err != nil || !roots.AppendCertsFromPEM(authority) {
		t.Fatalf("reading the gate's authority: %v", err)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "api.twilio.com"}}}
	response, err := client.Get("https://api.nowhere.twilio.com/2010-04-01/Accounts.json")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusNotFound || len(c.take()) != 0 {
		t.Errorf("status %d", response.StatusCode)
	}
}

// Should the gate have the applications' resolver, it calls itself. It does not
// trust its own certificates, so that ends at the first call.
func TestAGateThatCallsItselfFailsAtOnce(t *testing.T) {
	if !inOwnNetwork(t) {
		return
	}
	c := startCarrier(t)
	s, trust := startPrivateDNS(t, privateResolver, c)
	began := time.Now()
	output, ok := run(t, goProgram("message")(t), inUS, trust...)
	if ok || !strings.Contains(output, "20503 Service unavailable") || time.Since(began) > 5*time.Second {
		t.Errorf("after %s: %s", time.Since(began), output)
	}
	s.waitForLog(t, "certificate signed by unknown authority", 1)
	s.waitForLog(t, `"logger":"http.log.access`, 1)
	if n := strings.Count(s.Log(t), `"tollgate":{`); n != 1 {
		t.Errorf("the gate judged %d requests, want 1", n)
	}
	if hosts := c.take(); len(hosts) != 0 {
		t.Errorf("the carrier got requests for %q", hosts)
	}
}

// One that trusts its own certificates is told by its own header that the
// request has come round.
func TestAGateThatCallsItselfAndTrustsItselfFailsAtOnce(t *testing.T) {
	if !inOwnNetwork(t) {
		return
	}
	c := startCarrier(t)
	s, trust := startPrivateDNS(t, privateResolver, c, "\t\ttollgate_forward {\n", "\t\ttollgate_forward {\n\t\t\ttls_trust_pool pki_root local\n")
	began := time.Now()
	output, ok := run(t, goProgram("message")(t), inUS, trust...)
	if ok || !strings.Contains(output, "20503 Service unavailable") || time.Since(began) > 5*time.Second {
		t.Errorf("after %s: %s", time.Since(began), output)
	}
	s.waitForLog(t, `"logger":"http.log.access`, 2)
	if n := strings.Count(s.Log(t), `"tollgate":{`); n != 1 {
		t.Errorf("the gate judged %d requests, want 1", n)
	}
	if hosts := c.take(); len(hosts) != 0 {
		t.Errorf("the carrier got requests for %q", hosts)
	}
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
