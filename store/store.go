package store

import (
	"context"
	"encoding/json"
	"errors"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/caddy-tollgate/tollgate/audit"
)

// Revision is the number of changes that were committed. Each change makes it greater by one.
type Revision int64

// Version is a revision, and which of the changes that may have had its number. A database that
// is put back from a backup, or a replica that takes over and lacks the last changes, gives
// their numbers again, to other changes.
type Version struct {
	Revision Revision
	// Commit is a random name of the change. An empty store has one too. A store knows those
	// of the last 10,000 changes.
	Commit string
}

// Kind is a kind of objects. Within one, each object has an ID of its own.
type Kind string

// The kinds. The documents of settings and accounts are those of the policy document.
const (
	// Settings are the operator's own statements: one object, with the ID "".
	Settings Kind = "settings"
	// Account is an account, by its ID.
	Account Kind = "account"
	// Block is a prefix rule over all accounts.
	Block Kind = "block"
	// Opening is a permission with an end.
	Opening Kind = "opening"
	// Suspension of an account, by the account's ID.
	Suspension Kind = "suspension"
	// Key is one that the gate issued to an application.
	Key Kind = "key"
	// Token is a bearer token of the management API.
	Token Kind = "token"
	// Panic closes all accounts except what they have at home: one object, with the ID "".
	Panic Kind = "panic"
)

// Object is one that is kept.
type Object struct {
	Kind Kind
	ID   string
	// Document is JSON, nil if the object is deleted.
	Document json.RawMessage
	// Revision of the change that wrote it last.
	Revision Revision
}

// Change is committed as a whole or not at all.
type Change struct {
	// Expect is the version by which the change was checked. It is refused if the store has
	// another one.
	Expect Version
	// Objects to be written. One without a document is deleted.
	Objects []Object
	// Records of the change for the audit log. The store sets the index, the revision and
	// the time of each.
	Records []audit.Record
}

// The errors of stores, besides those of the engine.
var (
	// ErrConflict is a change that was checked by another version than the one in force.
	ErrConflict = errors.New("another change was made meanwhile")
	// ErrUnknownVersion is a version that the store does not know: it was lost when the store
	// went back, or is older than those that are kept.
	ErrUnknownVersion = errors.New("the store does not know this version")
	// ErrNotFound is an object that does not exist, or does not any more.
	ErrNotFound = errors.New("not found")
	// ErrNewer is a store that a later version of the gate has written.
	ErrNewer = errors.New("the store has a schema of a later version: upgrade this gate")
	// ErrQuery is a question that makes no sense.
	ErrQuery = errors.New("the query is invalid")
	// ErrInUse is a store of one process that another process has open.
	ErrInUse = errors.New("the store is in use by another process")
)

// Store keeps objects. All methods may be called at once.
type Store interface {
	// Read calls yield with each object that exists, by kind and ID, all as of the version
	// that it returns.
	Read(ctx context.Context, yield func(Object) error) (Version, error)

	// Changes calls yield with each object that was written or deleted after a version, by
	// kind and ID, all as of the version that it returns. It returns ErrUnknownVersion where
	// what came after is not known: then only Read shows what there is.
	Changes(ctx context.Context, after Version, yield func(Object) error) (Version, error)

	// List calls yield with each object of one kind that exists, by ID, all as of the revision
	// that it returns.
	List(ctx context.Context, kind Kind, yield func(Object) error) (Revision, error)

	// Get returns one object, or ErrNotFound.
	Get(ctx context.Context, kind Kind, id string) (Object, error)

	// Commit makes a change, durable before it returns, and returns its version. The
	// records are part of the same transaction. If the error is neither ErrConflict nor one
	// of a bad argument, the change may have been made: ask by Changes.
	Commit(ctx context.Context, c Change) (Version, error)

	// Wait returns once the revision is another than one that is known: at once if it is
	// already. On PostgreSQL another gate may have made the change. Who follows a store asks
	// for changes from time to time besides: a store that went back may have the same number.
	Wait(ctx context.Context, known Revision) error

	// Log is the audit log.
	Log() Log

	// Refusals is the log of refusals.
	Refusals() RefusalLog

	// Traffic is what was let through.
	Traffic() Traffic

	// Holds are what limits hold.
	Holds() Holds

	// Incidents are what gates tell each other of incidents.
	Incidents() Incidents

	// Close releases the store.
	Close() error
}

// Log is what a store keeps of the audit log.
type Log interface {
	tlog.HashReader

	// Size is the number of records.
	Size(ctx context.Context) (int64, error)

	// Leaves calls yield with the records whose index is from first to before, in order.
	Leaves(ctx context.Context, first, before int64, yield func(Leaf) error) error

	// LeavesOf calls yield with the records of an account whose index is less than before, the
	// newest first, so many at most.
	LeavesOf(ctx context.Context, account string, before int64, limit int, yield func(Leaf) error) error

	// Forget deletes the personal fields of an account's records, and the key of their
	// commitments. The log verifies as before.
	Forget(ctx context.Context, account string) (records int64, err error)
}

// Leaf is a record as it is stored.
type Leaf = audit.Leaf
