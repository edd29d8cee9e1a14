package audit

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// KeySize is the length of the key of an account's commitments, in bytes.
const KeySize = 32

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
// hashes, and the personal fields, to which the leaf has a commitment by the key.
func (r *Record) Seal(key []byte) (leafText, personalText []byte, err error) {
	personalText, err = json.Marshal(personal{r.Actor.Address, r.Reason, r.Ticket, r.Before, r.After})
	if err != nil {
		return nil, nil, fmt.Errorf("writing a record: %w", err)
	}
	leafText, err = json.Marshal(leaf{
		Index: r.Index, Revision: r.Revision, Time: r.Time.UTC().Format(time.RFC3339Nano),
		Name: r.Actor.Name, Role: r.Actor.Role, Through: r.Actor.Through,
		Action: r.Action, Kind: r.Kind, Object: r.Object, Account: r.Account,
		Commitment: commitment(key, personalText),
	})
	if err != nil {
		return nil, nil, fmt.Errorf("writing a record: %w", err)
	}
	return leafText, personalText, nil
}

func commitment(key, text []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil))
}
