package refusals

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"
)

// Refusal says what was refused, or would have been, and why.
type Refusal struct {
	// ID is made once, by NewID, and stays the same wherever the refusal is written. Write
	// sets it if it is empty.
	ID   string    `json:"id"`
	Time time.Time `json:"time"`

	// Account is its own ID. Credential is the name of the carrier's credential that the
	// request had, and Key that of a key of the gate's.
	Account    string `json:"account,omitzero"`
	Credential string `json:"credential,omitzero"`
	Key        string `json:"key,omitzero"`

	// Sender is masked. Destination is masked or a keyed HMAC: the caller makes it.
	Sender      string `json:"sender,omitzero"`
	Channel     string `json:"channel,omitzero"`
	Destination string `json:"destination,omitzero"`
	Territory   string `json:"territory,omitzero"`
	Class       string `json:"class,omitzero"`
	// Prefix is the number without its last three digits.
	Prefix string `json:"prefix,omitzero"`

	Reason string `json:"reason"`
	Rule   string `json:"rule,omitzero"`
	// Outcome is "deny", or "monitor" if it was let through.
	Outcome string `json:"outcome"`
	// Revision of the permissions that were in force.
	Revision  int64  `json:"revision"`
	RequestID string `json:"request_id,omitzero"`
	// Answered is the carrier's error code that the client got in place of the denial, since the
	// carrier does not accept its credential. It is empty if the client was shown the denial, or
	// passed.
	Answered string `json:"answered,omitzero"`
	// Client is the address of the client, without a port.
	Client string `json:"client,omitzero"`
}

// NewID returns an ID of 32 hexadecimal digits. IDs sort by the millisecond in which they are
// made, which keeps the index of a database compact; 80 bits are random.
func NewID(at time.Time) string {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16)
	rand.Read(id[6:]) // never fails
	return hex.EncodeToString(id[:])
}

// FirstID is the smallest ID of the millisecond of a time.
func FirstID(at time.Time) string {
	return fmt.Sprintf("%012x%020x", uint64(at.UnixMilli())&(1<<48-1), 0)
}

// Sink keeps refusals.
type Sink interface {
	// Append adds refusals, durable before it returns. Those whose ID it has already are left
	// as they are: after an error, or a crash, it gets the same ones again. It returns soon
	// after its context ends.
	Append(ctx context.Context, refusals []Refusal) error
}
