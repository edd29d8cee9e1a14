package permissions

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/traffic"
	"github.com/caddy-tollgate/tollgate/store"
)

// Traffic counts the sends that were let through, by some dimensions, with what this gate has
// not written yet. Days are counted, or hours if one of the dimensions is the hour or the store
// has all hours since the time that the filter begins at. One who is limited to certain accounts
// is told of these.
func (s *Service) Traffic(ctx context.Context, by Caller, f store.TrafficFilter, dimensions []store.Dimension) ([]store.Counted, error) {
	if err := access.Authorize(by.Principal, access.Read, f.Account); f.Account != "" && err != nil {
		return nil, err
	}
	if err := hasRole(by, access.Read); err != nil {
		return nil, err
	}
	kept, err := s.Policy.Store()
	if err != nil {
		return nil, err
	}
	if err := s.writeTraffic(ctx); err != nil {
		return nil, err
	}
	f.Hourly = slices.Contains(dimensions, store.ByHour) || !f.From.IsZero() && !f.From.Before(s.Now().Add(-traffic.KeptHours))
	if f.Account == "" && by.Accounts != nil {
		return trafficOfReached(ctx, by, kept, f, dimensions)
	}
	return countsOf(func(yield func(store.Counted) error) error { return kept.Traffic().Report(ctx, f, dimensions, yield) })
}

// trafficOfReached sums up the traffic of the accounts of one who is limited to these.
func trafficOfReached(ctx context.Context, by Caller, kept store.Store, f store.TrafficFilter, dimensions []store.Dimension) ([]store.Counted, error) {
	sums := make(map[string]*store.Counted)
	for _, account := range by.Accounts {
		f.Account = account
		err := kept.Traffic().Report(ctx, f, dimensions, func(c store.Counted) error {
			name := strings.Join(c.Values, "\x00")
			if sum := sums[name]; sum != nil {
				sum.Count += c.Count
				return nil
			}
			if len(sums) == mostCounts {
				return ErrTooMany
			}
			sums[name] = &c
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	found := make([]store.Counted, 0, len(sums))
	for _, sum := range sums {
		found = append(found, *sum)
	}
	slices.SortFunc(found, func(a, b store.Counted) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), slices.Compare(a.Values, b.Values))
	})
	return found, nil
}

// countsOf reads the rows of a report, unless there are too many.
func countsOf(report func(yield func(store.Counted) error) error) (found []store.Counted, err error) {
	err = report(func(c store.Counted) error {
		if len(found) == mostCounts {
			return ErrTooMany
		}
		found = append(found, c)
		return nil
	})
	return found, err
}
