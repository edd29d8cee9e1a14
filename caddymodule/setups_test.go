package caddymodule_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/keys"
)

// setup is a file of testdata/setups. The README there says how.
type setup struct {
	caddyfile string
	starts    bool
	// problem is why it does not start.
	problem string
	// at and on are what the gate's requests have before their path, and their host.
	at, on string
	// with are lines of the head of what arrives, app requests that reach the
	// application.
	with, app []string
}

const setupRule = "\n----------\n"

func readSetup(t *testing.T, file string) (s setup) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	caddyfile, expected, ok := strings.Cut(string(text), setupRule)
	if !ok {
		t.Fatalf("%s has no line of dashes", file)
	}
	s = setup{caddyfile: caddyfile + "\n", on: "api.twilio.com"}
	first, rest, _ := strings.Cut(expected, "\n")
	if s.starts = first == "starts"; !s.starts {
		if first != "does not start" {
			t.Fatalf("%s: cannot read %q", file, first)
		}
		s.problem = strings.TrimSpace(rest)
		return s
	}
	for line := range strings.Lines(rest) {
		word, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "at":
			s.at = value
		case "on":
			s.on = value
		case "with":
			s.with = append(s.with, value)
		case "app":
			s.app = append(s.app, value)
		default:
			t.Fatalf("%s: cannot read %q", file, line)
		}
	}
	return s
}

// hostsThatPick are names by which Twilio's products are told apart, some of which take
// uploads that the gate does not read.
var hostsThatPick = []string{
	"gate.example", "api.twilio.com", "verify.twilio.com", "sync.twilio.com", "mcs.us1.twilio.com", "media.twilio.com",
	"serverless-upload.twilio.com", "studio.dublin.ie1.twilio.com",
}

// deniedRequests are sends to a number that is not enabled, to any host and by any
// method that a form has.
func deniedRequests(at string) (requests []string) {
	for _, host := range hostsThatPick {
		for _, operation := range []string{"POST " + messages(acme), "PUT " + messages(acme), "POST " + verifications, "PATCH /v1/NewThing"} {
			method, path, _ := strings.Cut(operation, " ")
			requests = append(requests, request(method, at+path, "To="+uz+"&Channel=sms&From=%2B12015550199&Body=Hello", "Host: "+host))
		}
	}
	// Credentials of another account, and of one that the policy does not name.
	for _, authorization := range []string{basic(child + ":x"), basic(unnamed + ":x")} {
		requests = append(requests, sent(authorization, request("POST", at+messages(acme), "To="+uz+messageRest)),
			sent(authorization, request("POST", at+verifications, "To="+uz+"&Channel=sms", "Host: verify.twilio.com")))
	}
	return append(requests, request("POST", at+messages(acme)+"?To="+uz, "From=%2B12015550199&Body=Hello"))
}

// Set-ups as people write them: each starts or says what to write instead, and through
// those that start, no denied request reaches the carrier and an allowed one does.
func TestSetUpsAsPeopleWriteThem(t *testing.T) {
	files, err := filepath.Glob("testdata/setups/*.caddyfiletest")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 30 {
		t.Fatalf("only %d set-ups", len(files))
	}
	s := newBrokerServer(t)
	key, _ := s.create(t, keys.Key{})
	app, authority := startRecorder(t), startRecorder(t)
	fill := strings.NewReplacer("127.0.0.1:8081", s.upstream.address, "127.0.0.1:3000", app.address,
		"127.0.0.1:9091", authority.address, "ACME", acme, "keys.json", s.keys, "TOKEN", s.secret, "ACCESS_LOG", s.log)
	empty := strings.NewReplacer(s.upstream.address, "127.0.0.1:8081", app.address, "127.0.0.1:3000", authority.address, "127.0.0.1:9091")
	t.Cleanup(func() { _ = caddy.Stop() })

	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".caddyfiletest"), func(t *testing.T) {
			c := readSetup(t, file)
			// A port of its own: the server before may still be closing its.
			s.gate = harness.FreeAddress(t)
			caddyfile := strings.Replace(strings.ReplaceAll(fill.Replace(c.caddyfile), ":8080", port(s.gate)), "{\n", "{\n\tadmin off\n\tauto_https off\n\tpersist_config off\n\tgrace_period 1s\n\tlog {\n\t\toutput discard\n\t}\n", 1)
			text, err := adapt(caddyfile)
			if err != nil {
				t.Fatalf("adapting: %v", err)
			}
			err = caddy.Load(text, true)
			if !c.starts {
				problem := "it starts"
				if err != nil {
					problem = strings.TrimPrefix(strings.ReplaceAll(empty.Replace(err.Error()), port(s.gate), ":8080"), "loading new config: tollgate app module: start: ")
				}
				if *harness.Update {
					writeSetup(t, file, c, problem)
				} else if problem != c.problem {
					t.Errorf("got\n%s\nwant\n%s", problem, c.problem)
				}
				return
			}
			if err != nil {
				t.Fatalf("does not start: %v", err)
			}
			s.meets(t, c, key, app, authority)
		})
	}
}

// meets tries a set-up that started.
func (s *brokerServer) meets(t *testing.T, c setup, key string, app, authority *recorder) {
	t.Helper()
	authorization, arriving := asAcme, asAcme
	if strings.Contains(c.caddyfile, "\tbroker\n") {
		authorization, arriving = key, carriers
	}
	app.take()
	for _, denied := range deniedRequests(c.at) {
		s.send(t, sent(authorization, denied))
		if arrived := s.upstream.take(); len(arrived) > 0 {
			t.Fatalf("arrived\n%s\nof\n%s", arrived[0], denied)
		}
	}
	form := "To=" + us + messageRest
	a := s.send(t, sent(authorization, request("POST", c.at+messages(acme), strings.Replace(form, us, uz, 1), "Host: "+c.on)))
	if a.code == 0 || a.status < 400 {
		t.Errorf("a denied request is answered %d %s", a.status, clip(a.body))
	}
	s.upstream.take()
	a = s.send(t, sent(authorization, request("POST", c.at+messages(acme), form, "Host: "+c.on)))
	arrived := s.upstream.take()
	switch {
	case len(arrived) != 1:
		t.Errorf("an allowed request arrived %d times, answered %d %s", len(arrived), a.status, clip(a.body))
	default:
		r, body, err := parseRequest(arrived[0])
		if err != nil {
			t.Fatal(err)
		}
		if len(c.with) > 0 && strings.HasPrefix(c.with[0], "Authorization: ") {
			arriving = strings.TrimPrefix(c.with[0], "Authorization: ")
		}
		if r.Method != "POST" || r.RequestURI != messages(acme) || string(body) != form ||
			r.Header.Get("Authorization") != arriving || r.Header.Get("Content-Type") != formType {
			t.Errorf("arrived changed:\n%s", arrived[0])
		}
		for _, line := range c.with {
			if !strings.Contains(arrived[0], "\r\n"+line+"\r\n") {
				t.Errorf("arrived without %q:\n%s", line, arrived[0])
			}
		}
	}
	for _, line := range c.app {
		app.take()
		method, rest, _ := strings.Cut(line, " ")
		target, host, _ := strings.Cut(rest, " ")
		if host == "" {
			host = c.on
		}
		s.send(t, sent(authorization, request(method, target, "", "Host: "+host)))
		if got := app.take(); len(got) != 1 || !slices.Contains([]string{http.MethodGet, http.MethodPost}, method) {
			t.Errorf("%s reached the application %d times", line, len(got))
		}
	}
	authority.take()
}

// writeSetup puts into a file what was found.
func writeSetup(t *testing.T, file string, c setup, problem string) {
	t.Helper()
	text := strings.TrimSuffix(c.caddyfile, "\n") + setupRule + "does not start\n" + problem + "\n"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
