package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/store"
)

func empty(t *testing.T, o Opener) {
	s := o.open(t)
	if lines, revision := read(t, s); len(lines) != 0 || revision != 0 {
		t.Errorf("it reads %q at revision %d", lines, revision)
	}
	if lines, revision := changes(t, s, versionOf(t, s)); len(lines) != 0 || revision != 0 {
		t.Errorf("it has changes %q at revision %d", lines, revision)
	}
	if _, err := s.Get(within(t), store.Settings, ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("getting the settings returns %v", err)
	}
	if size := sizeOf(t, s); size != 0 {
		t.Errorf("its log has %d records", size)
	}
}

func readsWhatWasWritten(t *testing.T, o Opener) {
	s := o.open(t)
	settings := objectOf(store.Settings, "", "s")
	block := objectOf(store.Block, "+62", "b")
	// The bytes of a document are kept as they are, also spaces and the order of members.
	spaced := store.Object{Kind: store.Account, ID: "spaced", Document: json.RawMessage(`{ "b":1,  "a": 1.0, "a":"Ünïcode <&>" }`)}
	commit(t, s, 0, settings, object("b", "1"), spaced)
	commit(t, s, 1, object("a", "2"), block)
	want := []string{
		lineOf(object("a", "2"), 2), lineOf(object("b", "1"), 1), lineOf(spaced, 1),
		lineOf(block, 2), lineOf(settings, 1),
	}
	if lines, revision := read(t, s); !slices.Equal(lines, want) || revision != 2 {
		t.Errorf("it reads at revision %d\n%q and not\n%q", revision, lines, want)
	}
	got, err := s.Get(within(t), store.Account, "spaced")
	if err != nil || line(got) != lineOf(spaced, 1) {
		t.Errorf("getting an account returns %s, %v", line(got), err)
	}
	if _, err := s.Get(within(t), store.Block, "a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("getting an ID of another kind returns %v", err)
	}
}

func listsOneKind(t *testing.T, o Opener) {
	s := o.open(t)
	first, second := objectOf(store.Block, "1", "a"), objectOf(store.Block, "2", "b")
	commit(t, s, 0, second, object("account", "1"), objectOf(store.Block, "3", "c"))
	commit(t, s, 1, first, objectOf(store.Suspension, "1", "d"))
	commit(t, s, 2, store.Object{Kind: store.Block, ID: "3"})
	var lines []string
	revision, err := s.List(within(t), store.Block, func(o store.Object) error {
		lines = append(lines, line(o))
		return nil
	})
	if want := []string{lineOf(first, 2), lineOf(second, 1)}; err != nil || !slices.Equal(lines, want) || revision != 3 {
		t.Errorf("it lists at revision %d\n%q and not\n%q: %v", revision, lines, want, err)
	}
}

func survivesClosing(t *testing.T, o Opener) {
	s := o.open(t)
	commit(t, s, 0, object("a", "1"), object("b", "1"))
	commit(t, s, 1, store.Object{Kind: store.Account, ID: "b"})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = o.open(t)
	want := []string{lineOf(object("a", "1"), 1)}
	if lines, revision := read(t, s); !slices.Equal(lines, want) || revision != 2 {
		t.Errorf("it reads %q at revision %d", lines, revision)
	}
	commit(t, s, 2, object("c", "3"))
	if size := sizeOf(t, s); size != 4 {
		t.Errorf("its log has %d records and not 4", size)
	}
	Verify(t, s)
}

func changesAfter(t *testing.T, o Opener) {
	s := o.open(t)
	zero := versionOf(t, s)
	one := commit(t, s, 0, object("a", "1"), object("b", "1"), object("c", "1"))
	two := commit(t, s, 1, object("c", "2"))
	gone := store.Object{Kind: store.Account, ID: "b"}
	three := commit(t, s, 2, gone)
	for _, test := range []struct {
		after store.Version
		want  []string
	}{
		{zero, []string{lineOf(object("a", "1"), 1), lineOf(gone, 3), lineOf(object("c", "2"), 2)}},
		{one, []string{lineOf(gone, 3), lineOf(object("c", "2"), 2)}},
		{two, []string{lineOf(gone, 3)}},
		{three, nil},
	} {
		if lines, revision := changes(t, s, test.after); !slices.Equal(lines, test.want) || revision != 3 {
			t.Errorf("the changes after %v are at revision %d\n%q and not\n%q", test.after, revision, lines, test.want)
		}
	}
}

func deletes(t *testing.T, o Opener) {
	s := o.open(t)
	gone := store.Object{Kind: store.Account, ID: "a"}
	commit(t, s, 0, object("a", "1"))
	commit(t, s, 1, gone)
	if lines, _ := read(t, s); len(lines) != 0 {
		t.Errorf("it reads %q", lines)
	}
	if _, err := s.Get(within(t), store.Account, "a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("getting it returns %v", err)
	}
	commit(t, s, 2, gone, store.Object{Kind: store.Account, ID: "never"}) // returns no error
	commit(t, s, 3, object("a", "4"))
	if got, err := s.Get(within(t), store.Account, "a"); err != nil || line(got) != lineOf(object("a", "4"), 4) {
		t.Errorf("getting what was written again returns %s, %v", line(got), err)
	}
}

func oddIDs(t *testing.T, o Opener) {
	s := o.open(t)
	// In the order of their bytes, in which they are read.
	ids := []string{
		"", " ", " a", "%", "'; DROP TABLE objects; --", "+62", "../a", "/", "A", "B", "\\", "_",
		"a", "a ", "a/b", "a\nb", strings.Repeat("long", 250), "z", "à", "é", "日本", "🙂",
	}
	slices.Sort(ids)
	var objects []store.Object
	var want []string
	for i, id := range ids {
		objects = append(objects, object(id, fmt.Sprint(i)))
		want = append(want, lineOf(objects[i], 1))
	}
	commit(t, s, 0, objects...)
	if lines, _ := read(t, s); !slices.Equal(lines, want) {
		t.Errorf("it reads\n%q and not\n%q", lines, want)
	}
	for i, id := range ids {
		if got, err := s.Get(within(t), store.Account, id); err != nil || line(got) != want[i] {
			t.Errorf("getting %q returns %s, %v", id, line(got), err)
		}
	}
	Verify(t, s)
}

func large(t *testing.T, o Opener) {
	s := o.open(t)
	big := object("big", strings.Repeat("x", 1<<20))
	commit(t, s, 0, big)
	if got, err := s.Get(within(t), store.Account, "big"); err != nil || !bytes.Equal(got.Document, big.Document) {
		t.Errorf("a document of %d bytes is returned with %d bytes, %v", len(big.Document), len(got.Document), err)
	}
	const many = 2000
	var objects []store.Object
	for i := range many {
		objects = append(objects, objectOf(store.Opening, fmt.Sprintf("%04d", i), "v"))
	}
	commit(t, s, 1, objects...)
	if lines, _ := read(t, s); len(lines) != many+1 {
		t.Errorf("it reads %d objects and not %d", len(lines), many+1)
	}
	Verify(t, s)
}

func conflicts(t *testing.T, o Opener) {
	s := o.open(t)
	zero := versionOf(t, s)
	one := commit(t, s, 0, object("a", "1"))
	two := commit(t, s, 1, object("a", "2"))
	for _, expect := range []store.Version{zero, one, {Revision: 3, Commit: two.Commit}} {
		version, err := s.Commit(within(t), change(expect, object("a", "lost"), object("b", "lost")))
		if !errors.Is(err, store.ErrConflict) {
			t.Errorf("a change checked by %v returns %v, %v", expect, version, err)
		}
	}
	unchanged(t, s)
}

// otherHistory asks by versions that a store had before it was put back: of numbers that it has
// given again, and of one that it has not reached.
func otherHistory(t *testing.T, o Opener) {
	s := o.open(t)
	zero := versionOf(t, s)
	one := commit(t, s, 0, object("a", "1"))
	two := commit(t, s, 1, object("a", "2"))
	none := func(store.Object) error { return errors.New("an object is yielded") }
	for _, lost := range []store.Version{
		{Revision: 0, Commit: "lost"}, {Revision: 1, Commit: "lost"}, {Revision: 2, Commit: "lost"},
		{Revision: 2, Commit: ""}, {Revision: 2, Commit: one.Commit}, {Revision: 1, Commit: zero.Commit},
		{Revision: 3, Commit: "lost"}, {Revision: 3, Commit: two.Commit}, {},
	} {
		if version, err := s.Changes(within(t), lost, none); !errors.Is(err, store.ErrUnknownVersion) {
			t.Errorf("the changes after %v are at %v, %v", lost, version, err)
		}
		if version, err := s.Commit(within(t), change(lost, object("a", "lost"))); !errors.Is(err, store.ErrConflict) {
			t.Errorf("a change checked by %v returns %v, %v", lost, version, err)
		}
	}
	unchanged(t, s)
}

// unchanged checks that a store is as two changes of account "a" left it, and that it can be
// changed further.
func unchanged(t *testing.T, s store.Store) {
	t.Helper()
	want := []string{lineOf(object("a", "2"), 2)}
	if lines, revision := read(t, s); !slices.Equal(lines, want) || revision != 2 {
		t.Errorf("it reads %q at revision %d and not %q at 2", lines, revision, want)
	}
	if size := sizeOf(t, s); size != 2 {
		t.Errorf("its log has %d records and not 2", size)
	}
	commit(t, s, 2, object("a", "3"))
	Verify(t, s)
}

func failsAsAWhole(t *testing.T, o Opener) {
	s := o.open(t)
	commit(t, s, 0, object("a", "1"))
	commit(t, s, 1, object("a", "2"))
	c := change(versionOf(t, s), object("a", "lost"), object("b", "lost"))
	c.Records = append(c.Records, audit.Record{Action: "account.put", Account: "a", After: json.RawMessage("{no JSON")})
	if version, err := s.Commit(within(t), c); err == nil {
		t.Errorf("it returns %v", version)
	}
	unchanged(t, s)
}

func contextEnded(t *testing.T, o Opener) {
	s := o.open(t)
	commit(t, s, 0, object("a", "1"))
	at := commit(t, s, 1, object("a", "2"))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Commit(ended, change(at, object("a", "lost"))); !errors.Is(err, context.Canceled) {
		t.Errorf("committing returns %v", err)
	}
	none := func(store.Object) error { return nil }
	if _, err := s.Read(ended, none); !errors.Is(err, context.Canceled) {
		t.Errorf("reading returns %v", err)
	}
	if _, err := s.Changes(ended, at, none); !errors.Is(err, context.Canceled) {
		t.Errorf("reading changes returns %v", err)
	}
	if _, err := s.Get(ended, store.Account, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("getting returns %v", err)
	}
	unchanged(t, s)
}

func yieldFails(t *testing.T, o Opener) {
	s := o.open(t)
	zero := versionOf(t, s)
	commit(t, s, 0, object("a", "1"), object("b", "1"))
	commit(t, s, 1, object("a", "2"), store.Object{Kind: store.Account, ID: "b"})
	enough := errors.New("enough")
	calls := 0
	fail := func(store.Object) error { calls++; return enough }
	if _, err := s.Read(within(t), fail); !errors.Is(err, enough) || calls != 1 {
		t.Errorf("Read returns %v after %d calls", err, calls)
	}
	if _, err := s.Changes(within(t), zero, fail); !errors.Is(err, enough) || calls != 2 {
		t.Errorf("Changes returns %v after %d calls", err, calls-1)
	}
	failLeaf := func(store.Leaf) error { calls++; return enough }
	if err := s.Log().Leaves(within(t), 0, 4, failLeaf); !errors.Is(err, enough) || calls != 3 {
		t.Errorf("Leaves returns %v after %d calls", err, calls-2)
	}
	commit(t, s, 2, object("a", "3")) // nothing is locked
}
