package audit

import (
	"encoding/json"
	"time"
)

// Record says of one thing that was changed: who did it, when, and what it was before.
type Record struct {
	// Index is its place in the log, from 0. The store sets it.
	Index int64 `json:"index"`
	// Revision of the store that the change made. All records of one change have the same.
	Revision int64 `json:"revision"`
	// Time at which the change was made, in UTC.
	Time time.Time `json:"time"`

	Actor Actor `json:"actor"`
	// Action is what was done, such as "account.put" or "opening.approve".
	Action string `json:"action"`
	// Kind and Object name what was changed, as the store does.
	Kind   string `json:"kind"`
	Object string `json:"object,omitzero"`
	// Account whose permissions it is about, by its own ID; empty for the operator's.
	Account string `json:"account,omitzero"`
	// Reason and Ticket are why, in the words of the actor.
	Reason string `json:"reason,omitzero"`
	Ticket string `json:"ticket,omitzero"`

	// Before and After are the documents of the object, absent where there was or is none.
	// They are personal, as are Reason, Ticket and the actor's address: the log has their
	// commitments only.
	Before json.RawMessage `json:"before,omitzero"`
	After  json.RawMessage `json:"after,omitzero"`
}

// Actor is who changes something, and how.
type Actor struct {
	// Name as the authentication in front states it, or that of a token.
	Name string `json:"name"`
	// Role by which the actor may do it; empty for the gate itself.
	Role string `json:"role"`
	// Address of the client, without a port.
	Address string `json:"address,omitzero"`
	// Through is the way in: "api" or "admin", or "gate" of what no one asked for.
	Through string `json:"through"`
}
