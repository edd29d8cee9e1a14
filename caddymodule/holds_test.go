package caddymodule_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
)

// A hold stays over a reload and a restart, is listed, and is over once it is released.
func TestAHoldStaysUntilItIsReleased(t *testing.T) {
	const holds = "limit block 2/1h per account block:3 deny for 15m\n"
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), holds)
	if response, body := s.manage(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`); response.StatusCode >= 300 {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	sends := func(when string, want ...int) {
		t.Helper()
		for i, status := range want {
			if got := s.sends(t, acme, inUS); got != status {
				t.Errorf("%s, send %d is answered %d and not %d", when, i, got, status)
			}
		}
	}
	sends("before", http.StatusCreated, http.StatusCreated, http.StatusBadRequest, http.StatusBadRequest)
	loadCaddyfile(t, s.caddyfile+"\n# again")
	sends("after a reload", http.StatusBadRequest)
	if err := caddy.Stop(); err != nil {
		t.Fatal(err)
	}
	loadCaddyfile(t, s.caddyfile)
	sends("after a restart", http.StatusBadRequest)
	response, body := s.manage(t, "GET", "/holds?account="+acme, "")
	var page struct {
		Items []struct {
			ID, Limit, State string
			Refused          int
		}
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil || len(page.Items) != 1 || page.Items[0].Refused != 1 || page.Items[0].State != "held" {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	if metrics := readMetrics(t, s.admin+"/metrics"); !strings.Contains(metrics, "\ncaddy_tollgate_holds 1\n") {
		t.Error("the metric of holds is not 1")
	}
	if response, body := s.manage(t, "DELETE", "/holds/"+page.Items[0].ID+"?reason=ours", ""); response.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	sends("once it is released", http.StatusCreated, http.StatusCreated, http.StatusBadRequest)
	lines := s.accessLog(t, 9)
	if line := lines[2]; !strings.Contains(line, `"limit":"block","hold":"`+page.Items[0].ID+`","code":21408`) {
		t.Errorf("logged %s", line)
	}
}

// heldPage is a page of holds.
type heldPage struct {
	Items []struct {
		ID   string
		Seen struct {
			Text    string
			Numbers int
			InARow  bool `json:"in_a_row"`
		}
	}
	KeptIn string `json:"kept_in"`
}

func (s *storeServer) holds(t *testing.T) (page heldPage) {
	t.Helper()
	response, body := s.manage(t, "GET", "/holds", "")
	if err := json.Unmarshal([]byte(body), &page); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	return page
}

// A gate without a store lists and releases what it holds on its admin endpoint, and has nothing else
// of the API there.
func TestAGateWithoutAStoreReleasesWhatItHolds(t *testing.T) {
	s := newStoreServer(t, "", limitedPolicy("limit block 2/1h per account block:3 deny for 15m\n", ""))
	serverLog := filepath.Join(t.TempDir(), "server.log")
	s.caddyfile = strings.Replace(s.caddyfile, "output discard", "output file "+serverLog, 1)
	loadCaddyfile(t, s.caddyfile)
	for i, want := range []int{http.StatusCreated, http.StatusCreated, http.StatusBadRequest, http.StatusBadRequest} {
		if got := s.sends(t, acme, inUS); got != want {
			t.Errorf("send %d is answered %d and not %d", i, got, want)
		}
	}
	page := s.holds(t)
	if len(page.Items) != 1 || page.KeptIn != "memory" {
		t.Fatalf("it holds %+v", page)
	}
	for _, path := range []string{"/accounts", "/audit/changes", "/holdsome"} {
		if response, body := s.manage(t, "GET", path, ""); response.StatusCode != http.StatusNotFound || !strings.Contains(body, "no store") {
			t.Errorf("%s: %d %s", path, response.StatusCode, body)
		}
	}
	if response, body := s.manage(t, "GET", "/holds", "", "Authorization", "Bearer tgt_unknown"); response.StatusCode != http.StatusUnauthorized && response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a token is answered %d %s", response.StatusCode, body)
	}
	path := "/holds/" + page.Items[0].ID
	if response, body := s.manage(t, "DELETE", path, ""); response.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d %s", response.StatusCode, body)
	}
	if response, body := s.manage(t, "DELETE", path+"?reason=ours&dry_run=true", ""); response.StatusCode != http.StatusOK {
		t.Errorf("a dry run: %d %s", response.StatusCode, body)
	}
	if response, body := s.manage(t, "DELETE", path+"?reason=ours&ticket=OPS-7", ""); response.StatusCode != http.StatusOK {
		t.Errorf("%d %s", response.StatusCode, body)
	}
	if got := s.sends(t, acme, inUS); got != http.StatusCreated {
		t.Errorf("once it is released, a send is answered %d", got)
	}
	var released []string
	for line := range strings.Lines(waitForLog(t, serverLog, "holds are released")) {
		if strings.Contains(line, "holds are released") {
			released = append(released, line)
		}
	}
	if want := fmt.Sprintf(`"reason":"ours","ticket":"OPS-7","what":%q,"holds":[%[1]q]`, page.Items[0].ID); len(released) != 1 ||
		!strings.Contains(released[0], want) || !strings.Contains(released[0], `"address":"127.0.0.1"`) || strings.Contains(released[0], `"by":""`) {
		t.Errorf("logged %q, want %s", released, want)
	}
}

// What is shown of the numbers that a hold refuses is what the mask of the gate shows of each.
func TestAHoldShowsOfNumbersWhatTheMaskDoes(t *testing.T) {
	for mask, want := range map[string]string{
		"":                                   "7 numbers, 1002 to 1008 in a row",
		"mask none":                          "7 numbers, +12015551002 to +12015551008 in a row",
		"mask hmac {env.TOLLGATE_TEST_MASK}": "7 numbers in a row",
	} {
		t.Run(mask, func(t *testing.T) {
			t.Setenv("TOLLGATE_TEST_MASK", "a secret of this test")
			s := newStoreServer(t, "", limitedPolicy("limit block 2/1h of numbers per account block:3 deny for 15m\n", ""))
			loadCaddyfile(t, strings.Replace(s.caddyfile, "tollgate twilio {\n", "tollgate twilio {\n\t\t\t"+mask+"\n", 1))
			for i := range 9 {
				s.sends(t, acme, fmt.Sprintf("+1201555%04d", 1000+i))
			}
			page := s.holds(t)
			if len(page.Items) != 1 || page.Items[0].Seen.Text != want || page.Items[0].Seen.Numbers != 7 {
				t.Errorf("it holds %+v, want %q", page, want)
			}
		})
	}
}
