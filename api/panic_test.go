package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/policy"
)

func TestAPanicClosesAllButHomeAndItsUndoRestoresWhatWasThere(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	d.must(t, http.StatusCreated, "PUT", "/accounts/"+listed, `{"messaging": ["US"]}`)
	d.must(t, http.StatusCreated, "POST", "/openings", `{"account": "`+filed+`", "channel": "messaging", "to": "CA", "until": "2026-12-04", "reason": "Launch"}`)
	before := d.must(t, http.StatusOK, "GET", "/accounts/"+listed, "")

	d.must(t, http.StatusOK, "POST", "/panic?dry_run=true", `{"reason": "Leaked"}`)
	d.mustSend(t, filed, "GB", policy.Allow)
	began := d.must(t, http.StatusCreated, "POST", "/panic", `{"reason": "Leaked"}`)
	if v := d.sends(filed, "GB"); v.Outcome != policy.Deny || v.Reason != policy.PanicClosed {
		t.Errorf("the verdict is %+v", v)
	}
	d.mustSend(t, filed, "US", policy.Allow) // its home
	d.mustSend(t, filed, "CA", policy.Deny)  // an opening
	d.mustSend(t, listed, "US", policy.Deny) // no home

	d.must(t, http.StatusOK, "POST", "/panic", `{"reason": "Leaked", "protect": ["`+listed+`"]}`, "If-Match", began.etag)
	d.mustSend(t, listed, "US", policy.Allow)
	d.mustSend(t, filed, "GB", policy.Deny)
	if inForce := d.must(t, http.StatusOK, "GET", "/panic", "").body; !strings.Contains(inForce, `"since":"2026-12-01T12:00:00Z"`) {
		t.Error(inForce)
	}
	if _, err := d.loader.Load(); err != nil { // as after a restart
		t.Fatal(err)
	}
	d.mustSend(t, filed, "GB", policy.Deny)

	// What is changed meanwhile stays.
	d.must(t, http.StatusOK, "PUT", "/accounts/"+listed, `{"messaging": ["US", "MX"]}`, "If-Match", before.etag)
	d.must(t, http.StatusUnprocessableEntity, "POST", "/panic/undo", "")
	d.must(t, http.StatusOK, "POST", "/panic/undo?reason=Rotated", "")
	for account, territory := range map[string]string{filed: "GB", listed: "MX"} {
		d.mustSend(t, account, territory, policy.Allow)
	}
	d.mustSend(t, filed, "CA", policy.Allow)
	d.must(t, http.StatusNotFound, "POST", "/panic/undo?reason=Rotated", "")
	records := strings.Join(d.recorded(t), "\n")
	if strings.Count(records, `"action":"panic"`) != 2 || strings.Count(records, `"action":"panic.undo"`) != 1 {
		t.Errorf("it records %s", records)
	}
}

func TestAPanicIsForOwnersAndProtectsWhomThePolicyNames(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	d.must(t, http.StatusUnprocessableEntity, "POST", "/panic", `{"reason": " "}`)
	if r := d.must(t, http.StatusUnprocessableEntity, "POST", "/panic", `{"reason": "x", "protect": ["acme"]}`); !strings.Contains(r.body, "body.protect") {
		t.Error(r.body)
	}
	d.by = person("ada", access.Admin)
	d.must(t, http.StatusForbidden, "POST", "/panic", `{"reason": "x"}`)
	d.must(t, http.StatusForbidden, "POST", "/panic/undo?reason=x", "")
	d.must(t, http.StatusNotFound, "GET", "/panic", "")
}
