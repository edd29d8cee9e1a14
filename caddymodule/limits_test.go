package caddymodule_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// limitedPolicy is acme's with a limit of its own or of the operator's.
func limitedPolicy(operator, account string) string {
	return operator + strings.Replace(acmePolicy, "voice US CA", "voice US CA\n"+account, 1)
}

// An attack on one block of numbers is stopped, and no other block is.
func TestAnAttackedBlockIsStoppedAndNoOther(t *testing.T) {
	s := startGate(t, limitedPolicy("limit block 10/1h of numbers per account block:3\n", ""), "")
	var passed int
	for i := range 40 {
		response, body := s.raw(t, post(messages(acme), messageTo(fmt.Sprintf("+1201555%04d", 1000+i))))
		switch {
		case response.StatusCode == http.StatusCreated:
			passed++
		case response.StatusCode != http.StatusTooManyRequests || !strings.Contains(body, `"code": 20429`):
			t.Fatalf("number %d is answered %s %s", i, response.Status, body)
		default:
			if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err != nil || seconds < 1 || seconds > 3660 {
				t.Errorf("retry after %q", response.Header.Get("Retry-After"))
			}
		}
	}
	if passed != 10 || len(s.upstream.take()) != 10 {
		t.Errorf("%d numbers of the block passed", passed)
	}
	for name, to := range map[string]string{
		"a number that was reached before": "+12015551003", "another block": "+12015560003",
	} {
		if response, body := s.raw(t, post(messages(acme), messageTo(to))); response.StatusCode != http.StatusCreated {
			t.Errorf("%s is refused: %s %s", name, response.Status, body)
		}
	}
	line := s.accessLog(t, 42)[40-1]
	if !strings.Contains(line, `"reason":"limit_exceeded","rule":"operator limit block"`) {
		t.Errorf("logged %s", line)
	}
}

func TestWhatTheCarrierRejectsIsGivenBack(t *testing.T) {
	s := startGate(t, limitedPolicy("", "limit few 2/1h per account"), "")
	s.upstream.status.Store(http.StatusBadRequest)
	for range 5 {
		if response, body := s.raw(t, post(messages(acme), messageTo(inUS))); response.StatusCode != http.StatusBadRequest {
			t.Fatalf("%s %s", response.Status, body)
		}
	}
	s.upstream.status.Store(0)
	for i, want := range []int{http.StatusCreated, http.StatusCreated, http.StatusTooManyRequests} {
		if response, body := s.raw(t, post(messages(acme), messageTo(inUS))); response.StatusCode != want {
			t.Errorf("send %d is answered %s %s", i, response.Status, body)
		}
	}
}

func TestAReloadForgetsNothing(t *testing.T) {
	policy := limitedPolicy("", "limit kept 2/1h per account")
	s := startGate(t, policy, "")
	for range 2 {
		s.raw(t, post(messages(acme), messageTo(inUS)))
	}
	loadCaddyfile(t, gateCaddyfile(s.gate, s.upstream.address, s.log, policy+"\n# again", ""))
	if response, body := s.raw(t, post(messages(acme), messageTo(inUS))); response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("after a reload: %s %s", response.Status, body)
	}
	larger := strings.Replace(policy, "2/1h", "3/1h", 1)
	loadCaddyfile(t, gateCaddyfile(s.gate, s.upstream.address, s.log, larger, ""))
	for i, want := range []int{http.StatusCreated, http.StatusTooManyRequests} {
		if response, body := s.raw(t, post(messages(acme), messageTo(inUS))); response.StatusCode != want {
			t.Errorf("with a larger amount, send %d: %s %s", i, response.Status, body)
		}
	}
}

// What this gate has counted by itself does not hang on how it asks Redis: a call in progress, and
// what was sent while Redis is away.
func TestAReloadThatChangesHowCountersAreAskedForgetsNothing(t *testing.T) {
	policy := limitedPolicy("limit lines voice 1 of calls per account\n", "limit kept messaging 1/1h per account")
	counters := func(option string) string {
		return "counters redis " + harness.FreeAddress(t) + " {\n" + option + "\n}\n" + policy
	}
	s := startGate(t, counters("timeout 50ms"), "")
	statuses := func() [2]int {
		call, _ := s.raw(t, post(calls(acme), messageTo(inUS)))
		message, _ := s.raw(t, post(messages(acme), messageTo(inUS)))
		return [2]int{call.StatusCode, message.StatusCode}
	}
	if got := statuses(); got != [2]int{http.StatusCreated, http.StatusCreated} {
		t.Fatalf("before, a call and a message are answered %v", got)
	}
	loadCaddyfile(t, gateCaddyfile(s.gate, s.upstream.address, s.log, counters("timeout 60ms"), ""))
	if got := statuses(); got != [2]int{http.StatusTooManyRequests, http.StatusTooManyRequests} {
		t.Errorf("after a reload, another call and another message are answered %v", got)
	}
}

func TestLimitsOfAnAccountStandInForTheOperatorsOfTheirName(t *testing.T) {
	for _, c := range []struct {
		name, operator, account, to string
		passed                      int
	}{
		{"the operator's alone", "limit one 3/1h per account\n", "", inUS, 3},
		{"the account's is larger", "limit two 3/1h per account\n", "limit two 5/1h per account", inUS, 5},
		{"one of another name is beside it", "limit three 3/1h per account\n", "limit other 5/1h per account", inUS, 3},
		{"monitor lets all through", "limit four 3/1h per account monitor\n", "", inUS, 8},
		{"an allow rule with a reason is the safe list", "allow " + inUS + " \"our test phone\"\nlimit five 3/1h per account\n", "", inUS, 8},
		{"of calls alone", "limit six voice 3/1h per account\n", "", inUS, 8},
		{"one number too often", "limit seven messaging 2/1h per number\n", "", inUS, 2},
		{"of several, the first that is over counts", "limit eight 7/1h per account\nlimit nine 4/1h per territory\n", "", inUS, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startGate(t, limitedPolicy(c.operator, c.account), "")
			var passed int
			for range 8 {
				if response, _ := s.raw(t, post(messages(acme), messageTo(c.to))); response.StatusCode == http.StatusCreated {
					passed++
				}
			}
			if passed != c.passed {
				t.Errorf("%d of 8 passed, want %d", passed, c.passed)
			}
		})
	}
}

// Sixteen clients race for the last of ten.
func TestClientsThatRaceNeverPassTheLimit(t *testing.T) {
	s := startGate(t, limitedPolicy("", "limit race 10/1h per account"), "")
	var passed atomic.Int32
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			for range 4 {
				if response, _ := s.raw(t, post(messages(acme), messageTo(inUS))); response.StatusCode == http.StatusCreated {
					passed.Add(1)
				}
			}
		})
	}
	group.Wait()
	if passed.Load() != 10 {
		t.Errorf("%d passed", passed.Load())
	}
}

// A client that goes away once its message is with the carrier gets nothing back for it, or it
// could send without end.
func TestAClientThatGoesAwayAfterItsMessageWasSentIsCounted(t *testing.T) {
	everyWay(t, func(t *testing.T) {
		came := make(chan struct{})
		carrier := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if isCheck(r) {
				return
			}
			_, _ = io.Copy(io.Discard, r.Body)
			close(came)
			<-r.Context().Done() // until the gate hangs up
		}))
		t.Cleanup(carrier.Close)
		s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}
		loadCaddyfile(t, gateCaddyfile(s.gate, strings.TrimPrefix(carrier.URL, "http://"), s.log, limitedPolicy("", "limit gone 1/1h per account"), ""))
		conn, err := net.Dial("tcp", s.gate)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, post(messages(acme), messageTo(inUS))); err != nil {
			t.Fatal(err)
		}
		<-came
		conn.Close()
		s.accessLog(t, 1)
		if response, body := s.raw(t, post(messages(acme), messageTo(inUS))); response.StatusCode != http.StatusTooManyRequests {
			t.Errorf("the next is answered %s %s", response.Status, body)
		}
	})
}

func TestWhatAHandlerBehindTheGateRefusesIsGivenBack(t *testing.T) {
	everyWay(t, func(t *testing.T) {
		for _, handler := range []string{"respond 403", "error 503"} {
			s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t), log: t.TempDir() + "/access.log"}
			policy := limitedPolicy("", "limit refused 1/1h per account")
			loadCaddyfile(t, behind(gateCaddyfile(s.gate, s.upstream.address, s.log, policy, ""), handler))
			for range 3 {
				if response, body := s.raw(t, post(messages(acme), messageTo(inUS))); response.StatusCode == http.StatusTooManyRequests {
					t.Errorf("%s: %s %s", handler, response.Status, body)
				}
			}
		}
	})
}

// A limit of the store is in force for the next request, and counts on where its amount changes.
func TestALimitOfTheStoreIsInForceForTheNextRequest(t *testing.T) {
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), "")
	for _, step := range []struct {
		limits string
		sends  []int
	}{
		{`[]`, []int{http.StatusCreated, http.StatusCreated}},
		{`[{"name": "stored", "amount": "1/1h", "per": ["account"]}]`, []int{http.StatusCreated, http.StatusTooManyRequests}},
		{`[{"name": "stored", "amount": "2/1h", "per": ["account"]}]`, []int{http.StatusCreated, http.StatusTooManyRequests}},
		{`[{"name": "default", "action": "monitor"}]`, []int{http.StatusCreated}},
	} {
		if response, body := s.manage(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"], "limits": `+step.limits+`}`); response.StatusCode >= 300 {
			t.Fatalf("%s: %d %s", step.limits, response.StatusCode, body)
		}
		for i, want := range step.sends {
			if got := s.sends(t, acme, inUS); got != want {
				t.Errorf("with %s, send %d is answered %d and not %d", step.limits, i, got, want)
			}
		}
	}
}

// holding is a carrier that does not answer the messages of a password until it is released.
func holding(t *testing.T, password string) (j *judge, reached chan struct{}, release func()) {
	t.Helper()
	reached, held := make(chan struct{}, 64), make(chan struct{})
	release = sync.OnceFunc(func() { close(held) })
	j = startJudge(t, func(_ http.ResponseWriter, r *http.Request) bool {
		if _, given, _ := r.BasicAuth(); given == password && !isCheck(r) {
			reached <- struct{}{}
			<-held
		}
		return false
	})
	t.Cleanup(release)
	return j, reached, release
}

// statuses sends what several clients send at once, and returns their statuses once all are
// answered.
func (s *caddyServer) statuses(t *testing.T, n int, request string) (wait func() map[int]int) {
	var group sync.WaitGroup
	var mutex sync.Mutex
	counted := map[int]int{}
	for range n {
		group.Go(func() {
			response, _ := s.raw(t, request)
			mutex.Lock()
			defer mutex.Unlock()
			counted[response.StatusCode]++
		})
	}
	return func() map[int]int { group.Wait(); return counted }
}

// Who has the id of an account and none of its credentials uses up nothing of what it has.
func TestAClientThatTheCarrierRejectsHoldsNothingOfAnAccount(t *testing.T) {
	const clients = 5
	j, reached, release := holding(t, "wrong")
	s := startDisclosing(t, j, limitedPolicy("", "limit few 2/1h per account"), "")
	wait := s.statuses(t, clients, as(acme, "wrong", inUS))
	for range clients {
		<-reached
	}
	for i, want := range []int{http.StatusCreated, http.StatusCreated, http.StatusTooManyRequests} {
		if response, body := s.raw(t, as(acme, rightToken, inUS)); response.StatusCode != want {
			t.Errorf("send %d: %s %s", i, response.Status, body)
		}
	}
	release()
	if got := wait(); got[http.StatusUnauthorized] != clients {
		t.Errorf("answered %v", got)
	}
}

// A client that hangs up uses up nothing of an account whose credential it does not have: the gate
// waits for what the carrier says of it.
func TestAClientThatHangsUpCountsIfTheCarrierAcceptsIt(t *testing.T) {
	everyWay(t, func(t *testing.T) {
		came, isGone := make(chan struct{}, 1), make(chan struct{}, 1)
		var breaksOff atomic.Bool
		j := startJudge(t, func(_ http.ResponseWriter, r *http.Request) bool {
			if isCheck(r) || r.Header.Get("X-Hangs-Up") == "" {
				return false
			}
			came <- struct{}{}
			<-isGone
			if breaksOff.Load() {
				panic(http.ErrAbortHandler)
			}
			select { // in this time, a gate that does not wait hangs up too
			case <-r.Context().Done():
			case <-time.After(300 * time.Millisecond):
			}
			return false
		})
		for _, c := range []struct {
			name, password, header string
			breaksOff              bool
			next                   int
		}{
			{"rejected by the check", "wrong", "X-A: b", false, http.StatusCreated},
			{"rejected by the check, of a carrier that breaks off", "wrong", "X-A: b", true, http.StatusCreated},
			{"that cannot be checked, and is wrong", "wrong", "Twilio-Client-Validation: x", false, http.StatusCreated},
			{"that cannot be checked, and is right", rightToken, "Twilio-Client-Validation: x", false, http.StatusTooManyRequests},
		} {
			breaksOff.Store(c.breaksOff)
			s := startDisclosing(t, j, limitedPolicy("", "limit "+newLimitName()+" 1/1h per account"), "")
			conn, err := net.Dial("tcp", s.gate)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, as(acme, c.password, inUS, c.header, "X-Hangs-Up: 1")); err != nil {
				t.Fatal(err)
			}
			<-came
			conn.Close()
			isGone <- struct{}{}
			s.accessLog(t, 1)
			if response, body := s.raw(t, as(acme, rightToken, inUS)); response.StatusCode != c.next {
				t.Errorf("a credential %s: the next is answered %s %s", c.name, response.Status, body)
			}
		}
	})
}

// What a credential sends that a check has rejected counts for nothing while the carrier cannot be
// reached.
func TestWhatACheckRejectedCountsForNothingWithoutAnAnswer(t *testing.T) {
	everyWay(t, func(t *testing.T) {
		var isAway atomic.Bool
		j := startJudge(t, func(_ http.ResponseWriter, r *http.Request) bool {
			if isAway.Load() && !isCheck(r) {
				panic(http.ErrAbortHandler)
			}
			return false
		})
		s := startDisclosing(t, j, limitedPolicy("", "limit "+newLimitName()+" 1/1h per account"), "")
		isAway.Store(true)
		s.raw(t, as(acme, "wrong", inUS))
		s.accessLog(t, 1)
		isAway.Store(false)
		if response, body := s.raw(t, as(acme, rightToken, inUS)); response.StatusCode != http.StatusCreated {
			t.Errorf("the next is answered %s %s", response.Status, body)
		}
	})
}

// A credential that cannot be checked waits for its turn: its first request tells.
func TestOfCredentialsThatCannotBeCheckedOneRequestAtATimeCounts(t *testing.T) {
	const clients = 4
	unchecked := "Twilio-Client-Validation: x"
	j, reached, release := holding(t, "wrong")
	s := startDisclosing(t, j, limitedPolicy("", "limit few 3/1h per account"), "")
	wait := s.statuses(t, clients, as(acme, "wrong", inUS, unchecked))
	<-reached
	for i, want := range []int{http.StatusCreated, http.StatusCreated, http.StatusTooManyRequests} {
		if response, body := s.raw(t, as(acme, rightToken, inUS)); response.StatusCode != want {
			t.Errorf("send %d: %s %s", i, response.Status, body)
		}
	}
	release()
	if got := wait(); got[http.StatusUnauthorized] != clients {
		t.Errorf("answered %v", got)
	}
	if response, body := s.raw(t, as(acme, rightToken, inUS)); response.StatusCode != http.StatusCreated {
		t.Errorf("after that: %s %s", response.Status, body)
	}
	other := startDisclosing(t, startJudge(t, nil), limitedPolicy("", "limit all 6/1h per account"), "")
	if got := other.statuses(t, 8, as(acme, rightToken, inUS, unchecked))(); got[http.StatusCreated] != 6 || got[http.StatusTooManyRequests] != 2 {
		t.Errorf("of eight at once, answered %v", got)
	}
}

// Any client can have a request that no check can be made for: it begins no hold, and renews none.
func TestAClientThatCannotBeCheckedBeginsNoHold(t *testing.T) {
	s := startDisclosing(t, startJudge(t, nil), limitedPolicy("", "limit begun 2/1h per account deny for 15m"), "")
	for i, c := range []struct {
		password string
		holds    bool
	}{{rightToken, false}, {rightToken, false}, {"wrong", false}, {rightToken, true}} {
		headers := []string{}
		if c.password == "wrong" {
			headers = append(headers, "Twilio-Client-Validation: x")
		}
		s.raw(t, as(acme, c.password, inUS, headers...))
		if line := s.accessLog(t, i+1)[i]; strings.Contains(line, `"hold":"`) != c.holds {
			t.Errorf("logged %s", line)
		}
	}
}

func TestWhatTheCarrierAcceptsCountsWhateverItsCheckSaid(t *testing.T) {
	j := startJudge(t, func(w http.ResponseWriter, r *http.Request) bool {
		if !isCheck(r) {
			return false
		}
		w.WriteHeader(http.StatusUnauthorized)
		return true
	})
	s := startDisclosing(t, j, limitedPolicy("", "limit odd 2/1h per account"), "")
	for i, want := range []int{http.StatusCreated, http.StatusCreated, http.StatusTooManyRequests} {
		if response, body := s.raw(t, as(acme, rightToken, inUS)); response.StatusCode != want {
			t.Errorf("send %d: %s %s", i, response.Status, body)
		}
	}
}

// A credential is checked before its first request counts, and once the carrier has rejected it.
func TestACredentialIsCheckedOnceForWhatItCounts(t *testing.T) {
	j := startJudge(t, nil)
	s := startDisclosing(t, j, limitedPolicy("", "limit checked 9/1h per account"), `credential_check {
		accepted_ttl 1ns
	}`)
	for range 3 {
		if response, body := s.raw(t, as(acme, rightToken, inUS)); response.StatusCode != http.StatusCreated {
			t.Errorf("%s %s", response.Status, body)
		}
	}
	if checks := j.checks.Load(); checks != 1 {
		t.Errorf("checked %d times", checks)
	}
}
