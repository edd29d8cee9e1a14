package caddymodule_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// halfSent is a request of which the gate has read the headers and waits for
// the body. It is in flight, whatever is loaded meanwhile.
type halfSent struct {
	conn   net.Conn
	answer *bufio.Reader
	form   string
}

// sendHalf sends the headers of a request and waits until the gate asks for
// the body. It tries again where there was no answer at all: Linux resets new
// connections that wait at the listener of the old configuration when that is
// closed, and of those no request was ever seen.
func sendHalf(address, path, form string) (half *halfSent, err error) {
	for range 10 {
		if half, err = trySendHalf(address, path, form); err == nil {
			return half, nil
		}
	}
	return nil, err
}

func trySendHalf(address, path, form string) (*halfSent, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: api.twilio.com\r\nConnection: close\r\nExpect: 100-continue\r\n"+
		"Authorization: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", path, asAcme, len(form))
	answer := bufio.NewReader(conn)
	for _, want := range []string{"HTTP/1.1 100 Continue", ""} {
		if line, err := answer.ReadString('\n'); err != nil || strings.TrimSpace(line) != want {
			conn.Close()
			return nil, fmt.Errorf("got %q instead of 100 Continue: %v", line, err)
		}
	}
	return &halfSent{conn, answer, form}, nil
}

// finish sends the body and returns the status of the answer.
func (h *halfSent) finish() (int, error) {
	defer h.conn.Close()
	if _, err := h.conn.Write([]byte(h.form)); err != nil {
		return 0, err
	}
	response, err := http.ReadResponse(h.answer, nil)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

// A policy allows either the US or the United Kingdom, and is replaced by the
// other one twenty times while requests are on their way. A request to both
// countries would pass only if one policy judged one half of it and the other
// policy the other.
func TestNoRequestIsLostOverAReloadOrJudgedByTwoPolicies(t *testing.T) {
	const (
		reloads   = 20
		perReload = 51
	)
	policyOf := func(territory string) string {
		return "\t\taccount " + acme + " {\n\t\t\tmessaging " + territory + "\n\t\t}"
	}
	s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"}
	var configs [2][]byte
	for i, territory := range []string{"US", "GB"} {
		text, err := adapt(gateCaddyfile(s.gate, s.upstream.address, s.log, policyOf(territory), "mask none"))
		if err != nil {
			t.Fatal(err)
		}
		configs[i] = text
	}
	load := func(i int) {
		if err := caddy.Load(configs[i%2], true); err != nil {
			t.Error(err)
		}
	}
	load(0)
	t.Cleanup(func() { _ = caddy.Stop() })
	revisionOf := [2]any{} // by what the policy allows: the US, the United Kingdom
	revisionOf[0] = s.logged(t, post(messages(acme), messageTo(inUS))).Tollgate["policy"]

	forms := []string{
		messageTo(inUS) + "&To=%2B447400123456", // both, in either order
		messageTo(inGB) + "&To=%2B12015550123",
		messageTo(inUS),
	}
	passed := 0
	for reload := 1; reload <= reloads; reload++ {
		requests := make([]*halfSent, perReload)
		for i := range requests {
			var err error
			if requests[i], err = sendHalf(s.gate, messages(acme), forms[i%len(forms)]); err != nil {
				t.Fatalf("reload %d: %v", reload, err)
			}
		}
		var answers sync.WaitGroup
		statuses := make([]int, perReload)
		// One after the other: some before the new policy is there, some after.
		answers.Go(func() {
			for i := range requests {
				var err error
				if statuses[i], err = requests[i].finish(); err != nil {
					t.Errorf("reload %d: a request was lost: %v", reload, err)
				}
			}
		})
		load(reload)
		answers.Wait()
		for i, status := range statuses {
			switch {
			case status == http.StatusCreated && i%len(forms) == 2:
				passed++
			case status != http.StatusBadRequest:
				t.Errorf("reload %d: answer %d to %s", reload, status, forms[i%len(forms)])
			}
		}
	}
	if reached := len(s.upstream.take()); reached != passed+1 {
		t.Errorf("%d requests reached the upstream, %d were answered by it", reached, passed+1)
	}

	lines := s.accessLog(t, reloads*perReload+1)
	if len(lines) != reloads*perReload+1 {
		t.Errorf("%d requests logged, want %d", len(lines), reloads*perReload+1)
	}
	for _, line := range lines {
		logged := parseLog(t, line).Tollgate
		policy := 1
		if logged["policy"] == revisionOf[0] {
			policy = 0
		} else if revisionOf[1] == nil {
			revisionOf[1] = logged["policy"]
		} else if logged["policy"] != revisionOf[1] {
			t.Fatalf("a third policy: %v", logged)
		}
		// The destination that is named is the one that this policy refuses.
		refused := [2]string{inGB, inUS}[policy]
		if allowed := logged["verdict"] == "allow"; allowed && (policy != 0 || logged["to"] != inUS) || !allowed && logged["to"] != refused {
			t.Errorf("judged by one policy and recorded by another: %v", logged)
		}
	}
}

// A policy with a mistake never loads, and the running one goes on.
func TestAPolicyWithAMistakeLeavesTheRunningOne(t *testing.T) {
	s := startGate(t, acmePolicy, "")
	for _, mistake := range []struct{ name, policy string }{
		{"a mistake that adapting finds", strings.Replace(acmePolicy, "US CA", "UK", 1)},
		{"a variable that is not set", strings.Replace(acmePolicy, "US CA", "{env.TOLLGATE_TEST_UNSET}", 1)},
		{"an account in twice through a variable", acmePolicy + "\n account {env.TOLLGATE_TEST_ACME}"},
	} {
		t.Run(mistake.name, func(t *testing.T) {
			t.Setenv("TOLLGATE_TEST_ACME", acme)
			text, err := adapt(gateCaddyfile(s.gate, s.upstream.address, s.log, mistake.policy, ""))
			if err == nil {
				err = caddy.Load(text, true)
			}
			if err == nil {
				t.Fatal("the mistake was loaded")
			}
			if response, body := s.raw(t, post(messages(acme), messageTo(inUS))); response.StatusCode != http.StatusCreated {
				t.Errorf("an allowed message is answered %s %s", response.Status, body)
			}
			if response, body := s.raw(t, post(messages(acme), messageTo(inUZ))); response.StatusCode != http.StatusBadRequest {
				t.Errorf("a denied message is answered %s %s", response.Status, body)
			}
		})
	}
}
