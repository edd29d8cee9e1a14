package permissions

import (
	"context"
	"fmt"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/store"
)

// list returns the objects of a kind, by ID. It is for those that may read what all accounts
// have.
func (s *Service) list(ctx context.Context, by Caller, kind store.Kind) ([]store.Object, error) {
	if err := access.Authorize(by.Principal, access.Read, ""); err != nil {
		return nil, err
	}
	return s.objects(ctx, kind)
}

// objects returns those of a kind, by ID.
func (s *Service) objects(ctx context.Context, kind store.Kind) ([]store.Object, error) {
	kept, err := s.Policy.Store()
	if err != nil {
		return nil, err
	}
	var objects []store.Object
	_, err = kept.List(ctx, kind, func(o store.Object) error {
		objects = append(objects, o)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("listing each %s: %w", kind, err)
	}
	return objects, nil
}

// read returns an object of the operator's, or ErrNotFound.
func (s *Service) read(ctx context.Context, by Caller, kind store.Kind, id, account string) (store.Object, error) {
	if err := access.Authorize(by.Principal, access.Read, account); err != nil {
		return store.Object{}, err
	}
	found, err := s.get(ctx, kind, id)
	switch {
	case err != nil:
		return store.Object{}, err
	case found == nil:
		return store.Object{}, fmt.Errorf("reading %s %s: %w", kind, id, ErrNotFound)
	}
	return *found, nil
}

// remove deletes an object that exists, for a reason.
func (s *Service) remove(ctx context.Context, by Caller, terms Terms, o object) (Result, error) {
	if err := requireReason(terms); err != nil {
		return Result{}, err
	}
	return s.write(ctx, by, terms, o, existing(o))
}
