package audit

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Proof shows that a record is in a log whose head is signed. It is checked with the public key
// alone.
type Proof struct {
	// Head is the signed head.
	Head string `json:"head"`
	// Leaf is the record as the log has it.
	Leaf string `json:"leaf"`
	// Path are the hashes, in base64, that lead from the leaf to the root.
	Path []string `json:"path"`
	// Personal are the personal fields, and Key, in hexadecimal, that of their commitment,
	// which is of this record alone. Both are empty once they were deleted.
	Personal string `json:"personal,omitzero"`
	Key      string `json:"key,omitzero"`
}

// Prove returns the proof that a record is in the log of a signed head.
func Prove(ctx context.Context, source Source, index int64, signedHead []byte, verifiers ...note.Verifier) (*Proof, error) {
	head, err := OpenHead(signedHead, verifiers...)
	if err != nil {
		return nil, err
	}
	if index < 0 || index >= head.Size {
		return nil, fmt.Errorf("proving record %d: the head is of %d records: sign one of now", index, head.Size)
	}
	var found *Leaf
	if err := source.Leaves(ctx, index, index+1, func(l Leaf) error { found = &l; return nil }); err != nil {
		return nil, fmt.Errorf("proving record %d: %w", index, err)
	}
	if found == nil {
		return nil, fmt.Errorf("proving record %d: it is missing from the log", index)
	}
	path, err := tlog.ProveRecord(head.Size, index, source)
	if err != nil {
		return nil, fmt.Errorf("proving record %d: %w", index, err)
	}
	proof := &Proof{Head: string(signedHead), Leaf: string(found.Text), Path: make([]string, len(path))}
	for i, hash := range path {
		proof.Path[i] = base64.StdEncoding.EncodeToString(hash[:])
	}
	if len(found.Personal) > 0 {
		proof.Personal = string(found.Personal)
		proof.Key = hex.EncodeToString(recordKey(found.Key, index))
	}
	if _, _, err := proof.check(verifiers); err != nil {
		return nil, fmt.Errorf("proving record %d: the log is altered, verify it: %w", index, err)
	}
	return proof, nil
}

// CheckProof checks the text of a proof, and returns the record that it proves and the head
// that it proves it by. It needs nothing but the public key.
func CheckProof(text []byte, verifiers ...note.Verifier) (*Record, Head, error) {
	var proof Proof
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&proof); err != nil {
		return nil, Head{}, fmt.Errorf("reading a proof: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, Head{}, errors.New("reading a proof: something follows it")
	}
	return proof.check(verifiers)
}

func (p *Proof) check(verifiers []note.Verifier) (*Record, Head, error) {
	head, err := OpenHead([]byte(p.Head), verifiers...)
	if err != nil {
		return nil, Head{}, err
	}
	record, committed, err := parseLeaf([]byte(p.Leaf))
	if err != nil {
		return nil, Head{}, err
	}
	path := make(tlog.RecordProof, len(p.Path))
	for i, text := range p.Path {
		hash, err := tlog.ParseHash(text)
		if err != nil {
			return nil, Head{}, fmt.Errorf("reading hash %d of a proof's path: %w", i, err)
		}
		path[i] = hash
	}
	if record.Index >= head.Size {
		return nil, Head{}, fmt.Errorf("checking a proof of record %d: the head is of %d records", record.Index, head.Size)
	}
	if err := tlog.CheckRecord(path, head.Size, head.Root, record.Index, tlog.RecordHash([]byte(p.Leaf))); err != nil {
		return nil, Head{}, fmt.Errorf("checking a proof of record %d: its path does not lead to the signed head: %w", record.Index, err)
	}
	if p.Personal == "" && p.Key == "" {
		return record, head, nil
	}
	key, err := hex.DecodeString(p.Key)
	if err != nil || len(key) != KeySize {
		return nil, Head{}, fmt.Errorf("checking a proof of record %d: its key is not %d bytes in hexadecimal", record.Index, KeySize)
	}
	if err := record.readPersonal(committed, []byte(p.Personal), key); err != nil {
		return nil, Head{}, err
	}
	return record, head, nil
}

// String says a record in words, on lines of their own where they are many.
func (r *Record) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "record %d, revision %d, %s: %q (%s) by %s", r.Index, r.Revision, r.Time.UTC().Format(time.RFC3339Nano), r.Actor.Name, r.Actor.Role, r.Actor.Through)
	if r.Actor.Address != "" {
		fmt.Fprintf(&s, " from %s", r.Actor.Address)
	}
	fmt.Fprintf(&s, ": %s of %s %q", r.Action, r.Kind, r.Object)
	if r.Account != "" {
		fmt.Fprintf(&s, ", account %q", r.Account)
	}
	for _, line := range []struct{ name, text string }{
		{"reason", quoted(r.Reason)}, {"ticket", quoted(r.Ticket)}, {"before", string(r.Before)}, {"after", string(r.After)},
	} {
		if line.text != "" {
			fmt.Fprintf(&s, "\n  %s: %s", line.name, line.text)
		}
	}
	return s.String()
}

// quoted quotes what is there, since a reason may have line breaks and control characters.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf("%q", text)
}
