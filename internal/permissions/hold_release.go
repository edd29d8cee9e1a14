package permissions

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
)

// holdKind is what records have for a hold, which no store keeps as an object.
const holdKind store.Kind = "hold"

// ReleaseHold ends a hold, for a reason, and forgets what its limit has counted.
func (s *Service) ReleaseHold(ctx context.Context, by Caller, terms Terms, id string) (Result, error) {
	hold, err := s.findHold(by, access.HoldRelease, id)
	if err != nil {
		return Result{}, err
	}
	result, _, err := s.release(ctx, by, terms, object{access.HoldRelease, holdKind, id, hold.Account}, []Hold{hold}, recorded(&hold))
	return result, err
}

// ReleaseHolds ends all holds that a filter names, or all there are, in one change with one record.
// It returns the IDs of these.
func (s *Service) ReleaseHolds(ctx context.Context, by Caller, terms Terms, filter HoldFilter, all bool) (Result, []string, error) {
	if err := s.mayOfHolds(by, access.HoldRelease, filter); errors.Is(err, access.ErrDenied) {
		return Result{}, nil, err
	}
	if all == (filter != HoldFilter{}) {
		return Result{}, nil, reload.Invalid{Cause: errWhichHolds}
	}
	list, err := s.Holds(by, filter)
	if err != nil {
		return Result{}, nil, err
	}
	account := ""
	for i := range list {
		if err := access.Authorize(by.Principal, access.HoldRelease, list[i].Account); err != nil {
			return Result{}, nil, err
		}
		switch {
		case i == 0:
			account = list[i].Account
		case account != list[i].Account:
			account = "" // they are of several
		}
	}
	return s.release(ctx, by, terms, object{access.HoldRelease, holdKind, filter.String(), account}, list, recordedAll(list))
}

// mostRecorded is how many of the holds that are released together their record describes.
const mostRecorded = 100

// recordedHolds is what the record of a release of several has of them: how many there are, and
// those that refused most.
type recordedHolds struct {
	Count int            `json:"count"`
	Holds []recordedHold `json:"holds"`
}

func recordedAll(list []Hold) recordedHolds {
	most := slices.Clone(list)
	slices.SortStableFunc(most, func(a, b Hold) int { return cmp.Compare(b.Refused, a.Refused) })
	all := recordedHolds{Count: len(list), Holds: []recordedHold{}}
	for i := range most[:min(len(most), mostRecorded)] {
		all.Holds = append(all.Holds, recorded(&most[i]))
	}
	return all
}

// release releases holds once that is on record.
func (s *Service) release(ctx context.Context, by Caller, terms Terms, o object, list []Hold, before any) (Result, []string, error) {
	if err := requireReason(terms); err != nil {
		return Result{}, nil, err
	}
	released := store.Object{Kind: holdKind, ID: o.id}
	if err := terms.Match.check(&released); err != nil {
		return Result{}, nil, err
	}
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	result := Result{Object: released, Changed: len(ids) > 0, Before: s.Policy.Current(), After: s.Policy.Current()}
	if len(ids) > 0 && s.Policy.HasStore() {
		record := s.record(by, terms, o)
		var err error
		if record.Before, err = json.Marshal(before); err != nil {
			return Result{}, nil, fmt.Errorf("writing %s: %w", o.id, err)
		}
		result.Before, result.After, err = s.Policy.Change(ctx, terms.DryRun, func(context.Context, store.Store, *reload.Loaded) ([]store.Object, []audit.Record, error) {
			return nil, []audit.Record{record}, nil
		})
		if err != nil {
			return Result{}, nil, err
		}
	}
	result.Revision = result.After.Snapshot.Revision()
	if len(ids) == 0 || terms.DryRun {
		return result, ids, nil
	}
	s.Held.Release(s.Now(), s.Counters, ids...)
	if s.HoldUse.Released != nil {
		s.HoldUse.Released(by, terms, o.id, ids)
	}
	if s.HoldUse.Write != nil {
		_ = s.HoldUse.Write(ctx) // here they are released; what fails is written within a second
	}
	return result, ids, nil
}
