package storetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/store"
)

func sizeOf(t *testing.T, s store.Store) int64 {
	t.Helper()
	size, err := s.Log().Size(within(t))
	if err != nil {
		t.Fatalf("asking for the size of the log: %v", err)
	}
	return size
}

func leavesOf(t *testing.T, s store.Store, first, before int64) []store.Leaf {
	t.Helper()
	var leaves []store.Leaf
	err := s.Log().Leaves(within(t), first, before, func(l store.Leaf) error {
		// The bytes may be the store's until the next call.
		l.Text, l.Personal, l.Key = bytes.Clone(l.Text), bytes.Clone(l.Personal), bytes.Clone(l.Key)
		leaves = append(leaves, l)
		return nil
	})
	if err != nil {
		t.Fatalf("reading the leaves from %d to %d: %v", first, before, err)
	}
	return leaves
}

// hashes are those of a log, computed from its leaves.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, i := range indexes {
		found = append(found, h[i])
	}
	return found, nil
}

// Verify computes the tree of the log from its leaves, compares the hashes that are stored
// with it, and returns its head.
func Verify(t *testing.T, s store.Store) tlog.Hash {
	t.Helper()
	size := sizeOf(t, s)
	leaves := leavesOf(t, s, 0, size)
	if int64(len(leaves)) != size {
		t.Fatalf("the log has size %d and %d leaves", size, len(leaves))
	}
	var computed hashes
	for i, l := range leaves {
		if l.Index != int64(i) {
			t.Fatalf("the leaf at place %d has index %d", i, l.Index)
		}
		more, err := audit.Append(l.Index, l.Text, computed)
		if err != nil {
			t.Fatal(err)
		}
		computed = append(computed, more...)
	}
	indexes := make([]int64, len(computed))
	for i := range indexes {
		indexes[i] = int64(i)
	}
	stored, err := s.Log().ReadHashes(indexes)
	if err != nil || !slices.Equal(stored, computed) {
		t.Fatalf("the %d hashes that are stored are not those of the leaves (%v)", len(stored), err)
	}
	if _, err := s.Log().ReadHashes([]int64{int64(len(computed))}); err == nil {
		t.Error("a hash after the last one is returned")
	}
	head, err := tlog.TreeHash(size, s.Log())
	if err != nil {
		t.Fatalf("computing the head of the log: %v", err)
	}
	return head
}

func recordsAreSealed(t *testing.T, o Opener) {
	s := o.open(t)
	began := time.Now()
	changes := []store.Change{
		change(store.Version{}, object("a", "1"), object("b", "1")),
		change(store.Version{}, store.Object{Kind: store.Account, ID: "b"}),
		{Records: []audit.Record{record(object("a", "only a record"))}},
		{Objects: []store.Object{object("c", "without a record")}},
		change(store.Version{}, objectOf(store.Settings, "", "the operator's")),
	}
	// What the caller sets is not kept: the place in the log is the store's to say.
	changes[0].Records[1].Index, changes[0].Records[1].Revision, changes[0].Records[1].Time = 7, 7, time.Unix(7, 0)
	for i, c := range changes {
		c.Expect = versionOf(t, s)
		if version, err := s.Commit(within(t), c); err != nil || version.Revision != store.Revision(i+1) {
			t.Fatalf("change %d returns %v, %v", i, version, err)
		}
	}
	ended := time.Now()
	leaves := leavesOf(t, s, 0, sizeOf(t, s))
	index, keys := 0, map[string][]byte{}
	for i, c := range changes {
		for _, r := range c.Records {
			l := leaves[index]
			// A database may keep less of a second, and have a clock of its own.
			if l.Time.Before(began.Add(-time.Minute)) || l.Time.After(ended.Add(time.Minute)) {
				t.Errorf("record %d was made from %s to %s and has the time %s", index, began, ended, l.Time)
			}
			r.Index, r.Revision, r.Time = int64(index), int64(i+1), l.Time
			text, personal, err := r.Seal(l.Key)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(l.Text, text) || !bytes.Equal(l.Personal, personal) {
				t.Errorf("record %d is stored as\n%s %s\nand not as\n%s %s", index, l.Text, l.Personal, text, personal)
			}
			if key, ok := keys[r.Account]; len(l.Key) != audit.KeySize || ok && !bytes.Equal(l.Key, key) {
				t.Errorf("record %d of account %q has the key %x", index, r.Account, l.Key)
			}
			keys[r.Account] = l.Key
			index++
		}
	}
	if index != len(leaves) {
		t.Errorf("%d records are stored as %d leaves", index, len(leaves))
	}
	if bytes.Equal(keys["a"], keys["b"]) || bytes.Equal(keys["a"], keys[""]) {
		t.Error("two accounts have one key")
	}
	Verify(t, s)
}

func leavesOfARange(t *testing.T, o Opener) {
	s := o.open(t)
	for i := range 5 {
		commit(t, s, store.Revision(i), object("a", fmt.Sprint(i)))
	}
	for _, test := range []struct{ first, before, from, count int64 }{
		{0, 5, 0, 5}, {0, 1, 0, 1}, {2, 4, 2, 2}, {4, 5, 4, 1}, {3, 3, 0, 0}, {5, 5, 0, 0},
	} {
		leaves := leavesOf(t, s, test.first, test.before)
		if int64(len(leaves)) != test.count || test.count > 0 && leaves[0].Index != test.from {
			t.Errorf("from %d to %d there are %d leaves", test.first, test.before, len(leaves))
		}
	}
}

func leavesOfAnAccount(t *testing.T, o Opener) {
	s := o.open(t)
	for i := range 3 {
		commit(t, s, store.Revision(i), object("a", fmt.Sprint(i)), object("b", fmt.Sprint(i)))
	}
	if _, err := s.Log().Forget(within(t), "b"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		account string
		before  int64
		limit   int
		indexes []int64
	}{
		{"a", 6, 10, []int64{4, 2, 0}}, {"b", 6, 10, []int64{5, 3, 1}}, {"a", 4, 10, []int64{2, 0}}, {"a", 5, 1, []int64{4}},
		{"a", 0, 10, nil}, {"unknown", 6, 10, nil}, {"a", math.MaxInt64, 2, []int64{4, 2}},
	} {
		var indexes []int64
		err := s.Log().LeavesOf(within(t), test.account, test.before, test.limit, func(l store.Leaf) error {
			indexes = append(indexes, l.Index)
			if (l.Personal == nil) != (test.account == "b") {
				t.Errorf("record %d has %s", l.Index, l.Personal)
			}
			return nil
		})
		if err != nil || !slices.Equal(indexes, test.indexes) {
			t.Errorf("of %s before %d there are %v, %v", test.account, test.before, indexes, err)
		}
	}
}

func logVerifies(t *testing.T, o Opener) {
	s := o.open(t)
	const changes = 20 // of two records each, past a power of two
	heads := []tlog.Hash{{}}
	for i := range changes {
		commit(t, s, store.Revision(i), object("a", fmt.Sprint(i)), object("b", fmt.Sprint(i)))
		heads = append(heads, Verify(t, s))
	}
	head, size := heads[changes], int64(2*changes)
	for _, l := range leavesOf(t, s, 0, size) {
		proof, err := tlog.ProveRecord(size, l.Index, s.Log())
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckRecord(proof, size, head, l.Index, tlog.RecordHash(l.Text)); err != nil {
			t.Errorf("the proof of record %d: %v", l.Index, err)
		}
	}
	for older := 1; older <= changes; older++ {
		proof, err := tlog.ProveTree(size, int64(2*older), s.Log())
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckTree(proof, size, head, int64(2*older), heads[older]); err != nil {
			t.Errorf("the proof that the log of %d records became that of %d: %v", 2*older, size, err)
		}
	}
}

func forgets(t *testing.T, o Opener) {
	s := o.open(t)
	commit(t, s, 0, object("a", "1"), object("b", "1"))
	commit(t, s, 1, object("a", "2"))
	before, head := leavesOf(t, s, 0, 3), Verify(t, s)
	for _, test := range []struct {
		account string
		records int64
	}{{"a", 2}, {"a", 0}, {"unknown", 0}} {
		if records, err := s.Log().Forget(within(t), test.account); err != nil || records != test.records {
			t.Errorf("forgetting %q returns %d, %v and not %d", test.account, records, err, test.records)
		}
	}
	if Verify(t, s) != head {
		t.Error("the head of the log is another one")
	}
	for i, l := range leavesOf(t, s, 0, 3) {
		isA := i != 1
		if isA && (l.Personal != nil || l.Key != nil) {
			t.Errorf("of record %d there are still %s and the key %x", i, l.Personal, l.Key)
		}
		if !isA && (!bytes.Equal(l.Personal, before[i].Personal) || !bytes.Equal(l.Key, before[i].Key)) {
			t.Errorf("record %d of another account has %s and the key %x", i, l.Personal, l.Key)
		}
	}
	if got, err := s.Get(within(t), store.Account, "a"); err != nil || line(got) != lineOf(object("a", "2"), 2) {
		t.Errorf("the account itself is %s, %v", line(got), err)
	}

	// What is recorded afterwards has a key of its own, and can be forgotten again.
	commit(t, s, 2, object("a", "3"))
	l := leavesOf(t, s, 0, 4)
	if l[3].Personal == nil || len(l[3].Key) != audit.KeySize || bytes.Equal(l[3].Key, before[0].Key) {
		t.Errorf("a record afterwards has %s and the key %x", l[3].Personal, l[3].Key)
	}
	if l[0].Personal != nil || l[0].Key != nil {
		t.Errorf("a record that was forgotten has %s and the key %x again", l[0].Personal, l[0].Key)
	}
	if !json.Valid(l[0].Text) {
		t.Errorf("a record that was forgotten is %s", l[0].Text)
	}
	if records, err := s.Log().Forget(within(t), "a"); err != nil || records != 1 {
		t.Errorf("forgetting again returns %d, %v", records, err)
	}
}
