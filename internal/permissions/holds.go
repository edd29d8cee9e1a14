package permissions

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/store"
)

// HoldFilter says which holds are listed: those of an account, by its own ID or its id at a
// carrier, and those of a limit, if one is named.
type HoldFilter struct{ Account, Limit string }

// holdKind is what records have for a hold, which no store keeps as an object.
const holdKind store.Kind = "hold"

// Holds returns what limits hold now, by ID.
func (s *Service) Holds(by Caller, filter HoldFilter) ([]limits.Hold, error) {
	if err := access.Authorize(by.Principal, access.Read, filter.Account); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(s.holds(), func(h limits.Hold) bool {
		return filter.Limit != "" && h.Limit != filter.Limit ||
			filter.Account != "" && h.Account != filter.Account && h.CarrierAccount() != filter.Account
	}), nil
}

func (s *Service) holds() []limits.Hold {
	if s.Held == nil {
		return nil
	}
	return s.Held.List(s.Now())
}

// Hold returns one hold.
func (s *Service) Hold(by Caller, id string) (limits.Hold, error) {
	return s.findHold(by, access.Read, id)
}

// findHold finds a hold for someone who may do something with it. Who may not is not told whether
// it exists.
func (s *Service) findHold(by Caller, action access.Action, id string) (limits.Hold, error) {
	list := s.holds()
	i := slices.IndexFunc(list, func(h limits.Hold) bool { return h.ID == id })
	account := ""
	if i >= 0 {
		account = list[i].Account
	}
	if err := access.Authorize(by.Principal, action, account); err != nil {
		return limits.Hold{}, err
	}
	if i < 0 {
		return limits.Hold{}, fmt.Errorf("hold %s: %w: it is over, or was released", id, ErrNotFound)
	}
	return list[i], nil
}

// ReleaseHold ends a hold, for a reason, and forgets what its limit has counted.
func (s *Service) ReleaseHold(ctx context.Context, by Caller, terms Terms, id string) (Result, error) {
	hold, err := s.findHold(by, access.HoldRelease, id)
	if err != nil {
		return Result{}, err
	}
	if err := requireReason(terms); err != nil {
		return Result{}, err
	}
	released := store.Object{Kind: holdKind, ID: id}
	if err := terms.Match.check(&released); err != nil {
		return Result{}, err
	}
	record := s.record(by, terms, object{access.HoldRelease, holdKind, id, hold.Account})
	if record.Before, err = json.Marshal(recordedHold{hold.Limit, hold.Level, hold.Shown, hold.Since, hold.Until, hold.Refused}); err != nil {
		return Result{}, fmt.Errorf("writing hold %s: %w", id, err)
	}
	before, after, err := s.Policy.Change(ctx, terms.DryRun, func(context.Context, store.Store, *reload.Loaded) ([]store.Object, []audit.Record, error) {
		return nil, []audit.Record{record}, nil
	})
	if err != nil {
		return Result{}, err
	}
	if !terms.DryRun {
		s.Held.Release(s.Now(), id, s.Counters)
		if s.WriteHolds != nil {
			_ = s.WriteHolds(ctx) // here it is released; what fails is written within a second
		}
	}
	return Result{Revision: after.Snapshot.Revision(), Object: released, Changed: true, Before: before, After: after}, nil
}

// recordedHold is what the record of a release has of a hold.
type recordedHold struct {
	Limit   string    `json:"limit"`
	Level   string    `json:"level"`
	Values  []string  `json:"values"`
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until,omitzero"`
	Refused int64     `json:"refused"`
}
