package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// Source is a log as it is stored.
type Source interface {
	tlog.HashReader

	// Size is the number of records.
	Size(ctx context.Context) (int64, error)

	// Leaves calls yield with the records whose index is from first to before, in order.
	Leaves(ctx context.Context, first, before int64, yield func(Leaf) error) error
}

// Report is what verifying a log found.
type Report struct {
	// Size is the number of records before the first that is wrong, and so of all if nothing
	// is. Root is then the hash of all.
	Size int64
	Root tlog.Hash
	// Deleted is the number of records without personal fields, if nothing is wrong.
	Deleted int64
	// Wrong is what is wrong first, nil if nothing is.
	Wrong *Finding
}

// Finding is something that is wrong with a log.
type Finding struct {
	// First is the index of the first record that is wrong. If only a hash over several
	// records shows it, it is one of those before Before, otherwise Before is First+1.
	First, Before int64
	// Problem says in words what is wrong.
	Problem string
}

// String says where a finding is, and what.
func (f *Finding) String() string {
	if f.Before > f.First+1 {
		return fmt.Sprintf("records %d to %d: %s", f.First, f.Before-1, f.Problem)
	}
	return fmt.Sprintf("record %d: %s", f.First, f.Problem)
}

// stride is how many records are read at once. The hashes that they make are kept until then.
const stride = 4096

// Verify reads all of a log, computes its hashes from the records and compares them with those
// that are stored, and with signed heads of before. It returns an error only if the log cannot
// be read; what is wrong with it stands in the report. Its memory does not grow with the log.
//
// Records may be added meanwhile: it verifies those that there are at first.
func Verify(ctx context.Context, source Source, heads ...Head) (Report, error) {
	size, err := source.Size(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("reading the size of the audit log: %w", err)
	}
	heads = slices.SortedFunc(slices.Values(heads), func(a, b Head) int { return cmp.Compare(a.Size, b.Size) })
	v := &verification{source: source, heads: heads}
	for v.wrong == nil && v.tree.size < size {
		if v.compareHeads(); v.wrong != nil {
			break
		}
		before := min(v.tree.size+stride, size)
		if len(v.heads) > 0 {
			before = min(before, v.heads[0].Size)
		}
		if err := v.read(ctx, before); err != nil {
			return Report{}, fmt.Errorf("reading the audit log from record %d on: %w", v.tree.size, err)
		}
	}
	if v.wrong == nil {
		v.compareHeads()
	}
	if v.wrong == nil {
		if err := v.checkEnd(ctx); err != nil {
			return Report{}, err
		}
	}
	if v.wrong != nil {
		return Report{Size: v.wrong.First, Wrong: v.wrong}, nil
	}
	return Report{Size: v.tree.size, Root: v.tree.root(), Deleted: v.deleted}, nil
}

// verification is how far a log is verified.
type verification struct {
	source  Source
	heads   []Head // those that are not compared yet, by size
	agreed  int64  // the size of the last head that was compared
	tree    frontier
	hashes  []tlog.Hash // those of the stride, in the order in which they are stored
	last    *Record
	deleted int64
	wrong   *Finding
}

// errStop ends the reading of leaves at one that is wrong.
var errStop = errors.New("a leaf is wrong")

// read verifies the records up to an index.
func (v *verification) read(ctx context.Context, before int64) error {
	first, hashesFrom := v.tree.size, tlog.StoredHashCount(v.tree.size)
	v.hashes = v.hashes[:0]
	err := v.source.Leaves(ctx, first, before, func(l Leaf) error {
		r, problem := v.check(l, before)
		if problem != "" {
			v.wrong = &Finding{v.tree.size, v.tree.size + 1, problem}
			return errStop
		}
		v.last = r
		if len(l.Personal) == 0 {
			v.deleted++
		}
		v.hashes = v.tree.append(tlog.RecordHash(l.Text), v.hashes)
		return nil
	})
	if err != nil && !errors.Is(err, errStop) {
		return err
	}
	if v.wrong == nil && v.tree.size < before {
		v.wrong = &Finding{v.tree.size, v.tree.size + 1, "it is missing"}
	}
	// What is before the leaf that is wrong may be wrong too, and only the hashes show it.
	finding, err := v.compareStored(hashesFrom)
	if finding != nil {
		v.wrong = finding
	}
	return cmp.Or(ctx.Err(), err)
}

// check returns what is wrong with a leaf by itself and beside the one before it.
func (v *verification) check(l Leaf, before int64) (*Record, string) {
	index := v.tree.size
	switch {
	case index == before:
		return nil, "there is a record more than the log states"
	case l.Index > index:
		return nil, fmt.Sprintf("it is missing: record %d follows", l.Index)
	case l.Index < index:
		return nil, fmt.Sprintf("record %d is in its place again", l.Index)
	}
	r, err := ParseLeaf(l.Text, l.Personal, l.Key)
	switch {
	case err != nil:
		return nil, err.Error()
	case r.Index != index:
		return nil, fmt.Sprintf("the leaf of record %d is in its place", r.Index)
	case l.Time.Sub(r.Time).Abs() > resolution:
		return nil, "it is stored with another time than its leaf has"
	case v.last != nil && r.Revision < v.last.Revision:
		return nil, fmt.Sprintf("its revision %d is before that of the record before it, %d", r.Revision, v.last.Revision)
	}
	return r, ""
}

// compareStored compares the hashes of the stride with those that are stored, and returns the
// first that differs.
func (v *verification) compareStored(hashesFrom int64) (*Finding, error) {
	if len(v.hashes) == 0 {
		return nil, nil
	}
	indexes := make([]int64, len(v.hashes))
	for i := range indexes {
		indexes[i] = hashesFrom + int64(i)
	}
	stored, err := v.source.ReadHashes(indexes)
	if err != nil || len(stored) != len(indexes) {
		return v.firstUnreadable(indexes)
	}
	for i, hash := range v.hashes {
		if hash != stored[i] {
			return hashFinding(indexes[i], "the stored hash is another than the records have"), nil
		}
	}
	return nil, nil
}

// firstUnreadable looks for the hash on account of which all could not be read.
func (v *verification) firstUnreadable(indexes []int64) (*Finding, error) {
	for i, index := range indexes {
		stored, err := v.source.ReadHashes([]int64{index})
		switch {
		case err != nil:
			return hashFinding(index, "the stored hash cannot be read: "+err.Error()), nil
		case len(stored) != 1:
			return hashFinding(index, "the stored hash is missing"), nil
		case stored[0] != v.hashes[i]:
			return hashFinding(index, "the stored hash is another than the records have"), nil
		}
	}
	return nil, errors.New("the stored hashes can be read one at a time only: run it again")
}

// hashFinding is about a stored hash, and so about the records below it.
func hashFinding(storedIndex int64, problem string) *Finding {
	level, n := tlog.SplitStoredHashIndex(storedIndex)
	return &Finding{n << level, (n + 1) << level, problem}
}

// compareHeads compares what was verified with the signed heads of its size.
func (v *verification) compareHeads() {
	for len(v.heads) > 0 && v.heads[0].Size == v.tree.size {
		head := v.heads[0]
		v.heads = v.heads[1:]
		if head.Root != v.tree.root() {
			v.wrong = &Finding{v.agreed, max(head.Size, v.agreed+1), fmt.Sprintf("the signed head of %d records has another hash than they have: "+
				"one of them was altered after it was signed, with the hashes that are stored", head.Size)}
			return
		}
		v.agreed = head.Size
	}
}

// checkEnd returns whether the log goes on: what was signed or hashed must be there.
func (v *verification) checkEnd(ctx context.Context) error {
	end := v.tree.size
	if len(v.heads) > 0 {
		signed := v.heads[len(v.heads)-1].Size
		v.wrong = &Finding{end, signed, fmt.Sprintf("the log is truncated: a signed head states %d records, and there are %d", signed, end)}
		return nil
	}
	further, err := v.source.ReadHashes([]int64{tlog.StoredHashCount(end)})
	if err != nil || len(further) != 1 {
		return nil // as it should be: the hash does not exist
	}
	size, err := v.source.Size(ctx)
	if err != nil {
		return fmt.Errorf("reading the size of the audit log: %w", err)
	}
	if size == end {
		v.wrong = &Finding{end, end + 1, "the log is truncated: the hash of a further record is stored"}
	}
	return nil
}
