package caddymodule_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// The list of another machine is in force as soon as that answers, stays over reloads while it is
// away, and is there again after a restart.
func TestAGateJudgesByTheListsOfOthers(t *testing.T) {
	var list atomic.Pointer[string] // nil while the source is away
	source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if text := list.Load(); text != nil {
			io.WriteString(w, *text)
			return
		}
		w.WriteHeader(http.StatusBadGateway)
	}))
	defer source.Close()
	own := filepath.Join(t.TempDir(), "own.txt")
	write := func(text string) {
		if err := os.WriteFile(own+".new", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(own+".new", own); err != nil {
			t.Fatal(err)
		}
	}
	write("+1201556\n")
	s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"}
	metrics, storage := harness.FreeAddress(t), t.TempDir()
	load := func(more string) {
		text := gateCaddyfile(s.gate, s.upstream.address, s.log, `
		feed iprn `+source.URL+` {
			block
		}
		feed own `+own+` {
			class high_risk_tollfraud
			interval 1s
		}`+more+acmePolicy, "") + "http://" + strings.Replace(metrics, "127.0.0.1", "", 1) + " {\n\tmetrics\n}\n"
		loadCaddyfile(t, strings.Replace(text, "admin off", "admin off\n\tstorage file_system "+storage, 1))
	}
	callTo := func(number string) string { return post(calls(acme), messageTo(number)) }
	rule := func(request string) string {
		line := s.logged(t, request)
		if line.Tollgate["verdict"] != "deny" {
			return ""
		}
		return regexp.MustCompile(`since \S+`).ReplaceAllString(line.Tollgate["rule"].(string), "since …")
	}
	has := func(lines ...string) bool {
		text := readMetrics(t, metrics)
		for _, line := range lines {
			if !strings.Contains(text, "\ncaddy_tollgate_"+line+"\n") {
				return false
			}
		}
		return true
	}

	load("")
	if got := rule(post(messages(acme), messageTo("+12015550123"))); got != "" {
		t.Errorf("without a list, it is denied by %s", got)
	}
	harness.Await(t, "that it was asked is a metric", func() bool { return has(`feed_ok{feed="iprn"} 0`, `feed_prefixes{feed="iprn"} 0`) })
	if got := rule(callTo("+12015560123")); got != "account "+acme+" voice, feed own since …" {
		t.Errorf("a call of the file's is denied by %q", got)
	}
	text := "+1201555\n"
	list.Store(&text)
	harness.Await(t, "the list is in force", func() bool {
		return rule(post(messages(acme), messageTo("+12015550123"))) == "feed iprn since …"
	})
	if !has(`feed_ok{feed="iprn"} 1`, `feed_old{feed="iprn"} 0`, `feed_prefixes{feed="iprn"} 1`) {
		t.Error("that it is in force is not a metric")
	}
	write("+1201556\n" + strings.Join([]string{"+44793711", "+44793712", "+44793713", "+44793714", "+44793715", "+44793716"}, "\n") + "\n")
	harness.Await(t, "that the file grew too much is a metric", func() bool { return has(`feed_ok{feed="own"} 0`, `feed_prefixes{feed="own"} 1`) })

	list.Store(nil)
	load("\n\t\tallow +12015550123 \"customer\"")
	if got := rule(post(messages(acme), messageTo("+12015550123"))); got != "" {
		t.Errorf("although the operator allows it, it is denied by %s", got)
	}
	if err := caddy.Stop(); err != nil {
		t.Fatal(err)
	}
	load("")
	if got := rule(post(messages(acme), messageTo("+12015550123"))); got != "feed iprn since …" {
		t.Errorf("after a restart, it is denied by %q", got)
	}
}

func TestAGateWithoutAStoreShowsItsFeeds(t *testing.T) {
	file := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(file, []byte("prefix,name\n+1201555,test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startFileServer(t, policyFile("US"))
	loadCaddyfile(t, strings.Replace(s.caddyfile, "\ttollgate {\n", "\ttollgate {\n\t\tfeed iprn "+file+" {\n\t\t\tblock\n\t\t}\n", 1))
	for path, want := range map[string]string{
		"/tollgate/v1/feeds":                          `"name":"iprn","source":"` + file + `","use":"block","state":"in_force","prefixes":1,"since":"`,
		"/tollgate/v1/feeds/iprn":                     `"old":false,`,
		"/tollgate/v1/feeds/none":                     "feed none: not found",
		"/tollgate/v1/feeds/iprn/prefixes":            "prefix,since\n+1201555,",
		"/tollgate/v1/feeds?number=%2B12015550123":    `"found":{"prefix":"+1201555","since":"` + time.Now().UTC().Format("2006-01-"),
		"/tollgate/v1/feeds?number=%2B12025550123":    `{"items":[]}`,
		"/tollgate/v1/feeds?number=12025550123":       "is not a number",
		"/tollgate/v1/feeds?number=%2B1202555x":       "is not a number",
		"/tollgate/v1/feeds?number=%2B12025550123456": `{"items":[]}`,
		"/tollgate/v1/accounts":                       "there is no store of permissions",
	} {
		if _, text := s.ask(t, "GET", path, "", ""); !strings.Contains(text, want) {
			t.Errorf("%s shows %s", path, text)
		}
	}
	harness.Await(t, "that it is asked again is shown", func() bool {
		_, text := s.ask(t, "GET", "/tollgate/v1/feeds/iprn", "", "")
		return strings.Contains(text, `"next":"`)
	})
	_, text := s.ask(t, "POST", "/tollgate/explain", "application/json", `{"account": "`+acme+`", "channel": "messaging", "destinations": ["+12015550123"]}`)
	if !strings.Contains(text, `"reason":"prefix_blocked"`) || !strings.Contains(text, "blocks +1201555 by feed iprn since ") {
		t.Errorf("it is explained as %s", text)
	}
}
