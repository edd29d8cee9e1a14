package caddymodule_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// must asks the management API for what is answered with a status, and returns the ID.
func (s *storeServer) must(t *testing.T, status int, method, path, body string) (id string) {
	t.Helper()
	response, text := s.manage(t, method, path, body)
	if response.StatusCode != status {
		t.Fatalf("%s %s is answered %d: %s", method, path, response.StatusCode, text)
	}
	var answer struct{ ID string }
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.ID
}

func (s *storeServer) mustAnswer(t *testing.T, status int, account, to string) {
	t.Helper()
	if got := s.sends(t, account, to); got != status {
		t.Errorf("a message to %s is answered %d, want %d", to, got, status)
	}
}

// Of the carrier's error for what is not permitted, the status is 400; for a suspended account
// it is 401.
func TestAnIncidentIsInForceForTheNextRequest(t *testing.T) {
	const homely = "\t\taccount " + acme + " {\n\t\t\thome US\n\t\t\tmessaging US UZ\n\t\t}\n"
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), homely)
	s.mustAnswer(t, http.StatusCreated, acme, inUS)
	s.mustAnswer(t, http.StatusCreated, acme, inUZ)

	block := s.must(t, http.StatusCreated, "POST", "/blocks", `{"block": "+998", "reason": "Traffic pumping"}`)
	s.mustAnswer(t, http.StatusBadRequest, acme, inUZ)
	s.must(t, http.StatusOK, "DELETE", "/blocks/"+block+"?reason=over", "")
	s.mustAnswer(t, http.StatusCreated, acme, inUZ)

	s.must(t, http.StatusCreated, "PUT", "/suspensions/"+acme, `{"reason": "Leaked"}`)
	s.mustAnswer(t, http.StatusUnauthorized, acme, inUS)
	s.must(t, http.StatusOK, "DELETE", "/suspensions/"+acme+"?reason=Rotated", "")
	s.mustAnswer(t, http.StatusCreated, acme, inUS)

	s.must(t, http.StatusCreated, "POST", "/panic", `{"reason": "Leaked"}`)
	s.mustAnswer(t, http.StatusBadRequest, acme, inUZ)
	s.mustAnswer(t, http.StatusCreated, acme, inUS)
	s.must(t, http.StatusOK, "POST", "/panic/undo?reason=Rotated", "")
	s.mustAnswer(t, http.StatusCreated, acme, inUZ)
}

func TestAnOpeningPermitsTheNextRequestOnceApproved(t *testing.T) {
	const rules = "\t\topenings {\n\t\t\tmax 2d\n\t\t\tapprovals 1 for wide\n\t\t}\n"
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), acmePolicy+"\n"+rules)
	ask := func(to, until string) string {
		return `{"account": "` + acme + `", "channel": "messaging", "to": "` + to + `", "until": "` + until + `", "reason": "Launch", "acknowledge_high_risk": true}`
	}
	until := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.RFC3339) }
	if response, text := s.manage(t, "POST", "/openings", ask("UZ", until(72*time.Hour))); response.StatusCode != 422 || !strings.Contains(text, "2d") {
		t.Errorf("one that is too long is answered %d %s", response.StatusCode, text)
	}

	wide := s.must(t, http.StatusCreated, "POST", "/openings", ask("*", until(time.Hour)))
	s.mustAnswer(t, http.StatusBadRequest, acme, inUZ)
	if response, text := s.manage(t, "POST", "/openings/"+wide+"/approve", ""); response.StatusCode != http.StatusForbidden {
		t.Errorf("the approval of who requested it is answered %d %s", response.StatusCode, text)
	}
	s.mustAnswer(t, http.StatusBadRequest, acme, inUZ)

	narrow := s.must(t, http.StatusCreated, "POST", "/openings", ask("UZ", until(time.Hour)))
	s.mustAnswer(t, http.StatusCreated, acme, inUZ)
	s.must(t, http.StatusOK, "POST", "/openings/"+narrow+"/end?reason=Cancelled", "")
	s.mustAnswer(t, http.StatusBadRequest, acme, inUZ)
}
