package permissions

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// difference says what a change opens and closes: for all accounts, for the one that it is
// about, and for others that it concerns, the first of very many.
func (s *Service) difference(ctx context.Context, o object, result *Result) (*review.Difference, error) {
	before, after, err := s.compared(ctx, o, result)
	if err != nil {
		return nil, err
	}
	from, err := s.side(result.Before, before)
	if err != nil {
		return nil, err
	}
	to, err := s.side(result.After, after)
	if err != nil {
		return nil, err
	}
	difference, err := review.DiffContext(ctx, from, to, s.Now())
	if err != nil {
		return nil, err
	}
	if ids := inheriting(o, result); len(ids) > 0 {
		err = difference.Concern(ctx, from, to, ids)
	}
	return &difference, err
}

// inheriting are the own IDs of the accounts that a change concerns and that state nothing of
// it: all of them in a panic, and the subaccounts of an account or a suspension.
func inheriting(o object, result *Result) (ids []string) {
	snapshot := result.After.Snapshot
	switch {
	case !result.Changed:
	case o.kind == store.Panic:
		for l := range snapshot.Listed() {
			ids = append(ids, l.ID())
		}
	case o.kind == store.Account || o.kind == store.Suspension:
		return subaccountsOf(snapshot, o.account)
	}
	return ids
}

// part is the accounts of a policy that are compared with those of another: of the store by
// their documents, and of files by their own IDs.
type part struct {
	documents []config.Account
	inFiles   []string
}

// compared is the account that a change is about, before and after it, with its parents. The
// parents are the same on both sides.
func (s *Service) compared(ctx context.Context, o object, result *Result) (before, after part, err error) {
	if o.account == "" {
		return before, after, nil
	}
	documentBefore, documentAfter := result.documentBefore, result.Object.Document
	if o.kind != store.Account {
		if documentAfter, err = s.documentOf(ctx, o.account); err != nil {
			return before, after, err
		}
		documentBefore = documentAfter
	}
	var parents part
	known := map[string]bool{o.account: true}
	for _, side := range []struct {
		part     *part
		policy   *reload.Loaded
		document json.RawMessage
	}{{&before, result.Before, documentBefore}, {&after, result.After, documentAfter}} {
		parent, err := side.part.add(side.policy, o.account, side.document)
		if err != nil {
			return before, after, err
		}
		if parent = s.ownID(side.policy.Snapshot, parent); parent == "" || known[parent] {
			continue
		}
		known[parent] = true
		document, err := s.documentOf(ctx, parent)
		if err != nil {
			return before, after, err
		}
		if _, err := parents.add(side.policy, parent, document); err != nil {
			return before, after, err
		}
	}
	return before.with(parents), after.with(parents), nil
}

// add adds an account of a policy, if that has it. It returns the parent that its document
// names.
func (p *part) add(of *reload.Loaded, id string, document json.RawMessage) (parent string, err error) {
	switch {
	case of.IsStatedInFile(id):
		p.inFiles = append(p.inFiles, id)
		return "", nil
	case document == nil:
		return "", nil
	}
	var a config.Account
	if err := config.DecodeJSON(document, &a); err != nil {
		return "", fmt.Errorf("reading account %s: %w", id, err)
	}
	p.documents = append(p.documents, a)
	return a.Parent, nil
}

func (p *part) with(other part) part {
	return part{append(p.documents, other.documents...), append(p.inFiles, other.inFiles...)}
}

// side is a policy with the definition of a part alone.
func (s *Service) side(of *reload.Loaded, p part) (review.Side, error) {
	compiled, err := s.Policy.Part(of, p.documents, p.inFiles...)
	if err != nil {
		return review.Side{}, fmt.Errorf("comparing the policies: %w", err)
	}
	return review.Side{Compiled: compiled, Snapshot: of.Snapshot, Plan: of.Plan}, nil
}

// documentOf is the document of an account in the store, nil if it has none.
func (s *Service) documentOf(ctx context.Context, id string) (json.RawMessage, error) {
	found, err := s.get(ctx, store.Account, id)
	if err != nil || found == nil {
		return nil, err
	}
	return found.Document, nil
}

// ownID is that of an account which a document names as a parent, maybe by its id at a
// carrier.
func (s *Service) ownID(snapshot *policy.Snapshot, parent string) string {
	if _, defined := snapshot.At(parent); defined || parent == "" {
		return parent
	}
	for _, carrier := range s.Carriers.Names() {
		if id, defined := snapshot.IDOf(policy.CarrierAccount{Carrier: carrier, ID: parent}); defined {
			return id
		}
	}
	return parent
}
