package traffic_test

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

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/traffic"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func territory(t testing.TB, code string) numbering.Territory {
	t.Helper()
	found, ok := numbering.ParseTerritory(code)
	if !ok {
		t.Fatalf("no territory %s", code)
	}
	return found
}

// counted is a store that counts what it is given, and may be away.
type counted struct {
	store.Traffic
	given int
	// away is returned for what is recorded, and full for what is counted.
	away, full error
}

func (c *counted) Count(ctx context.Context, added []store.SendCount) error {
	if c.full != nil {
		return c.full
	}
	return c.Traffic.Count(ctx, added)
}

// report are the lines of a report by all dimensions.
func (c *counted) report(t *testing.T, hourly bool) []string {
	t.Helper()
	by := []store.Dimension{store.ByAccount, store.ByChannel, store.ByTerritory, store.ByClass, store.ByDay}
	if hourly {
		by[4] = store.ByHour
	}
	var lines []string
	err := c.Report(t.Context(), store.TrafficFilter{Hourly: hourly}, by, func(found store.Counted) error {
		lines = append(lines, fmt.Sprintf("%s: %d", strings.Join(found.Values, " "), found.Count))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func (c *counted) Record(ctx context.Context, watched store.Day, seen []store.LastSend) error {
	if c.away != nil {
		return c.away
	}
	c.given += len(seen)
	return c.Traffic.Record(ctx, watched, seen)
}

func open(t *testing.T) *counted {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &counted{Traffic: s.Traffic()}
}

func (c *counted) lines(t *testing.T) []string {
	t.Helper()
	var lines []string
	err := c.Query(t.Context(), "", func(l store.LastSend) error {
		lines = append(lines, strings.Join([]string{l.Account, l.Channel, l.Territory, l.Class, string(l.Day)}, " "))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func write(t *testing.T, s *traffic.Seen, to *counted, at time.Time) {
	t.Helper()
	if err := s.Write(t.Context(), to, at); err != nil {
		t.Fatal(err)
	}
}

func TestADayIsWrittenOnceAndAllSendsAreCounted(t *testing.T) {
	s, to := traffic.New(noon), open(t)
	for range 3 {
		s.Add("a", gate.Reached{Channel: policy.Messaging, Territory: territory(t, "UZ"), Sends: 1}, noon)
		s.Add("a", gate.Reached{Channel: policy.Voice, Territory: territory(t, "+881"), Sends: 1}, noon)
		s.Add("", gate.Reached{Channel: policy.Voice, Territory: territory(t, "US"), Sends: 1}, noon) // of an account that no policy names
		s.Add("a", gate.Reached{Channel: policy.Voice, Territory: 0, Sends: 1}, noon)                 // to no number
		write(t, s, to, noon)
	}
	if got, want := to.report(t, true), []string{"a messaging UZ  2026-11-30T12:00:00Z: 3", "a voice +881 low_risk 2026-11-30T12:00:00Z: 3"}; !slices.Equal(got, want) {
		t.Errorf("by hour it has %q and not %q", got, want)
	}
	want := []string{"a messaging UZ  2026-11-30", "a voice +881 low_risk 2026-11-30"}
	if got := to.lines(t); !slices.Equal(got, want) || to.given != 2 {
		t.Errorf("after %d rows the store has %q and not %q", to.given, got, want)
	}
	s.Add("a", gate.Reached{Channel: policy.Messaging, Territory: territory(t, "UZ"), Sends: 1}, noon.Add(24*time.Hour))
	write(t, s, to, noon.Add(24*time.Hour))
	want[0] = "a messaging UZ  2026-12-01"
	if got := to.lines(t); !slices.Equal(got, want) || to.given != 3 {
		t.Errorf("after %d rows the store has %q and not %q", to.given, got, want)
	}
	if since, err := to.Since(t.Context()); err != nil || since != "2026-11-30" {
		t.Errorf("it is watched since %s, %v", since, err)
	}
}

func TestWhatAStoreDoesNotTakeIsGivenToItAgain(t *testing.T) {
	s, to := traffic.New(noon), open(t)
	to.away = errors.New("away")
	s.Add("a", gate.Reached{Channel: policy.Messaging, Territory: territory(t, "UZ"), Sends: 1}, noon)
	if err := s.Write(t.Context(), to, noon); !errors.Is(err, to.away) {
		t.Errorf("writing returns %v", err)
	}
	s.Add("a", gate.Reached{Channel: policy.Messaging, Territory: territory(t, "US"), Sends: 1}, noon.Add(24*time.Hour))
	if err := s.Write(t.Context(), to, noon.Add(24*time.Hour)); !errors.Is(err, to.away) {
		t.Errorf("writing returns %v", err)
	}
	to.away = nil
	write(t, s, to, noon.Add(48*time.Hour))
	if got, want := to.lines(t), []string{"a messaging US  2026-12-01", "a messaging UZ  2026-11-30"}; !slices.Equal(got, want) {
		t.Errorf("the store has %q and not %q", got, want)
	}
}

func TestAClockThatIsSetBackStaysAtTheDay(t *testing.T) {
	s, to := traffic.New(noon), open(t)
	s.Add("a", gate.Reached{Channel: policy.Messaging, Territory: territory(t, "UZ"), Sends: 1}, noon.Add(-48*time.Hour))
	write(t, s, to, noon)
	if got, want := to.lines(t), []string{"a messaging UZ  2026-11-30"}; !slices.Equal(got, want) {
		t.Errorf("the store has %q and not %q", got, want)
	}
}

func TestSendsThatCannotBeCountedAreCountedLater(t *testing.T) {
	s, to := traffic.New(noon), open(t)
	us := gate.Reached{Channel: policy.Messaging, Territory: territory(t, "US"), Sends: 2}
	to.full = errors.New("full")
	s.Add("a", us, noon)
	if err := s.Write(t.Context(), to, noon); !errors.Is(err, to.full) {
		t.Errorf("writing returns %v", err)
	}
	to.full = nil
	s.Add("a", us, noon.Add(time.Minute))
	s.Add("a", us, noon.Add(time.Hour))
	for range 3 {
		write(t, s, to, noon.Add(time.Hour))
	}
	if got, want := to.report(t, true), []string{"a messaging US  2026-11-30T12:00:00Z: 4", "a messaging US  2026-11-30T13:00:00Z: 2"}; !slices.Equal(got, want) {
		t.Errorf("by hour it has %q and not %q", got, want)
	}
}

func TestHoursAreKeptForTwoDaysAndDaysForThreeMonths(t *testing.T) {
	s, to := traffic.New(noon), open(t)
	us := gate.Reached{Channel: policy.Messaging, Territory: territory(t, "US"), Sends: 1}
	for _, day := range []int{0, 50, 92, 94} {
		at := noon.Add(time.Duration(day) * 24 * time.Hour)
		s.Add("a", us, at)
		write(t, s, to, at)
	}
	if got, want := to.report(t, true), []string{"a messaging US  2027-03-02T12:00:00Z: 1", "a messaging US  2027-03-04T12:00:00Z: 1"}; !slices.Equal(got, want) {
		t.Errorf("of hours it has %q and not %q", got, want)
	}
	if got, want := to.report(t, false), []string{"a messaging US  2027-01-19: 1", "a messaging US  2027-03-02: 1", "a messaging US  2027-03-04: 1"}; !slices.Equal(got, want) {
		t.Errorf("of days it has %q and not %q", got, want)
	}
}

// stalled is a store that takes a while.
type stalled struct {
	store.Traffic
	called, goOn chan struct{}
}

func (s *stalled) Record(ctx context.Context, watched store.Day, seen []store.LastSend) error {
	s.called <- struct{}{}
	<-s.goOn
	return s.Traffic.Record(ctx, watched, seen)
}

func TestNoRequestWaitsForTheStoreWhenTheDayChanges(t *testing.T) {
	s, to := traffic.New(noon), open(t)
	slow := &stalled{to, make(chan struct{}, 9), make(chan struct{})}
	done := make(chan error, 1)
	go func() { done <- s.Write(t.Context(), slow, noon) }()
	<-slow.called
	s.Add("a", gate.Reached{Channel: policy.Messaging, Territory: territory(t, "US"), Sends: 1}, noon.Add(24*time.Hour))
	close(slow.goOn)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	write(t, s, to, noon.Add(24*time.Hour))
	if got, want := to.lines(t), []string{"a messaging US  2026-12-01"}; !slices.Equal(got, want) {
		t.Errorf("the store has %q and not %q", got, want)
	}
}

func TestManyRequestsAtOnceLoseNothing(t *testing.T) {
	s, to := traffic.New(noon), open(t)
	us, uz := territory(t, "US"), territory(t, "UZ")
	var requests sync.WaitGroup
	for i := range 8 {
		requests.Go(func() {
			for n := range 1000 {
				account := strings.Repeat("a", 1+n%20)
				s.Add(account, gate.Reached{Channel: policy.Channel(i % int(policy.ChannelCount)), Territory: us, Sends: 1}, noon.Add(time.Duration(n/500)*24*time.Hour))
				s.Add(account, gate.Reached{Channel: policy.Voice, Territory: uz, Sends: 1}, noon)
			}
		})
	}
	for range 20 {
		write(t, s, to, noon)
	}
	requests.Wait()
	write(t, s, to, noon.Add(24*time.Hour))
	if got, want := len(to.lines(t)), 20*(int(policy.ChannelCount)+1); got != want {
		t.Errorf("the store has %d and not %d", got, want)
	}
	sends := int64(0)
	err := to.Report(t.Context(), store.TrafficFilter{}, []store.Dimension{store.ByAccount}, func(c store.Counted) error {
		sends += c.Count
		return nil
	})
	if err != nil || sends != 8*1000*2 {
		t.Errorf("the store has %d sends, %v", sends, err)
	}
}

func TestWhatWasSeenBeforeAllocatesNothing(t *testing.T) {
	s, us := traffic.New(noon), territory(t, "US")
	s.Add("a", gate.Reached{Channel: policy.Messaging, Territory: us, Sends: 1}, noon)
	if allocated := testing.AllocsPerRun(1000, func() { s.Add("a", gate.Reached{Channel: policy.Messaging, Territory: us, Sends: 1}, noon) }); allocated != 0 {
		t.Errorf("%v allocations", allocated)
	}
}

func BenchmarkAdd(b *testing.B) {
	s, us := traffic.New(noon), territory(b, "US")
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			s.Add("AC00000000000000000000000000000001", gate.Reached{Channel: policy.Messaging, Territory: us, Sends: 1}, noon)
		}
	})
}
