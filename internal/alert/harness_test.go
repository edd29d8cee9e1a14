package alert_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/internal/alert"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/incident"
	"github.com/caddy-tollgate/tollgate/internal/notify"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

// began is when the tests begin: notices are of now, or they are too old to be delivered.
var began = time.Now()

// after is some time after the beginning.
func after(d time.Duration) time.Time { return began.Add(d) }

// kept is a store that may be away.
type kept struct {
	store.Incidents
	away error
	// commits says that it makes the changes of which it says that it is away.
	commits bool
}

var errAway = errors.New("away")

func (k *kept) Update(ctx context.Context, now time.Time, ids []string, change func(map[string]store.KeptIncident) ([]store.KeptIncident, error)) error {
	if k.away != nil && !k.commits {
		return k.away
	}
	if err := k.Incidents.Update(ctx, now, ids, change); err != nil {
		return err
	}
	return k.away
}

func open(t *testing.T) *kept {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &kept{Incidents: s.Incidents()}
}

// target is one that may be away.
type target struct {
	mu       sync.Mutex
	away     error
	received []string
}

func (r *target) Deliver(_ context.Context, n *notify.Notice) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away == nil {
		r.received = append(r.received, n.ID)
	}
	return r.away
}

func (r *target) got() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.received)
}

// targets are two of them.
func targets(first, second *target) []notify.Target {
	return []notify.Target{{Receiver: first, Key: "first", Way: notify.ByWebhook}, {Receiver: second, Key: "second", Way: notify.BySlack}}
}

// gate is one that tells.
type gate struct {
	fleet  *alert.Fleet
	book   *incident.Book
	sender *notify.Sender
	told   []string
}

func newGate(t *testing.T, name string, to *target) *gate {
	t.Helper()
	g := &gate{book: incident.NewBook(incident.NewID, name), sender: notify.NewSender(zap.NewNop, func(string, string) {})}
	if to != nil {
		g.sender.Use([]notify.Target{{Receiver: to, Key: "a", Way: notify.ByWebhook}})
	}
	t.Cleanup(g.sender.Stop)
	g.fleet = alert.NewFleet(g.book, g.sender)
	return g
}

// Render implements alert.Teller.
func (g *gate) Render(c incident.Change) *notify.Notice {
	if c.Kind == incident.Reached {
		n := notify.Threshold{Threshold: *c.Threshold}
		return n.Notice()
	}
	n := notify.Incident{Kind: c.Kind, Incident: c.Incident}
	return n.Notice()
}

// Told implements alert.Teller.
func (g *gate) Told(c incident.Change, _ *notify.Notice) {
	text := string(c.Kind)
	if c.Threshold == nil {
		text = fmt.Sprint(text, " ", c.Incident.Account, " ", c.Incident.Denied, " by ", strings.Join(c.Incident.Gates, " and "))
	}
	g.told = append(g.told, text)
}

// round counts denials of an account, and tells what there is to tell at a time.
func (g *gate) round(t *testing.T, with *kept, at time.Time, denials int, more ...incident.Change) {
	t.Helper()
	var changes []incident.Change
	for range denials {
		changes = append(changes, g.book.Add(&incident.Denial{Key: incident.Key{Carrier: "twilio", Account: "AC1", Reason: "limit_exceeded", Rule: "operator limit block"}}, at)...)
	}
	closed, _ := g.book.Close(at)
	err := g.fleet.Tell(t.Context(), "store", with, append(append(changes, closed...), more...), g, at)
	if !errors.Is(err, with.away) {
		t.Errorf("telling returns %v", err)
	}
}

func (g *gate) expect(t *testing.T, says string, told ...string) {
	t.Helper()
	if !slices.Equal(g.told, told) {
		t.Errorf("%s: told is %q, want %q", says, g.told, told)
	}
	g.told = nil
}

// listed is what a gate lists of incidents.
func (g *gate) listed() (words []string) {
	for _, i := range g.book.List() {
		words = append(words, fmt.Sprint(i.Denied, " by ", strings.Join(i.Gates, " and "), " closed ", !i.Closed.IsZero()))
	}
	return words
}

func (r *target) await(t *testing.T, count int) {
	t.Helper()
	harness.Await(t, fmt.Sprint(count, " notices"), func() bool { return len(r.got()) == count })
}
