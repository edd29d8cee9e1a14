package audit

import (
	"bytes"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Leaf is a record as it is stored.
type Leaf struct {
	Index int64
	// Time of the change.
	Time time.Time
	// Text is what the log hashes, as Record.Seal writes it.
	Text []byte
	// Personal are the personal fields, and Key what they are committed to with. Both are
	// empty once they were deleted.
	Personal, Key []byte
}

// ErrCommitment is a record whose personal fields are not those that its leaf is committed to.
var ErrCommitment = errors.New("the personal fields are not those that were recorded")

// ParseLeaf reads a record from its leaf, whose bytes must be exactly those that Seal writes,
// and from its personal fields by the key of its account. Once both are deleted, and
// empty, the record is without them.
func ParseLeaf(text, personal, key []byte) (*Record, error) {
	r, committed, err := parseLeaf(text)
	if err != nil {
		return nil, err
	}
	if len(personal) == 0 && len(key) == 0 {
		return r, nil
	}
	if len(key) != KeySize {
		// A shorter key is another spelling of one that ends in zeros.
		return nil, fmt.Errorf("reading record %d: the key of its personal fields has %d bytes, not %d", r.Index, len(key), KeySize)
	}
	if err := r.readPersonal(committed, personal, recordKey(key, r.Index)); err != nil {
		return nil, err
	}
	return r, nil
}

// CheckCommitment returns ErrCommitment if the personal fields of a leaf are others than were
// recorded, and nil if they were deleted.
func (l *Leaf) CheckCommitment() error {
	_, err := ParseLeaf(l.Text, l.Personal, l.Key)
	return err
}

// parseLeaf reads the leaf alone, and the commitment that it has.
func parseLeaf(text []byte) (*Record, string, error) {
	var l leaf
	if err := json.Unmarshal(text, &l); err != nil {
		return nil, "", fmt.Errorf("reading a leaf of the audit log: %w", err)
	}
	at, err := time.Parse(time.RFC3339Nano, l.Time)
	if err != nil {
		return nil, "", fmt.Errorf("reading a leaf of the audit log: %w", err)
	}
	r := &Record{
		Index: l.Index, Revision: l.Revision, Time: at.UTC(),
		Actor:  Actor{Name: l.Name, Role: l.Role, Through: l.Through},
		Action: l.Action, Kind: l.Kind, Object: l.Object, Account: l.Account,
	}
	// Written again, it shows a member that is repeated, unknown, absent or in another order.
	again, err := r.leafText(l.Commitment)
	switch {
	case err != nil:
		return nil, "", err
	case !bytes.Equal(again, text) || l.Index < 0 || l.Revision < 0 || !isHash(l.Commitment):
		return nil, "", errors.New("reading a leaf of the audit log: it is not in the form in which the gate writes leaves")
	}
	return r, l.Commitment, nil
}

// isHash reports whether a text is a SHA-256 in lower case hexadecimal.
func isHash(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(text) == 64
}

// readPersonal adds the personal fields to a record, if they are those that were committed to.
func (r *Record) readPersonal(committed string, text, recordKey []byte) error {
	if !hmac.Equal([]byte(commitment(recordKey, text)), []byte(committed)) {
		return fmt.Errorf("reading record %d: %w", r.Index, ErrCommitment)
	}
	var p personal
	if err := json.Unmarshal(text, &p); err != nil {
		return fmt.Errorf("reading the personal fields of record %d: %w", r.Index, err)
	}
	r.Actor.Address, r.Reason, r.Ticket, r.Before, r.After = p.Address, p.Reason, p.Ticket, p.Before, p.After
	return nil
}
