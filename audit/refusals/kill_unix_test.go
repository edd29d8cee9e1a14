//go:build unix

package refusals

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// spoolVariable makes this test the process that is killed: one that writes to the spool there.
const spoolVariable = "TOLLGATE_TEST_SPOOL"

// A process that writes in strict mode is killed at random points. What it said is on disk is
// there, once.
func TestWhatWasWrittenStrictlyOutlivesTheProcess(t *testing.T) {
	if folder := os.Getenv(spoolVariable); folder != "" {
		writeUntilKilled(t, folder)
		return
	}
	folder := t.TempDir()
	acknowledged := map[string]bool{}
	for range 12 {
		child := exec.Command(os.Args[0], "-test.run", "^TestWhatWasWrittenStrictlyOutlivesTheProcess$")
		child.Env = append(os.Environ(), spoolVariable+"="+folder)
		output, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines, killAt := bufio.NewScanner(output), 1+rand.IntN(400)
		for n := 0; lines.Scan(); n++ {
			if len(lines.Text()) == 32 { // whole: the last may be cut
				acknowledged[lines.Text()] = true
			}
			if n == killAt {
				child.Process.Kill()
			}
		}
		child.Wait() // it was killed
	}
	sink := &memorySink{}
	open(t, Options{Folder: folder, Sink: sink})
	harness.AwaitNil(t, "all that was acknowledged is there", func() error {
		sink.mu.Lock()
		defer sink.mu.Unlock()
		for id := range acknowledged {
			if !sink.known[id] {
				return fmt.Errorf("%s of %d is not", id, len(acknowledged))
			}
		}
		return nil
	})
	if len(acknowledged) < 12 {
		t.Errorf("only %d were acknowledged", len(acknowledged))
	}
}

func writeUntilKilled(t *testing.T, folder string) {
	w := open(t, Options{Folder: folder, Sink: &memorySink{away: errAway}, Strict: true})
	for writer := range 4 {
		go func() {
			for n := 0; ; n++ {
				r := refusal(writer*1_000_000 + n)
				r.ID = NewID(r.Time)
				if w.Write(t.Context(), r) == nil {
					fmt.Println(r.ID)
				}
			}
		}()
	}
	select {}
}
