package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/policy"
)

// toPakistan asks for what Twilio calls high risk: the rules have it approved.
const toPakistan = `{"account": "` + filed + `", "channel": "messaging", "to": "PK", "until": "2026-12-04T12:00:00Z",
	"reason": "Launch", "ticket": "OPS-7", "acknowledge_high_risk": true}`

func (d *desk) mustSend(t *testing.T, account, territory string, want policy.Outcome) {
	t.Helper()
	if v := d.sends(account, territory); v.Outcome != want {
		t.Errorf("to %s on %s the verdict is %s and not %s: %+v", territory, d.now, v.Outcome, want, v)
	}
}

func TestAnOpeningIsOpenOnceApprovedAndUntilItsEnd(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	d.by = person("alice", access.Admin)
	asked := d.must(t, http.StatusCreated, "POST", "/openings", toPakistan)
	path := "/openings/" + asked.member(t, "id")
	if state := d.must(t, http.StatusOK, "GET", path, "").member(t, "state"); state != "pending" {
		t.Errorf("it is %s", state)
	}
	d.mustSend(t, filed, "PK", policy.Deny)

	d.by = person("Alice", access.Owner)
	d.must(t, http.StatusForbidden, "POST", path+"/approve", "")
	d.mustSend(t, filed, "PK", policy.Deny)

	d.by = person("bob", access.Approver)
	d.must(t, http.StatusOK, "POST", path+"/approve?dry_run=true", "")
	d.mustSend(t, filed, "PK", policy.Deny)
	d.must(t, http.StatusPreconditionFailed, "POST", path+"/approve", "", "If-Match", `"99"`)
	d.must(t, http.StatusOK, "POST", path+"/approve", "", "If-Match", asked.etag)
	d.mustSend(t, filed, "PK", policy.Allow)
	d.mustSend(t, filed, "EE", policy.Deny)
	d.must(t, http.StatusConflict, "POST", path+"/approve", "")

	if d.now = at(4).Add(-1); d.sends(filed, "PK").Reason != policy.Opened {
		t.Error("it ends before its end")
	}
	d.now = at(4)
	d.mustSend(t, filed, "PK", policy.Deny)
	if list := d.must(t, http.StatusOK, "GET", "/openings?state=ended&account="+filed, ""); !strings.Contains(list.body, `"state":"ended"`) {
		t.Errorf("ended ones are %s", list.body)
	}
	if list := d.must(t, http.StatusOK, "GET", "/openings?state=open", "").member(t, "items"); list != "[]" {
		t.Errorf("open ones are %s", list)
	}
	records := d.recorded(t)
	if len(records) != 2 || !strings.Contains(records[0], "opening.request") || !strings.Contains(records[0], "OPS-7") || !strings.Contains(records[1], "opening.approve") {
		t.Errorf("it records %q", records)
	}
}

func TestAnOpeningWithoutRiskIsOpenAtOnceAndEndedByHand(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	asked := d.must(t, http.StatusCreated, "POST", "/openings",
		`{"account": "`+filed+`", "channel": "messaging", "to": "CA", "from": "2026-12-02", "until": "2026-12-04", "reason": "Launch"}`)
	path := "/openings/" + asked.member(t, "id")
	d.mustSend(t, filed, "CA", policy.Deny)
	d.now = at(2)
	d.mustSend(t, filed, "CA", policy.Allow)
	if timed := d.loader.Current().Snapshot.Timed(); len(timed) != 1 || timed[0].Kind != "opening" || timed[0].Until != at(4).Add(-12*60*60*1e9) {
		t.Errorf("what is announced a day before its end is %+v", timed)
	}
	d.must(t, http.StatusUnprocessableEntity, "POST", path+"/end", "")
	d.must(t, http.StatusOK, "POST", path+"/end?reason=Cancelled", "")
	d.mustSend(t, filed, "CA", policy.Deny)
	d.must(t, http.StatusConflict, "POST", path+"/end?reason=Cancelled", "")
}

func TestAnOpeningOfAGroupOpensEachTerritoryOfIt(t *testing.T) {
	none := 0
	d := openDesk(t, openings.Settings{Approvals: &openings.Approvals{Count: &none}})
	d.must(t, http.StatusCreated, "POST", "/openings",
		`{"account": "`+filed+`", "channel": "messaging", "to": "EU", "until": "2026-12-04", "reason": "Launch", "acknowledge_high_risk": true}`)
	d.mustSend(t, filed, "LV", policy.Allow)
	d.mustSend(t, filed, "DE", policy.Allow)
	d.mustSend(t, filed, "CH", policy.Deny)
}

func TestAnOpeningWithAMistakeIsRefusedWithItsMember(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	for _, c := range []struct {
		name, from, to string // what of toPakistan is another
		status         int
		says           string
	}{
		{"without an acknowledgement of its risk", `"acknowledge_high_risk": true`, `"acknowledge_high_risk": false`, 422, "body.acknowledge_high_risk"},
		{"that is too long", "2026-12-04", "2026-12-24", 422, "body.until"},
		{"that is over", "2026-12-04", "2026-11-04", 422, "body.until"},
		{"to nowhere", `"PK"`, `"XX"`, 422, "body.to"},
		{"to where the carrier does not serve", `"PK"`, `"IR"`, 422, "does not serve"},
		{"by an unknown channel", `"messaging"`, `"fax"`, 422, "body.channel"},
		{"with an end that is not a time", "2026-12-04T12:00:00Z", "Friday", 422, "body.until"},
		{"without a reason", `"Launch"`, `""`, 422, "body.reason"},
		{"of an account that the policy does not name", filed, listed, 404, "names no such account"},
		{"with an unknown member", `"ticket"`, `"tiket"`, 422, "tiket"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := d.must(t, c.status, "POST", "/openings", strings.Replace(toPakistan, c.from, c.to, 1))
			if !strings.Contains(r.body, c.says) {
				t.Error(r.body)
			}
		})
	}
	if records := d.recorded(t); len(records) != 0 {
		t.Errorf("it records %q", records)
	}
}

func TestWhoIsLimitedToAnAccountSeesNoOpeningOfAnother(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	id := d.must(t, http.StatusCreated, "POST", "/openings", toPakistan).member(t, "id")
	scoped := person("ops", access.Admin)
	scoped.Accounts = []string{listed}
	d.by = scoped
	for _, path := range []string{"/openings/" + id, "/openings/other", "/openings", "/openings?account=" + filed} {
		d.must(t, http.StatusForbidden, "GET", path, "")
	}
	d.must(t, http.StatusForbidden, "POST", "/openings/"+id+"/approve", "")
	d.must(t, http.StatusForbidden, "POST", "/openings", toPakistan)
	if items := d.must(t, http.StatusOK, "GET", "/openings?account="+listed, "").member(t, "items"); items != "[]" {
		t.Errorf("its own are %s", items)
	}
}
