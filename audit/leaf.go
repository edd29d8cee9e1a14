package audit

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// KeySize is the length of the key of an account's commitments, in bytes.
const KeySize = 32

// resolution is that of the stored time of a record, beside its leaf: what PostgreSQL has.
// https://www.postgresql.org/docs/15/datatype-datetime.html
const resolution = time.Microsecond

// NewKey returns the key of the commitments of one account. Once it is deleted, what its
// records said of persons cannot be told from the log, also by who guesses it.
func NewKey() []byte {
	key := make([]byte, KeySize)
	rand.Read(key) // never fails
	return key
}

// personal are the fields of a record that can be deleted while the log stays as it is.
type personal struct {
	Address string          `json:"address,omitzero"`
	Reason  string          `json:"reason,omitzero"`
	Ticket  string          `json:"ticket,omitzero"`
	Before  json.RawMessage `json:"before,omitzero"`
	After   json.RawMessage `json:"after,omitzero"`
}

// leaf is a record as the log has it: with a commitment in place of the personal fields. Its
// members stand in this order for good, since they are hashed.
type leaf struct {
	Index      int64  `json:"index"`
	Revision   int64  `json:"revision"`
	Time       string `json:"time"`
	Name       string `json:"name"`
	Role       string `json:"role"`
	Through    string `json:"through"`
	Action     string `json:"action"`
	Kind       string `json:"kind"`
	Object     string `json:"object"`
	Account    string `json:"account"`
	Commitment string `json:"commitment"`
}

// Seal returns the two parts of a record that are stored: the leaf, whose bytes the log
// hashes, and the personal fields, to which the leaf has a commitment by the key. Text that is
// not UTF-8 is repaired, so that a leaf says exactly what its record does.
func (r *Record) Seal(key []byte) (leafText, personalText []byte, err error) {
	personalText, err = json.Marshal(personal{
		valid(r.Actor.Address), valid(r.Reason), valid(r.Ticket), r.Before, r.After,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("writing a record: %w", err)
	}
	leafText, err = r.leafText(commitment(recordKey(key, r.Index), personalText))
	if err != nil {
		return nil, nil, err
	}
	return leafText, personalText, nil
}

// leafText is what the log hashes of a record.
func (r *Record) leafText(commitment string) ([]byte, error) {
	text, err := json.Marshal(leaf{
		Index: r.Index, Revision: r.Revision, Time: r.Time.UTC().Format(time.RFC3339Nano),
		Name: valid(r.Actor.Name), Role: valid(r.Actor.Role), Through: valid(r.Actor.Through),
		Action: valid(r.Action), Kind: valid(r.Kind), Object: valid(r.Object),
		Account: valid(r.Account), Commitment: commitment,
	})
	if err != nil {
		return nil, fmt.Errorf("writing a record: %w", err)
	}
	return text, nil
}

// valid returns a text in UTF-8. What else json.Marshal would escape, it reads back unescaped,
// and so as other bytes than were hashed.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// recordKey is the key of the commitment of one record, made from that of its account. It can
// be shown to prove one record without a hint at another, and equal personal fields have
// different commitments.
func recordKey(accountKey []byte, index int64) []byte {
	mac := hmac.New(sha256.New, accountKey)
	mac.Write(strconv.AppendInt([]byte("record "), index, 10))
	return mac.Sum(nil)
}

func commitment(recordKey, text []byte) string {
	mac := hmac.New(sha256.New, recordKey)
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil))
}
