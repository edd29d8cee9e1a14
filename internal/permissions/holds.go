package permissions

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// HoldFilter says which holds are listed: those of an account, by its own ID or its id at a
// carrier, and those of a limit, if one is named.
type HoldFilter struct{ Account, Limit string }

// String names the holds in words.
func (f HoldFilter) String() string {
	text := "all holds"
	if f.Limit != "" {
		text = "holds of limit " + f.Limit
	}
	if f.Account != "" {
		text += " of account " + f.Account
	}
	return text
}

// Hold is one of a limit.
type Hold struct {
	limits.Hold
	// LimitIsGone says that the policy states no limit any more that would hold the same: it refuses
	// nothing, and goes by itself.
	LimitIsGone bool
}

// HoldKeeper is where holds are kept.
type HoldKeeper string

// The keepers.
const (
	// KeptInMemory are the holds of one gate.
	KeptInMemory HoldKeeper = "memory"
	// KeptInStore are those of all gates that have the store.
	KeptInStore HoldKeeper = "store"
	// KeptInRedis are those of all gates that count there.
	KeptInRedis HoldKeeper = "redis"
)

// HoldUse is what there is to know of holds. Without holds, it is empty.
type HoldUse struct {
	Held *limits.Holds
	// Counters are what their limits have counted.
	Counters limits.Clearer
	// KeptIn is where they are kept.
	KeptIn HoldKeeper
	// Write gives the keeper what it does not have yet of them; nil where there is none.
	Write func(context.Context) error
	// Released is told of what was released where no store has the records of changes.
	Released func(by Caller, terms Terms, what string, ids []string)
}

// Holds returns what limits hold now, by ID. An account of which nothing is held has to be one.
func (s *Service) Holds(by Caller, filter HoldFilter) ([]Hold, error) {
	known := s.mayOfHolds(by, access.Read, filter)
	if errors.Is(known, access.ErrDenied) || s.Held == nil {
		return nil, known
	}
	var list []Hold
	for _, h := range s.Held.List(s.Now()) {
		if filter.Limit != "" && h.Limit != filter.Limit ||
			filter.Account != "" && h.Account != filter.Account && h.CarrierAccount() != filter.Account {
			continue
		}
		list = append(list, s.listed(h))
	}
	if len(list) == 0 {
		return nil, known
	}
	return list, nil
}

// mayOfHolds finds out whether someone may do something with the holds that a filter names, and then
// whether there is such an account.
func (s *Service) mayOfHolds(by Caller, action access.Action, filter HoldFilter) error {
	if filter.Account == "" {
		return access.Authorize(by.Principal, action, "")
	}
	snapshot, id := s.Policy.Current().Snapshot, filter.Account
	parsed, unknown := review.ParseAccount(s.Carriers, filter.Account)
	if unknown == nil {
		var account policy.CarrierAccount
		if account, unknown = review.ResolveAccount(s.Carriers, snapshot, parsed); unknown == nil {
			if own, defined := snapshot.IDOf(account); defined {
				id = own
			}
		}
	}
	if err := access.Authorize(by.Principal, action, id); err != nil {
		return err
	}
	if unknown != nil {
		return reload.Invalid{Cause: unknown}
	}
	return nil
}

func (s *Service) listed(h limits.Hold) Hold {
	return Hold{Hold: h, LimitIsGone: !s.Policy.Current().Snapshot.Holds(h.Level, h.Counter)}
}

// Hold returns one hold.
func (s *Service) Hold(by Caller, id string) (Hold, error) {
	return s.findHold(by, access.Read, id)
}

// findHold finds a hold for someone who may do something with it. Who may not is not told whether
// it exists.
func (s *Service) findHold(by Caller, action access.Action, id string) (Hold, error) {
	found, ok := limits.Hold{}, false
	if s.Held != nil {
		found, ok = s.Held.Find(s.Now(), id)
	}
	if err := access.Authorize(by.Principal, action, found.Account); err != nil {
		return Hold{}, err
	}
	if !ok {
		return Hold{}, fmt.Errorf("hold %s: %w: it is over, or was released", id, ErrNotFound)
	}
	return s.listed(found), nil
}

// errWhichHolds is a release that does not say of what.
var errWhichHolds = errors.New("name the holds: all=true for all, an account, or a limit_name")

// recordedHold is what the record of a release has of a hold.
type recordedHold struct {
	Limit   string    `json:"limit"`
	Level   string    `json:"level"`
	Values  []string  `json:"values"`
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until,omitzero"`
	Refused int64     `json:"refused"`
}

func recorded(h *Hold) recordedHold {
	return recordedHold{h.Limit, h.Level, h.Shown, h.Since, h.Until, h.Refused}
}
