package counters_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/counters"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

var three = time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)

func open(t testing.TB) store.Counters {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.Counters()
}

// start returns counters as those of a gate that starts.
func start(t testing.TB, from store.Counters, at time.Time) *counters.Kept {
	t.Helper()
	k := counters.New(at)
	if unreadable, why, err := k.Restore(t.Context(), from, at); unreadable != 0 || err != nil {
		t.Fatalf("%d are unreadable, %v, %v", unreadable, why, err)
	}
	return k
}

func write(t testing.TB, k *counters.Kept, to store.Counters, at time.Time) {
	t.Helper()
	if err := k.Write(t.Context(), to, at); err != nil {
		t.Error(err)
	}
}

// demand is one of a limit of 5 an hour.
func demand(k *counters.Kept, name string) limits.Demand {
	hash := k.Hash()
	return limits.Demand{Key: hash.Key(name), Window: time.Hour, Limit: 5, Amount: 1}
}

// reserve reserves demands, which it expects to be within their limits.
func reserve(t testing.TB, k *counters.Kept, at time.Time, demands ...limits.Demand) []limits.Demand {
	t.Helper()
	if refused, ok := k.Reserve(at, demands); !ok {
		t.Fatalf("refused %+v", refused)
	}
	return demands
}

func expectUsed(t *testing.T, says string, k *counters.Kept, at time.Time, d limits.Demand, want int64) {
	t.Helper()
	if used, _ := k.Used(at, &d); used != want {
		t.Errorf("%s: %d are used and not %d", says, used, want)
	}
}

func TestWhatWasCountedOutlivesARestart(t *testing.T) {
	with := open(t)
	k := start(t, with, three)
	sends, numbers, unverified, growing, calls := demand(k, "sends"), demand(k, "numbers"), demand(k, "unverified"), demand(k, "growing"), demand(k, "calls")
	unverified.Repeats, growing.Repeats, growing.Share, growing.Limit = true, true, 200, 2
	calls.InProgress = true
	of := func(d limits.Demand, item uint64) limits.Demand { d.Item = item; return d }
	reserve(t, k, three, sends, of(numbers, 7), of(unverified, 7))
	reserve(t, k, three.Add(10*time.Minute), sends, of(numbers, 7), of(numbers, 8), of(unverified, 7), of(unverified, 8))
	k.GiveBack(reserve(t, k, three.Add(11*time.Minute), sends, of(numbers, 9), of(unverified, 9)))
	for item := range uint64(3) {
		converted := of(growing, item+1)
		reserve(t, k, three, converted)
		k.Convert(three, &converted)
	}
	named := reserve(t, k, three, calls)
	k.NameCalls(named, limits.Key{1, 2})
	k.LastCalls(three, named, 4*time.Hour)
	write(t, k, with, three.Add(12*time.Minute))
	k.LastCalls(three, named, 16*24*time.Hour)
	k.GiveBack(reserve(t, k, three.Add(12*time.Minute), sends))
	back := reserve(t, k, three.Add(12*time.Minute), sends)
	write(t, k, with, three.Add(12*time.Minute))
	k.GiveBack(back)
	write(t, k, with, three.Add(12*time.Minute))

	at := three.Add(50 * time.Minute)
	k = start(t, with, at)
	expectUsed(t, "sends", k, at, sends, 2)
	expectUsed(t, "numbers", k, at, numbers, 2)
	expectUsed(t, "unverified", k, at, unverified, 3)
	expectUsed(t, "sends an hour after the first", k, three.Add(62*time.Minute), sends, 1)
	expectUsed(t, "unverified an hour after the first", k, three.Add(62*time.Minute), unverified, 2)
	again := of(unverified, 7)
	if freed := k.Convert(three.Add(62*time.Minute), &again); freed != 1 {
		t.Errorf("%d of what was unverified is converted", freed)
	}
	if limit, most := k.Allowed(at, &growing); limit != 6 || most != 3 {
		t.Errorf("the limit has grown to %d by %d", limit, most)
	}
	if limit, most := k.Allowed(three.Add(3*time.Hour), &growing); limit != 6 || most != 3 {
		t.Errorf("three hours later the limit has grown to %d by %d", limit, most)
	}
	at = three.Add(15 * 24 * time.Hour)
	k = start(t, with, at)
	expectUsed(t, "calls that last long", k, at, calls, 1)
	if k.Len() != 1 {
		t.Errorf("%d keys are restored, of which one is not over", k.Len())
	}
}

func TestCallsInProgressOutliveARestart(t *testing.T) {
	with := open(t)
	first, dialled := limits.Key{1, 2}, limits.Key{3, 4}
	k := start(t, with, three)
	calls := demand(k, "calls")
	calls.InProgress = true
	k.NameCalls(reserve(t, k, three, calls), first)
	calls.Dialled = true
	k.NameCalls(reserve(t, k, three, calls), dialled)
	calls.Dialled = false
	write(t, k, with, three)

	k = start(t, with, three)
	reserve(t, k, three, calls)
	expectUsed(t, "with one more", k, three, calls, 3)
	k.EndDialled(first)
	expectUsed(t, "once what the first has dialled goes on by itself", k, three, calls, 3)
	k.EndDialled(dialled)
	expectUsed(t, "once the dialled goes on by itself", k, three, calls, 2)
	write(t, k, with, three)
	k = start(t, with, three)
	expectUsed(t, "after another restart", k, three, calls, 2)
	if !k.EndCalls(first) {
		t.Error("the first cannot be ended by its name")
	}
	expectUsed(t, "once the first has ended", k, three, calls, 1)
	write(t, k, with, three)
	expectUsed(t, "after the last restart", start(t, with, three), three, calls, 1)
}

func TestWhatWasToldIsNotToldAgainAfterARestart(t *testing.T) {
	with := open(t)
	k := start(t, with, three)
	d := demand(k, "sends")
	d.Warn = &limits.Steps{1, 3}
	for i, want := range []uint8{1, 0, 2, 0} {
		if got := reserve(t, k, three, d); got[0].Warned != want {
			t.Errorf("send %d tells step %d and not %d", i, got[0].Warned, want)
		}
		write(t, k, with, three)
		k = start(t, with, three)
	}
}

func TestWhatIsForgottenStaysForgotten(t *testing.T) {
	with := open(t)
	k := start(t, with, three)
	sends, numbers := demand(k, "sends"), demand(k, "numbers")
	numbers.Item = 7
	reserve(t, k, three, sends, numbers)
	write(t, k, with, three)
	k.Clear(sends.Key, numbers.Key)
	reserve(t, k, three, sends)
	write(t, k, with, three)
	k = start(t, with, three)
	expectUsed(t, "sends", k, three, sends, 1)
	expectUsed(t, "numbers", k, three, numbers, 0)
}

// away is a store that takes nothing.
type away struct{ store.Counters }

var errAway = errors.New("away")

func (away) Write(context.Context, time.Time, []store.KeptCount) error { return errAway }

func (away) Read(_ context.Context, _ time.Time, yield func(store.KeptCount) error) error {
	return errors.Join(errAway, yield(store.KeptCount{Part: 1}))
}

func TestWhatAStoreDoesNotTakeIsGivenToItAgain(t *testing.T) {
	with := open(t)
	k := start(t, with, three)
	first, second := demand(k, "first"), demand(k, "second")
	reserve(t, k, three, first)
	if err := k.Write(t.Context(), away{}, three); !errors.Is(err, errAway) {
		t.Errorf("it returns %v", err)
	}
	reserve(t, k, three, second)
	write(t, k, with, three)
	k = start(t, with, three)
	expectUsed(t, "what it did not take", k, three, first, 1)
	expectUsed(t, "what came after", k, three, second, 1)
}

// Else it would lose what it has.
func TestNothingIsWrittenToAStoreThatWasNotRead(t *testing.T) {
	with := open(t)
	before := start(t, with, three)
	sends := demand(before, "sends")
	reserve(t, before, three, sends, sends)
	write(t, before, with, three)
	k := counters.New(three)
	unreadable, why, err := k.Restore(t.Context(), away{with}, three)
	if !errors.Is(err, errAway) || unreadable != 1 || why == nil {
		t.Errorf("it returns %d, %v, %v", unreadable, why, err)
	}
	reserve(t, k, three, sends)
	write(t, k, with, three)
	expectUsed(t, "after all", start(t, with, three), three, sends, 2)
}

// Whatever is written meanwhile, at the end the store has what the memory has.
func TestCountersAreWrittenWhileTheyAreUsed(t *testing.T) {
	with := open(t)
	k := start(t, with, three)
	of := func(i int) (d limits.Demand) {
		d = demand(k, fmt.Sprint(i%20))
		d.Limit = 100
		if i%20 >= 10 {
			d.Item = uint64(1 + i%7)
		}
		return d
	}
	var group sync.WaitGroup
	for client := range 8 {
		group.Go(func() {
			for i := range 400 {
				d := []limits.Demand{of(i * (client + 1))}
				if _, ok := k.Reserve(three, d); ok && i%3 == 0 {
					k.GiveBack(d)
				}
				if i%100 == 99 {
					k.Clear(d[0].Key)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { group.Wait(); close(done) }()
	for writing := true; writing; {
		select {
		case <-done:
			writing = false
		default:
		}
		write(t, k, with, three)
	}
	again := start(t, with, three)
	for i := range 20 {
		want := of(i)
		used, _ := k.Used(three, &want)
		expectUsed(t, fmt.Sprint("key ", i), again, three, want, used)
	}
}

// heap is how many bytes of it are in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// written counts the rows that a store is given.
type written struct {
	store.Counters
	rows int
}

func (w *written) Write(ctx context.Context, now time.Time, counts []store.KeptCount) error {
	w.rows += len(counts)
	return w.Counters.Write(ctx, now, counts)
}

func TestWhatChangesOftenIsWrittenOnce(t *testing.T) {
	with := &written{Counters: open(t)}
	k := start(t, with, three)
	one, other := demand(k, "one"), demand(k, "other")
	before := heap()
	for range 300_000 {
		k.GiveBack(reserve(t, k, three, one, other))
	}
	if grown := heap() - before; grown > 8<<20 {
		t.Errorf("two keys that change often take %d bytes", grown)
	}
	if write(t, k, with, three); with.rows != 2 {
		t.Errorf("%d rows are written", with.rows)
	}
	if write(t, k, with, three); with.rows != 2 {
		t.Errorf("%d rows are written in all", with.rows)
	}
}

func BenchmarkReserve(b *testing.B) {
	k := start(b, open(b), three)
	hash, d := k.Hash(), make([]limits.Demand, 1)
	for b.Loop() {
		d[0] = limits.Demand{Key: hash.Key("block", "acme", "1415555"), Window: time.Hour, Limit: 1 << 30, Amount: 1}
		if _, ok := k.Reserve(three, d); !ok {
			b.Fatal("refused")
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	const keys = 1000
	with := open(b)
	k := start(b, with, three)
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		for key := range keys {
			reserve(b, k, three.Add(time.Duration(i)*time.Second), limits.Demand{Key: limits.Key{uint64(key), uint64(i % 100)}, Window: time.Hour, Limit: 1 << 40, Amount: 1})
		}
		b.StartTimer()
		write(b, k, with, three.Add(time.Duration(i)*time.Second))
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/keys, "µs/key")
}

func BenchmarkRestore(b *testing.B) {
	const keys = 100_000
	with := open(b)
	k := start(b, with, three)
	for key := range uint64(keys) {
		reserve(b, k, three, limits.Demand{Key: limits.Key{key, 1}, Window: time.Hour, Limit: 5, Amount: 1})
	}
	write(b, k, with, three)
	for b.Loop() {
		start(b, with, three)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/keys, "µs/key")
}
