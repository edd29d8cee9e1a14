package keys_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/keys"
)

// interrupted names the file that a process of its own changes until it is killed.
const interrupted = "TOLLGATE_TEST_INTERRUPTED_KEYS"

// changeForEver makes a key and revokes it, over and over, and says what was
// acknowledged.
func changeForEver(file string) {
	for {
		key, _, err := keys.Create(file, carriers, keys.Key{Account: other}, now)
		if err != nil {
			panic(err)
		}
		fmt.Println("created", key.SID)
		if _, err := keys.Revoke(file, carriers, now, key.SID); err != nil {
			panic(err)
		}
		fmt.Println("revoked", key.SID)
	}
}

// Whatever a command was at when it was killed, the next one works at once, and what
// was acknowledged is in the file.
func TestAKilledCommandBlocksNoOther(t *testing.T) {
	const rounds = 40
	beImpatient(t)
	file := newFile(t)
	acknowledged := make(map[string]bool) // by SID, whether it is revoked
	left := 0
	for round := range rounds {
		for _, line := range changeAndBeKilled(t, file) {
			what, sid, whole := strings.Cut(line, " ")
			if !whole || len(sid) != len("SK")+32 {
				continue // cut off
			}
			acknowledged[sid] = what == "revoked"
		}
		if entries, _ := os.ReadDir(filepath.Dir(file)); len(entries) > 1 {
			left++
		}
		// Of the next command, the first thing it does may be to revoke.
		for sid, revoked := range acknowledged {
			if !revoked {
				if _, err := keys.Revoke(file, carriers, now, sid); err != nil {
					t.Fatalf("round %d: %v", round, err)
				}
				acknowledged[sid] = true
				break
			}
		}
		mine, _ := create(t, file, keys.Key{Account: acme})
		acknowledged[mine.SID] = false
		state := make(map[string]bool)
		for key := range read(t, file).All() {
			state[key.SID] = !key.Revoked.IsZero()
		}
		for sid, revoked := range acknowledged {
			if is, there := state[sid]; !there || revoked && !is {
				t.Fatalf("round %d: %s was acknowledged, revoked %t, and is there %t, revoked %t", round, sid, revoked, there, is)
			}
		}
	}
	if entries, _ := os.ReadDir(filepath.Dir(file)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	t.Logf("%d changes were acknowledged; %d of %d commands were killed while they wrote", len(acknowledged), left, rounds)
}

// changeAndBeKilled starts a process that changes a file, kills it within its first
// changes, and returns what it had acknowledged.
func changeAndBeKilled(t *testing.T, file string) []string {
	t.Helper()
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), interrupted+"="+file)
	output, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(output)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(rand.N(8*time.Millisecond), func() { program.Process.Kill() })
	defer kill.Stop()
	rest, _ := io.ReadAll(lines)
	if err := program.Wait(); !errors.As(err, new(*exec.ExitError)) {
		t.Fatalf("ended by itself: %v", err)
	}
	return strings.Split(first+string(rest), "\n")
}

func TestWhatAnInterruptedCommandLeftBehindBlocksNoOther(t *testing.T) {
	beImpatient(t)
	for says, left := range map[string]map[string]string{
		"a lock of a kind that was a file with half of the keys": {".lock": `{"version": 1, "ke`},
		"an empty one":             {".lock": ""},
		"half of a new file":       {".new": `{"version": 1, "ke`},
		"a lock, and a whole file": {".lock": "", ".new": `{"version": 1, "keys": []}`},
	} {
		t.Run(says, func(t *testing.T) {
			file := newFile(t)
			leave := func() {
				for extension, text := range left {
					if err := os.WriteFile(file+extension, []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
			leave()
			key, _ := create(t, file, keys.Key{Account: acme})
			leave()
			if _, err := keys.Revoke(file, carriers, now, key.SID); err != nil {
				t.Error(err)
			}
			if refused := read(t, file); refused.Len() != 1 {
				t.Errorf("%d keys", refused.Len())
			}
			if entries, _ := os.ReadDir(filepath.Dir(file)); len(entries) != 1 {
				t.Errorf("left behind: %v", entries)
			}
		})
	}
}

// Where the folder belongs to the server, it must not lead a root who revokes to
// another file.
func TestALinkIsNoLock(t *testing.T) {
	file := newFile(t)
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	text := []byte("another's")
	if err := os.WriteFile(elsewhere, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, file+".new"); err != nil {
		t.Skip(err)
	}
	create(t, file, keys.Key{Account: acme})
	if err := os.Symlink(elsewhere, file+".lock"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := keys.Create(file, carriers, keys.Key{Account: acme}, now); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if is, err := os.ReadFile(elsewhere); err != nil || !bytes.Equal(is, text) {
		t.Errorf("it says %q, %v", is, err)
	}
}
