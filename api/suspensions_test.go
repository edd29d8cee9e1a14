package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/policy"
)

func TestAnyAccountIsSuspendedAndResumed(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	d.must(t, http.StatusCreated, "PUT", "/accounts/"+listed, `{"messaging": ["US"]}`)
	for _, account := range []string{filed, listed} {
		d.now = at(1)
		d.must(t, http.StatusOK, "PUT", "/suspensions/"+account+"?dry_run=true", `{"reason": "Leaked"}`)
		if v := d.sends(account, "US"); v.Outcome != policy.Allow {
			t.Fatalf("before, the verdict is %+v", v)
		}
		put := d.must(t, http.StatusCreated, "PUT", "/suspensions/"+account, `{"reason": "Leaked", "until": "2026-12-03"}`, "If-None-Match", "*")
		if v := d.sends(account, "US"); v.Reason != policy.AccountSuspended {
			t.Errorf("the verdict is %+v", v)
		}
		if d.now = at(3); d.sends(account, "US").Outcome != policy.Allow {
			t.Error("it does not end by the clock")
		}
		d.now = at(1)
		d.must(t, http.StatusUnprocessableEntity, "DELETE", "/suspensions/"+account, "", "If-Match", put.etag)
		d.must(t, http.StatusOK, "DELETE", "/suspensions/"+account+"?reason=Rotated", "", "If-Match", put.etag)
		if v := d.sends(account, "US"); v.Outcome != policy.Allow {
			t.Errorf("after it, the verdict is %+v", v)
		}
		d.must(t, http.StatusNotFound, "DELETE", "/suspensions/"+account+"?reason=Rotated", "")
	}
	if records := d.recorded(t); len(records) != 5 || !strings.Contains(records[1], "suspension.put") || !strings.Contains(records[2], "Rotated") {
		t.Errorf("it records %q", records)
	}
}

func TestASuspensionThatSuspendsNothingIsRefused(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	for _, c := range []struct {
		name, account, body string
		status              int
		says                string
	}{
		{"without a reason", filed, `{}`, 422, "body.reason"},
		{"that is over", filed, `{"reason": "x", "until": "2026-12-01T12:00:00Z"}`, 422, "body.until"},
		{"with an end that is not a time", filed, `{"reason": "x", "until": "Friday"}`, 422, "Friday"},
		{"of an account that the policy does not name", listed, `{"reason": "x"}`, 404, "names no such account"},
		{"with an unknown member", filed, `{"reason": "x", "til": "2026-12-24"}`, 422, "til"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r := d.must(t, c.status, "PUT", "/suspensions/"+c.account, c.body); !strings.Contains(r.body, c.says) {
				t.Error(r.body)
			}
		})
	}
	d.by = person("vera", access.Viewer)
	d.must(t, http.StatusForbidden, "PUT", "/suspensions/"+filed, `{"reason": "x"}`)
	scoped := person("ops", access.Admin)
	scoped.Accounts = []string{listed}
	d.by = scoped
	d.must(t, http.StatusForbidden, "PUT", "/suspensions/"+filed, `{"reason": "x"}`)
	d.must(t, http.StatusForbidden, "GET", "/suspensions", "")
}
