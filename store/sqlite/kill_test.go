package sqlite

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/storetest"
)

var rounds = flag.Int("kills", 60, "how often TestKilled kills a process that writes")

// fileOfChild is the variable that names the file to a process that TestKilled starts.
const fileOfChild = "TOLLGATE_STORE_OF_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(fileOfChild); path != "" {
		fmt.Fprintln(os.Stderr, writeUntilKilled(path))
		os.Exit(1)
	}
	flag.Parse()
	os.Exit(m.Run())
}

// writeUntilKilled commits one change after another, and prints each revision once it is
// acknowledged.
func writeUntilKilled(path string) error {
	s, err := Open(context.Background(), path)
	if err != nil {
		return err
	}
	for {
		made, err := s.Commit(context.Background(), numbered(s.version))
		if err != nil {
			return err
		}
		fmt.Println(made.Revision)
	}
}

// numbered is the change after a version: a new object, and one that all changes write, each
// with a record.
func numbered(before store.Version) store.Change {
	c, revision := store.Change{Expect: before}, before.Revision+1
	for _, id := range []string{"last", fmt.Sprint(revision)} {
		document := json.RawMessage(fmt.Sprint(revision))
		c.Objects = append(c.Objects, store.Object{Kind: store.Account, ID: id, Document: document})
		c.Records = append(c.Records, audit.Record{Action: "account.put", Kind: "account", Object: id, Account: id, After: document})
	}
	return c
}

// The test kills a process that writes, at random moments. It shows that a change that was
// acknowledged outlives its process; that it outlives a loss of power is SQLite's promise of
// synchronous=FULL (https://sqlite.org/pragma.html#pragma_synchronous), and the disk's.
func TestKilled(t *testing.T) {
	const perFile = 10 // of them, further ones begin with a file that was killed before
	total := store.Revision(0)
	path := ""
	for round := range *rounds {
		if round%perFile == 0 {
			path = filepath.Join(t.TempDir(), "store.db")
		}
		acknowledged := killWhileItWrites(t, path)
		revision := checkNumbered(t, path)
		// A change may be made and its process killed before it prints so.
		if revision != acknowledged && revision != acknowledged+1 {
			t.Fatalf("round %d: change %d was acknowledged, and the file has revision %d", round, acknowledged, revision)
		}
		if round%perFile == perFile-1 || round == *rounds-1 {
			total += revision
		}
	}
	t.Logf("%d kills, %d changes", *rounds, total)
}

// killWhileItWrites starts a process that writes, kills it, and returns the last revision
// that it acknowledged.
func killWhileItWrites(t *testing.T, path string) store.Revision {
	t.Helper()
	self, err := os.Executable()
	try(t, err)
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), fileOfChild+"="+path)
	child.Stderr = os.Stderr
	output, err := child.StdoutPipe()
	try(t, err)
	try(t, child.Start())
	lines := bufio.NewReader(output)
	acknowledged := 0
	for {
		line, err := lines.ReadString('\n')
		if err != nil { // a line that was cut off is not an acknowledgement
			break
		}
		if acknowledged == 0 {
			time.AfterFunc(time.Duration(rand.IntN(100_000))*time.Microsecond, func() { child.Process.Kill() })
		}
		acknowledged, err = strconv.Atoi(line[:len(line)-1])
		try(t, err)
	}
	child.Wait() // it was killed
	if acknowledged == 0 {
		t.Fatal("the process ended before its first change")
	}
	return store.Revision(acknowledged)
}

// checkNumbered opens a file and checks that it has every change up to its revision, each
// whole.
func checkNumbered(t *testing.T, path string) store.Revision {
	t.Helper()
	s := openFile(t, path)
	defer s.Close()
	objects := map[string]bool{}
	version, err := s.Read(t.Context(), func(o store.Object) error {
		id := o.ID
		if id == "last" {
			id = fmt.Sprint(o.Revision)
		}
		if string(o.Document) != id || fmt.Sprint(o.Revision) != id {
			t.Errorf("object %s is %s of revision %d", o.ID, o.Document, o.Revision)
		}
		objects[o.ID] = true
		return nil
	})
	try(t, err)
	revision := version.Revision
	if len(objects) != int(revision)+1 {
		t.Errorf("at revision %d there are %d objects", revision, len(objects))
	}
	size, err := s.Log().Size(t.Context())
	try(t, err)
	if size != 2*int64(revision) {
		t.Errorf("at revision %d there are %d records", revision, size)
	}
	err = s.Log().Leaves(t.Context(), 0, size, func(l store.Leaf) error {
		var record struct {
			Revision int64
			Object   string
		}
		if err := json.Unmarshal(l.Text, &record); err != nil {
			return err
		}
		if record.Revision != l.Index/2+1 || !objects[record.Object] {
			t.Errorf("record %d is of object %s, revision %d", l.Index, record.Object, record.Revision)
		}
		return nil
	})
	try(t, err)
	storetest.Verify(t, s)
	return revision
}
