package refusals

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// memorySink keeps refusals by ID, in the order in which it got them.
type memorySink struct {
	mu    sync.Mutex
	away  error // what Append returns
	keeps bool  // keeps refusals though it is away, as where an answer is lost
	kept  []Refusal
	known map[string]bool
}

func (m *memorySink) Append(_ context.Context, refusals []Refusal) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away != nil && !m.keeps {
		return m.away
	}
	if m.known == nil {
		m.known = map[string]bool{}
	}
	for _, r := range refusals {
		if !m.known[r.ID] {
			m.known[r.ID] = true
			m.kept = append(m.kept, r)
		}
	}
	return m.away
}

func (m *memorySink) set(away error, keeps bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away, m.keeps = away, keeps
}

// numbers are those of the refusals that are kept.
func (m *memorySink) numbers() []int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	var numbers []int64
	for _, r := range m.kept {
		numbers = append(numbers, r.Revision)
	}
	return numbers
}

// refusal is one whose revision is its number.
func refusal(number int) Refusal {
	return Refusal{
		Time: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC), Account: "acme", Credential: "live", Key: "app",
		Sender: "+1201555XXXX", Channel: "messaging", Destination: "+99891234XXXX", Territory: "UZ", Class: "mobile",
		Prefix: "998912345", Reason: "not_enabled", Rule: "acme messaging", Outcome: "deny", Revision: int64(number),
		RequestID: "4f1c", Client: "192.0.2.7",
	}
}

func count(from, before int) []int64 {
	var numbers []int64
	for n := from; n < before; n++ {
		numbers = append(numbers, int64(n))
	}
	return numbers
}

// open opens a writer that tells the test of each loss.
func open(t testing.TB, options Options) *Writer {
	t.Helper()
	if options.Folder == "" {
		options.Folder = t.TempDir()
	}
	if options.OnLost == nil {
		options.OnLost = func(lost []Refusal, err error) { t.Errorf("%d refusals are lost: %v", len(lost), err) }
	}
	w, err := Open(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

func write(t testing.TB, w *Writer, from, before int) {
	t.Helper()
	for n := from; n < before; n++ {
		if err := w.Write(t.Context(), refusal(n)); err != nil {
			t.Fatal(err)
		}
	}
}

func awaitNumbers(t *testing.T, sink *memorySink, want []int64) {
	t.Helper()
	harness.AwaitNil(t, "the sink has all refusals", func() error {
		if got := sink.numbers(); !slices.Equal(got, want) {
			return fmt.Errorf("it has %d: %v", len(got), got)
		}
		return nil
	})
}

var errAway = errors.New("the sink is away")

func TestARefusalReachesTheSinkAsItWasWritten(t *testing.T) {
	for _, strict := range []bool{false, true} {
		sink := &memorySink{}
		w := open(t, Options{Sink: sink, Strict: strict, Bound: 50 * time.Millisecond})
		write(t, w, 0, 20)
		if strict && len(sink.numbers()) != 20 {
			t.Errorf("when Write returned, %d of 20 were kept", len(sink.numbers()))
		}
		awaitNumbers(t, sink, count(0, 20))
		got := sink.kept[7]
		want := refusal(7)
		want.ID = got.ID
		if got != want || len(got.ID) != 32 {
			t.Errorf("it is\n%+v, not\n%+v", got, want)
		}
		// The sink has them a moment before the writer knows that it has.
		harness.AwaitNil(t, "all are counted as delivered", func() error {
			if stats := w.Stats(); stats != (Stats{Written: 20, Delivered: 20}) {
				return fmt.Errorf("%+v", stats)
			}
			return nil
		})
	}
}

func TestWhileTheSinkIsAwayRefusalsWaitInTheSpool(t *testing.T) {
	for name, keeps := range map[string]bool{"and the sink has none of them": false, "and the sink has them, though it said it failed": true} {
		t.Run(name, func(t *testing.T) {
			sink := &memorySink{away: errAway, keeps: keeps}
			var mu sync.Mutex
			var reported error
			w := open(t, Options{Sink: sink, Bound: 50 * time.Millisecond, Batch: 16, OnError: func(err error) {
				mu.Lock()
				defer mu.Unlock()
				reported = err
			}})
			write(t, w, 0, 100)
			harness.Await(t, "all are in the spool", func() bool { return w.Stats().Spooled == 100 })
			sink.set(nil, false)
			write(t, w, 100, 130) // behind those of the spool
			awaitNumbers(t, sink, count(0, 130))
			harness.Await(t, "the spool is empty", func() bool { return w.Stats().SpoolBytes == 0 && w.Stats().SpooledSince.IsZero() })
			write(t, w, 130, 140)
			awaitNumbers(t, sink, count(0, 140))
			harness.Await(t, "the last are counted as delivered", func() bool { return w.Stats().Delivered >= 10 })
			if stats := w.Stats(); stats.Lost != 0 {
				t.Errorf("%+v", stats)
			}
			mu.Lock()
			defer mu.Unlock()
			if !errors.Is(reported, errAway) {
				t.Errorf("what is reported is %v", reported)
			}
		})
	}
}

func TestTheNextWriterTakesInWhatIsInTheSpool(t *testing.T) {
	folder := t.TempDir()
	for round := range 3 {
		w := open(t, Options{Folder: folder})
		write(t, w, 10*round, 10*round+10)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if stats := w.Stats(); stats.Spooled != 10 || time.Since(stats.SpooledSince) > time.Minute {
			t.Errorf("closing wrote %+v", stats)
		}
	}
	sink := &memorySink{}
	open(t, Options{Folder: folder, Sink: sink})
	awaitNumbers(t, sink, count(0, 30))
	harness.Await(t, "the files are deleted", func() bool {
		files, _ := filepath.Glob(filepath.Join(folder, "*.spool"))
		return len(files) == 0
	})
}

func TestARefusalThatCanBeWrittenNowhereIsReported(t *testing.T) {
	full := func(*testing.T, string) {}
	gone := func(t *testing.T, folder string) {
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name     string
		maxSpool int64
		spoil    func(*testing.T, string)
		want     error
	}{
		{"the spool is full", 100, full, ErrSpoolFull},
		{"the folder is gone", 0, gone, os.ErrNotExist},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "spool")
			var lost []Refusal
			w := open(t, Options{
				Folder: folder, Sink: &memorySink{away: errAway}, Strict: true, MaxSpool: test.maxSpool,
				OnLost: func(refusals []Refusal, err error) { lost = append(lost, refusals...) },
			})
			test.spoil(t, folder)
			if err := w.Write(t.Context(), refusal(1)); !errors.Is(err, test.want) {
				t.Errorf("Write returns %v", err)
			}
			if len(lost) != 1 || lost[0].Revision != 1 || w.Stats().Lost != 1 {
				t.Errorf("reported as lost: %v, counted %+v", lost, w.Stats())
			}
		})
	}
}

// stuckSink does not return until it is released, whatever its context says.
type stuckSink struct{ release chan struct{} }

func (s *stuckSink) Append(context.Context, []Refusal) error { <-s.release; return errAway }

func TestWhileTheSinkIsStuckWriteSpools(t *testing.T) {
	sink := &stuckSink{make(chan struct{})}
	defer close(sink.release)
	w := open(t, Options{Sink: sink, Bound: 20 * time.Millisecond, Batch: 4})
	write(t, w, 0, 40)
	// One batch is with the sink and one is in memory.
	if stats := w.Stats(); stats.Spooled < 40-8 || stats.Lost != 0 {
		t.Errorf("%+v", stats)
	}
}

// slowSink takes a while for each batch, as a database does, longer than the spool does.
type slowSink struct{ memorySink }

func (s *slowSink) Append(ctx context.Context, refusals []Refusal) error {
	<-time.After(20 * time.Millisecond)
	return s.memorySink.Append(ctx, refusals)
}

func TestASinkThatIsBackGetsRefusalsWithoutTheSpoolThoughTheyNeverPause(t *testing.T) {
	sink := &slowSink{memorySink{away: errAway}}
	w := open(t, Options{Sink: sink, Strict: true})
	var writers sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	defer writers.Wait()
	defer stop()
	for range 4 {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				if err := w.Write(t.Context(), refusal(n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	harness.Await(t, "some are spooled", func() bool { return w.Stats().Spooled > 100 })
	sink.set(nil, false)
	harness.Await(t, "some are delivered", func() bool { return w.Stats().Delivered > 100 })
}

func TestAWriteThatIsNotWaitedForIsStillWritten(t *testing.T) {
	sink := &memorySink{}
	w := open(t, Options{Sink: sink, Strict: true})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Write(ctx, refusal(0)); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("Write returns %v", err)
	}
	awaitNumbers(t, sink, count(0, 1))
}

func TestAfterCloseARefusalIsReportedAsLost(t *testing.T) {
	lost := 0
	w := open(t, Options{OnLost: func([]Refusal, error) { lost++ }})
	if err := errors.Join(w.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	if err := w.Write(t.Context(), refusal(0)); !errors.Is(err, ErrClosed) || lost != 1 {
		t.Errorf("Write returns %v, and %d are lost", err, lost)
	}
}

func TestOneFolderHasOneWriter(t *testing.T) {
	folder := t.TempDir()
	w := open(t, Options{Folder: folder})
	if _, err := Open(Options{Folder: folder}); !errors.Is(err, ErrSpoolInUse) {
		t.Errorf("a second writer: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, Options{Folder: folder})
}

func TestWritersAtOnceLoseNothing(t *testing.T) {
	const writers, each = 8, 500
	sink := &memorySink{}
	folder := t.TempDir()
	w := open(t, Options{Folder: folder, Sink: sink, Batch: 64, Bound: 20 * time.Millisecond})
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			for n := range each {
				if n == each/2 {
					sink.set([]error{nil, errAway}[i%2], i%4 == 1)
				}
				if err := w.Write(t.Context(), refusal(i*each+n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	sink.set(nil, false)
	open(t, Options{Folder: folder, Sink: sink})
	harness.AwaitNil(t, "the sink has all", func() error {
		got := sink.numbers()
		slices.Sort(got)
		if !slices.Equal(got, count(0, writers*each)) {
			return fmt.Errorf("it has %d of %d", len(got), writers*each)
		}
		return nil
	})
}

func BenchmarkWrite(b *testing.B) {
	for name, sink := range map[string]Sink{"memory": discard{}, "spool": nil} {
		b.Run(name, func(b *testing.B) {
			w := open(b, Options{Sink: sink, MaxSpool: 1 << 40})
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				if err := w.Write(b.Context(), refusal(n)); err != nil {
					b.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "refusals/s")
		})
	}
}

// discard keeps nothing.
type discard struct{}

func (discard) Append(context.Context, []Refusal) error { return nil }
