package permissions

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
)

// ChangeQuery selects records of changes, from the newest on. What is empty selects all.
type ChangeQuery struct {
	Account, Action, Actor string
	// From and before To.
	From, To time.Time
	// Before is the index of the last one that is known, nil for the newest.
	Before *int64
	// Limit is how many there are at most.
	Limit int
}

func (q *ChangeQuery) selects(r *audit.Record) bool {
	return (q.Account == "" || r.Account == q.Account) &&
		(q.Action == "" || r.Action == q.Action) &&
		(q.Actor == "" || r.Actor.Name == q.Actor) &&
		(q.From.IsZero() || !r.Time.Before(q.From)) &&
		(q.To.IsZero() || r.Time.Before(q.To))
}

// leavesAtOnce is how many records are read at once: they are stored the oldest first.
const leavesAtOnce = 1000

// Changes calls yield with the records that a query selects, the newest first. The store is not
// kept busy meanwhile: yield may take its time.
func (s *Service) Changes(ctx context.Context, by Caller, q ChangeQuery, yield func(*audit.Record) error) error {
	kept, err := s.auditOf(by, q.Account)
	if err != nil {
		return err
	}
	before, err := kept.Log().Size(ctx)
	if err != nil {
		return err
	}
	if q.Before != nil {
		before = min(before, *q.Before)
	}
	for left := q.Limit; before > 0 && left > 0; {
		first := max(before-leavesAtOnce, 0)
		var read []audit.Record
		err := kept.Log().Leaves(ctx, first, before, func(l store.Leaf) error {
			r, err := audit.ParseLeaf(l.Text, l.Personal, l.Key)
			if err != nil {
				return err
			}
			if q.selects(r) {
				read = append(read, *r)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("reading the audit log: %w", err)
		}
		for i := len(read) - 1; i >= 0 && left > 0; i, left = i-1, left-1 {
			if err := yield(&read[i]); err != nil {
				return err
			}
		}
		before = first
	}
	return nil
}

// Refusals returns the refusals that a query selects, the newest first.
func (s *Service) Refusals(ctx context.Context, by Caller, q store.RefusalQuery) ([]refusals.Refusal, error) {
	kept, err := s.auditOf(by, q.Account)
	if err != nil {
		return nil, err
	}
	var found []refusals.Refusal
	err = kept.Refusals().Query(ctx, q, func(r refusals.Refusal) error {
		found = append(found, r)
		return nil
	})
	return found, err
}

// refusalsAtOnce is how many refusals are read at once.
const refusalsAtOnce = 1000

// EachRefusal calls yield with the refusals that a query selects, the newest first. The store is
// not kept busy meanwhile: yield may take its time.
func (s *Service) EachRefusal(ctx context.Context, by Caller, q store.RefusalQuery, yield func(*refusals.Refusal) error) error {
	for left := q.Limit; left > 0; left -= refusalsAtOnce {
		q.Limit = min(left, refusalsAtOnce)
		found, err := s.Refusals(ctx, by, q)
		if err != nil {
			return err
		}
		for i := range found {
			if err := yield(&found[i]); err != nil {
				return err
			}
		}
		if len(found) < q.Limit {
			return nil
		}
		q.Before = found[len(found)-1].ID
	}
	return nil
}

// ErrTooMany is an answer that is too long.
var ErrTooMany = errors.New("there is too much to report: select less, or count by less")

// mostCounts is how many rows a report has at most.
const mostCounts = 100_000

// Report counts the refusals that a filter selects by some dimensions, most first, and returns no
// more than a limit.
func (s *Service) Report(ctx context.Context, by Caller, f store.RefusalFilter, dimensions []store.Dimension, limit int) ([]store.Counted, error) {
	kept, err := s.auditOf(by, f.Account)
	if err != nil {
		return nil, err
	}
	return countsOf(func(yield func(store.Counted) error) error {
		return kept.Refusals().Report(ctx, f, dimensions, limit, yield)
	})
}

// auditOf is the store of a caller who may read what it records of an account, or of all.
func (s *Service) auditOf(by Caller, account string) (store.Store, error) {
	if err := access.Authorize(by.Principal, access.AuditRead, account); err != nil {
		return nil, err
	}
	return s.Policy.Store()
}

// Forgotten is of how much personal fields were deleted.
type Forgotten struct {
	Changes  int64 `json:"changes"`
	Refusals int64 `json:"refusals"`
}

// Forget deletes the personal fields of an account in all records and refusals. That it was
// done is recorded before, without an account: a reason that it has is not deleted.
func (s *Service) Forget(ctx context.Context, by Caller, terms Terms, account string) (Forgotten, error) {
	o := object{access.AuditForget, store.Account, account, ""}
	if err := access.Authorize(by.Principal, o.action, ""); err != nil {
		return Forgotten{}, err
	}
	if account == "" {
		return Forgotten{}, reload.Invalid{Cause: errors.New("name the account whose personal fields are to be deleted")}
	}
	var kept store.Store
	_, _, err := s.Policy.Change(ctx, false, func(_ context.Context, opened store.Store, _ *reload.Loaded) ([]store.Object, []audit.Record, error) {
		kept = opened
		return nil, []audit.Record{s.record(by, terms, o)}, nil
	})
	if err != nil {
		return Forgotten{}, fmt.Errorf("recording that account %s is forgotten: %w", account, err)
	}
	var forgotten Forgotten
	if forgotten.Changes, err = kept.Log().Forget(ctx, account); err != nil {
		return Forgotten{}, err
	}
	forgotten.Refusals, err = kept.Refusals().Forget(ctx, account)
	return forgotten, err
}
