package caddymodule_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// fileServer is a Caddy with a gate whose policy stands in a file, and an admin
// endpoint of its own.
type fileServer struct {
	caddyServer
	file  string
	admin string
	// caddyfile is the whole configuration.
	caddyfile string
}

// policyFile is a policy file that lets acme send messages to a territory.
func policyFile(territory string) string {
	return "version: 1\naccounts:\n  - id: " + acme + "\n    messaging: [" + territory + "]\n"
}

func startFileServer(t *testing.T, text string) *fileServer {
	t.Helper()
	folder := t.TempDir()
	s := &fileServer{
		caddyServer: caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: filepath.Join(folder, "access.log")},
		file:        filepath.Join(folder, "policy.yaml"),
		admin:       harness.FreeAddress(t),
	}
	s.write(t, text)
	s.caddyfile = strings.Replace(gateCaddyfile(s.gate, s.upstream.address, s.log, "\t\tpolicy "+s.file, ""),
		"admin off", "admin "+s.admin, 1)
	s.caddyfile = strings.Replace(s.caddyfile, "output discard", "output file "+s.serverLog(), 1)
	loadCaddyfile(t, s.caddyfile)
	return s
}

// loadElsewhere runs the configuration with texts replaced, old and new in turn, at an
// address of its own: the server before may still be taking requests at the last one.
func (s *fileServer) loadElsewhere(t *testing.T, oldnew ...string) {
	t.Helper()
	before := port(s.gate)
	s.gate = harness.FreeAddress(t)
	s.caddyfile = strings.NewReplacer(append(oldnew, before, port(s.gate))...).Replace(s.caddyfile)
	loadCaddyfile(t, s.caddyfile)
}

// serverLog is the file of what Caddy itself logs.
func (s *fileServer) serverLog() string { return filepath.Join(filepath.Dir(s.file), "server.log") }

// write puts another text into the policy file, the way editors do.
func (s *fileServer) write(t *testing.T, text string) {
	t.Helper()
	next := s.file + ".next"
	if err := os.WriteFile(next, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, s.file); err != nil {
		t.Fatal(err)
	}
}

// status is what a message to a number is answered with.
func (s *fileServer) status(t *testing.T, to string) int {
	t.Helper()
	response, _ := s.raw(t, post(messages(acme), messageTo(to)))
	return response.StatusCode
}

// ask sends a request to the admin endpoint.
func (s *fileServer) ask(t *testing.T, method, path, contentType, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequest(method, "http://"+s.admin+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	request.Close = true // each configuration has an admin endpoint of its own
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// metric reads one metric without labels, or with any.
func (s *fileServer) metric(t *testing.T, name string) string {
	t.Helper()
	_, text := s.ask(t, http.MethodGet, "/metrics", "", "")
	if match := regexp.MustCompile(`(?m)^caddy_tollgate_` + name + `(\{.*\})? (\S+)$`).FindStringSubmatch(text); match != nil {
		return match[1] + match[2]
	}
	return ""
}

func TestAPolicyFileThatChangesIsInForceSoonAfter(t *testing.T) {
	s := startFileServer(t, policyFile("US"))
	if us, gb := s.status(t, inUS), s.status(t, inGB); us != 201 || gb != 400 {
		t.Fatalf("at first the US answers %d, the United Kingdom %d", us, gb)
	}
	first := s.metric(t, "policy_revision")
	s.write(t, policyFile("GB"))
	harness.Await(t, "the new file is in force", func() bool { return s.status(t, inGB) == 201 })
	if us := s.status(t, inUS); us != 400 {
		t.Errorf("the US is still answered %d", us)
	}
	if second := s.metric(t, "policy_revision"); second == first || !strings.HasPrefix(second, `{revision="`) {
		t.Errorf("revision %s after %s", second, first)
	}
	if failures := s.metric(t, "policy_reload_failures_total"); failures == "" {
		t.Error("no metric of failures")
	}
}

// The log says what a policy changes: one of another file, and one of another configuration.
func TestThePolicyThatIsLoadedIsComparedInTheLog(t *testing.T) {
	s := startFileServer(t, policyFile("US"))
	s.write(t, policyFile("GB, FR"))
	revision := s.revisionAfter(t, "", `"opens":1,"closes":1,"changes":0`)
	s.loadElsewhere(t, "policy "+s.file, "policy "+s.file+"\n\t\tobserve")
	s.revisionAfter(t, revision, `"opens":1,"closes":0,"changes":0`)
}

// revisionAfter waits until the log says that a policy was loaded in place of one, of any
// if none is given, with a difference, and returns its revision.
func (s *fileServer) revisionAfter(t *testing.T, previous, difference string) (revision string) {
	t.Helper()
	line := regexp.MustCompile(`"msg":"policy loaded","revision":"(\w+)".*"previous":"` + previous + `\w*",` + difference)
	harness.Await(t, "a policy is loaded with "+difference, func() bool {
		text, _ := os.ReadFile(s.serverLog())
		match := line.FindSubmatch(text)
		if match != nil {
			revision = string(match[1])
		}
		return match != nil
	})
	return revision
}

// What looks the same need not be: a file that is written over in place within
// the granularity of its time, at the same length.
func TestAPolicyFileThatIsWrittenInPlaceIsInForceSoonAfter(t *testing.T) {
	s := startFileServer(t, policyFile("US"))
	info, err := os.Stat(s.file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.file, []byte(policyFile("GB")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(s.file, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	harness.Await(t, "the new file is in force", func() bool { return s.status(t, inGB) == 201 })
}

func TestAMistakeInThePolicyFileLeavesTheOneInForce(t *testing.T) {
	s := startFileServer(t, policyFile("US"))
	before := s.metric(t, "policy_reload_failures_total")
	s.write(t, policyFile("UK"))
	const mistake = `policy.yaml:4:17: unknown territory \"UK\", did you mean \"GB\"?`
	harness.Await(t, "the mistake is logged", func() bool {
		text, _ := os.ReadFile(s.serverLog())
		return bytes.Contains(text, []byte(mistake))
	})
	if us := s.status(t, inUS); us != 201 {
		t.Errorf("the US is answered %d", us)
	}
	harness.Await(t, "the failure is counted", func() bool { return s.metric(t, "policy_reload_failures_total") != before })
	if ok := s.metric(t, "policy_file_ok"); ok != "0" {
		t.Errorf("the metric says that the file is fine: %s", ok)
	}
	if _, shown := s.ask(t, http.MethodGet, "/tollgate/policy", "", ""); !strings.Contains(shown, mistake) {
		t.Errorf("the endpoint shows %s", shown)
	}
	if err := os.Remove(s.file); err != nil {
		t.Fatal(err)
	}
	harness.Await(t, "the missing file is logged", func() bool {
		text, _ := os.ReadFile(s.serverLog())
		return bytes.Contains(text, []byte("no such file"))
	})
	if us := s.status(t, inUS); us != 201 {
		t.Errorf("without the file the US is answered %d", us)
	}
	s.write(t, policyFile("GB"))
	harness.Await(t, "the mended file is in force", func() bool { return s.status(t, inGB) == 201 })
	if ok := s.metric(t, "policy_file_ok"); ok != "1" {
		t.Errorf("the metric says that the mended file is not fine: %s", ok)
	}
	text, _ := os.ReadFile(s.serverLog())
	if n := bytes.Count(text, []byte("policy not loaded")); n != 2 {
		t.Errorf("%d failures are logged, want one for each mistake", n)
	}
}

func TestThePolicyIsReloadedByHand(t *testing.T) {
	s := startFileServer(t, policyFile("US"))
	const path = "/tollgate/policy/reload"
	for _, test := range []struct {
		name, method, contentType, text string

		status int
		answer string
	}{
		{"a GET changes nothing", http.MethodGet, "", policyFile("GB"), 405, "method GET is not allowed"},
		{"nor does what a web page can send", http.MethodPost, "text/plain", policyFile("GB"), 415, "application/json"},
		{"a mistake is named", http.MethodPost, "application/json", policyFile("UK"), 400, `policy.yaml:4:17: unknown territory \"UK\"`},
		{"another policy is in force at once", http.MethodPost, "application/json", policyFile("GB"), 200, `"changed":true`},
		{"the same one changes nothing", http.MethodPost, "application/json; charset=utf-8", policyFile("GB"), 200, `"changed":false`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s.write(t, test.text)
			status, answer := s.ask(t, test.method, path, test.contentType, "")
			if status != test.status || !strings.Contains(answer, test.answer) {
				t.Errorf("answered %d %s, want %d %s", status, answer, test.status, test.answer)
			}
			if gb := s.status(t, inGB); (gb == 201) != (test.status == 200) {
				t.Errorf("the United Kingdom is answered %d", gb)
			}
		})
	}
}

func TestTheAdminEndpointShowsThePolicyInForce(t *testing.T) {
	t.Setenv("TOLLGATE_TEST_ACCOUNT", acme)
	s := startFileServer(t, "version: 1\naccounts:\n  - {id: '{env.TOLLGATE_TEST_ACCOUNT}', messaging: [us], voice: {low_risk: []}}\n")
	_, text := s.ask(t, http.MethodGet, "/tollgate/policy", "", "")
	var shown struct {
		Revision string          `json:"revision"`
		Loaded   time.Time       `json:"loaded"`
		File     string          `json:"file"`
		Policy   json.RawMessage `json:"policy"`
	}
	if err := json.Unmarshal([]byte(text), &shown); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if want := `{"accounts":[{"id":"{env.TOLLGATE_TEST_ACCOUNT}","messaging":["US"],"voice":{"low_risk":[]}}]}`; string(shown.Policy) != want {
		t.Errorf("policy %s, want %s", shown.Policy, want)
	}
	if shown.File != s.file || time.Since(shown.Loaded) > time.Minute || !strings.Contains(s.metric(t, "policy_revision"), shown.Revision) {
		t.Errorf("shown as %+v", shown)
	}
	// As a file it can take the place of the one that it came of.
	request, _ := http.NewRequest(http.MethodGet, "http://"+s.admin+"/tollgate/policy", nil)
	request.Header.Set("Accept", "application/yaml")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	yaml, _ := io.ReadAll(response.Body)
	s.write(t, string(yaml))
	if status, answer := s.ask(t, http.MethodPost, "/tollgate/policy/reload", "application/json", ""); status != 200 || !strings.Contains(answer, `"changed":false`) {
		t.Errorf("its own file is answered %d %s:\n%s", status, answer, yaml)
	}
}

func TestAFileThatStatesItsEndIsShownWithIt(t *testing.T) {
	for _, c := range []struct {
		name, file string
		hasEnd     bool
	}{
		{"a file with an end", policyFile("US") + "end: true\n", true},
		{"a file without one", policyFile("US"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startFileServer(t, c.file)
			request, _ := http.NewRequest(http.MethodGet, "http://"+s.admin+"/tollgate/policy", nil)
			request.Header.Set("Accept", "application/yaml")
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			yaml, _ := io.ReadAll(response.Body)
			if strings.HasSuffix(string(yaml), "\nend: true\n") != c.hasEnd {
				t.Errorf("shown as\n%s", yaml)
			}
			s.write(t, string(yaml))
			if status, answer := s.ask(t, http.MethodPost, "/tollgate/policy/reload", "application/json", ""); status != 200 {
				t.Errorf("its own file is answered %d %s", status, answer)
			}
		})
	}
}

func TestAnEndpointWithoutAGateSaysSo(t *testing.T) {
	s := &fileServer{admin: harness.FreeAddress(t)}
	loadCaddyfile(t, "{\n\tadmin "+s.admin+"\n\tpersist_config off\n}\n")
	for _, path := range []string{"/tollgate/policy/reload", "/tollgate/explain"} {
		if status, answer := s.ask(t, http.MethodPost, path, "application/json", "{}"); status != 404 || !strings.Contains(answer, "not configured") {
			t.Errorf("%s is answered %d %s", path, status, answer)
		}
	}
}

func TestStatementsOfTheCaddyfileAndTheFileAddUp(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "policy.yaml")
	for _, test := range []struct{ name, caddyfile, file, want string }{
		{"accounts of both", "account " + child + " {\n\t\t\tparent " + acme + "\n\t\t}", policyFile("US"), ""},
		{"an account of both", "account " + acme, policyFile("US"), "policy.yaml:3:9: account " + acme + " is already defined at accounts[0].id"},
		{"a default of both", "default {\n\t\t\tmessaging US\n\t\t}", "version: 1\ndefault: {messaging: [US]}\n", "policy.yaml:2:"},
		{"a parent in neither", "account " + child + " {\n\t\t\tparent " + unnamed + "\n\t\t}", policyFile("US"), "parent " + unnamed + " is not defined"},
		{"a list of the carrier's in both", "unsupported messaging IR", "version: 1\nunsupported: {messaging: [CU]}\n", "unsupported.messaging is already stated"},
		{"one channel in each", "unsupported messaging IR", "version: 1\nunsupported: {voice: [CU]}\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := os.WriteFile(file, []byte(test.file), 0o600); err != nil {
				t.Fatal(err)
			}
			err := validate("{\n\tadmin off\n\ttollgate {\n\t\tpolicy " + file + "\n\t\t" + test.caddyfile + "\n\t}\n}\n")
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want %q", err, test.want)
			}
		})
	}
}

// The file allows either the US or the United Kingdom, in turn, while clients
// send messages to both at once and to one after the other. One to both would
// pass only if two files judged it.
func TestNoRequestIsLostOverAChangeOfTheFileOrJudgedByTwo(t *testing.T) {
	const changes = 50
	s := startFileServer(t, policyFile("US"))
	both := post(messages(acme), messageTo(inUS)+"&To=%2B447400123456")
	one := post(messages(acme), messageTo(inUS))

	var clients sync.WaitGroup
	done := make(chan struct{})
	var answered, passed, refused atomic.Int64
	for range 4 {
		clients.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if response, body := s.raw(t, both); response.StatusCode != 400 {
					t.Errorf("a message to both is answered %d %s", response.StatusCode, body)
					return
				}
				switch response, body := s.raw(t, one); response.StatusCode {
				case 201:
					passed.Add(1)
				case 400:
					refused.Add(1)
				default:
					t.Errorf("a message is answered %d %s", response.StatusCode, body)
					return
				}
				answered.Add(1)
			}
		})
	}
	for i := range changes {
		s.write(t, policyFile([]string{"GB", "US"}[i%2]))
		if status, answer := s.ask(t, http.MethodPost, "/tollgate/policy/reload", "application/json", ""); status != 200 {
			t.Fatalf("%d %s", status, answer)
		}
		before := answered.Load()
		harness.Await(t, "requests are answered between two changes", func() bool { return answered.Load() > before || t.Failed() })
	}
	close(done)
	clients.Wait()
	if passed.Load() == 0 || refused.Load() == 0 {
		t.Errorf("%d passed and %d were refused: one policy was never in force", passed.Load(), refused.Load())
	}
}
