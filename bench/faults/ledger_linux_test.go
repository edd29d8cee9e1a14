package faults_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/store"
)

// document is what these tests state of an account. The label is another in each change.
type document struct {
	Label     string   `json:"label"`
	Messaging []string `json:"messaging"`
}

// attempt is a change of an account that was tried.
type attempt struct {
	// document is nil if the account was deleted.
	document *document
	// revision by which the change was acknowledged, 0 if it was not: it may have been made.
	revision int64
}

func (a attempt) String() string {
	if a.document == nil {
		return fmt.Sprintf("a deletion (revision %d)", a.revision)
	}
	return fmt.Sprintf("%s %v (revision %d)", a.document.Label, a.document.Messaging, a.revision)
}

// ledger is what one client has done to its accounts. No other client changes those.
type ledger struct {
	accounts []string
	attempts map[string][]attempt
	// count is that of attempts, and acknowledged of those that succeeded.
	count, acknowledged int
}

// newLedger is that of a client by its number, with three accounts.
func newLedger(client int) *ledger {
	l := &ledger{attempts: map[string][]attempt{}}
	for i := range 3 {
		l.accounts = append(l.accounts, accountID(3*client+i))
	}
	return l
}

// change makes a random change through a gate, and returns the account. What is answered other
// than a success may have been made.
func (l *ledger) change(g *gate) (account string, got answer, err error) {
	account = l.accounts[rand.IntN(len(l.accounts))]
	l.count++
	made := attempt{}
	if last, known := l.last(account); known && last.document != nil && rand.IntN(8) == 0 {
		got, err = g.manage(http.MethodDelete, "/accounts/"+account, "")
	} else {
		made.document = &document{Label: fmt.Sprint("change ", l.count)}
		for _, territory := range slices.Sorted(maps.Keys(numbers)) {
			if rand.IntN(2) == 0 {
				made.document.Messaging = append(made.document.Messaging, territory)
			}
		}
		if made.document.Messaging == nil {
			made.document.Messaging = []string{"US"}
		}
		text, _ := json.Marshal(made.document)
		got, err = g.manage(http.MethodPut, "/accounts/"+account, string(text))
	}
	if err == nil && got.status < 300 {
		var change struct{ Revision string }
		if err := json.Unmarshal([]byte(got.body), &change); err != nil {
			return account, got, err
		}
		made.revision = revisionOf(change.Revision)
		l.acknowledged++
	}
	l.attempts[account] = append(l.attempts[account], made)
	return account, got, err
}

// last is the last change of an account, if that was acknowledged.
func (l *ledger) last(account string) (attempt, bool) {
	attempts := l.attempts[account]
	if len(attempts) == 0 {
		return attempt{}, true
	}
	last := attempts[len(attempts)-1]
	return last, last.revision > 0
}

// check sends messages of an account through a gate: what was acknowledged is in force.
func (l *ledger) check(g *gate, account string) error {
	last, known := l.last(account)
	if !known {
		return nil
	}
	for territory := range numbers {
		sent, err := g.send(account, territory)
		if err != nil {
			return err
		}
		if want := last.permits(territory); sent != want {
			return wrong{fmt.Errorf("after %v, a message of %s to %s is let through: %v", last, account, territory, sent)}
		}
		if last.document == nil {
			return nil // one is enough: the gate takes its time to refuse an unknown account
		}
	}
	return nil
}

// wrong is an error that no fault explains.
type wrong struct{ error }

func (a attempt) permits(territory string) bool {
	return a.document != nil && slices.Contains(a.document.Messaging, territory)
}

// revisionOf is the store's part of a policy's revision.
func revisionOf(policy string) int64 {
	_, text, _ := strings.Cut(policy, ".")
	revision, _ := strconv.ParseInt(text, 10, 64)
	return revision
}

// history is what a store has: the changes of each account in their order.
type history map[string][]attempt

// readHistory checks that the audit log is whole and has one record of each revision, and that
// each object is what its last record says.
func readHistory(t testing.TB, s store.Store) history {
	t.Helper()
	ctx := context.Background()
	h := history{}
	report, err := audit.Verify(ctx, s.Log())
	if err != nil || report.Wrong != nil {
		t.Fatalf("the audit log does not verify: %v, %v", report.Wrong, err)
	}
	err = s.Log().Leaves(ctx, 0, report.Size, func(l store.Leaf) error {
		r, err := audit.ParseLeaf(l.Text, l.Personal, l.Key)
		if err != nil {
			return err
		}
		if r.Revision != r.Index+1 {
			return fmt.Errorf("record %d is of revision %d", r.Index, r.Revision)
		}
		h[r.Object] = append(h[r.Object], attempt{documentOf(r.After), r.Revision})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	objects := 0
	version, err := s.Read(ctx, func(o store.Object) error {
		objects++
		last := attempt{documentOf(o.Document), int64(o.Revision)}
		if recorded := h[o.ID]; len(recorded) == 0 || last.String() != recorded[len(recorded)-1].String() {
			return fmt.Errorf("account %s is %v, and its records are %v", o.ID, last, recorded)
		}
		return nil
	})
	if err != nil || int64(version.Revision) != report.Size {
		t.Fatalf("at %v there are %d records: %v", version, report.Size, err)
	}
	for _, recorded := range h {
		if recorded[len(recorded)-1].document != nil {
			objects--
		}
	}
	if objects != 0 {
		t.Fatalf("there are %d accounts more than the records say", objects)
	}
	return h
}

func documentOf(text json.RawMessage) *document {
	if text == nil {
		return nil
	}
	d := new(document)
	if json.Unmarshal(text, d) != nil {
		d.Label = string(text)
	}
	return d
}

// settle compares what a client has done with what a store has: all that was acknowledged, in
// its order, and beside it only what may have been made. Only what was made stays.
func (l *ledger) settle(t testing.TB, h history) {
	t.Helper()
	for _, account := range l.accounts {
		recorded := h[account]
		for _, made := range l.attempts[account] {
			isRecorded := len(recorded) > 0 && (attempt{made.document, recorded[0].revision}).String() == recorded[0].String()
			switch {
			case isRecorded && (made.revision == 0 || made.revision == recorded[0].revision):
				recorded = recorded[1:]
			case made.revision > 0:
				t.Fatalf("account %s: %v was acknowledged and is lost; next in the store: %v", account, made, recorded)
			}
		}
		if len(recorded) > 0 {
			t.Fatalf("account %s: the store has changes that no one made: %v", account, recorded)
		}
		l.attempts[account] = slices.Clone(h[account])
	}
}

// at is what was in force for an account at a revision.
func (h history) at(account string, revision int64) attempt {
	last := attempt{}
	for _, a := range h[account] {
		if a.revision > revision {
			break
		}
		last = a
	}
	return last
}
