package caddymodule_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/keys"
)

// spellings are the ways in which a credential might stand in an output: its secret,
// all of it, and each of these in base64 wherever it begins.
func spellings(t *testing.T, authorization string) (texts []string) {
	t.Helper()
	userinfo := decoded(t, authorization)
	_, secret, _ := strings.Cut(userinfo, ":")
	texts = append(texts, secret, strings.TrimPrefix(authorization, "Basic "))
	for shift := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + secret))
		texts = append(texts, encoded[4:len(encoded)-2])
	}
	return texts
}

// All that a run writes, answers and keeps is searched for both secrets.
func TestNoOutputOfABrokerHoldsASecret(t *testing.T) {
	autosave := caddy.ConfigAutosavePath
	caddy.ConfigAutosavePath = filepath.Join(t.TempDir(), "autosave.json")
	t.Cleanup(func() { caddy.ConfigAutosavePath = autosave })

	s := newBrokerServer(t)
	key, _ := s.create(t, keys.Key{Name: "billing"})
	// A carrier that answers for a while, then breaks off in the middle.
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != carriers:
			w.WriteHeader(http.StatusUnauthorized)
		case strings.Contains(r.URL.RawQuery, "broken"):
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, "{")
			panic(http.ErrAbortHandler)
		case strings.Contains(r.URL.RawQuery, "dead"):
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(upstream.Close)
	admin, serverLog := harness.FreeAddress(t), filepath.Join(t.TempDir(), "server.log")
	caddyfile := exactCaddyfile(s.gate, upstream.Listener.Addr().String(), s.log, acmePolicy+s.brokerBlock(), "broker\nexplain_header")
	caddyfile = strings.NewReplacer("admin off", "admin "+admin+"\n\tmetrics\n\tdebug", "\tpersist_config off\n", "",
		"output discard", "output file "+serverLog+"\n\t\tlevel DEBUG").Replace(caddyfile)
	caddyfile += "\nhttp://" + port(harness.FreeAddress(t)) + " {\n\trespond ok\n}\n"
	adapted, err := adapt(caddyfile)
	if err != nil {
		t.Fatal(err)
	}
	loadCaddyfile(t, caddyfile)

	texts := map[string]string{"the adapted configuration": string(adapted)}
	answer := func(name, request string) { texts["the answer to "+name] = s.send(t, request).text() }
	answer("a message", sent(key, message(us)))
	answer("a denied message", sent(key, message(uz)))
	answer("a list", sent(key, reading(messages(acme))))
	answer("its account", sent(key, reading(account(".json"))))
	answer("another's", sent(key, reading(messages(unnamed))))
	answer("the carrier's own credential", sent(carriers, message(us)))
	answer("half a key", sent(key[:len(key)-4], message(us)))
	answer("a broken answer", sent(key, reading(messages(acme)+"?broken")))
	answer("no answer", sent(key, reading(messages(acme)+"?dead")))
	answer("an address that is none", sent(key, reading("/%zz")))
	// A secret that cannot be read, and a key file with a mistake.
	if err := os.Remove(s.secret); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.keys, []byte(`{"version": 1, "keys": [{"sid": "`+strings.TrimPrefix(key, "Basic ")+`"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	waitForLog(t, serverLog, "keys not loaded")
	waitForLog(t, serverLog, "carrier credential not read")
	answer("a message when neither can be read", sent(key, message(us)))
	if !strings.Contains(texts["the answer to a message when neither can be read"], "200 OK") {
		t.Errorf("the last good keys and credentials are not in force: %s", texts["the answer to a message when neither can be read"])
	}

	ask := func(method, path string, body []byte) {
		request, _ := http.NewRequest(method, "http://"+admin+path, bytes.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, _ := io.ReadAll(response.Body)
		texts[method+" "+path] = string(text)
	}
	for _, path := range []string{"/config/", "/tollgate/policy", "/metrics", "/debug/vars", "/debug/pprof/heap?debug=1",
		"/debug/pprof/goroutine?debug=2", "/debug/pprof/cmdline", "/reverse_proxy/upstreams"} {
		ask(http.MethodGet, path, nil)
	}
	// A configuration that holds a secret is refused, and its mistake does not say it.
	ask(http.MethodPost, "/load", bytes.Replace(adapted, []byte("{file."+s.secret+"}"), []byte(carrierSecret), 1))
	if !strings.Contains(texts["POST /load"], "do not write a secret into a configuration") {
		t.Errorf("a literal secret: %s", texts["POST /load"])
	}
	for name, want := range map[string]string{"/metrics": "caddy_tollgate_broker_keys", "/config/": "{file."} {
		if !strings.Contains(texts["GET "+name], want) {
			t.Errorf("%s lacks %s", name, want)
		}
	}
	for name, file := range map[string]string{"the access log": s.log, "the log": serverLog, "what is saved": caddy.ConfigAutosavePath} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(text)
	}
	if log := texts["the log"]; !strings.Contains(log, "upstream roundtrip") || !strings.Contains(log, "REDACTED") {
		t.Error("the log does not say how requests were forwarded: nothing was searched")
	}
	for where, text := range texts {
		for _, authorization := range []string{key, carriers} {
			for _, secret := range spellings(t, authorization) {
				// The log may quote the key file's mistake, which names no value.
				if i := strings.Index(text, secret); i >= 0 {
					t.Errorf("%s holds a secret: …%s…", where, text[max(0, i-200):min(len(text), i+60)])
				}
			}
		}
	}
}

// text is the whole of an answer.
func (a answer) text() string {
	var b bytes.Buffer
	b.WriteString(http.StatusText(a.status))
	if a.status == http.StatusOK {
		b.WriteString(" 200 OK")
	}
	_ = a.header.Write(&b)
	return b.String() + "\n" + a.body
}

// Handlers behind the gate and error pages see what the client sent, whatever they
// are made to show of it.
func TestNoPlaceholderShowsTheCarriersCredential(t *testing.T) {
	byProxy(t)
	s := newBrokerServer(t)
	key, _ := s.create(t, keys.Key{})
	const shown = "{http.request.header.Authorization} {http.request.orig_uri} {http.tollgate.upstream} {http.auth.user.id}"
	caddyfile := exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker")
	caddyfile = strings.Replace(caddyfile, "header_up -Via", "header_up -Via\n\t\t\theader_up X-Seen {vars.seen}\n\t\t\theader_down X-Seen {vars.seen}", 1)
	caddyfile = strings.Replace(caddyfile, "\n\t\treverse_proxy", "\n\t\tvars seen {http.request.header.Authorization}\n\t\treverse_proxy", 1)
	caddyfile = strings.Replace(caddyfile, "\troute {", "\tlog_append shown \""+shown+"\"\n\thandle_errors {\n\t\trespond \"{http.error.status_code} "+shown+"\"\n\t}\n\troute {", 1)
	loadCaddyfile(t, caddyfile)

	a := s.send(t, sent(key, message(us)))
	arrived := s.upstream.take()
	if len(arrived) != 1 || !strings.Contains(arrived[0], "X-Seen: "+key) || !strings.Contains(arrived[0], "Authorization: "+carriers) {
		t.Fatalf("arrived %q", arrived)
	}
	if seen := a.header.Get("X-Seen"); seen != key {
		t.Errorf("X-Seen in the answer is %q", seen)
	}
	shownInLog := s.accessLog(t, 1)[0]
	for _, secret := range spellings(t, carriers) {
		if strings.Contains(shownInLog, secret) {
			t.Errorf("the access log holds the carrier's credential: %s", shownInLog)
		}
	}

	// An upstream that is not there.
	dead := newBrokerServer(t)
	dead.keys, dead.secret = s.keys, s.secret
	address := harness.FreeAddress(t)
	loadCaddyfile(t, strings.NewReplacer(s.upstream.address, address, port(s.gate), port(dead.gate), s.log, dead.log).Replace(caddyfile))
	a = dead.send(t, sent(key, message(us)))
	if a.status != http.StatusBadGateway || !strings.Contains(a.body, key) || strings.Contains(a.body, address) {
		t.Errorf("the error page says %d %s", a.status, a.body)
	}
	for _, secret := range spellings(t, carriers) {
		if strings.Contains(a.text()+dead.accessLog(t, 1)[0], secret) {
			t.Errorf("the error page or the log hold the carrier's credential")
		}
	}
}

// An error route may have been given a request that was denied, or forwarded already:
// a proxy there does not start.
func TestAnErrorRouteForwardsNothingOfABroker(t *testing.T) {
	byProxy(t)
	s := newBrokerServer(t)
	key, _ := s.create(t, keys.Key{})
	caddyfile := exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker")
	proxy := caddyfile[strings.Index(caddyfile, "\t\treverse_proxy"):strings.LastIndex(caddyfile, "\t}\n}")]
	loadCaddyfile(t, strings.Replace(caddyfile, proxy, "\t\terror 503\n", 1))
	if a := s.send(t, sent(key, message(us))); a.status != 503 {
		t.Fatalf("answered %d", a.status)
	}
	text, err := adapt(strings.Replace(strings.Replace(caddyfile, proxy, "\t\terror 503\n", 1), "\troute {", "\thandle_errors {\n"+proxy+"\t}\n\troute {", 1))
	if err != nil {
		t.Fatal(err)
	}
	if err := caddy.Load(text, true); err == nil || !strings.Contains(err.Error(), "must not handle requests that a gate has judged, after an error") {
		t.Errorf("got %v", err)
	}
}

// A leaked key must not lead to a credential of the account, however it is asked
// for.
func TestNoRequestReadsACredentialThroughABroker(t *testing.T) {
	s := newBrokerServer(t)
	key, _ := s.create(t, keys.Key{})
	loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker\nunknown allow"))
	cases := readBypass(t, "testdata/broker/secrets.txt")
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.refused {
				s.mustRefuse(t, sent(key, c.request), c.status, c.code)
			} else {
				s.mustSwap(t, key, c.request)
			}
		})
	}
	if len(cases) < 70 {
		t.Errorf("only %d cases", len(cases))
	}
}
