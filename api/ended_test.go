package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// toCanada asks for what needs no approval.
const toCanada = `{"account": "` + filed + `", "channel": "messaging", "to": "CA", "until": "2026-12-04T12:00:00Z", "reason": "Launch"}`

// open asks for an opening, and returns its path.
func (d *desk) open(t *testing.T, body string) string {
	t.Helper()
	return "/openings/" + d.must(t, http.StatusCreated, "POST", "/openings", body).member(t, "id")
}

func (d *desk) mustDeleteEnded(t *testing.T, want int) {
	t.Helper()
	if n, err := d.service.DeleteEnded(t.Context()); n != want || err != nil {
		t.Errorf("on %s it deletes %d and not %d: %v", d.now, n, want, err)
	}
}

func TestWhatIsOverForThirtyDaysIsDeletedByTheGateAndRecorded(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	d.must(t, http.StatusCreated, "PUT", "/accounts/"+listed, `{"messaging": ["US"]}`)
	ended := d.open(t, toCanada)
	expired := d.open(t, toPakistan)
	byHand := d.open(t, strings.Replace(toCanada, "12-04", "12-10", 1))
	d.must(t, http.StatusOK, "POST", byHand+"/end?reason=over", "")
	d.must(t, http.StatusCreated, "PUT", "/suspensions/"+filed, `{"reason": "Leaked", "until": "2026-12-04T12:00:00Z"}`)
	d.must(t, http.StatusCreated, "PUT", "/suspensions/"+listed, `{"reason": "Leaked"}`)
	size := len(d.recorded(t))

	d.now = at(1).Add(30 * 24 * time.Hour)
	d.mustDeleteEnded(t, 0)
	d.now = d.now.Add(time.Second)
	d.mustDeleteEnded(t, 1)
	d.must(t, http.StatusNotFound, "GET", byHand, "")
	d.now = at(4).Add(30 * 24 * time.Hour)
	d.mustDeleteEnded(t, 0)
	d.must(t, http.StatusOK, "GET", ended, "")
	d.now = d.now.Add(time.Second)
	d.mustDeleteEnded(t, 3)
	for _, path := range []string{ended, expired, "/suspensions/" + filed} {
		d.must(t, http.StatusNotFound, "GET", path, "")
	}
	d.now = d.now.Add(1000 * 24 * time.Hour)
	d.mustDeleteEnded(t, 0)
	d.must(t, http.StatusOK, "GET", "/suspensions/"+listed, "")
	d.mustSend(t, listed, "US", policy.Deny)

	records := d.recorded(t)[size:]
	if len(records) != 4 {
		t.Fatalf("it records %q", records)
	}
	for i, action := range []string{"opening.delete_ended", "opening.delete_ended", "opening.delete_ended", "suspension.delete_ended"} {
		for _, part := range []string{`"` + action + `"`, `"name":"gate"`, `"through":"gate"`, `"account":"` + filed + `"`, "it is over since 2026-12-0"} {
			if !strings.Contains(records[i], part) {
				t.Errorf("record %d lacks %s: %s", i, part, records[i])
			}
		}
	}
}

func TestOfGatesThatDeleteAtOnceEachEndedOpeningIsDeletedAndRecordedOnce(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	for range 5 {
		d.open(t, toCanada)
	}
	size := len(d.recorded(t))
	d.now = at(4).Add(31 * 24 * time.Hour)
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for range 4 {
		gate := d.anotherGate(t)
		wg.Go(func() {
			n, err := gate.DeleteEnded(t.Context())
			mu.Lock()
			defer mu.Unlock()
			if total += n; err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if records := len(d.recorded(t)) - size; total != 5 || records != 5 {
		t.Errorf("%d are deleted and %d recorded, of 5", total, records)
	}
}

// anotherGate is the service of another gate by the same store.
func (d *desk) anotherGate(t *testing.T) *permissions.Service {
	t.Helper()
	resolver := reload.Resolver{Replace: func(text string) (string, error) { return text, nil }, Carriers: configtest.AsWritten}
	loader, err := reload.NewLoader(resolver, "", config.Document{Accounts: []config.Account{{ID: filed}}}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return d.now }
	loader.UseStore(&reload.Stored{Open: func(context.Context) (store.Store, error) { return d.store, nil }, Now: clock})
	if _, err := loader.Load(); err != nil {
		t.Fatal(err)
	}
	return &permissions.Service{Policy: loader, Carriers: configtest.AsWritten, Now: clock}
}

func TestAnOpeningThatIsOverForADayLeavesTheMemoryWithTheNextChange(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	d.open(t, toCanada)
	block := 0
	inMemory := func() (n int) {
		block++
		d.must(t, http.StatusCreated, "POST", "/blocks", fmt.Sprintf(`{"block": "+4477%d", "reason": "pumping"}`, block))
		return len(d.loader.Current().Snapshot.Timed())
	}
	d.now = at(5)
	if n := inMemory(); n != 1 {
		t.Errorf("a day after its end, %d are in memory", n)
	}
	d.now = at(5).Add(time.Second)
	if n := inMemory(); n != 0 {
		t.Errorf("later, %d are in memory", n)
	}
	if _, err := d.loader.Load(); err != nil {
		t.Fatal(err)
	}
	if n := len(d.loader.Current().Snapshot.Timed()); n != 0 {
		t.Errorf("as it is read again, %d are in memory", n)
	}
	if list := d.must(t, http.StatusOK, "GET", "/openings?state=ended", "").member(t, "items"); list == "[]" {
		t.Error("it is not listed")
	}
}

func TestAClockThatIsSetBackOrForwardDecidesByWhatItSays(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	d.must(t, http.StatusCreated, "PUT", "/accounts/"+listed, `{"messaging": ["US"]}`)
	path := d.open(t, toCanada)
	byHand := d.open(t, strings.Replace(toCanada, `"CA"`, `"MX"`, 1))
	d.must(t, http.StatusCreated, "PUT", "/suspensions/"+listed, `{"reason": "Leaked", "until": "2026-12-04T12:00:00Z"}`)
	d.now = at(2)
	d.must(t, http.StatusOK, "POST", byHand+"/end?reason=over", "")
	for _, step := range []struct {
		name             string
		now              time.Time
		state            openings.State
		canada, suspends bool
	}{
		{"before the end", at(4).Add(-30 * time.Minute), openings.Open, true, true},
		{"set forward an hour, over the end", at(4).Add(30 * time.Minute), openings.Ended, false, false},
		{"set back an hour, it is not over by any clock", at(4).Add(-30 * time.Minute), openings.Open, true, true},
		{"an hour before it was asked for, it has not begun", at(1).Add(-time.Hour), openings.Scheduled, false, true},
		{"at its end", at(4), openings.Ended, false, false},
	} {
		d.now = step.now
		// A change, and reading the store again, make no difference.
		d.must(t, http.StatusCreated, "POST", "/blocks", `{"block": "+4477", "reason": "pumping at `+step.name+`", "until": "2027-01-01"}`)
		for range 2 {
			if state := d.must(t, http.StatusOK, "GET", path, "").member(t, "state"); state != string(step.state) {
				t.Errorf("%s, it is %s", step.name, state)
			}
			if got := d.sends(filed, "CA").Outcome == policy.Allow; got != step.canada {
				t.Errorf("%s, it opens: %t", step.name, got)
			}
			d.mustSend(t, filed, "MX", policy.Deny) // ended by hand, whatever the clock says
			if got := d.sends(listed, "US").Reason == policy.AccountSuspended; got != step.suspends {
				t.Errorf("%s, the account is suspended: %t", step.name, got)
			}
			if _, err := d.loader.Load(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestAnOpeningIsApprovedAndEndedByAClockThatIsBehind(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	path := d.open(t, toPakistan)
	d.by.Identity.Name, d.by.Person = "bob", "bob"
	d.now = at(1).Add(-time.Hour)
	d.must(t, http.StatusOK, "POST", path+"/approve", "")
	d.mustSend(t, filed, "PK", policy.Deny) // it has not begun
	d.now = at(1)
	d.mustSend(t, filed, "PK", policy.Allow)
	d.now = at(1).Add(-time.Hour)
	d.must(t, http.StatusOK, "POST", path+"/end?reason=over", "")
	d.now = at(2)
	d.mustSend(t, filed, "PK", policy.Deny)
	if _, err := d.loader.Load(); err != nil {
		t.Fatal(err)
	}
	if state := d.must(t, http.StatusOK, "GET", path, "").member(t, "state"); state != "ended" {
		t.Errorf("it is %s", state)
	}
	records := d.recorded(t)
	for i, action := range []string{"opening.request", "opening.approve", "opening.end"} {
		if !strings.Contains(records[i], fmt.Sprintf(`"index":%d`, i)) || !strings.Contains(records[i], action) {
			t.Errorf("record %d is %s", i, records[i])
		}
	}
}
