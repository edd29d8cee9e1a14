package permissions

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/feed"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/geoip"
	"github.com/caddy-tollgate/tollgate/internal/incident"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/internal/territories"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// Service changes permissions. All methods may be called at once.
type Service struct {
	// Policy in force, with its store.
	Policy *reload.Loader
	// Carriers that accounts have ids at.
	Carriers keys.Carriers
	// Openings are the rules by which accounts are opened for a time.
	Openings openings.Rules
	// HighRisk reports whether a carrier calls a territory risky on a channel, and where it
	// says so.
	HighRisk func(policy.Channel, numbering.Territory) (source string, ok bool)
	HoldUse
	// CarrierLists are what the carriers say of territories, for people who choose some.
	CarrierLists []territories.Carrier
	// Now is the clock.
	Now func() time.Time
	// Explainer returns a function that makes a gate for a carrier, which explains verdicts
	// by the given rules.
	Explainer func(*gate.Rules) func(carrier string) *gate.Gate
	// CountConversion counts a number that was verified, with the sends that no longer count; nil if
	// that is not counted.
	CountConversion func(freed int64)
	// WriteTraffic gives the store what this gate has let through and not written yet; nil if
	// it lets nothing through.
	WriteTraffic func(context.Context) error
	// GeoIP returns the database of the countries of addresses that is in force, nil if there is
	// none yet. It is nil itself where no database is configured.
	GeoIP func() *geoip.Database
	// SigningKey returns the key that signs heads of the log of changes.
	SigningKey func() (*audit.SigningKey, error)
	// Incidents returns those of this gate; nil if it has none.
	Incidents func() []incident.Incident
	// Feeds returns those of this gate; nil if it has none.
	Feeds func() *feed.Feeds
}

// Caller is who asks, and how.
type Caller struct {
	access.Principal
	// Address of the client, without a port.
	Address string
	// Through is the way in: "api", "admin" or "console".
	Through string
}

// Terms of a change.
type Terms struct {
	// Reason and Ticket are why it is made; what needs a reason says so.
	Reason, Ticket string
	// Match is how the object must be. The zero value is any.
	Match Match
	// AcknowledgeHighRisk says that the author knows what a carrier marks as high risk.
	AcknowledgeHighRisk bool
	// DryRun only says what the change would do.
	DryRun bool
}

// Match is the state that an object must have to be changed.
type Match struct {
	// Absent says that it must not exist.
	Absent bool
	// Revisions, of which the object must have one; nil: any. That of an object which does
	// not exist is none of them.
	Revisions []store.Revision
	// Exists says that it must exist.
	Exists bool
}

// Result is what a change did, or would do.
type Result struct {
	// Revision that is in force afterwards, as logs name it.
	Revision string
	// Object as it is afterwards; without a document if it was deleted.
	Object store.Object
	// Created says that it did not exist before, Changed that it is another than before.
	Created, Changed bool
	// Before and After are the policies.
	Before, After *reload.Loaded
	// Difference is what the change opens and closes, for all accounts, for the one that it is
	// about, and for others that it concerns. It is nil if that could not be found out after the change was made.
	Difference *review.Difference
	// HighRisk is what a carrier marks as high risk of what the change opens to the account that
	// it states, in words.
	HighRisk []string
	// InUse is what of that was used recently, in a dry run for subaccounts too. It is empty
	// if that could not be found out after the change was made.
	InUse InUseClosed

	documentBefore json.RawMessage
}

// The errors of changes, besides those of access, reload and store.
var (
	// ErrNotFound is an object that does not exist.
	ErrNotFound = store.ErrNotFound
	// ErrMatch is an object that is not as the client knows it.
	ErrMatch = errors.New("it is not as you know it: read it again")
)

// object names what is written, in which way, and whose it is.
type object struct {
	action  access.Action
	kind    store.Kind
	id      string
	account string // by its own ID, empty for the operator's
}

// write makes one object what make returns of it; nil deletes it. make sees nil if it does not
// exist.
func (s *Service) write(ctx context.Context, by Caller, terms Terms, o object, make func(before *store.Object) (json.RawMessage, error)) (Result, error) {
	if err := access.Authorize(by.Principal, o.action, o.account); err != nil {
		return Result{}, err
	}
	var result Result
	before, after, err := s.Policy.Change(ctx, terms.DryRun, func(ctx context.Context, kept store.Store, current *reload.Loaded) ([]store.Object, []audit.Record, error) {
		if o.kind == store.Account && current.IsStatedInFile(o.id) {
			return nil, nil, reload.ErrStatedInFile
		}
		written, record, err := s.edit(ctx, kept, by, terms, o, make, &result)
		if err != nil || written == nil {
			return nil, nil, err
		}
		if o.kind == store.Account && written.Document != nil {
			if result.HighRisk, err = s.checkAccount(by, terms, o, current.Snapshot, record.Before, record.After); err != nil {
				return nil, nil, err
			}
		}
		return []store.Object{*written}, []audit.Record{record}, nil
	})
	if errors.Is(err, reload.ErrStatedInFile) {
		return Result{}, s.statedInFile(o.id)
	}
	if err != nil {
		return Result{}, err
	}
	result.Before, result.After, result.Revision = before, after, after.Snapshot.Revision()
	if result.Changed {
		result.Object.Revision = after.StoreRevision
	}
	if err := s.examine(ctx, o, &result, terms.DryRun); err != nil && terms.DryRun {
		return Result{}, fmt.Errorf("finding what the change opens and closes: %w", err)
	}
	return result, nil
}

// examine finds what a change opens and closes.
func (s *Service) examine(ctx context.Context, o object, result *Result, dryRun bool) (err error) {
	if dryRun {
		err = s.writeTraffic(ctx) // a change that is made does not wait for it
	}
	if result.Changed && err == nil {
		result.InUse, err = s.closedInUse(ctx, result.Before.Snapshot, result.After.Snapshot, s.concerned(o, result, dryRun))
	}
	difference, failure := s.difference(ctx, o, result)
	result.Difference = difference
	return errors.Join(err, failure)
}

// statedInFile is why an account is not changed that a file states, with the place.
func (s *Service) statedInFile(id string) error {
	stated, err := s.Policy.FileAccount(id)
	if err != nil { // a new file came into force meanwhile
		return fmt.Errorf("changing account %s: %w", id, reload.ErrStatedInFile)
	}
	return reload.StatedInFile{Account: id, Place: stated.Place}
}

// edit makes the object and its record, or nil if nothing would change.
func (s *Service) edit(ctx context.Context, kept store.Store, by Caller, terms Terms, o object, make func(*store.Object) (json.RawMessage, error), result *Result) (*store.Object, audit.Record, error) {
	before, err := find(ctx, kept, o.kind, o.id)
	if err != nil {
		return nil, audit.Record{}, err
	}
	if err := terms.Match.check(before); err != nil {
		return nil, audit.Record{}, err
	}
	document, err := make(before)
	if err != nil {
		return nil, audit.Record{}, err
	}
	written := store.Object{Kind: o.kind, ID: o.id, Document: document}
	if before == nil && document == nil {
		*result = Result{Object: written}
		return nil, audit.Record{}, nil
	}
	*result = Result{Object: written, Created: before == nil, Changed: true}
	record := s.record(by, terms, o)
	record.After = document
	if before != nil {
		record.Before, result.documentBefore = before.Document, before.Document
		if bytes.Equal(before.Document, document) {
			*result = Result{Object: *before, documentBefore: document}
			return nil, record, nil
		}
	}
	return &written, record, nil
}

// get reads an object, nil if it does not exist.
func (s *Service) get(ctx context.Context, kind store.Kind, id string) (*store.Object, error) {
	kept, err := s.Policy.Store()
	if err != nil {
		return nil, err
	}
	return find(ctx, kept, kind, id)
}

func find(ctx context.Context, kept store.Store, kind store.Kind, id string) (*store.Object, error) {
	found, err := kept.Get(ctx, kind, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading %s %s: %w", kind, id, err)
	}
	return &found, nil
}

// record says who does what, and why.
func (s *Service) record(by Caller, terms Terms, o object) audit.Record {
	return audit.Record{
		Time:   s.Now(),
		Actor:  audit.Actor{Name: by.Identity.String(), Role: by.Role.String(), Address: by.Address, Through: by.Through},
		Action: string(o.action), Kind: string(o.kind), Object: o.id, Account: o.account,
		Reason: terms.Reason, Ticket: terms.Ticket,
	}
}

// check compares an object, nil if it does not exist, with what a client expects.
func (m Match) check(o *store.Object) error {
	switch {
	case m.Absent && o != nil, m.Exists && o == nil:
		return ErrMatch
	case m.Revisions == nil:
		return nil
	case o == nil:
		return ErrMatch
	}
	for _, revision := range m.Revisions {
		if revision == o.Revision {
			return nil
		}
	}
	return ErrMatch
}
