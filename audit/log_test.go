package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// memoryLog is a log that can be tampered with.
type memoryLog struct {
	size   int64
	leaves []Leaf
	hashes []tlog.Hash
}

func (m *memoryLog) Size(context.Context) (int64, error) { return m.size, nil }

func (m *memoryLog) Leaves(_ context.Context, first, before int64, yield func(Leaf) error) error {
	for _, l := range m.leaves {
		if l.Index >= first && l.Index < before {
			if err := yield(l); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *memoryLog) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(m.hashes)) {
			return nil, fmt.Errorf("hash %d does not exist", index)
		}
		hashes[i] = m.hashes[index]
	}
	return hashes, nil
}

// add makes a leaf the last of the log.
func (m *memoryLog) add(t testing.TB, text, personal, key []byte, at time.Time) {
	t.Helper()
	hashes, err := Append(m.size, text, m)
	if err != nil {
		t.Fatal(err)
	}
	m.leaves = append(m.leaves, Leaf{m.size, at, text, personal, key})
	m.hashes = append(m.hashes, hashes...)
	m.size++
}

// rewrite makes the log and its hashes again from its leaves, as an intruder would who can
// write to the whole store.
func (m *memoryLog) rewrite(t testing.TB) {
	t.Helper()
	leaves := m.leaves
	*m = memoryLog{}
	for _, l := range leaves {
		m.add(t, l.Text, l.Personal, l.Key, l.Time)
	}
}

func (m *memoryLog) head(t testing.TB) Head {
	t.Helper()
	root, err := tlog.TreeHash(m.size, m)
	if err != nil {
		t.Fatal(err)
	}
	return Head{origin, m.size, root}
}

// fixedKey is a key whose commitments are the same each time.
func fixedKey() []byte { return []byte("0123456789abcdef0123456789abcdef") }

func record(index int64) Record {
	return Record{
		Index: index, Revision: 1 + index/2, Time: time.Date(2026, 3, 1, 9, 30, int(index), 1500, time.UTC),
		Actor:  Actor{Name: "alice@example.com", Role: "admin", Address: "192.0.2.7", Through: "api"},
		Action: "account.put", Kind: "account", Object: "acme", Account: "acme",
		Reason: "Opened <for> the launch", Ticket: "OPS-12",
		Before: json.RawMessage(`{"messaging":["US"]}`), After: json.RawMessage(fmt.Sprintf(`{"messaging":["US","CA"],"n":%d}`, index)),
	}
}

func logOf(t testing.TB, size int64) *memoryLog {
	t.Helper()
	m := &memoryLog{}
	for index := range size {
		r := record(index)
		text, personal, err := r.Seal(fixedKey())
		if err != nil {
			t.Fatal(err)
		}
		m.add(t, text, personal, fixedKey(), r.Time)
	}
	return m
}

const (
	origin = "gate.example.com/audit"
	// A key of tests, which signs nothing else.
	privateKey = "PRIVATE+KEY+gate.example.com/audit+355c23ae+AQyopiTzPMNcX8IIh66rwWr4bvnCrjNq/v4ovB/yM0Ht"
	publicKey  = "gate.example.com/audit+355c23ae+AZdN2U9hj68HDDqpthQTTpw2f7JWNgIJyIWZiiv4rgWa"
)

func keys(t testing.TB) (note.Signer, note.Verifier) {
	t.Helper()
	signer, err := note.NewSigner(privateKey)
	verifier, err2 := note.NewVerifier(publicKey)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	return signer, verifier
}

func signed(t testing.TB, h Head) []byte {
	t.Helper()
	signer, _ := keys(t)
	text, err := SignHead(signer, h.Size, h.Root)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
