package refusals

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// frames are those of refusals 0 to 4, and where each begins.
func frames(t testing.TB) (data []byte, starts []int) {
	t.Helper()
	for n := range 5 {
		starts = append(starts, len(data))
		r := refusal(n)
		r.ID = NewID(r.Time)
		var err error
		if data, err = appendFrame(data, &r); err != nil {
			t.Fatal(err)
		}
	}
	return data, starts
}

func TestASpoolIsReadOverWhatIsDamaged(t *testing.T) {
	good, starts := frames(t)
	frame := func(n int) []byte { return append(good, "      "...)[starts[n]:append(starts, len(good))[n+1]] }
	size := func(n int) int { return len(frame(n)) }
	flip := func(at int) []byte { data := bytes.Clone(good); data[at] ^= 0x40; return data }
	for _, test := range []struct {
		name          string
		data          []byte
		want          []int64
		torn, damaged int
	}{
		{"all is whole", good, []int64{0, 1, 2, 3, 4}, 0, 0},
		{"it is empty", nil, nil, 0, 0},
		{"the last frame lacks a byte", good[:len(good)-1], []int64{0, 1, 2, 3}, size(4) - 1, 0},
		{"the last frame has its mark alone", good[:starts[4]+4], []int64{0, 1, 2, 3}, 4, 0},
		{"the last frame has a byte", good[:starts[4]+1], []int64{0, 1, 2, 3}, 1, 0},
		{"two frames are cut, and others follow", slices.Concat(frame(0), frame(1)[:30], frame(2)[:9], frame(3), frame(4)), []int64{0, 3, 4}, 0, 39},
		{"two frames are cut, the last too", slices.Concat(frame(0), frame(1)[:30], frame(2), frame(3)[:20]), []int64{0, 2}, 20, 30},
		{"a byte of a refusal is another", flip(starts[2] + 40), []int64{0, 1, 3, 4}, 0, size(2)},
		{"a mark is another", flip(starts[1]), []int64{0, 2, 3, 4}, 0, size(1)},
		{"a length is another", flip(starts[1] + 5), []int64{0, 2, 3, 4}, 0, size(1)},
		{"a length is beyond the file", flip(starts[1] + 6), []int64{0, 2, 3, 4}, 0, size(1)},
		{"a length is beyond all bounds", flip(starts[1] + 7), []int64{0, 2, 3, 4}, 0, size(1)},
		{"zeros follow, as after a power cut", append(bytes.Clone(good), make([]byte, 512)...), []int64{0, 1, 2, 3, 4}, 512, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			refusals, torn, damaged := readFrames(test.data)
			var got []int64
			for _, r := range refusals {
				got = append(got, r.Revision)
			}
			if !slices.Equal(got, test.want) || torn != test.torn || damaged != test.damaged {
				t.Errorf("read: %v, %d bytes torn, %d damaged; not %v, %d, %d", got, torn, damaged, test.want, test.torn, test.damaged)
			}
		})
	}
}

func TestADamagedFileOfTheSpoolIsReportedAndKept(t *testing.T) {
	folder := t.TempDir()
	data, starts := frames(t)
	data[starts[2]+40] ^= 1
	file := filepath.Join(folder, "refusals-0000000000000007.spool")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	reported := make(chan error, 1)
	sink := &memorySink{}
	w := open(t, Options{Folder: folder, Sink: sink, OnError: func(err error) {
		select {
		case reported <- err:
		default:
		}
	}})
	awaitNumbers(t, sink, []int64{0, 1, 3, 4})
	if err := <-reported; !strings.Contains(err.Error(), "damaged") {
		t.Errorf("reported: %v", err)
	}
	if kept, err := os.ReadFile(file + ".damaged"); err != nil || !bytes.Equal(kept, data) {
		t.Errorf("the file is not kept: %v", err)
	}
	sink.set(errAway, false)
	write(t, w, 10, 11)
	harness.Await(t, "the next file has another name", func() bool {
		_, err := os.Stat(filepath.Join(folder, "refusals-0000000000000008.spool"))
		return err == nil
	})
}

func TestARefusalThatIsTooLongIsNotSpooled(t *testing.T) {
	w := open(t, Options{Strict: true, OnLost: func([]Refusal, error) {}})
	long := refusal(1)
	long.RequestID = strings.Repeat("x", maxFrame)
	if err := w.Write(t.Context(), long); err == nil {
		t.Error("it is said to be on disk")
	}
	write(t, w, 2, 3)
	if stats := w.Stats(); stats.Lost != 1 || stats.Spooled != 1 {
		t.Errorf("%+v", stats)
	}
}

func TestIDsSortByTime(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	if a, b := NewID(at), NewID(at.Add(time.Millisecond)); a >= b || NewID(at) == a {
		t.Errorf("%s, then %s", a, b)
	}
	first, id, next := FirstID(at), NewID(at), FirstID(at.Add(time.Millisecond))
	if first > id || id >= next || len(first) != len(id) {
		t.Errorf("%s is not from %s to before %s", id, first, next)
	}
}

func FuzzReadFrames(f *testing.F) {
	data, starts := frames(f)
	f.Add(data)
	f.Add(data[:starts[3]+7])
	f.Add(data[5:])
	f.Fuzz(func(t *testing.T, data []byte) {
		_, torn, damaged := readFrames(data)
		if torn < 0 || damaged < 0 || torn+damaged > len(data) {
			t.Errorf("%d bytes are torn and %d damaged of %d", torn, damaged, len(data))
		}
		// What is written after damage is read, whatever the damage, in one piece.
		good, _ := frames(t)
		refusals, torn, _ := readFrames(append(bytes.Clone(data), good...))
		if torn != 0 || len(refusals) < 5 || refusals[len(refusals)-1].Revision != 4 {
			t.Errorf("after damage, %d refusals are read and %d bytes are torn", len(refusals), torn)
		}
	})
}
