package caddymodule_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/keys"
)

// startKeys runs a gate that takes keys of a store, and those of a key file if there is one.
func startKeys(t *testing.T, file bool) (*storeServer, *brokerServer) {
	t.Helper()
	b := newBrokerServer(t)
	block := b.brokerBlock()
	if !file {
		block = strings.Replace(block, "\t\t\tkeys "+b.keys+"\n", "", 1)
	}
	s := newStoreServer(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), acmePolicy+block+"\n")
	s.caddyfile = strings.Replace(s.caddyfile, "tollgate twilio {", "tollgate twilio {\n\t\t\tbroker", 1)
	loadCaddyfile(t, s.caddyfile)
	return s, b
}

// A store is read after the configuration was. The account may also be made later, over the API
// of the gate that has the credential for it.
func TestACredentialIsForAnAccountByTheNameThatTheStoreGivesIt(t *testing.T) {
	b := newBrokerServer(t)
	client, _ := b.create(t, keys.Key{})
	block := strings.Replace(b.brokerBlock(), "credential "+acme, "credential acme", 1)
	s := newStoreServer(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), block+"\n")
	s.caddyfile = strings.Replace(s.caddyfile, "tollgate twilio {", "tollgate twilio {\n\t\t\tbroker", 1)
	loadCaddyfile(t, s.caddyfile)
	if status := s.sendsBy(t, client); status != http.StatusUnauthorized {
		t.Errorf("before the account is made, a request is answered %d", status)
	}
	put := func(id string) {
		t.Helper()
		response, body := s.manage(t, "PUT", "/accounts/acme", `{"at": {"twilio": "`+id+`"}, "messaging": ["US"]}`)
		if response.StatusCode >= 300 {
			t.Fatal(response.StatusCode, body)
		}
	}
	put(acme)
	if status := s.sendsBy(t, client); status != http.StatusCreated {
		t.Errorf("once it is made, the next request is answered %d", status)
	}
	if arrived := s.upstream.take(); len(arrived) != 1 || !strings.Contains(arrived[0], carriers) {
		t.Errorf("arrived: %q", arrived)
	}
	if err := caddy.Stop(); err != nil {
		t.Fatal(err)
	}
	loadCaddyfile(t, s.caddyfile)
	if status := s.sendsBy(t, client); status != http.StatusCreated {
		t.Errorf("after a restart, a request is answered %d", status)
	}
	put(unnamed) // whose credential it is not
	if status := s.sendsBy(t, client); status != http.StatusUnauthorized {
		t.Errorf("once the name is another account's, a request is answered %d", status)
	}
}

// sendsBy reports the status of a message by a client with a key.
func (s *storeServer) sendsBy(t *testing.T, authorization string) int {
	t.Helper()
	request := strings.Replace(post(messages(acme), messageTo(inUS)), asAcme, authorization, 1)
	response, _ := s.raw(t, request)
	return response.StatusCode
}

func TestAKeyOfTheStoreIsTakenForTheNextRequestAndRefusedOnceRevoked(t *testing.T) {
	for _, c := range []struct {
		says string
		file bool
	}{{"with the store alone", false}, {"beside a key file", true}} {
		t.Run(c.says, func(t *testing.T) {
			s, b := startKeys(t, c.file)
			sid, secret := s.key(t, `{"account": "`+acme+`", "name": "billing"}`)
			client := basic(sid + ":" + secret)
			if status := s.sendsBy(t, client); status != http.StatusCreated {
				t.Fatalf("the next request is answered %d", status)
			}
			if status := s.sendsBy(t, basic(sid+":"+secret+"a")); status != http.StatusUnauthorized {
				t.Errorf("a wrong secret is answered %d", status)
			}
			limited, limitedSecret := s.key(t, `{"account": "`+acme+`", "channels": []}`)
			if status := s.sendsBy(t, basic(limited+":"+limitedSecret)); status == http.StatusCreated {
				t.Error("a key for no channel sends")
			}
			if _, list := s.manage(t, "GET", "/keys?account="+acme, ""); !strings.Contains(list, sid) || strings.Contains(list, secret) || strings.Contains(list, "sha256") {
				t.Errorf("the list: %s", list)
			}

			if err := caddy.Stop(); err != nil {
				t.Fatal(err)
			}
			loadCaddyfile(t, s.caddyfile)
			if status := s.sendsBy(t, client); status != http.StatusCreated {
				t.Errorf("after a restart, a request is answered %d", status)
			}
			if c.file {
				ofFile, _ := b.create(t, keys.Key{Account: acme})
				loadCaddyfile(t, strings.Replace(s.caddyfile, "broker {", "broker {\n", 1))
				if status := s.sendsBy(t, ofFile); status != http.StatusCreated {
					t.Errorf("a key of the file is answered %d", status)
				}
			}

			response, body := s.manage(t, "DELETE", "/keys/"+sid, "")
			if response.StatusCode != http.StatusOK || !strings.Contains(body, `"state":"revoked"`) {
				t.Fatalf("%d %s", response.StatusCode, body)
			}
			if status := s.sendsBy(t, client); status != http.StatusUnauthorized {
				t.Errorf("a key that was revoked is answered %d", status)
			}
		})
	}
}

func TestAMistakenKeyIsNotIssued(t *testing.T) {
	s, _ := startKeys(t, false)
	for _, c := range []struct{ says, body, want string }{
		{"an account that is none", `{"account": "nothing"}`, "is not in the policy"},
		{"an unknown channel", `{"account": "` + acme + `", "channels": ["fax"]}`, "unknown channel"},
		{"null in place of a limit, which is not all of them", `{"account": "` + acme + `", "channels": null}`, "null"},
		{"an unknown operation", `{"account": "` + acme + `", "operations": ["messages.craete"]}`, "did you mean"},
		{"a sender that is none", `{"account": "` + acme + `", "senders": ["+1555"]}`, "senders[0]"},
		{"an expiry in the past", `{"account": "` + acme + `", "expires": "2020-01-01T00:00:00Z"}`, "expired already"},
		{"no account", `{}`, "account"},
	} {
		if response, body := s.manage(t, "POST", "/keys", c.body); response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d %s", c.says, response.StatusCode, body)
		}
	}
	if _, list := s.manage(t, "GET", "/keys", ""); !strings.Contains(list, `"keys":[]`) {
		t.Error(list)
	}
}
