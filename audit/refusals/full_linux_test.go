package refusals

import (
	"errors"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// On a full disk, each refusal is in the spool or reported, and none of those that fit is lost.
func TestOnAFullDiskWhatFitsIsKeptAndTheRestIsReported(t *testing.T) {
	disk := t.TempDir()
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("mounting a small disk needs root: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	sink := &memorySink{away: errAway}
	var lost, kept []int64
	w := open(t, Options{Folder: filepath.Join(disk, "spool"), Sink: sink, Strict: true, OnLost: func(refusals []Refusal, err error) {
		for _, r := range refusals {
			lost = append(lost, r.Revision)
		}
	}})
	for n := range 2000 {
		switch err := w.Write(t.Context(), refusal(n)); {
		case err == nil:
			kept = append(kept, int64(n))
		case !errors.Is(err, unix.ENOSPC):
			t.Fatal(err)
		}
	}
	if len(kept) < 300 || len(lost) == 0 || len(kept)+len(lost) != 2000 {
		t.Fatalf("%d are kept and %d reported of 2000", len(kept), len(lost))
	}
	sink.set(nil, false)
	awaitNumbers(t, sink, kept)
}
