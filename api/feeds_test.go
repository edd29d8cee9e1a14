package api_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/feed"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// fileFeeds are two feeds of files: iprn blocks, and wide has a class. A third one has no list.
func fileFeeds(t testing.TB) *feed.Feeds {
	t.Helper()
	folder := t.TempDir()
	var feeds []*feed.Feed
	for _, f := range []struct {
		name, list string
		use        feed.Use
	}{
		{"iprn", "8821300\n8821301\n", feed.Use{Block: true}},
		{"wide", "88213001\n882160\n", feed.Use{Class: policy.HighRiskTollFraud}},
		{"away", "", feed.Use{Block: true}},
	} {
		file := filepath.Join(folder, f.name)
		source, err := feed.NewSource(file, "{env.LISTS}/"+f.name)
		if err != nil {
			t.Fatal(err)
		}
		made := &feed.Feed{Name: f.name, Source: source, Use: f.use, Interval: time.Hour, MaxAge: time.Hour, MaxChange: 50,
			Plan: numbering.Default, Logger: zap.NewNop(), Now: time.Now}
		feeds = append(feeds, made)
		if f.list == "" {
			made.Update(t.Context()) // there is no file: it fails
			continue
		}
		if err := os.WriteFile(file, []byte(f.list), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := made.Update(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return feed.New(feeds)
}

func TestFeedsAreShownWithTheirStateAndWhatTheySayToANumber(t *testing.T) {
	m := manage(t, "")
	feeds := fileFeeds(t)
	m.service.Feeds = func() *feed.Feeds { return feeds }
	for _, c := range []struct {
		name, path string
		by         access.Principal
		status     int
		says       string
	}{
		{"all", "/feeds", principal("v", access.Viewer), 200, `{"items":[{"name":"iprn","source":"{env.LISTS}/iprn","use":"block","state":"in_force","prefixes":2,"since":TIME,"confirmed":TIME,"age":N,"old":false,"asked":TIME,"max_change":50,"signed":false},` +
			`{"name":"wide","source":"{env.LISTS}/wide","use":"high_risk_tollfraud","state":"in_force","prefixes":2,"since":TIME,"confirmed":TIME,"age":N,"old":false,"asked":TIME,"max_change":50,"signed":false},` +
			`{"name":"away","source":"{env.LISTS}/away","use":"block","state":"failed","failure":"stat {env.LISTS}/away: no such file or directory","prefixes":0,"old":false,"asked":TIME,"max_change":50,"signed":false}]}`},
		{"those that have a number", "/feeds?number=%2B882130012345", owner, 200, `"found":{"prefix":"+88213001","since":TIME}},{"name":"iprn",`},
		{"a number that none has", "/feeds?number=%2B12015550123", owner, 200, `{"items":[]}`},
		{"what is not a number", "/feeds?number=%2B1201x", owner, 422, `"location":"body.number"`},
		{"one", "/feeds/wide", owner, 200, `{"name":"wide",`},
		{"one, for a number that it has", "/feeds/iprn?number=%2B882130012345", owner, 200, `"found":{"prefix":"+8821300","since":TIME}}`},
		{"one, for a number that another one has", "/feeds/iprn?number=%2B882160012345", owner, 200, `"signed":false}`},
		{"one that there is not", "/feeds/other", owner, 404, "feed other: not found"},
		{"its list", "/feeds/iprn/prefixes", owner, 200, "prefix,since\n+8821300,"},
		{"the list of one that has none", "/feeds/away/prefixes", owner, 200, "prefix,since\n"},
		{"the list of one that there is not", "/feeds/other/prefixes", owner, 404, "not found"},
		{"to a viewer of one account", "/feeds", principal("v", access.Viewer, "acme"), 403, "must be asked for one account"},
		{"one to a viewer of one account", "/feeds/iprn", principal("v", access.Viewer, "acme"), 403, ""},
		{"what there is not to a viewer of one account", "/feeds/other", principal("v", access.Viewer, "acme"), 403, ""},
	} {
		response, text := m.ask(t, c.by, "GET", c.path, "")
		text = regexp.MustCompile(`"\d{4}-\d\d-\d\dT[^"]*"`).ReplaceAllString(text, "TIME")
		text = regexp.MustCompile(`"age":[0-9.e-]+`).ReplaceAllString(text, `"age":N`)
		if response.StatusCode != c.status || !strings.Contains(text, c.says) {
			t.Errorf("%s: %d %s", c.name, response.StatusCode, text)
		}
	}
}

func TestWithoutAStoreFeedsAreShown(t *testing.T) {
	feeds := fileFeeds(t)
	m := &managed{handler: api.NewWithoutStore(&permissions.Service{Feeds: func() *feed.Feeds { return feeds }}, os.ErrClosed)}
	for _, c := range []struct {
		path   string
		by     access.Principal
		status int
		says   string
	}{
		{"/feeds", owner, http.StatusOK, `"name":"iprn"`},
		{"/feeds/iprn", owner, http.StatusOK, `"name":"iprn"`},
		{"/feeds", access.Principal{}, http.StatusUnauthorized, "no access"},
		{"/accounts", owner, http.StatusNotFound, os.ErrClosed.Error()},
		{"/accounts", access.Principal{}, http.StatusUnauthorized, "no access"},
	} {
		if response, text := m.ask(t, c.by, "GET", c.path, ""); response.StatusCode != c.status || !strings.Contains(text, c.says) {
			t.Errorf("%s: %d %s", c.path, response.StatusCode, text)
		}
	}
}
