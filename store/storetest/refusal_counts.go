package storetest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/store"
)

// valuesOf are those of the dimensions of a refusal, as a report has them.
var valuesOf = map[store.Dimension]func(r *refusals.Refusal) string{
	store.ByAccount:   func(r *refusals.Refusal) string { return r.Account },
	store.ByChannel:   func(r *refusals.Refusal) string { return r.Channel },
	store.ByTerritory: func(r *refusals.Refusal) string { return r.Territory },
	store.ByClass:     func(r *refusals.Refusal) string { return r.Class },
	store.ByReason:    func(r *refusals.Refusal) string { return r.Reason },
	store.ByOutcome:   func(r *refusals.Refusal) string { return r.Outcome },
	store.ByHour:      func(r *refusals.Refusal) string { return r.Time.UTC().Truncate(time.Hour).Format(time.RFC3339) },
	store.ByDay:       func(r *refusals.Refusal) string { return r.Time.UTC().Format(time.DateOnly) },
}

// selects reports whether a filter selects a refusal.
func selects(f store.RefusalFilter, r *refusals.Refusal) bool {
	selected := (f.From.IsZero() || !r.Time.Before(f.From)) && (f.To.IsZero() || r.Time.Before(f.To)) &&
		(f.Key == "" || f.Key == r.Key) && strings.HasPrefix(r.Prefix, f.Prefix)
	for dimension, value := range map[store.Dimension]string{
		store.ByAccount: f.Account, store.ByChannel: f.Channel, store.ByTerritory: f.Territory,
		store.ByClass: f.Class, store.ByReason: f.Reason, store.ByOutcome: f.Outcome,
	} {
		selected = selected && (value == "" || value == valuesOf[dimension](r))
	}
	return selected
}

// countedOneByOne are the lines of a report, most first, by each of the refusals.
func countedOneByOne(all map[string]refusals.Refusal, f store.RefusalFilter, by []store.Dimension) []string {
	sums := make(map[string]int64)
	for _, r := range all {
		if !selects(f, &r) {
			continue
		}
		var values []string
		for _, dimension := range by {
			values = append(values, valuesOf[dimension](&r))
		}
		sums[strings.Join(values, "|")]++
	}
	var rows []store.Counted
	for values, count := range sums {
		rows = append(rows, store.Counted{Values: strings.Split(values, "|"), Count: count})
	}
	slices.SortFunc(rows, func(a, b store.Counted) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), slices.Compare(a.Values, b.Values))
	})
	return linesOf(rows)
}

func linesOf(rows []store.Counted) (lines []string) {
	for _, c := range rows {
		lines = append(lines, fmt.Sprint(strings.Join(c.Values, "|"), ": ", c.Count))
	}
	return lines
}

// model is refusals, as a store has them that takes in, and deletes, the same.
type model struct {
	random *rand.Rand
	kept   map[string]refusals.Refusal
	// written are all that ever were, which may come again.
	written []refusals.Refusal
}

func oneOf[T any](random *rand.Rand, values ...T) T { return values[random.IntN(len(values))] }

// draw is a refusal of the three days from noon on. Some are of the moment at which an hour begins.
func (m *model) draw() refusals.Refusal {
	at := noon.Add(time.Duration(m.random.Int64N(int64(72 * time.Hour))))
	if m.random.IntN(5) == 0 {
		at = at.Truncate(time.Hour)
	}
	return refusals.Refusal{
		ID: refusals.NewID(at), Time: at, Account: oneOf(m.random, "", "a", "b"), Channel: oneOf(m.random, "messaging", "voice"),
		Territory: oneOf(m.random, "", "UZ", "US"), Class: oneOf(m.random, "", "low_risk"), Reason: oneOf(m.random, "number_blocked", "territory_not_permitted"),
		Outcome: oneOf(m.random, "deny", "monitor"), Key: oneOf(m.random, "", "SK1"), Prefix: oneOf(m.random, "+99891", "+1201"),
	}
}

// append writes new refusals and known ones, some of them twice and some as others than they were.
func (m *model) append(t *testing.T, s store.Store) {
	t.Helper()
	var added []refusals.Refusal
	for range m.random.IntN(40) {
		r := m.draw()
		if len(m.written) > 0 && m.random.IntN(3) == 0 {
			r = oneOf(m.random, m.written...)
			if _, ok := m.kept[r.ID]; ok {
				r.Reason = "another" // it is left as it is
			}
		}
		added = append(added, r)
		if _, ok := m.kept[r.ID]; !ok {
			m.kept[r.ID] = r
			m.written = append(m.written, r)
		}
		if m.random.IntN(10) == 0 {
			added = append(added, r)
		}
	}
	appendRefusals(t, s, added)
}

// delete deletes the refusals before a time, which is mostly within an hour.
func (m *model) delete(t *testing.T, s store.Store, before time.Time) {
	t.Helper()
	before = before.Truncate(time.Millisecond)
	want := int64(0)
	for id, r := range m.kept {
		if r.Time.Before(before) {
			delete(m.kept, id)
			want++
		}
	}
	if deleted, err := s.Refusals().DeleteBefore(within(t), before); err != nil || deleted != want {
		t.Errorf("deleting returns %d, %v and not %d", deleted, err, want)
	}
}

// compare asks for a report by some dimensions, of some refusals, mostly of whole hours or days.
func (m *model) compare(t *testing.T, s store.Store) {
	t.Helper()
	by := slices.Clone(store.Dimensions)
	m.random.Shuffle(len(by), func(i, j int) { by[i], by[j] = by[j], by[i] })
	by = by[:oneOf(m.random, 1, 1, 2, 2, 3, len(by))]
	var f store.RefusalFilter
	for _, set := range []func(){
		func() { f.Account = "a" }, func() { f.Channel = "voice" }, func() { f.Territory = "UZ" }, func() { f.Class = "low_risk" },
		func() { f.Reason = "number_blocked" }, func() { f.Outcome = "deny" }, func() { f.Key = "SK1" }, func() { f.Prefix = "+99" },
		func() { f.Prefix = "+7" }, func() { f.Territory = "DE" },
	} {
		if m.random.IntN(8) == 0 {
			set()
		}
	}
	if m.random.IntN(2) == 0 {
		f.From = m.draw().Time.Truncate(oneOf(m.random, time.Millisecond, time.Hour, 24*time.Hour))
	}
	if m.random.IntN(2) == 0 {
		f.To = m.draw().Time.Truncate(oneOf(m.random, time.Millisecond, time.Hour, 24*time.Hour))
	}
	m.list(t, s, f)
	var rows []store.Counted
	limit := oneOf(m.random, 0, 0, 1, 3, 1000)
	err := s.Refusals().Report(within(t), f, by, limit, func(c store.Counted) error { rows = append(rows, c); return nil })
	got, want := linesOf(rows), countedOneByOne(m.kept, f, by)
	if limit > 0 {
		want = want[:min(limit, len(want))]
	}
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("by %q, of %+v, there are %q and not %q, %v", by, f, got, want, err)
	}
}

// list asks for some refusals, and compares them with those that there are.
func (m *model) list(t *testing.T, s store.Store, f store.RefusalFilter) {
	t.Helper()
	q := store.RefusalQuery{RefusalFilter: f, Limit: oneOf(m.random, 0, 1, 10)}
	var want []string
	for id, r := range m.kept {
		if selects(f, &r) {
			want = append(want, id)
		}
	}
	slices.Sort(want)
	slices.Reverse(want)
	if len(want) > 3 && m.random.IntN(2) == 0 {
		q.Before = want[2]
		want = want[3:]
	}
	if q.Limit > 0 {
		want = want[:min(q.Limit, len(want))]
	}
	var got []string
	for _, r := range refusalsOf(t, s, q) {
		got = append(got, r.ID)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("of %+v, there are %d and not %d: %q and not %q", q, len(got), len(want), got, want)
	}
}

// refusalsAreCountedAsTheyAre compares reports with the refusals that there are, of which some
// came twice and some were deleted.
func refusalsAreCountedAsTheyAre(t *testing.T, o Opener) {
	s := o.open(t)
	m := &model{random: rand.New(rand.NewPCG(1, 2)), kept: make(map[string]refusals.Refusal)}
	oldest := noon
	for range 20 {
		m.append(t, s)
		if m.random.IntN(3) == 0 {
			oldest = oldest.Add(time.Duration(m.random.Int64N(int64(6 * time.Hour))))
			m.delete(t, s, oldest)
		}
		if _, err := s.Refusals().Forget(within(t), "b"); err != nil {
			t.Fatal(err)
		}
		for id, r := range m.kept {
			if r.Account == "b" {
				r.Prefix = ""
				m.kept[id] = r
			}
		}
		for range 30 {
			m.compare(t, s)
		}
	}
	m.delete(t, s, noon.Add(100*time.Hour))
	for range 30 {
		m.compare(t, s) // nothing is counted zero times
	}
}
