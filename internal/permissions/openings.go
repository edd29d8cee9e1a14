package permissions

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
)

// OpeningFilter says which openings are listed: those of one account, if one is named, and
// those in one of the states, if there are any.
type OpeningFilter struct {
	Account string
	States  []openings.State
}

// KeptOpening is an opening of the store, in the state that it is in now.
type KeptOpening struct {
	*openings.Opening
	State    openings.State
	Document json.RawMessage
	Revision store.Revision
}

// ListOpenings returns the openings of a filter, by ID.
func (s *Service) ListOpenings(ctx context.Context, by Caller, filter OpeningFilter) ([]KeptOpening, error) {
	if err := access.Authorize(by.Principal, access.Read, filter.Account); err != nil {
		return nil, err
	}
	objects, err := s.objects(ctx, store.Opening)
	if err != nil {
		return nil, err
	}
	var list []KeptOpening
	for i := range objects {
		kept, err := s.keptOpening(&objects[i])
		if err != nil {
			return nil, err
		}
		if (filter.Account == "" || kept.Account == filter.Account) &&
			(len(filter.States) == 0 || slices.Contains(filter.States, kept.State)) {
			list = append(list, kept)
		}
	}
	return list, nil
}

// Opening returns one opening.
func (s *Service) Opening(ctx context.Context, by Caller, id string) (KeptOpening, error) {
	found, err := s.findOpening(ctx, id)
	account := ""
	if found != nil {
		account = found.Account
	}
	// Who may not read it is not told whether it exists.
	if denied := access.Authorize(by.Principal, access.Read, account); denied != nil {
		return KeptOpening{}, denied
	}
	if err != nil {
		return KeptOpening{}, err
	}
	return *found, nil
}

// ApproveOpening adds the caller's approval to an opening, which is in force once it has as
// many as it needs.
func (s *Service) ApproveOpening(ctx context.Context, by Caller, terms Terms, id string) (Result, error) {
	return s.changeOpening(ctx, by, terms, access.OpeningApprove, id, func(o *openings.Opening) (*openings.Opening, error) {
		return o.Approve(by.Author(), s.Now())
	})
}

// EndOpening ends an opening before its time, or takes its request back, for a reason.
func (s *Service) EndOpening(ctx context.Context, by Caller, terms Terms, id string) (Result, error) {
	if err := requireReason(terms); err != nil {
		return Result{}, err
	}
	return s.changeOpening(ctx, by, terms, access.OpeningEnd, id, func(o *openings.Opening) (*openings.Opening, error) {
		return o.End(by.Author(), s.Now())
	})
}

// changeOpening makes an opening that exists another one.
func (s *Service) changeOpening(ctx context.Context, by Caller, terms Terms, action access.Action, id string, change func(*openings.Opening) (*openings.Opening, error)) (Result, error) {
	found, err := s.findOpening(ctx, id)
	o := object{action: action, kind: store.Opening, id: id}
	if found != nil {
		o.account = found.Account // never another
	}
	if denied := access.Authorize(by.Principal, action, o.account); denied != nil {
		return Result{}, denied
	}
	if err != nil {
		return Result{}, err
	}
	return s.write(ctx, by, terms, o, func(before *store.Object) (json.RawMessage, error) {
		if before == nil {
			return nil, fmt.Errorf("reading opening %s: %w", id, ErrNotFound)
		}
		kept, err := s.keptOpening(before)
		if err != nil {
			return nil, err
		}
		changed, err := change(kept.Opening)
		if err != nil {
			return nil, err
		}
		return openingDocument(changed)
	})
}

// findOpening reads an opening. Without one, the error is ErrNotFound.
func (s *Service) findOpening(ctx context.Context, id string) (*KeptOpening, error) {
	found, err := s.get(ctx, store.Opening, id)
	switch {
	case err != nil:
		return nil, err
	case found == nil:
		return nil, fmt.Errorf("reading opening %s: %w", id, ErrNotFound)
	}
	kept, err := s.keptOpening(found)
	return &kept, err
}

// keptOpening reads the document of an opening.
func (s *Service) keptOpening(o *store.Object) (KeptOpening, error) {
	var d reload.OpeningDocument
	if err := json.Unmarshal(o.Document, &d); err != nil {
		return KeptOpening{}, fmt.Errorf("reading opening %s: %w", o.ID, err)
	}
	opening, err := openings.Parse(d.Request)
	if err != nil {
		return KeptOpening{}, fmt.Errorf("opening %s: %w", o.ID, err)
	}
	return KeptOpening{opening, opening.StateAt(s.Now()), d.Request, o.Revision}, nil
}
