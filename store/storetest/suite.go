package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/store"
)

// Opener opens one store, as often as a test asks: to read what it wrote before, and as
// several gates.
type Opener struct {
	// Open returns a handle. The suite closes it.
	Open func(t *testing.T) store.Store
	// Shared reports whether several handles may be open at once. If not, opening a second
	// one is the engine's own test.
	Shared bool
}

// limit is how long a test waits for what is to happen.
const limit = time.Minute

// Run tests an engine. The function returns an opener of a new and empty store each time.
func Run(t *testing.T, create func(t *testing.T) Opener) {
	tests := []struct {
		name string
		test func(t *testing.T, o Opener)
	}{
		{"an empty store has revision 0 and nothing in it", empty},
		{"what was written is read, by kind and ID", readsWhatWasWritten},
		{"a list has the objects of one kind, by ID", listsOneKind},
		{"what was written is there when the store is opened again", survivesClosing},
		{"changes after a revision are the objects written or deleted since", changesAfter},
		{"a deleted object is not found, and can be written again", deletes},
		{"IDs of all sorts are kept apart", oddIDs},
		{"large documents, and many in one change", large},
		{"a change checked by another revision is refused and writes nothing", conflicts},
		{"a version of another history is unknown, and no change is checked by it", otherHistory},
		{"a change whose record cannot be written writes nothing", failsAsAWhole},
		{"a change whose context has ended writes nothing", contextEnded},
		{"an error of yield ends the reading", yieldFails},
		{"a read is as of one revision while others commit", readsOneRevision},
		{"of many who commit at once none is lost", manyCommit},
		{"records have their index, revision and time", recordsAreSealed},
		{"leaves are read from first to before", leavesOfARange},
		{"leaves of an account are read from the newest on", leavesOfAnAccount},
		{"the log verifies, and proves each record and each smaller tree", logVerifies},
		{"what is forgotten is gone, and the log verifies", forgets},
		{"refusals are kept, each once", refusalsAreKept},
		{"refusals have texts of all sorts", refusalsHaveOddTexts},
		{"refusals are selected, the newest first", refusalsAreSelected},
		{"refusals are counted", refusalsAreCounted},
		{"refusals are counted as they are, whatever comes twice or is deleted", refusalsAreCountedAsTheyAre},
		{"old refusals are deleted", refusalsAreDeleted},
		{"what is personal in refusals is forgotten", refusalsAreForgotten},
		{"refusals are written while changes are made", refusalsBesideChanges},
		{"of traffic the last day is kept", trafficKeepsTheLastDay},
		{"traffic is watched since a first day", trafficHasAFirstDay},
		{"many gates record much traffic", trafficOfMany},
		{"sends are counted by hour and by day", sendsAreCounted},
		{"old counts of sends are deleted", oldSendsAreDeleted},
		{"of the sends that many gates count none is lost", sendsOfMany},
		{"of holds the latest is kept until it is over", holdsKeepTheLatest},
		{"who follows holds misses none of those that many gates write", holdsOfMany},
		{"holds have one secret, whichever gate asks first", holdsHaveOneSecret},
		{"of incidents what is written is kept until it is over", incidentsAreKept},
		{"of gates that ask at once whether an incident is told, one is first", incidentsOfMany},
		{"waiting ends by a change, at once if it was made before", waits},
		{"waiting ends with its context", waitEndsWithContext},
		{"waiting ends when the store is closed", waitEndsWithStore},
		{"a closed store returns errors", closed},
		{"two gates see each other's changes", twoGates},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.test(t, create(t)) })
	}
}

// open opens the store and closes it at the end of the test.
func (o Opener) open(t *testing.T) store.Store {
	t.Helper()
	s := o.Open(t)
	t.Cleanup(func() { s.Close() })
	return s
}

// within is a context that ends a test that hangs.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

// object is an account whose document states a value.
func object(id, value string) store.Object { return objectOf(store.Account, id, value) }

func objectOf(kind store.Kind, id, value string) store.Object {
	document, err := json.Marshal(map[string]string{"value": value})
	if err != nil {
		panic(err) // strings are always marshalled
	}
	return store.Object{Kind: kind, ID: id, Document: document}
}

// record is one that says of an object that it was changed.
func record(o store.Object) audit.Record {
	r := audit.Record{
		Actor:  audit.Actor{Name: "alice", Role: "admin", Address: "192.0.2.7", Through: "api"},
		Action: "account.put", Kind: string(o.Kind), Object: o.ID, Account: o.ID,
		Reason: "customer of " + o.ID, Ticket: "T-1", After: o.Document,
	}
	if o.Document == nil {
		r.Action = "account.delete"
	}
	return r
}

// commit makes a change of objects, each with its record, and fails the test if the store is at
// another revision or the change cannot be made.
func commit(t *testing.T, s store.Store, expect store.Revision, objects ...store.Object) store.Version {
	t.Helper()
	before := versionOf(t, s)
	if before.Revision != expect {
		t.Fatalf("the store is at %v and not at revision %d", before, expect)
	}
	version, err := s.Commit(within(t), change(before, objects...))
	if err != nil {
		t.Fatalf("committing after revision %d: %v", expect, err)
	}
	if version.Revision != expect+1 || version.Commit == "" || version.Commit == before.Commit {
		t.Fatalf("the change after %v has %v", before, version)
	}
	return version
}

// versionOf is the version of a store.
func versionOf(t *testing.T, s store.Store) store.Version {
	t.Helper()
	version, err := s.Read(within(t), func(store.Object) error { return nil })
	if err != nil {
		t.Fatalf("reading: %v", err)
	}
	return version
}

func change(expect store.Version, objects ...store.Object) store.Change {
	c := store.Change{Expect: expect, Objects: objects}
	for _, o := range objects {
		c.Records = append(c.Records, record(o))
	}
	return c
}

// read returns all objects, each as a line.
func read(t *testing.T, s store.Store) ([]string, store.Revision) {
	t.Helper()
	var lines []string
	version, err := s.Read(within(t), func(o store.Object) error {
		lines = append(lines, line(o))
		return nil
	})
	if err != nil {
		t.Fatalf("reading: %v", err)
	}
	return lines, version.Revision
}

// changes returns the objects changed after a version, each as a line.
func changes(t *testing.T, s store.Store, after store.Version) ([]string, store.Revision) {
	t.Helper()
	var lines []string
	version, err := s.Changes(within(t), after, func(o store.Object) error {
		lines = append(lines, line(o))
		return nil
	})
	if err != nil {
		t.Fatalf("reading the changes after %v: %v", after, err)
	}
	return lines, version.Revision
}

// line is an object as the tests compare it.
func line(o store.Object) string {
	if o.Document == nil {
		return fmt.Sprintf("%s %q deleted @%d", o.Kind, o.ID, o.Revision)
	}
	return fmt.Sprintf("%s %q %s @%d", o.Kind, o.ID, o.Document, o.Revision)
}

// lineOf is the line of an object that a change of a revision wrote.
func lineOf(o store.Object, revision store.Revision) string {
	o.Revision = revision
	return line(o)
}
