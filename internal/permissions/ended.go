package permissions

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
)

const (
	// endedKept is how long openings and suspensions that are over stay in the store, where
	// people look for them. The audit log has them for good.
	endedKept = 30 * 24 * time.Hour
	// mostDeleted bounds how many are deleted by one change: all other changes wait for it.
	mostDeleted = 1000
)

// The actions by which the gate deletes what is over. No one may ask for them.
const (
	openingDeleteEnded    = "opening.delete_ended"
	suspensionDeleteEnded = "suspension.delete_ended"
)

// gateItself is the actor and the way in of what no one asks for. It has no role, as no client
// has.
const gateItself = "gate"

// DeleteEnded deletes the openings and the suspensions that are over for 30 days, as changes of
// the gate's own. It returns how many they were. Several gates may do so at once: each deletes
// what is still there.
func (s *Service) DeleteEnded(ctx context.Context) (deleted int, err error) {
	ended, err := s.endedLongAgo(ctx)
	for len(ended) > 0 && err == nil {
		n := min(len(ended), mostDeleted)
		var objects []store.Object
		_, _, err = s.Policy.Change(ctx, false, func(ctx context.Context, kept store.Store, _ *reload.Loaded) (_ []store.Object, records []audit.Record, err error) {
			objects, records, err = s.deleteEnded(ctx, kept, ended[:n])
			return objects, records, err
		})
		if err == nil {
			deleted += len(objects)
		}
		ended = ended[n:]
	}
	if err != nil {
		return deleted, fmt.Errorf("deleting what is over: %w", err)
	}
	return deleted, nil
}

// endedObject is an opening or a suspension that is over.
type endedObject struct {
	store.Object
	account, action string
	end             time.Time
}

// endedLongAgo finds what is to be deleted.
func (s *Service) endedLongAgo(ctx context.Context) (ended []endedObject, err error) {
	before := s.Now().Add(-endedKept)
	for _, kind := range []store.Kind{store.Opening, store.Suspension} {
		objects, err := s.objects(ctx, kind)
		if err != nil {
			return nil, err
		}
		for i := range objects {
			e, err := s.endOf(&objects[i])
			if err != nil {
				return nil, err
			}
			if !e.end.IsZero() && e.end.Before(before) {
				ended = append(ended, e)
			}
		}
	}
	return ended, nil
}

// endOf says when an opening or a suspension ends; the zero time if it does not by itself.
func (s *Service) endOf(o *store.Object) (endedObject, error) {
	if o.Kind == store.Opening {
		kept, err := s.keptOpening(o)
		if err != nil {
			return endedObject{}, err
		}
		e := endedObject{*o, kept.Account, openingDeleteEnded, kept.Until}
		if !kept.EndedAt.IsZero() {
			e.end = kept.EndedAt
		}
		return e, nil
	}
	e := endedObject{Object: *o, account: o.ID, action: suspensionDeleteEnded}
	var d reload.SuspensionDocument
	if err := json.Unmarshal(o.Document, &d); err != nil {
		return e, fmt.Errorf("reading the suspension of account %s: %w", o.ID, err)
	}
	if d.Until == "" {
		return e, nil
	}
	var err error
	if e.end, err = config.ParseTime(d.Until); err != nil {
		return e, fmt.Errorf("reading the suspension of account %s: until: %w", o.ID, err)
	}
	return e, nil
}

// deleteEnded makes the change that deletes those that are still as they were found.
func (s *Service) deleteEnded(ctx context.Context, kept store.Store, ended []endedObject) (objects []store.Object, records []audit.Record, err error) {
	for i := range ended {
		e := &ended[i]
		found, err := find(ctx, kept, e.Kind, e.ID)
		if err != nil {
			return nil, nil, err
		}
		if found == nil || !bytes.Equal(found.Document, e.Document) {
			continue
		}
		objects = append(objects, store.Object{Kind: e.Kind, ID: e.ID})
		records = append(records, audit.Record{
			Time: s.Now(), Actor: audit.Actor{Name: gateItself, Through: gateItself},
			Action: e.action, Kind: string(e.Kind), Object: e.ID, Account: e.account,
			Reason: "it is over since " + e.end.UTC().Format(time.RFC3339), Before: e.Document,
		})
	}
	return objects, records, nil
}
