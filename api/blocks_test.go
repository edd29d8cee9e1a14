package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/openings"
)

func TestABlockHoldsForAllAccountsUntilItIsDeleted(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	dry := d.must(t, http.StatusOK, "POST", "/blocks?dry_run=true", `{"block": "+44", "reason": "Traffic pumping"}`)
	if dry.member(t, "dry_run") != "true" || len(d.recorded(t)) != 0 {
		t.Errorf("a dry run answers %s and records %q", dry.body, d.recorded(t))
	}
	first := d.must(t, http.StatusCreated, "POST", "/blocks", `{"block": "+4470", "reason": "Personal numbers"}`).member(t, "id")
	d.now = d.now.Add(1e6)
	second := d.must(t, http.StatusCreated, "POST", "/blocks?ticket=OPS-1", `{"block": "+44", "reason": "Traffic pumping", "until": "2027-01-01"}`)
	id := second.member(t, "id")
	if first >= id {
		t.Errorf("%s is listed before %s", id, first)
	}
	list := d.must(t, http.StatusOK, "GET", "/blocks", "").body
	if !strings.Contains(list, first) || strings.Index(list, first) > strings.Index(list, id) {
		t.Errorf("the list is %s", list)
	}
	one := d.must(t, http.StatusOK, "GET", "/blocks/"+id, "")
	if one.etag != `"2"` || strings.TrimSpace(one.body) != `{"block":"+44","reason":"Traffic pumping","until":"2027-01-01"}` {
		t.Errorf("ETag %s, %s", one.etag, one.body)
	}
	d.must(t, http.StatusUnprocessableEntity, "DELETE", "/blocks/"+id, "")
	d.must(t, http.StatusPreconditionFailed, "DELETE", "/blocks/"+id+"?reason=over", "", "If-Match", `"1"`)
	d.must(t, http.StatusOK, "DELETE", "/blocks/"+id+"?reason=over", "", "If-Match", one.etag)
	d.must(t, http.StatusNotFound, "DELETE", "/blocks/"+id+"?reason=over", "")
	d.must(t, http.StatusNotFound, "GET", "/blocks/"+id, "")
	records := d.recorded(t)
	if len(records) != 3 || !strings.Contains(records[1], "Traffic pumping") || !strings.Contains(records[2], "block.delete") {
		t.Errorf("it records %q", records)
	}
}

func TestABlockWithAMistakeIsRefusedWithItsMember(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	for _, c := range []struct{ name, body, says string }{
		{"without a reason", `{"block": "+44"}`, "needs a reason"},
		{"without a prefix", `{"reason": "x"}`, `needs a prefix`},
		{"with a prefix that is not one", `{"block": "44x", "reason": "x"}`, "body.block"},
		{"with an unknown member", `{"block": "+44", "reason": "x", "chanel": "voice"}`, "chanel"},
		{"with a placeholder for its prefix", `{"block": "{env.HOME}", "reason": "x"}`, "body.block"},
		{"with an end that is not a time", `{"block": "+44", "reason": "x", "until": "Friday"}`, "body.until"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r := d.must(t, http.StatusUnprocessableEntity, "POST", "/blocks", c.body); !strings.Contains(r.body, c.says) {
				t.Error(r.body)
			}
		})
	}
	d.by = person("vera", access.Viewer)
	d.must(t, http.StatusForbidden, "POST", "/blocks", `{"block": "+44", "reason": "x"}`)
	d.by = access.Principal{}
	d.must(t, http.StatusUnauthorized, "GET", "/blocks", "")
}
