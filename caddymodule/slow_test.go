package caddymodule_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	registered "github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/keys"
)

// slowSend is a form that came in part: the gate has its head and asked for the rest.
type slowSend struct {
	t      *testing.T
	write  func(piece string)
	answer func() (status int, body string)
}

// slowly are the ways in which a client can take its time. Each sends a head to an
// address and waits until the gate asks for the body.
var slowly = map[string]func(t *testing.T, gate, authorization, target string, length int) *slowSend{
	"HTTP/1.1": func(t *testing.T, gate, authorization, target string, length int) *slowSend {
		conn, reader := openSlow(t, gate, authorization, target, fmt.Sprintf("Content-Length: %d", length))
		return &slowSend{t,
			func(piece string) { _, _ = io.WriteString(conn, piece) },
			func() (int, string) { a := readAnswer(reader); return a.status, a.body },
		}
	},
	"chunks": func(t *testing.T, gate, authorization, target string, length int) *slowSend {
		conn, reader := openSlow(t, gate, authorization, target, "Transfer-Encoding: chunked")
		return &slowSend{t,
			func(piece string) {
				if length -= len(piece); length > 0 {
					fmt.Fprintf(conn, "%x\r\n%s\r\n", len(piece), piece)
				} else {
					fmt.Fprintf(conn, "%x\r\n%s\r\n0\r\n\r\n", len(piece), piece)
				}
			},
			func() (int, string) { a := readAnswer(reader); return a.status, a.body },
		}
	},
	"HTTP/2": func(t *testing.T, gate, authorization, target string, length int) *slowSend {
		protocols := new(http.Protocols)
		protocols.SetUnencryptedHTTP2(true)
		transport := &http.Transport{Protocols: protocols, DisableCompression: true, ExpectContinueTimeout: time.Minute}
		t.Cleanup(transport.CloseIdleConnections)
		asked := make(chan struct{})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		t.Cleanup(cancel)
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got100Continue: func() { close(asked) }})
		reader, writer := io.Pipe()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+gate+target, reader)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "api.twilio.com"
		r.Header = http.Header{"Authorization": {authorization}, "Content-Type": {formType}, "Expect": {"100-continue"}}
		type answered struct {
			status int
			body   string
		}
		answers := make(chan answered, 1)
		go func() {
			response, err := transport.RoundTrip(r)
			if err != nil {
				answers <- answered{0, err.Error()}
				return
			}
			defer response.Body.Close()
			text, _ := io.ReadAll(response.Body)
			answers <- answered{response.StatusCode, string(text)}
		}()
		select {
		case <-asked:
		case a := <-answers:
			t.Fatalf("answered %d before the gate asked for the body: %s", a.status, a.body)
		}
		return &slowSend{t,
			func(piece string) {
				_, _ = io.WriteString(writer, piece)
				if length -= len(piece); length == 0 {
					writer.Close()
				}
			},
			func() (int, string) { a := <-answers; return a.status, a.body },
		}
	},
}

// openSlow sends the head of a request and waits until it is asked for the body.
func openSlow(t *testing.T, gate, authorization, target, framing string) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", gate)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: api.twilio.com\r\nConnection: close\r\nExpect: 100-continue\r\n"+
		"Authorization: %s\r\nContent-Type: %s\r\n%s\r\n\r\n", target, authorization, formType, framing)
	reader := bufio.NewReader(conn)
	for _, want := range []string{"HTTP/1.1 100 Continue", ""} {
		if line, err := reader.ReadString('\n'); err != nil || strings.TrimSpace(line) != want {
			t.Fatalf("got %q instead of 100 Continue: %v", line, err)
		}
	}
	return conn, reader
}

// withHTTP2 makes a Caddyfile one of a server that takes HTTP/2 in clear text.
func withHTTP2(caddyfile string) string {
	return strings.Replace(caddyfile, "{\n", "{\n\tservers {\n\t\tprotocols h1 h2c\n\t}\n", 1)
}

// A client that keeps requests in stock, all but their last byte sent, finds that the
// rules have changed when it sends it.
func TestARequestIsJudgedByTheRulesInForceWhenItIsWhole(t *testing.T) {
	form := messageTo(inUS)
	suspended := strings.Replace(acmePolicy, "voice US CA", "voice US CA\nsuspended", 1)
	for _, change := range []struct {
		name          string
		first, second string // insides of the tollgate block, or policy files
		inFile        bool
		status        int
	}{
		{"a policy file that blocks a prefix", policyFile("US"), policyFile("US") + "prefixes:\n  - block: \"+1201\"\n    reason: an incident\n", true, 400},
		{"a policy file that suspends the account", policyFile("US"), policyFile("US") + "    suspended: true\n", true, 401},
		{"a policy file that permits", policyFile("GB"), policyFile("US"), true, 201},
		{"another configuration that suspends the account", acmePolicy, suspended, false, 401},
		{"another configuration that permits", suspended, acmePolicy, false, 201},
	} {
		for protocol, open := range slowly {
			t.Run(change.name+" over "+protocol, func(t *testing.T) {
				s := &fileServer{caddyServer: caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"}}
				s.file, s.admin = t.TempDir()+"/policy.yaml", harness.FreeAddress(t)
				caddyfile := func(policy string) string {
					text := gateCaddyfile(s.gate, s.upstream.address, s.log, policy, "")
					return withHTTP2(strings.Replace(text, "admin off", "admin "+s.admin, 1))
				}
				policyOf := func(text string) string {
					if !change.inFile {
						return text
					}
					s.write(t, text)
					return "\t\tpolicy " + s.file
				}
				loadCaddyfile(t, caddyfile(policyOf(change.first)))
				half := open(t, s.gate, asAcme, messages(acme), len(form))
				half.write(form[:len(form)-1])

				if policy := policyOf(change.second); change.inFile {
					if status, answer := s.ask(t, http.MethodPost, "/tollgate/policy/reload", "application/json", ""); status != http.StatusOK {
						t.Fatalf("reloading is answered %d %s", status, answer)
					}
				} else {
					loadCaddyfile(t, caddyfile(policy))
				}
				s.upstream.take()
				half.write(form[len(form)-1:])
				status, body := half.answer()
				if status != change.status {
					t.Errorf("answered %d, want %d: %s", status, change.status, body)
				}
				if arrived := s.upstream.take(); (len(arrived) == 1) != (change.status == 201) {
					t.Errorf("arrived %d times", len(arrived))
				}
			})
		}
	}
}

// Nor does a key that is revoked, or of a configuration that was replaced, last as long
// as its request takes.
func TestAKeyMustBeLiveWhenTheRequestIsWhole(t *testing.T) {
	form := messageTo(inUS)
	for _, change := range []struct {
		name string
		make func(t *testing.T, s *brokerServer, key, sid string)
	}{
		{"revoked", func(t *testing.T, s *brokerServer, key, sid string) {
			if _, err := keys.Revoke(s.keys, registered.All(), time.Now(), sid); err != nil {
				t.Fatal(err)
			}
			harness.Await(t, "the key is accepted no more", func() bool {
				return s.send(t, sent(key, post(messages(acme), form))).status == http.StatusUnauthorized
			})
			s.upstream.take()
		}},
		{"of a key file that another configuration does not have", func(t *testing.T, s *brokerServer, _, _ string) {
			other := newBrokerServer(t)
			s.keys = other.keys
			loadCaddyfile(t, withHTTP2(exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker")))
		}},
		{"of a broker that another configuration does not have", func(t *testing.T, s *brokerServer, _, _ string) {
			loadCaddyfile(t, withHTTP2(exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy, "")))
		}},
	} {
		for protocol, open := range slowly {
			t.Run(change.name+" over "+protocol, func(t *testing.T) {
				s := newBrokerServer(t)
				key, sid := s.create(t, keys.Key{})
				loadCaddyfile(t, withHTTP2(exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker")))
				half := open(t, s.gate, key, messages(acme), len(form))
				half.write(form[:len(form)-1])
				change.make(t, s, key, sid)
				half.write(form[len(form)-1:])
				if status, body := half.answer(); status != http.StatusUnauthorized {
					t.Errorf("answered %d: %s", status, body)
				}
				if arrived := s.upstream.take(); len(arrived) > 0 {
					t.Errorf("arrived %d times", len(arrived))
				}
			})
		}
	}
}

// A credential goes nowhere but where the configuration that states it sends it: a
// request that was on its way to a sandbox does not take the next one's there.
func TestACredentialIsNotSentToTheUpstreamOfAConfigurationThatWasReplaced(t *testing.T) {
	form := messageTo(inUS)
	for protocol, open := range slowly {
		t.Run("over "+protocol, func(t *testing.T) {
			sandbox := newBrokerServer(t)
			key, _ := sandbox.create(t, keys.Key{})
			loadCaddyfile(t, withHTTP2(exactCaddyfile(sandbox.gate, sandbox.upstream.address, sandbox.log, acmePolicy+sandbox.brokerBlock(), "broker")))
			half := open(t, sandbox.gate, key, messages(acme), len(form))
			half.write(form[:len(form)-1])

			real := newBrokerServer(t)
			real.keys = sandbox.keys
			real.rotate(t, "f00df00df00df00df00df00df00df00d")
			loadCaddyfile(t, withHTTP2(exactCaddyfile(sandbox.gate, real.upstream.address, real.log, acmePolicy+real.brokerBlock(), "broker")))
			half.write(form[len(form)-1:])
			status, body := half.answer()
			arrived := sandbox.upstream.take()
			if status != http.StatusCreated || len(arrived) != 1 || !strings.Contains(arrived[0], "Authorization: "+carriers+"\r\n") {
				t.Errorf("answered %d %s, arrived %q", status, body, arrived)
			}
		})
	}
}

// Where url_hosts is not stated, a webhook is not judged. What is stated once the request
// that sets it is whole counts.
func TestAWebhookIsJudgedByTheHostsStatedWhenTheRequestIsWhole(t *testing.T) {
	for protocol, open := range slowly {
		t.Run("over "+protocol, func(t *testing.T) {
			s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"}
			caddyfile := func(policy string) string {
				return withHTTP2(gateCaddyfile(s.gate, s.upstream.address, s.log, policy, ""))
			}
			loadCaddyfile(t, caddyfile(acmePolicy))
			half := open(t, s.gate, asAcme, webhookTarget, len(webhookForm))
			half.write(webhookForm[:len(webhookForm)-1])
			loadCaddyfile(t, caddyfile("url_hosts none"+acmePolicy))
			half.write(webhookForm[len(webhookForm)-1:])
			if status, body := half.answer(); status != 400 {
				t.Errorf("answered %d: %s", status, body)
			}
			if arrived := s.upstream.take(); len(arrived) > 0 {
				t.Errorf("arrived %d times", len(arrived))
			}
		})
	}
}

const (
	webhookTarget = "/2010-04-01/Accounts/" + acme + "/IncomingPhoneNumbers/PNaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json"
	webhookForm   = "SmsUrl=https%3A%2F%2Fevil.example%2F"
)
