package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/openings"
)

// ids reads a page of a list: the IDs of its items, and where the next page begins.
func (d *desk) ids(t *testing.T, list, id, path string) (ids []string, next string) {
	t.Helper()
	var page map[string]json.RawMessage
	var items []map[string]any
	text := []byte(d.must(t, http.StatusOK, "GET", path, "").body)
	if err := json.Unmarshal(text, &page); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(page[list], &items); err != nil || items == nil {
		t.Fatalf("%v: %s", err, text)
	}
	for _, item := range items {
		ids = append(ids, fmt.Sprint(item[id]))
	}
	if page["next"] != nil {
		if err := json.Unmarshal(page["next"], &next); err != nil {
			t.Fatal(err)
		}
	}
	return ids, next
}

func TestEachListIsReadPageByPage(t *testing.T) {
	for _, c := range []struct{ path, list, id, method, body string }{
		{"/openings", "items", "id", "POST", `{"account": "` + filed + `", "channel": "messaging", "to": "CA", "until": "2026-12-0{n}", "reason": "x"}`},
		{"/blocks", "items", "id", "POST", `{"block": "+4477{n}", "reason": "x"}`},
		{"/suspensions", "items", "id", "PUT", `{"reason": "x"}`},
		{"/tokens", "tokens", "id", "POST", `{"name": "{n}", "role": "viewer", "expires": "2027-01-0{n}T00:00:00Z"}`},
		{"/keys", "keys", "sid", "POST", `{"account": "` + filed + `", "name": "{n}"}`},
	} {
		t.Run(c.path, func(t *testing.T) {
			d := openDesk(t, openings.Settings{})
			for i := 2; i < 7; i++ {
				path := c.path
				if c.method == "PUT" {
					account := fmt.Sprintf("/AC%032d", i)
					d.must(t, http.StatusCreated, "PUT", "/accounts"+account, `{}`)
					path += account
				}
				d.must(t, http.StatusCreated, c.method, path, strings.ReplaceAll(c.body, "{n}", strconv.Itoa(i)))
			}
			all, next := d.ids(t, c.list, c.id, c.path)
			if len(all) != 5 || next != "" || !slices.IsSorted(all) {
				t.Fatalf("all are %q and then %q", all, next)
			}
			var pages []string
			for cursor, n := "", 0; n == 0 || cursor != ""; n++ {
				var page []string
				page, cursor = d.ids(t, c.list, c.id, c.path+"?limit=2&cursor="+url.QueryEscape(cursor))
				if want := []int{2, 2, 1}; n >= len(want) || len(page) != want[n] {
					t.Fatalf("page %d has %q", n, page)
				}
				pages = append(pages, page...)
			}
			if !slices.Equal(pages, all) {
				t.Errorf("the pages have %q and not %q", pages, all)
			}
			for _, mistake := range []string{"?limit=0", "?limit=1001", "?cursor=%25"} {
				d.must(t, http.StatusUnprocessableEntity, "GET", c.path+mistake, "")
			}
		})
	}
}

func TestListsAreFilteredByState(t *testing.T) {
	d := openDesk(t, openings.Settings{})
	d.must(t, http.StatusCreated, "PUT", "/accounts/"+listed, `{}`)
	d.must(t, http.StatusCreated, "PUT", "/suspensions/"+filed, `{"reason": "x"}`)
	d.must(t, http.StatusCreated, "PUT", "/suspensions/"+listed, `{"reason": "x", "until": "2026-12-04T12:00:00Z"}`)
	token := d.must(t, http.StatusCreated, "POST", "/tokens", `{"name": "a", "role": "viewer", "expires": "2026-12-04T12:00:00Z"}`).member(t, "id")
	key := d.must(t, http.StatusCreated, "POST", "/keys", `{"account": "`+filed+`"}`).member(t, "id")
	for _, c := range []struct {
		name           string
		now            time.Time
		list, id, path string
		want           []string
	}{
		{"before the end, both are in force", at(3), "items", "id", "/suspensions?state=in_force", []string{filed, listed}},
		{"before the end, none is over", at(3), "items", "id", "/suspensions?state=ended", nil},
		{"from the end on, one is in force", at(4), "items", "id", "/suspensions?state=in_force", []string{filed}},
		{"and one is over", at(4), "items", "id", "/suspensions?state=ended", []string{listed}},
		{"either", at(4), "items", "id", "/suspensions?state=ended,in_force", []string{filed, listed}},
		{"an active token", at(3), "tokens", "id", "/tokens?state=active", []string{token}},
		{"one that expired", at(4), "tokens", "id", "/tokens?state=expired", []string{token}},
		{"no active one", at(4), "tokens", "id", "/tokens?state=active,revoked", nil},
		{"an active key", at(4), "keys", "sid", "/keys?state=active&account=" + filed, []string{key}},
		{"no revoked one", at(4), "keys", "sid", "/keys?state=revoked", nil},
	} {
		d.now = c.now
		if got, _ := d.ids(t, c.list, c.id, c.path); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q and not %q", c.name, got, c.want)
		}
	}
	d.must(t, http.StatusUnprocessableEntity, "GET", "/suspensions?state=open", "")
	d.must(t, http.StatusUnprocessableEntity, "GET", "/tokens?state=open", "")
}
