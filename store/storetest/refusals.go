package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/store"
)

// noon is when the first refusal of the tests is made.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)

// refused are refusals of two accounts, each 20 minutes after the one before.
func refused() []refusals.Refusal {
	all := []refusals.Refusal{
		{Account: "a", Channel: "messaging", Territory: "UZ", Prefix: "+998912345", Outcome: "deny", Reason: "territory_not_permitted"},
		{Account: "b", Channel: "voice", Territory: "UZ", Class: "high_risk", Prefix: "+998912349", Outcome: "deny", Reason: "territory_not_permitted"},
		{Account: "a", Channel: "voice", Territory: "US", Class: "low_risk", Prefix: "+1201555", Outcome: "monitor", Reason: "number_blocked", Key: "SK1"},
		{Account: "a", Channel: "messaging", Territory: "UZ", Prefix: "+998_%", Outcome: "monitor", Reason: "number_blocked"},
	}
	for i := range all {
		r := &all[i]
		r.Time = noon.Add(time.Duration(i) * 20 * time.Minute)
		r.ID = refusals.NewID(r.Time)
		r.Credential, r.Sender, r.Destination = "main", "********0100", "********5678"
		r.Rule, r.Revision, r.RequestID, r.Answered, r.Client = "account "+r.Account, int64(i), fmt.Sprint("RQ", i), "20003", "192.0.2.7"
	}
	return all
}

func appendRefusals(t *testing.T, s store.Store, added []refusals.Refusal) {
	t.Helper()
	if err := s.Refusals().Append(within(t), added); err != nil {
		t.Fatalf("writing %d refusals: %v", len(added), err)
	}
}

func refusalsOf(t *testing.T, s store.Store, q store.RefusalQuery) []refusals.Refusal {
	t.Helper()
	var found []refusals.Refusal
	err := s.Refusals().Query(within(t), q, func(r refusals.Refusal) error { found = append(found, r); return nil })
	if err != nil {
		t.Fatalf("reading refusals by %+v: %v", q, err)
	}
	return found
}

func refusalsAreKept(t *testing.T, o Opener) {
	s := o.open(t)
	all := refused()
	appendRefusals(t, s, all[:2])
	appendRefusals(t, s, nil)
	// After an error, the same ones come again, with others; one batch may have one twice.
	again := slices.Clone(all[:3])
	again[0].Reason = "another"
	appendRefusals(t, s, append(again, all[2], all[3]))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	found := refusalsOf(t, o.open(t), store.RefusalQuery{})
	slices.Reverse(all)
	if !slices.Equal(found, all) {
		t.Errorf("there are\n%+v\nand not\n%+v", found, all)
	}
}

func refusalsHaveOddTexts(t *testing.T, o Opener) {
	s := o.open(t)
	r := refusals.Refusal{ID: refusals.NewID(noon), Time: noon, Rule: "a\x00b", Sender: "Müller \xff '; --", Client: "{NULL}"}
	appendRefusals(t, s, []refusals.Refusal{r})
	r.Rule, r.Sender = "a\uFFFDb", "Müller \uFFFD '; --"
	if found := refusalsOf(t, s, store.RefusalQuery{}); len(found) != 1 || found[0] != r {
		t.Errorf("there are %+v and not %+v", found, r)
	}
}

func refusalsAreSelected(t *testing.T, o Opener) {
	s := o.open(t)
	all := refused()
	appendRefusals(t, s, all)
	for _, test := range []struct {
		name string
		q    store.RefusalQuery
		want string // their revisions
	}{
		{"all", store.RefusalQuery{}, "3 2 1 0"},
		{"the newest two", store.RefusalQuery{Limit: 2}, "3 2"},
		{"two after these", store.RefusalQuery{Limit: 2, Before: all[2].ID}, "1 0"},
		{"none after the last", store.RefusalQuery{Before: all[0].ID}, ""},
		{"an account", of(store.RefusalFilter{Account: "a"}), "3 2 0"},
		{"a page of an account", store.RefusalQuery{RefusalFilter: store.RefusalFilter{Account: "a"}, Limit: 1, Before: all[3].ID}, "2"},
		{"a channel", of(store.RefusalFilter{Channel: "voice"}), "2 1"},
		{"a territory", of(store.RefusalFilter{Territory: "US"}), "2"},
		{"a class", of(store.RefusalFilter{Class: "high_risk"}), "1"},
		{"a reason", of(store.RefusalFilter{Reason: "number_blocked"}), "3 2"},
		{"an outcome", of(store.RefusalFilter{Outcome: "deny"}), "1 0"},
		{"a key", of(store.RefusalFilter{Key: "SK1"}), "2"},
		{"a prefix", of(store.RefusalFilter{Prefix: "+9989"}), "1 0"},
		{"a prefix is not a pattern", of(store.RefusalFilter{Prefix: "+998_"}), "3"},
		{"from a time on", of(store.RefusalFilter{From: all[2].Time}), "3 2"},
		{"before a time", of(store.RefusalFilter{To: all[2].Time}), "1 0"},
		{"all at once", of(store.RefusalFilter{Account: "a", Territory: "UZ", From: all[1].Time, To: all[3].Time.Add(time.Hour)}), "3"},
		{"a value that none has", of(store.RefusalFilter{Account: "' OR true --"}), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, r := range refusalsOf(t, s, test.q) {
				got = append(got, fmt.Sprint(r.Revision))
			}
			if text := strings.Join(got, " "); text != test.want {
				t.Errorf("it selects %q and not %q", text, test.want)
			}
		})
	}
	errStop := errors.New("stop")
	if err := s.Refusals().Query(within(t), store.RefusalQuery{}, func(refusals.Refusal) error { return errStop }); !errors.Is(err, errStop) {
		t.Errorf("an error of yield returns %v", err)
	}
}

// of is a query for all that a filter selects.
func of(f store.RefusalFilter) store.RefusalQuery { return store.RefusalQuery{RefusalFilter: f} }

func refusalsAreCounted(t *testing.T, o Opener) {
	s := o.open(t)
	appendRefusals(t, s, refused())
	for _, test := range []struct {
		name   string
		filter store.RefusalFilter
		by     []store.Dimension
		want   []string
	}{
		{"by one", store.RefusalFilter{}, []store.Dimension{store.ByTerritory}, []string{"UZ 3", "US 1"}},
		{"by two, most first and then in order", store.RefusalFilter{}, []store.Dimension{store.ByAccount, store.ByOutcome}, []string{"a monitor 2", "a deny 1", "b deny 1"}},
		{"by the hour", store.RefusalFilter{}, []store.Dimension{store.ByHour, store.ByChannel}, []string{
			"2026-03-01T12:00:00Z voice 2", "2026-03-01T12:00:00Z messaging 1", "2026-03-01T13:00:00Z messaging 1",
		}},
		{"by the rest", store.RefusalFilter{}, []store.Dimension{store.ByClass, store.ByReason}, []string{
			" number_blocked 1", " territory_not_permitted 1", "high_risk territory_not_permitted 1", "low_risk number_blocked 1",
		}},
		{"of some", store.RefusalFilter{Account: "a", Outcome: "monitor"}, []store.Dimension{store.ByTerritory}, []string{"US 1", "UZ 1"}},
		{"of none", store.RefusalFilter{Account: "c"}, []store.Dimension{store.ByTerritory}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			err := s.Refusals().Report(within(t), test.filter, test.by, 0, func(c store.Counted) error {
				got = append(got, fmt.Sprint(strings.Join(c.Values, " "), " ", c.Count))
				return nil
			})
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("there are %q and not %q, %v", got, test.want, err)
			}
		})
	}
	for _, by := range [][]store.Dimension{nil, {"time"}, {store.ByHour, store.ByHour}} {
		if err := s.Refusals().Report(within(t), store.RefusalFilter{}, by, 0, func(store.Counted) error { return nil }); err == nil {
			t.Errorf("counting by %q returns no error", by)
		}
	}
}

func refusalsAreDeleted(t *testing.T, o Opener) {
	s := o.open(t)
	const many = 12_000 // more than any engine deletes at once
	var old []refusals.Refusal
	for i := range many {
		at := noon.Add(time.Duration(i-many) * time.Second)
		old = append(old, refusals.Refusal{ID: refusals.NewID(at), Time: at})
	}
	kept := refused()
	appendRefusals(t, s, append(old, kept...))
	if deleted, err := s.Refusals().DeleteBefore(within(t), noon); err != nil || deleted != many {
		t.Errorf("deleting returns %d, %v", deleted, err)
	}
	if found := refusalsOf(t, s, store.RefusalQuery{}); len(found) != len(kept) {
		t.Errorf("%d are kept and not %d", len(found), len(kept))
	}
	if deleted, err := s.Refusals().DeleteBefore(within(t), noon); err != nil || deleted != 0 {
		t.Errorf("deleting again returns %d, %v", deleted, err)
	}
}

func refusalsAreForgotten(t *testing.T, o Opener) {
	s := o.open(t)
	all := refused()
	appendRefusals(t, s, all)
	for _, want := range []int64{3, 0} {
		if changed, err := s.Refusals().Forget(within(t), "a"); err != nil || changed != want {
			t.Errorf("forgetting returns %d, %v and not %d", changed, err, want)
		}
	}
	for i := range all {
		if r := &all[i]; r.Account == "a" {
			r.Sender, r.Destination, r.Prefix, r.Client = "", "", "", ""
		}
	}
	slices.Reverse(all)
	if found := refusalsOf(t, s, store.RefusalQuery{}); !slices.Equal(found, all) {
		t.Errorf("there are\n%+v\nand not\n%+v", found, all)
	}
}

func refusalsBesideChanges(t *testing.T, o Opener) {
	s := o.open(t)
	const writers, batches, each = 4, 10, 200
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for b := range batches {
				var added []refusals.Refusal
				for range each {
					added = append(added, refusals.Refusal{ID: refusals.NewID(noon), Time: noon, Account: fmt.Sprint(w, b)})
				}
				if err := s.Refusals().Append(t.Context(), added); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range 20 {
		commit(t, s, store.Revision(i), object("a", fmt.Sprint(i)))
	}
	writing.Wait()
	if found := refusalsOf(t, s, store.RefusalQuery{}); len(found) != writers*batches*each {
		t.Errorf("%d are kept and not %d", len(found), writers*batches*each)
	}
}
