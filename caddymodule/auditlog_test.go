package caddymodule_test

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/keys"
)

var unloggedSample = regexp.MustCompile(`(?m)^caddy_tollgate_sends_unlogged_total\{outcome="(\w+)"\} (\d+)$`)

// unlogged reads the counter of sends that are in no audit log, by their outcome.
func unlogged(t *testing.T, metrics string) map[string]int {
	t.Helper()
	counts := make(map[string]int)
	for _, match := range unloggedSample.FindAllStringSubmatch(readMetrics(t, metrics), -1) {
		counts[match[1]], _ = strconv.Atoi(match[2])
	}
	return counts
}

// auditLines reads what an audit log has, line by line.
func auditLines(t *testing.T, file string) (lines []map[string]any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		lines = append(lines, fields)
	}
	return lines
}

func TestALineOfTheAuditLogIsWrittenBeforeTheRequestGoesOn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "audit", "audit.log")
	seen := -1
	carrier := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			seen = len(auditLines(t, file))
		}
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(carrier.Close)
	s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}
	policy := "audit_log required file " + file + acmePolicy
	loadCaddyfile(t, gateCaddyfile(s.gate, strings.TrimPrefix(carrier.URL, "http://"), s.log, policy, ""))
	if response, _ := s.raw(t, post(messages(acme), messageTo(inUS))); response.StatusCode != http.StatusCreated || seen != 1 {
		t.Fatalf("answered %s; %d lines were there when the carrier was asked", response.Status, seen)
	}
	s.raw(t, post(messages(acme), messageTo(inUZ)))
	s.raw(t, get(messages(acme)))
	lines := auditLines(t, file)
	if len(lines) != 2 {
		t.Fatalf("logged %v", lines)
	}
	if _, err := time.Parse(time.RFC3339Nano, lines[0]["ts"].(string)); err != nil {
		t.Error(err)
	}
	allowed, denied := lines[0], lines[1]
	if allowed["carrier"] != "twilio" || allowed["account"] != acme || allowed["verdict"] != "allow" || allowed["to"] != "********0123" ||
		denied["verdict"] != "deny" || denied["reason"] != "territory_not_enabled" || denied["code"] != 21408.0 {
		t.Errorf("logged\n%v\n%v", allowed, denied)
	}
	// What the access log has in its object, under the same names.
	access := parseLog(t, s.accessLog(t, 2)[1]).Tollgate
	for name, value := range access {
		if denied[name] != value {
			t.Errorf("%s is %v, and in the access log %v", name, denied[name], value)
		}
	}
}

// startAudited runs a gate with an audit log until the test ends.
func startAudited(t *testing.T, auditLog, policy string) (s *caddyServer, metrics string, reload func(policy string)) {
	t.Helper()
	s, metrics, load := startMetrics(t, auditLog+policy)
	return s, metrics, func(policy string) { load(auditLog + policy) }
}

func TestWhatCannotBeLoggedGoesOnOrNotAsStated(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	const full = "file /dev/full {\nroll_disabled\n}\n"
	toUS, toUZ := post(messages(acme), messageTo(inUS)), post(messages(acme), messageTo(inUZ))
	for _, c := range []struct {
		name, auditLog, policy, request string
		status                          int
		outcome                         string
	}{
		{"a send goes on and is counted", "audit_log " + full, acmePolicy, toUS, 201, "forwarded"},
		{"a denial stays one", "audit_log " + full, acmePolicy, toUZ, 400, "refused"},
		{"where the log is required, a send is refused", "audit_log required " + full, acmePolicy, toUS, 503, "refused"},
		{"a call too", "audit_log required " + full, acmePolicy, post(calls(acme), messageTo(inUS)), 503, "refused"},
		{"a call for help goes on, and is counted", "audit_log required " + full, acmePolicy, post(calls(acme), strings.Replace(messageTo(inUS), "%2B12015550123", "911", 1)), 201, "forwarded"},
		{"there, a denial stays one", "audit_log required " + full, acmePolicy, toUZ, 400, "refused"},
		{"what is only observed is refused", "audit_log required " + full, "observe\n" + acmePolicy, toUZ, 503, "refused"},
		{"what is allowed while others are observed too", "audit_log required " + full, "observe\n" + acmePolicy, toUS, 503, "refused"},
		{"a read is not logged, and goes on", "audit_log required " + full, acmePolicy, get(messages(acme)), 201, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, metrics, _ := startAudited(t, c.auditLog, c.policy)
			before := unlogged(t, metrics)
			response, body := s.raw(t, c.request)
			if response.StatusCode != c.status || c.status == 503 && !strings.Contains(body, `"code":20503`) && !strings.Contains(body, `"code": 20503`) {
				t.Errorf("answered %s %s", response.Status, body)
			}
			if arrived := s.upstream.take(); (len(arrived) == 1) != (c.status == 201) {
				t.Errorf("arrived %d times", len(arrived))
			}
			line := parseLog(t, s.accessLog(t, 1)[0])
			if marked := line.Tollgate["unlogged"] == true; marked != (strings.Contains(c.auditLog, "required") && c.outcome != "") {
				t.Errorf("the access log has %v", line.Tollgate)
			}
			harness.AwaitNil(t, "it is counted", func() error {
				after := unlogged(t, metrics)
				if after["forwarded"]-before["forwarded"] != count(c.outcome, "forwarded") || after["refused"]-before["refused"] != count(c.outcome, "refused") {
					return fmt.Errorf("counted %v, before %v", after, before)
				}
				return nil
			})
		})
	}
}

func count(text, want string) int {
	if text == want {
		return 1
	}
	return 0
}

func TestALogWhoseFolderIsGoneIsMadeAnewOrRefusesUntilItCanBe(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "audit")
	file := filepath.Join(folder, "audit.log")
	s, _, _ := startAudited(t, "audit_log required file "+file+"\n", acmePolicy)
	send := func() int {
		response, _ := s.raw(t, post(messages(acme), messageTo(inUS)))
		return response.StatusCode
	}
	if status := send(); status != 201 || len(auditLines(t, file)) != 1 {
		t.Fatalf("answered %d", status)
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if status := send(); status != 201 || len(auditLines(t, file)) != 1 {
		t.Fatalf("without the folder: answered %d", status)
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(folder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if status := send(); status != 503 {
		t.Fatalf("with a file for a folder: answered %d", status)
	}
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	if status := send(); status != 201 || len(auditLines(t, file)) != 1 {
		t.Fatalf("afterwards: answered %d", status)
	}
}

// A server of logs that is there and does not read must not hold requests for ever.
func TestALogThatIsStuckRefusesInTime(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "log.sock")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Skip(err)
	}
	defer l.Close()
	s, _, _ := startAudited(t, "audit_log required net unix/"+socket+"\n", acmePolicy)
	conn, err := net.Dial("tcp", s.gate)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(60 * time.Second))
	answers := bufio.NewReader(conn)
	request := strings.Replace(post(messages(acme), messageTo(inUS)), "Connection: close\r\n", "", 1)
	sent := 0
	for ; sent < 20_000; sent++ {
		_, _ = io.WriteString(conn, request)
		response, err := http.ReadResponse(answers, nil)
		if err != nil {
			t.Fatalf("after %d: %v", sent, err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		if response.StatusCode == http.StatusServiceUnavailable {
			break
		}
	}
	if arrived := len(s.upstream.take()); sent == 0 || arrived != sent {
		t.Errorf("%d were answered, %d arrived", sent, arrived)
	}
}

func TestALogThatCannotBeOpenedStartsNoServer(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}
	err := tryCaddyfile(t, gateCaddyfile(s.gate, harness.FreeAddress(t), s.log, "audit_log file "+file+"/audit.log"+acmePolicy, ""))
	if err == nil || !strings.Contains(err.Error(), "opening the audit log") {
		t.Errorf("got %v", err)
	}
}

func TestTheAuditLogOutlastsAReloadAndHalfALine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "audit.log")
	const half = `{"ts":"2026-11-29T12:00:0`
	if err := os.WriteFile(file, []byte(half), 0o600); err != nil {
		t.Fatal(err)
	}
	s, _, reload := startAudited(t, "audit_log required file "+file+"\n", acmePolicy)
	s.raw(t, post(messages(acme), messageTo(inUS)))
	reload("\nblock +1900 \"premium\"" + acmePolicy)
	s.raw(t, post(messages(acme), messageTo(inUS)))
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rest, ok := strings.CutPrefix(string(text), half+"\n")
	if !ok || strings.Count(rest, "\n") != 2 || strings.Contains(rest, "\n\n") {
		t.Fatalf("the log is\n%s", text)
	}
	if err := os.WriteFile(file+".rest", []byte(rest), 0o600); err != nil {
		t.Fatal(err)
	}
	if lines := auditLines(t, file+".rest"); lines[0]["policy"] == lines[1]["policy"] {
		t.Errorf("both are of one policy: %v", lines)
	}
}

func TestTwiMLThatCannotBeLoggedIsNotSent(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	document := `<Response><Dial>+12015550123</Dial></Response>`
	s := startTwiML(t, "audit_log required file /dev/full {\nroll_disabled\n}\n"+acmePolicy, "", "", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		_, _ = io.WriteString(w, document)
	})
	response, body := s.call(t)
	if response.StatusCode != http.StatusServiceUnavailable || strings.Contains(body, "2015550123") {
		t.Errorf("answered %s %s", response.Status, body)
	}
	document = `<Response><Dial>911</Dial></Response>`
	if response, body = s.call(t); response.StatusCode != http.StatusOK || body != document {
		t.Errorf("a call for help is answered %s %s", response.Status, body)
	}
}

// Whatever is sent, no key, token or secret may get into the log, and no number.
func TestNoSecretIsInTheAuditLog(t *testing.T) {
	s := newBrokerServer(t)
	key, sid := s.create(t, keys.Key{Account: acme})
	file := filepath.Join(t.TempDir(), "audit.log")
	loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, "audit_log required file "+file+"\n"+s.brokerBlock()+acmePolicy, "broker"))
	s.accepted(t, key)
	_, secret, _ := strings.Cut(decodeBasic(t, key), ":")
	const stray = "5ec4e75ec4e75ec4e75ec4e75ec4e75e"
	for _, request := range []string{
		sent(key, post(messages(acme), messageTo(inUS))),
		sent(key, post(messages(acme), messageTo(inUZ))),
		sent(key, post(messages(acme)+"?To=%2B998912345678&AuthToken="+stray, messageTo(inUS))),
		sent(basic(sid+":"+stray), post(messages(acme), messageTo(inUS))),
		sent(basic(stray+":"+secret), post(messages(acme), messageTo(inUS))),
		sent("Bearer "+stray, post(messages(acme), messageTo(inUS))),
		sent(key, post(messages(acme), tooLarge(inUZ))),
		sent(key, request("POST", messages(acme), messageTo(inUS), "Upgrade: "+stray)),
	} {
		s.raw(t, request)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n < 7 {
		t.Errorf("%d lines", n)
	}
	for _, hidden := range []string{secret, stray, carrierSecret, strings.TrimPrefix(key, "Basic "), strings.TrimPrefix(carriers, "Basic "), "Authorization",
		strings.TrimPrefix(inUZ, "+"), strings.TrimPrefix(inUS, "+")} {
		if strings.Contains(string(text), hidden) {
			t.Errorf("%s is in the log:\n%s", hidden, text)
		}
	}
	if !strings.Contains(string(text), sid) {
		t.Errorf("the name of the key is not:\n%s", text)
	}
}

// decodeBasic is the user and the password of a Basic credential.
func decodeBasic(t *testing.T, authorization string) string {
	t.Helper()
	decoded, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(authorization, "Basic "))
	if err != nil {
		t.Fatal(err)
	}
	return string(decoded)
}

// tryCaddyfile runs a configuration that may not start.
func tryCaddyfile(t *testing.T, caddyfile string) error {
	t.Helper()
	text, err := adapt(caddyfile)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = caddy.Stop() })
	return caddy.Load(text, true)
}
