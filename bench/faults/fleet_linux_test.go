package faults_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	server "github.com/caddy-tollgate/tollgate/internal/harness/postgres"
	"github.com/caddy-tollgate/tollgate/store/postgres"
)

// fleet is three gates on one database.
type fleet struct {
	pg    *server.Server
	dsn   string
	gates []*gate
}

func startFleet(t *testing.T) *fleet {
	t.Helper()
	f := &fleet{pg: server.Start(t)}
	f.dsn = f.pg.Database(t)
	for range 3 {
		g := newGate(t, `postgres "`+f.dsn+`"`)
		g.start(t)
		f.gates = append(f.gates, g)
	}
	for _, g := range f.gates {
		g.awaitJudging(t)
	}
	return f
}

// The promise is a second. How late the latest is depends on the machine and is only shown.
func TestAChangeIsInForceOnTheOtherGatesWithinASecond(t *testing.T) {
	f := startFleet(t)
	const changes = 100
	account := accountID(0)
	var late []time.Duration
	for i := range changes {
		through := f.gates[i%len(f.gates)]
		from, to := "US", "DE"
		if i%2 == 0 {
			from, to = to, from
		}
		if got, err := through.permit(account, to); err != nil || got.status >= 300 {
			t.Fatalf("%+v, %v", got, err)
		}
		began := time.Now()
		for _, other := range f.gates {
			harness.AwaitNil(t, "the change is in force on another gate", func() error {
				opened, err := other.send(account, to)
				if err != nil || !opened {
					return fmt.Errorf("it lets a message to %s through: %v, %w", to, opened, err)
				}
				return nil
			})
			if sent, err := other.send(account, from); err != nil || sent {
				t.Errorf("a message to %s is let through: %v, %v", from, sent, err)
			}
			if other == through && time.Since(began) > time.Second {
				began = time.Now() // the machine is busy with something else
			}
		}
		late = append(late, time.Since(began))
	}
	slices.Sort(late)
	t.Logf("a change is in force on all gates after: p50 %s, p99 %s, at most %s",
		late[len(late)/2], late[len(late)*99/100], late[len(late)-1])
	if median := late[len(late)/2]; median > time.Second {
		t.Errorf("half of the changes take %s or more", median)
	}
}

// load changes permissions and sends messages through all gates of a fleet.
type load struct {
	fleet   *fleet
	ledgers []*ledger
	running sync.WaitGroup
	// changed and refused count the changes through each gate that succeeded, and that were
	// answered 503; sent counts its messages.
	changed, refused, sent []atomic.Int64
}

func (f *fleet) startLoad(t *testing.T, stop context.Context) *load {
	n := len(f.gates)
	l := &load{fleet: f, changed: make([]atomic.Int64, n), refused: make([]atomic.Int64, n), sent: make([]atomic.Int64, n)}
	for i, g := range f.gates {
		changes := newLedger(i)
		l.ledgers = append(l.ledgers, changes)
		l.running.Go(func() {
			for ; stop.Err() == nil; pause(5 * time.Millisecond) {
				_, got, err := changes.change(g)
				switch {
				case err == nil && got.status < 300:
					l.changed[i].Add(1)
				case err == nil && got.status == http.StatusServiceUnavailable:
					l.refused[i].Add(1)
				default:
					t.Errorf("a change through gate %d is answered %+v, %v", i, got, err)
				}
			}
		})
		l.running.Go(func() {
			for ; stop.Err() == nil; pause(5 * time.Millisecond) {
				territory := []string{"DE", "GB", "US", "UZ"}[rand.IntN(4)]
				if _, err := g.send(accountID(rand.IntN(9)), territory); err != nil {
					t.Errorf("a message through gate %d: %v", i, err)
				}
				l.sent[i].Add(1)
			}
		})
	}
	return l
}

// awaitMore waits until each gate has counted more than now.
func awaitMore(t *testing.T, what string, counts []atomic.Int64, more int64) {
	t.Helper()
	for i := range counts {
		before := counts[i].Load()
		harness.Await(t, fmt.Sprintf("%s, gate %d", what, i), func() bool { return counts[i].Load() >= before+more })
	}
}

// While the database is away, each gate goes on by what is in force, and refuses changes.
func TestAFleetWhoseDatabaseFailsLosesNothingAndMixesNothing(t *testing.T) {
	f := startFleet(t)
	stop, end := context.WithCancel(t.Context())
	defer end()
	l := f.startLoad(t, stop)
	for _, fault := range []struct {
		name       string
		begin, end func(testing.TB)
	}{
		{"killed", f.pg.Kill, f.pg.Restart},
		{"stopped", f.pg.Stop, f.pg.Restart},
		{"stalled", f.pg.Stall, f.pg.Continue},
		{"out of disk", func(t testing.TB) { f.pg.FillDisk(t, 1) }, func(t testing.TB) {
			f.pg.Kill(t) // it may have ended by itself
			f.pg.Restart(t)
		}},
	} {
		awaitMore(t, "changes are made before the database is "+fault.name, l.changed, 10)
		fault.begin(t)
		began := time.Now()
		awaitMore(t, "changes are refused while the database is "+fault.name, l.refused, 3)
		refused := time.Since(began)
		awaitMore(t, "messages are sent while the database is "+fault.name, l.sent, 20)
		fault.end(t)
		ended := time.Now()
		awaitMore(t, "changes are made after the database was "+fault.name, l.changed, 1)
		t.Logf("%s: changes are refused through each gate within %s, and made within %s of its return", fault.name, refused, time.Since(ended))
	}
	end()
	l.running.Wait()
	l.checkEnd(t)
}

// checkEnd compares what the gates have answered and logged with what the database has.
func (l *load) checkEnd(t *testing.T) {
	t.Helper()
	s, err := postgres.Open(t.Context(), l.fleet.dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	h := readHistory(t, s)
	acknowledged, sent, revisions := 0, 0, map[int64]bool{}
	for i, g := range l.fleet.gates {
		l.ledgers[i].settle(t, h)
		acknowledged += l.ledgers[i].acknowledged
		sent += g.checkLog(t, h, revisions)
		for _, ledger := range l.ledgers {
			for _, account := range ledger.accounts {
				harness.AwaitNil(t, "the last changes are in force", func() error { return ledger.check(g, account) })
			}
		}
	}
	t.Logf("%d changes acknowledged; %d messages by %d revisions, each by the permissions of one", acknowledged, sent, len(revisions))
	if sent < 100 || len(revisions) < 20 {
		t.Error("that is too few to show anything")
	}
}

// checkLog compares each verdict in the access log with the permissions of the revision that it
// names, and returns how many there are.
func (g *gate) checkLog(t *testing.T, h history, revisions map[int64]bool) (verdicts int) {
	t.Helper()
	file, err := os.Open(g.accessLog)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var line struct {
			Tollgate struct{ Account, Territory, Verdict, Policy string }
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		judged := line.Tollgate
		if judged.Territory == "" {
			continue // of an account that was deleted
		}
		revision := revisionOf(judged.Policy)
		verdicts++
		revisions[revision] = true
		if by := h.at(judged.Account, revision); by.permits(judged.Territory) != (judged.Verdict == "allow") {
			t.Errorf("at revision %d account %s is %v, and a message to %s: %s", revision, judged.Account, by, judged.Territory, judged.Verdict)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return verdicts
}

// errStillJudges and errStillRefuses are states of a gate that is awaited.
var errStillJudges = errors.New("it judges")

// checkUnavailable returns nil if a message is answered that it was not sent, and may be sent
// again.
func (g *gate) checkUnavailable(account string) error {
	got, err := g.message(account, "US")
	var body struct{ Code int }
	switch {
	case err != nil:
		return err
	case got.status != http.StatusServiceUnavailable:
		return errStillJudges
	}
	if err := json.Unmarshal([]byte(got.body), &body); err != nil || body.Code != 20503 {
		return fmt.Errorf("a message is answered %+v", got)
	}
	return nil
}

func TestAGateRefusesOnceItsStoreIsStaleIfItIsToldTo(t *testing.T) {
	pg := server.Start(t)
	g := newGate(t, `postgres "`+pg.Database(t)+`" stale deny 2s`)
	g.start(t)
	g.awaitJudging(t)
	if got, err := g.permit(accountID(0), "US"); err != nil || got.status != http.StatusCreated {
		t.Fatalf("%+v, %v", got, err)
	}
	for name, fault := range map[string]struct{ begin, end func(testing.TB) }{
		"stalled": {pg.Stall, pg.Continue}, "killed": {pg.Kill, pg.Restart},
	} {
		fault.begin(t)
		began := time.Now()
		harness.AwaitNil(t, "messages are refused while the database is "+name, func() error { return g.checkUnavailable(accountID(0)) })
		// It was last heard of half a second before, or less.
		if after := time.Since(began); after < time.Second || after > 10*time.Second {
			t.Errorf("%s: messages are refused after %s", name, after)
		}
		fault.end(t)
		harness.Await(t, "messages are sent after it was "+name, func() bool {
			sent, err := g.send(accountID(0), "US")
			return sent && err == nil
		})
	}
}

func TestAGateThatStartsWhileItsDatabaseIsAwaySendsNothingAndComesUp(t *testing.T) {
	pg := server.Start(t)
	dsn := pg.Database(t)
	pg.Kill(t)
	g := newGate(t, `postgres "`+dsn+`"`)
	g.start(t)
	g.awaitRefusing(t, "cannot be read: nothing is sent until it can")
	pg.Restart(t)
	g.awaitJudging(t)
}

// awaitRefusing waits until a gate that has started refuses messages and changes, and checks
// that it says why.
func (g *gate) awaitRefusing(t *testing.T, why string) {
	t.Helper()
	harness.AwaitNil(t, "the gate refuses", func() error { return g.checkUnavailable(accountID(0)) })
	if got, err := g.permit(accountID(0), "US"); err != nil || got.status != http.StatusServiceUnavailable {
		t.Errorf("a change is answered %+v, %v", got, err)
	}
	harness.AwaitNil(t, "the gate logs why", func() error { return g.logs(t, why) })
}

// A database that is put back from a backup, or a replica that takes over, may lack changes
// that are in force.
func TestAGateWhoseStoreGoesBackJudgesByWhatTheStoreHas(t *testing.T) {
	dsn := server.Start(t).Database(t)
	g := newGate(t, `postgres "`+dsn+`"`)
	g.start(t)
	g.awaitJudging(t)
	account := accountID(0)
	if got, err := g.permit(account, "US"); err != nil || got.status != http.StatusCreated {
		t.Fatalf("%+v, %v", got, err)
	}
	put, err := g.manage(http.MethodGet, "/accounts/"+account, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{account, accountID(1)} {
		if got, err := g.permit(id, "DE"); err != nil || got.status >= 300 {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	back := new(pgx.Batch)
	back.Queue("DELETE FROM tollgate_objects WHERE id <> $1", account)
	back.Queue("UPDATE tollgate_objects SET revision = 1, document = $1", []byte(put.body))
	back.Queue("UPDATE tollgate_revision SET revision = 1")
	if err := conn.SendBatch(t.Context(), back).Close(); err != nil { // as one transaction
		t.Fatal(err)
	}
	for id, want := range map[string]map[string]bool{account: {"US": true, "DE": false}, accountID(1): {"DE": false}} {
		for territory, want := range want {
			harness.AwaitNil(t, "the gate judges by what the store has", func() error {
				sent, err := g.send(id, territory)
				if err == nil && sent != want {
					err = fmt.Errorf("a message of %s to %s is let through: %v", id, territory, sent)
				}
				return err
			})
		}
	}
	if err := g.logs(t, "does not know the revision in force"); err != nil {
		t.Error(err)
	}
}
