package redis_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	server "github.com/caddy-tollgate/tollgate/internal/harness/redis"
	"github.com/caddy-tollgate/tollgate/limits/redis"
)

// authority issues certificates for one test.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	folder      string
	// file has its own certificate.
	file string
}

func newAuthority(t *testing.T) *authority {
	a := &authority{folder: t.TempDir()}
	a.certificate = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Tests"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	a.file, _ = a.write(t, "authority", a.certificate)
	return a
}

// issue returns the settings of a server for TLS at a port, whose name is a host or an IP address.
func (a *authority) issue(t *testing.T, port, name string) (settings []string) {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
	}
	certificate, key := a.write(t, "server-"+port, template)
	return []string{
		"--tls-port", port, "--tls-cert-file", certificate, "--tls-key-file", key,
		"--tls-ca-cert-file", a.file, "--tls-auth-clients", "no", "--tls-replication", "yes",
	}
}

// write writes a certificate by the authority, and its key. The first is its own.
func (a *authority) write(t *testing.T, name string, template *x509.Certificate) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if a.key == nil {
		a.key = private
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &private.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	files := [2]string{}
	for i, block := range []pem.Block{{Type: "CERTIFICATE", Bytes: der}, {Type: "PRIVATE KEY", Bytes: secret}} {
		files[i] = filepath.Join(a.folder, name+[]string{".pem", ".key"}[i])
		if err := os.WriteFile(files[i], pem.EncodeToMemory(&block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return files[0], files[1]
}

// user is one who may do what counters need, and the default one may do nothing.
var user = strings.Fields("--user tollgate on >a/secret ~* &* +@all --user default off")

// lines are settings as a file has them.
func lines(settings []string) (lines []string) {
	for i := 0; i < len(settings); i += 2 {
		lines = append(lines, strings.TrimPrefix(settings[i], "--")+" "+settings[i+1])
	}
	return lines
}

// One test, since the process reads once whom it trusts.
func TestCountersMayBeBehindTLS(t *testing.T) {
	trusted, unknown := newAuthority(t), newAuthority(t)
	t.Setenv("SSL_CERT_FILE", trusted.file)
	port := func() string { return harness.Port(harness.FreeAddress(t)) }
	at := func(scheme, host, port string) string { return scheme + "://tollgate:a%2Fsecret@" + host + ":" + port }

	t.Run("with a certificate of a trusted authority and a user", func(t *testing.T) {
		p := port()
		server.Start(t, append(trusted.issue(t, p, "127.0.0.1"), user...)...)
		for _, scheme := range []string{"rediss", "valkeys"} {
			exercise(t, start(t, "", func(o *redis.Options) { o.Address, o.Prefix = at(scheme, "127.0.0.1", p), scheme+":" }))
		}
	})
	t.Run("where a sentinel names a master with a certificate of another name", func(t *testing.T) {
		p, q := port(), port()
		settings := trusted.issue(t, p, "127.0.0.1")
		master := server.Start(t, settings...)
		master.Watch(t, "counters", "127.0.0.1:"+p, lines(trusted.issue(t, q, "localhost"))...)
		exercise(t, start(t, "", func(o *redis.Options) { o.Address = "rediss://localhost:" + q + "?master_set=counters" }))
	})
	for _, c := range []struct {
		name      string
		authority *authority
		host      string
		change    []string
		want      string // a pattern
	}{
		{"not with one of an unknown authority", unknown, "127.0.0.1", nil, "unknown authority"},
		{"nor with one of another name", trusted, "redis.example.com", nil, "doesn't contain any IP SANs"},
		{"nor where clients need one of their own", trusted, "127.0.0.1", []string{"--tls-auth-clients", "yes"}, "certificate required|connection reset|broken pipe|EOF"}, // the server may end the connection before its alert is read,
	} {
		t.Run(c.name, func(t *testing.T) {
			p := port()
			server.Start(t, append(append(c.authority.issue(t, p, c.host), c.change...), user...)...)
			told := make(chan error, 100)
			counters, err := redis.New(redis.Options{Address: at("rediss", "127.0.0.1", p), Timeout: time.Second, Changed: func(err error) { told <- err }})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(counters.Close)
			counters.Start()
			if err := <-told; err == nil || !regexp.MustCompile(c.want).MatchString(err.Error()) || strings.Contains(err.Error(), "secret@") {
				t.Errorf("%v", err)
			}
		})
	}
}
