package caddymodule_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/traffic"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

// closedInUse has what tests read of the answer to a change.
type closedInUse struct {
	ClosesInUse int                                                          `json:"closes_in_use"`
	InUse       []struct{ Account, Channel, Territory, Last, Reason string } `json:"in_use"`
}

// try makes a change of which the answer is read.
func (s *storeServer) try(t *testing.T, method, path, body string) (answer closedInUse) {
	t.Helper()
	response, text := s.manage(t, method, path, body)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s is answered %d: %s", method, path, response.StatusCode, text)
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// recordBefore records traffic in a file that no gate has open.
func recordBefore(t *testing.T, file string, seen ...store.LastSend) {
	t.Helper()
	kept, err := sqlite.Open(t.Context(), file)
	if err == nil {
		err = errors.Join(kept.Traffic().Record(t.Context(), seen[0].Day, seen), kept.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAChangeSaysWhatItClosesThatIsInUse(t *testing.T) {
	const sub = "AC00000000000000000000000000000003"
	file := filepath.Join(t.TempDir(), "permissions.db")
	recordBefore(t, file, // what is sent to no more, and what is not open
		store.LastSend{Account: acme, Channel: "messaging", Territory: "KG", Day: traffic.Day(time.Now().Add(-40 * 24 * time.Hour))},
		store.LastSend{Account: acme, Channel: "messaging", Territory: "FR", Day: traffic.Day(time.Now())})
	s := startStore(t, "store sqlite "+file, "")
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"home": "US", "messaging": ["US", "UZ", "KG"]}`)
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+sub, `{"parent": "`+acme+`"}`)
	s.mustAnswer(t, http.StatusCreated, acme, inUZ)
	s.mustAnswer(t, http.StatusCreated, sub, inUZ)

	const remove = `{"channel": "messaging", "territories": ["UZ", "KG"]}`
	got := s.try(t, "POST", "/accounts/"+acme+"/territories/remove?dry_run=true", remove)
	if got.ClosesInUse != 2 || len(got.InUse) != 2 || got.InUse[0].Account != sub || got.InUse[1].Account != acme ||
		got.InUse[1].Territory != "UZ" || got.InUse[1].Last == "" || got.InUse[1].Reason != "territory_not_enabled" {
		t.Errorf("a dry run says %+v", got)
	}
	if got := s.try(t, "POST", "/panic?dry_run=true", `{"reason": "leaked"}`); got.ClosesInUse != 2 || got.InUse[0].Reason != "panic" {
		t.Errorf("a dry run of a panic says %+v", got)
	}
	if got := s.try(t, "POST", "/policy/push?dry_run=true", `{"version": 1, "accounts": [{"id": "`+acme+`", "messaging": ["US"]}]}`); got.ClosesInUse != 2 {
		t.Errorf("a dry run of a push says %+v", got)
	}
	if got := s.try(t, "POST", "/accounts/"+acme+"/territories/remove", remove); got.ClosesInUse != 1 || got.InUse[0].Account != acme {
		t.Errorf("the change says %+v", got)
	}
	if got := s.try(t, "POST", "/accounts/"+acme+"/territories/add", remove); got.ClosesInUse != 0 {
		t.Errorf("what opens says %+v", got)
	}
}

// What the carrier does not accept, and what is refused, does not count as traffic.
func TestTrafficIsInTheStoreWhenTheGateHasEnded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "permissions.db")
	s := startStore(t, "store sqlite "+file, acmePolicy)
	s.mustAnswer(t, http.StatusCreated, acme, inUS)
	s.mustAnswer(t, http.StatusBadRequest, acme, inUZ)
	s.must(t, http.StatusCreated, "PUT", "/accounts/AC00000000000000000000000000000003", `{"parent": "`+acme+`", "messaging": ["UZ"]}`)
	s.upstream.status.Store(http.StatusUnauthorized)
	s.mustAnswer(t, http.StatusUnauthorized, "AC00000000000000000000000000000003", inUZ)
	if got := len(s.upstream.take()); got != 2 {
		t.Errorf("the carrier was asked %d times", got)
	}
	if err := caddy.Stop(); err != nil {
		t.Fatal(err)
	}
	kept, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	var seen []string
	err = kept.Traffic().Query(t.Context(), "", func(l store.LastSend) error {
		seen = append(seen, strings.Join([]string{l.Account, l.Channel, l.Territory}, " "))
		return nil
	})
	if err != nil || len(seen) != 1 || seen[0] != acme+" messaging US" {
		t.Errorf("it has %q, %v", seen, err)
	}
}

func TestTheAPICountsWhatWasLetThrough(t *testing.T) {
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), acmePolicy)
	for range 3 {
		s.mustAnswer(t, http.StatusCreated, acme, inUS)
	}
	s.mustAnswer(t, http.StatusBadRequest, acme, inUZ)
	for _, by := range []string{"territory,day", "territory,hour"} {
		response, text := s.manage(t, "GET", "/traffic?format=csv&by="+by, "")
		if lines := strings.Fields(text); response.StatusCode != http.StatusOK || len(lines) != 2 ||
			!strings.HasPrefix(lines[1], "US,"+time.Now().UTC().Format(time.DateOnly)) || !strings.HasSuffix(lines[1], ",3") {
			t.Errorf("by %s: %d %s", by, response.StatusCode, text)
		}
	}
}
