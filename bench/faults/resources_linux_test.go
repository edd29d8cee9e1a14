package faults_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	server "github.com/caddy-tollgate/tollgate/internal/harness/postgres"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/postgres"
)

// resource asks a gate for one of Twilio's permission resources. Without a form, it reads.
func (g *gate) resource(account, method, product, path string, form url.Values) (answer, error) {
	r, err := http.NewRequest(method, "http://"+g.address+path, strings.NewReader(form.Encode()))
	if err != nil {
		return answer{}, err
	}
	r.Host = product + ".twilio.com"
	r.SetBasicAuth(account, "secret")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return g.do(r)
}

// read reads a member of a resource.
func (g *gate) read(account, product, path, member string) (bool, error) {
	got, err := g.resource(account, http.MethodGet, product, path, nil)
	if err == nil && got.status != http.StatusOK {
		err = fmt.Errorf("%s is answered %d %s", path, got.status, got.body)
	}
	_, rest, found := strings.Cut(got.body, `"`+member+`":`)
	if err == nil && !found {
		err = fmt.Errorf("%s has no %s: %s", path, member, got.body)
	}
	return strings.HasPrefix(rest, "true"), err
}

// resourceSwitch is something that one of Twilio's resources turns on and off.
type resourceSwitch struct {
	name    string
	account string
	set     func(g *gate, account string, on bool) (answer, error)
	get     func(g *gate, account string) (bool, error)
}

const safeNumber = "+998912345678"

var resourceSwitches = []resourceSwitch{
	{"calls to Germany", accountID(0),
		func(g *gate, account string, on bool) (answer, error) {
			return g.resource(account, http.MethodPost, "voice", "/v1/DialingPermissions/BulkCountryUpdates",
				url.Values{"UpdateRequest": {fmt.Sprintf(`[{"iso_code": "DE", "low_risk_numbers_enabled": %v}]`, on)}})
		},
		func(g *gate, account string) (bool, error) {
			return g.read(account, "voice", "/v1/DialingPermissions/Countries/DE", "low_risk_numbers_enabled")
		}},
	{"messages to Germany", accountID(0), patchGermany, func(g *gate, account string) (bool, error) { return g.send(account, "DE") }},
	{"a number of the Safe List", accountID(0),
		func(g *gate, account string, on bool) (answer, error) {
			if on {
				return g.resource(account, http.MethodPost, "accounts", "/v1/SafeList/Numbers", url.Values{"PhoneNumber": {safeNumber}})
			}
			return g.resource(account, http.MethodDelete, "verify", "/v2/SafeList/Numbers/"+safeNumber, url.Values{})
		},
		func(g *gate, account string) (bool, error) { return g.send(account, "UZ") }},
	{"inheritance of a subaccount", accountID(1),
		func(g *gate, account string, on bool) (answer, error) {
			return g.resource(account, http.MethodPost, "voice", "/v1/Settings", url.Values{"DialingPermissionsInheritance": {fmt.Sprint(on)}})
		},
		func(g *gate, account string) (bool, error) {
			return g.read(account, "voice", "/v1/Settings", "dialing_permissions_inheritance")
		}},
}

func patchGermany(g *gate, account string, on bool) (answer, error) {
	return g.resource(account, http.MethodPatch, "accounts", "/v1/Messaging/GeoPermissions",
		url.Values{"Permissions": {fmt.Sprintf(`{"country_code": "DE", "type": "country", "enabled": %v}`, on)}})
}

// Four clients turn switches on and off. The gate is killed as soon as one of them has an answer.
func TestAGateThatIsKilledHasEachChangeThatTwiliosResourcesAnswered(t *testing.T) {
	const rounds = 5
	for name, where := range map[string]func() string{
		"sqlite":   func() string { return "sqlite " + filepath.Join(t.TempDir(), "permissions.db") },
		"postgres": func() string { return `postgres "` + server.Start(t).Database(t) + `"` },
	} {
		t.Run(name, func(t *testing.T) {
			g := newGate(t, where())
			g.start(t)
			g.awaitJudging(t)
			for i, document := range []string{`{"messaging": ["US"], "voice": {"low_risk": ["US"]}}`, `{"parent": "` + accountID(0) + `"}`} {
				if got, err := g.manage(http.MethodPut, "/accounts/"+accountID(i), document); err != nil || got.status >= 300 {
					t.Fatalf("%+v, %v", got, err)
				}
			}
			var answered atomic.Int64
			for range rounds {
				unsure := turnUntilKilled(t, g, &answered)
				g.start(t)
				g.awaitJudging(t)
				for i, s := range resourceSwitches {
					got, err := s.get(g, s.account)
					if state := unsure[i]; err != nil || got != state.on && !state.unsure {
						t.Fatalf("%s is %v, %v; before it was killed, the gate has answered %v", s.name, got, err, state.on)
					}
				}
			}
			t.Logf("%d kills, %d changes were answered", rounds, answered.Load())
		})
	}
}

// switchState is what a client knows of a switch: unsure if the last change was not answered.
type switchState struct{ on, unsure bool }

// turnUntilKilled turns all switches on and off, and kills the gate after some answers.
func turnUntilKilled(t *testing.T, g *gate, answered *atomic.Int64) []switchState {
	t.Helper()
	states, last := make([]switchState, len(resourceSwitches)), answered.Load()+1+rand.Int64N(20)
	var clients sync.WaitGroup
	for i, s := range resourceSwitches {
		on, err := s.get(g, s.account)
		if err != nil {
			t.Fatal(err)
		}
		states[i].on = on
	}
	for i, s := range resourceSwitches {
		clients.Go(func() {
			for {
				got, err := s.set(g, s.account, !states[i].on)
				if err != nil {
					states[i].unsure = true
					return
				}
				if got.status >= 300 {
					t.Errorf("%s: %d %s", s.name, got.status, got.body)
					_ = g.command.Process.Kill()
					return
				}
				states[i].on = !states[i].on
				if answered.Add(1) == last {
					_ = g.command.Process.Kill()
				}
			}
		})
	}
	clients.Wait()
	g.kill()
	return states
}

func TestAChangeByTwiliosResourcesIsInForceForTheNextRequestOfEachClient(t *testing.T) {
	const clients, changes = 8, 25
	g := newGate(t, "sqlite "+filepath.Join(t.TempDir(), "permissions.db"))
	g.start(t)
	g.awaitJudging(t)
	var running sync.WaitGroup
	for client := range clients {
		running.Go(func() {
			account := accountID(client)
			if got, err := g.permit(account, "US"); err != nil || got.status >= 300 {
				t.Errorf("%+v, %v", got, err)
				return
			}
			for change := range changes {
				on := change%2 == 0
				got, err := patchGermany(g, account, on)
				if err == nil && got.status != http.StatusOK {
					err = errors.New(got.body)
				}
				sent, sendErr := g.send(account, "DE")
				if err = errors.Join(err, sendErr); err != nil || sent != on {
					t.Errorf("after change %d of %s, a message is let through: %v, %v", change, account, sent, err)
					return
				}
			}
		})
	}
	running.Wait()
}

// The promise is a second. How late the latest is depends on the machine.
func TestAChangeByTwiliosResourcesIsInForceOnTheOtherGatesWithinASecond(t *testing.T) {
	f, account := startFleet(t), accountID(0)
	if got, err := f.gates[0].permit(account, "US"); err != nil || got.status >= 300 {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, g := range f.gates {
		awaitSends(t, g, account, "US", true)
	}
	var late []time.Duration
	for change := range 20 {
		through, on := f.gates[change%3], change%2 == 0
		if got, err := patchGermany(through, account, on); err != nil || got.status != http.StatusOK {
			t.Fatalf("%+v, %v", got, err)
		}
		began := time.Now()
		if sent, err := through.send(account, "DE"); err != nil || sent != on {
			t.Errorf("at the gate that answered, a message is let through: %v, %v", sent, err)
		}
		for _, other := range f.gates {
			awaitSends(t, other, account, "DE", on)
		}
		late = append(late, time.Since(began))
	}
	slices.Sort(late)
	t.Logf("in force on all gates after: p50 %s, at most %s", late[len(late)/2], late[len(late)-1])
	if median := late[len(late)/2]; median > time.Second {
		t.Errorf("half of the changes take %s or more", median)
	}
}

// awaitSends waits until a gate lets a message through, or does not.
func awaitSends(t *testing.T, g *gate, account, territory string, want bool) {
	t.Helper()
	harness.AwaitNil(t, "the change is in force", func() error {
		sent, err := g.send(account, territory)
		if err == nil && sent != want {
			err = fmt.Errorf("a message to %s is let through: %v", territory, sent)
		}
		return err
	})
}

// A gate that has not heard of a change would take the next one for none at all.
func TestAGateClosesWhatAnotherHasJustOpened(t *testing.T) {
	f, account := startFleet(t), accountID(0)
	if got, err := f.gates[0].permit(account, "US"); err != nil || got.status >= 300 {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, g := range f.gates {
		awaitSends(t, g, account, "US", true)
	}
	kept, err := postgres.Open(t.Context(), f.dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	for round := range 20 {
		for i, on := range []bool{true, false} {
			if got, err := patchGermany(f.gates[(round+i)%3], account, on); err != nil || got.status != http.StatusOK {
				t.Fatalf("%+v, %v", got, err)
			}
		}
		_, err := kept.Read(t.Context(), func(o store.Object) error {
			var stated struct{ Messaging []string }
			if err := json.Unmarshal(o.Document, &stated); err != nil || slices.Contains(stated.Messaging, "DE") {
				return fmt.Errorf("Germany was closed, and the account is %s, %v", o.Document, err)
			}
			return nil
		})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
}
