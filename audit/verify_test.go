package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// modelRoot is the Merkle tree hash as https://www.rfc-editor.org/rfc/rfc6962#section-2.1
// defines it, written as it reads.
func modelRoot(leaves [][]byte) [32]byte {
	switch len(leaves) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, leaves[0]...))
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	left, right := modelRoot(leaves[:k]), modelRoot(leaves[k:])
	return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
}

func TestTheTreeIsThatOfTheModel(t *testing.T) {
	m := logOf(t, 70)
	var leaves [][]byte
	var tree frontier
	for size := range m.size + 1 {
		want := tlog.Hash(modelRoot(leaves))
		stored, err := tlog.TreeHash(size, m)
		if err != nil {
			t.Fatal(err)
		}
		if stored != want || tree.root() != want {
			t.Fatalf("%d leaves hash to %v as stored and %v as verified, and to %v in the model", size, stored, tree.root(), want)
		}
		if size < m.size {
			leaves = append(leaves, m.leaves[size].Text)
			tree.append(tlog.RecordHash(m.leaves[size].Text), nil)
		}
	}
}

func TestALogThatIsNotTamperedWithVerifies(t *testing.T) {
	for _, size := range []int64{0, 1, 2, 3, 63, stride - 1, stride, stride + 1} {
		m := logOf(t, size)
		heads := []Head{m.head(t), logOf(t, 0).head(t), logOf(t, size/2).head(t)}
		report, err := Verify(t.Context(), m, heads...)
		if err != nil {
			t.Fatal(err)
		}
		if report.Wrong != nil || report.Size != size || report.Root != m.head(t).Root || report.Deleted != 0 {
			t.Errorf("a log of %d records: %+v %v", size, report, report.Wrong)
		}
	}
}

func TestALogVerifiesWithoutPersonalFieldsThatAreDeleted(t *testing.T) {
	m := logOf(t, 20)
	head := m.head(t)
	for i := range m.leaves[:7] {
		m.leaves[i].Personal, m.leaves[i].Key = nil, nil
	}
	report, err := Verify(t.Context(), m, head)
	if err != nil || report.Wrong != nil || report.Deleted != 7 {
		t.Errorf("%+v %v %v", report, report.Wrong, err)
	}
}

// reseal writes a record of a log as another one, and leaves the hashes as they are.
func (m *memoryLog) reseal(t *testing.T, at int, alter func(*Record)) {
	t.Helper()
	r := record(int64(at))
	alter(&r)
	text, personal, err := r.Seal(fixedKey())
	if err != nil {
		t.Fatal(err)
	}
	m.leaves[at].Text, m.leaves[at].Personal = text, personal
}

func rename(r *Record) { r.Actor.Name = "mallory" }

func TestTamperingIsFoundWhereItIs(t *testing.T) {
	const size = 40
	for _, test := range []struct {
		name          string
		tamper        func(t *testing.T, m *memoryLog)
		heads         []int64 // sizes that were signed before
		first, before int64
		problem       string
	}{
		{"a byte of a leaf is altered", func(_ *testing.T, m *memoryLog) {
			m.leaves[17].Text = bytes.Replace(m.leaves[17].Text, []byte("alice"), []byte("Alice"), 1)
		}, nil, 17, 18, "stored hash"},
		{"a leaf is altered and a later one is unreadable", func(t *testing.T, m *memoryLog) {
			m.reseal(t, 17, rename)
			m.leaves[30].Text = []byte("{")
		}, nil, 17, 18, "stored hash"},
		{"a leaf is written in another form", func(_ *testing.T, m *memoryLog) {
			m.leaves[5].Text = append(m.leaves[5].Text, ' ')
		}, nil, 5, 6, "form"},
		{"a leaf and its hash are altered", func(t *testing.T, m *memoryLog) {
			m.reseal(t, 17, rename)
			m.hashes[tlog.StoredHashIndex(0, 17)] = tlog.RecordHash(m.leaves[17].Text)
		}, nil, 16, 18, "stored hash"},
		{"a leaf and all hashes are altered, between two signed heads", func(t *testing.T, m *memoryLog) {
			m.reseal(t, 17, rename)
			m.rewrite(t)
		}, []int64{30, 10, 20}, 10, 20, "signed head of 20"},
		{"the first leaf and all hashes are altered", func(t *testing.T, m *memoryLog) {
			m.reseal(t, 0, rename)
			m.rewrite(t)
		}, []int64{40}, 0, 40, "signed head of 40"},
		{"personal fields are altered", func(_ *testing.T, m *memoryLog) {
			m.leaves[8].Personal = bytes.Replace(m.leaves[8].Personal, []byte("launch"), []byte("lunch"), 1)
		}, nil, 8, 9, "personal fields"},
		{"personal fields are deleted and their key is not", func(_ *testing.T, m *memoryLog) {
			m.leaves[8].Personal = nil
		}, nil, 8, 9, "personal fields"},
		{"the key alone is deleted", func(_ *testing.T, m *memoryLog) {
			m.leaves[8].Key = nil
		}, nil, 8, 9, "key"},
		{"the key is another", func(_ *testing.T, m *memoryLog) {
			m.leaves[8].Key = NewKey()
		}, nil, 8, 9, "personal fields"},
		{"the stored time is altered", func(_ *testing.T, m *memoryLog) {
			m.leaves[9].Time = m.leaves[9].Time.Add(2 * resolution)
		}, nil, 9, 10, "time"},
		{"a leaf is missing", func(_ *testing.T, m *memoryLog) {
			m.leaves = slices.Delete(m.leaves, 12, 13)
		}, nil, 12, 13, "missing: record 13 follows"},
		{"the first leaf is missing", func(_ *testing.T, m *memoryLog) {
			m.leaves = m.leaves[1:]
		}, nil, 0, 1, "missing"},
		{"the last leaf is missing", func(_ *testing.T, m *memoryLog) {
			m.leaves = m.leaves[:size-1]
		}, nil, size - 1, size, "missing"},
		{"a leaf is missing and the rows are numbered again", func(_ *testing.T, m *memoryLog) {
			m.leaves = slices.Delete(m.leaves, 12, 13)
			for i := range m.leaves {
				m.leaves[i].Index = int64(i)
			}
		}, nil, 12, 13, "the leaf of record 13"},
		{"two leaves are reordered", func(_ *testing.T, m *memoryLog) {
			m.leaves[20], m.leaves[23] = m.leaves[23], m.leaves[20]
		}, nil, 20, 21, "missing: record 23 follows"},
		{"two leaves are reordered and the rows are numbered again", func(_ *testing.T, m *memoryLog) {
			m.leaves[20], m.leaves[23] = m.leaves[23], m.leaves[20]
			m.leaves[20].Index, m.leaves[23].Index = 20, 23
		}, nil, 20, 21, "the leaf of record 23"},
		{"a leaf is doubled", func(_ *testing.T, m *memoryLog) {
			m.leaves = slices.Insert(m.leaves, 7, m.leaves[6])
		}, nil, 7, 8, "record 6 is in its place again"},
		{"the last leaf is doubled", func(_ *testing.T, m *memoryLog) {
			m.leaves = append(m.leaves, m.leaves[size-1])
		}, nil, size, size + 1, "more than the log states"},
		{"a doubled leaf is numbered as another", func(_ *testing.T, m *memoryLog) {
			m.leaves[7] = m.leaves[6]
			m.leaves[7].Index = 7
		}, nil, 7, 8, "the leaf of record 6"},
		{"the log is truncated, and its hashes are not", func(_ *testing.T, m *memoryLog) {
			m.leaves, m.size = m.leaves[:30], 30
		}, nil, 30, 31, "truncated"},
		{"the log and its hashes are truncated after a head was signed", func(t *testing.T, m *memoryLog) {
			m.leaves = m.leaves[:30]
			m.rewrite(t)
		}, []int64{10, 35}, 30, 35, "truncated: a signed head states 35"},
		{"all is deleted after a head was signed", func(_ *testing.T, m *memoryLog) {
			*m = memoryLog{}
		}, []int64{35}, 0, 35, "truncated"},
		{"a record is inserted, with all hashes", func(t *testing.T, m *memoryLog) {
			*m = *logOf(t, size+1)
			m.reseal(t, 25, rename)
			m.rewrite(t)
		}, []int64{24, 40}, 24, 40, "signed head of 40"},
		{"the hash of a leaf is altered", func(_ *testing.T, m *memoryLog) {
			m.hashes[tlog.StoredHashIndex(0, 21)][3] ^= 1
		}, nil, 21, 22, "stored hash"},
		{"a hash over leaves is altered", func(_ *testing.T, m *memoryLog) {
			m.hashes[tlog.StoredHashIndex(3, 2)][3] ^= 1
		}, nil, 16, 24, "stored hash"},
		{"the last hashes are missing", func(_ *testing.T, m *memoryLog) {
			m.hashes = m.hashes[:tlog.StoredHashIndex(0, 38)]
		}, nil, 38, 39, "cannot be read"},
		{"a revision is set back", func(t *testing.T, m *memoryLog) {
			m.reseal(t, 31, func(r *Record) { r.Revision = 2 })
			m.rewrite(t)
		}, nil, 31, 32, "revision 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := logOf(t, size)
			var heads []Head
			for _, n := range test.heads {
				heads = append(heads, logOf(t, n).head(t))
			}
			test.tamper(t, m)
			report, err := Verify(t.Context(), m, heads...)
			if err != nil {
				t.Fatal(err)
			}
			wrong := report.Wrong
			if wrong == nil {
				t.Fatal("nothing is found")
			}
			if wrong.First != test.first || wrong.Before != test.before || !strings.Contains(wrong.Problem, test.problem) {
				t.Errorf("found: %v (%d to %d), not %d to %d: %s", wrong, wrong.First, wrong.Before, test.first, test.before, test.problem)
			}
			if report.Size != wrong.First || report.Root != (tlog.Hash{}) {
				t.Errorf("%d records are said to be verified, with the root %v", report.Size, report.Root)
			}
		})
	}
}

func TestALogThatGrowsMeanwhileVerifies(t *testing.T) {
	m := logOf(t, 40)
	before := m.size
	growing := &growingLog{memoryLog: m, grow: func() { *m = *logOf(t, 50) }}
	report, err := Verify(t.Context(), growing)
	if err != nil || report.Wrong != nil || report.Size != before {
		t.Errorf("%+v %v %v", report, report.Wrong, err)
	}
}

// growingLog gets further records once its size was read.
type growingLog struct {
	*memoryLog
	grow func()
}

func (g *growingLog) Size(ctx context.Context) (int64, error) {
	size, err := g.memoryLog.Size(ctx)
	if g.grow != nil {
		g.grow()
		g.grow = nil
	}
	return size, err
}

func TestAVerificationThatIsCancelledFindsNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if report, err := Verify(ctx, logOf(t, 3)); err == nil {
		t.Errorf("it reports %+v", report)
	}
}

func BenchmarkVerify(b *testing.B) {
	m := logOf(b, 20_000)
	b.ReportAllocs()
	for b.Loop() {
		if report, err := Verify(b.Context(), m); err != nil || report.Wrong != nil {
			b.Fatal(report, err)
		}
	}
	b.ReportMetric(float64(m.size)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
