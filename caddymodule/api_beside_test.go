package caddymodule_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// One port for both: what is below /tollgate/v1/ is the API's, all else the gate's.
func TestTheManagementAPIMayStandBesideAGate(t *testing.T) {
	s := &apiServer{storeServer: newStoreServer(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), apiAdministrators)}
	s.api = s.gate
	route := strings.Index(s.caddyfile, "\troute {")
	s.caddyfile = s.caddyfile[:route] + `	handle /tollgate/v1/* {
		@proxy header X-User *
		vars @proxy http.auth.user.id {header.X-User}
		tollgate_api
	}
` + s.caddyfile[route:]
	loadCaddyfile(t, s.caddyfile)
	if response, body := s.ask(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`, withUser("alice")); response.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	if status := s.sends(t, acme, inUS); status != http.StatusCreated {
		t.Errorf("the gate answers %d", status)
	}
	// What authenticates at the carrier has no access to the API.
	if response, _ := s.ask(t, "GET", "/accounts/"+acme, "", http.Header{"Authorization": {asAcme}}); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("the account itself is answered %d by the API", response.StatusCode)
	}
	if n := len(s.upstream.take()); n != 1 {
		t.Errorf("the carrier received %d requests", n)
	}
}
