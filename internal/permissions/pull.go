package permissions

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/store"
)

// Pulled is what a store states, as one document.
type Pulled struct {
	// Revision of the store.
	Revision store.Revision
	// Document has the settings, the prefix rules and the accounts of the store, and nothing
	// that files state. A push of it changes nothing.
	Document config.Document
}

// Pull returns what the store states.
func (s *Service) Pull(ctx context.Context, by Caller) (Pulled, error) {
	if err := access.Authorize(by.Principal, access.Read, ""); err != nil {
		return Pulled{}, err
	}
	kept, err := s.Policy.Store()
	if err != nil {
		return Pulled{}, err
	}
	stored, err := readStored(ctx, kept)
	if err != nil {
		return Pulled{}, err
	}
	return Pulled{stored.revision, stored.document()}, nil
}

// storedPolicy is what a store states by itself: its settings, its prefix rules and its
// accounts.
type storedPolicy struct {
	revision store.Revision
	settings config.Document
	blocks   []block
	accounts []config.Account
}

// block is a prefix rule over all accounts, with its ID in the store.
type block struct {
	id   string
	rule config.Prefix
}

// readStored reads them, by their IDs.
func readStored(ctx context.Context, kept store.Store) (*storedPolicy, error) {
	read := new(storedPolicy)
	version, err := kept.Read(ctx, func(o store.Object) error {
		if err := read.add(o); err != nil {
			return fmt.Errorf("reading %s %s: %w", o.Kind, o.ID, err)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the store: %w", err)
	}
	read.revision = version.Revision
	slices.SortFunc(read.blocks, func(a, b block) int { return cmp.Compare(a.id, b.id) })
	slices.SortFunc(read.accounts, func(a, b config.Account) int { return cmp.Compare(a.ID, b.ID) })
	return read, nil
}

func (s *storedPolicy) add(o store.Object) error {
	switch o.Kind {
	case store.Settings:
		return config.DecodeJSON(o.Document, &s.settings)
	case store.Block:
		b := block{id: o.ID}
		s.blocks = append(s.blocks, b)
		return config.DecodeJSON(o.Document, &s.blocks[len(s.blocks)-1].rule)
	case store.Account:
		s.accounts = append(s.accounts, config.Account{})
		return config.DecodeJSON(o.Document, &s.accounts[len(s.accounts)-1])
	}
	return nil
}

// document is all of it in one.
func (s *storedPolicy) document() config.Document {
	d := s.settings
	for _, b := range s.blocks {
		d.Prefixes = append(d.Prefixes, b.rule)
	}
	d.Accounts = s.accounts
	return d
}

// settingsOf is the part of a document that a store keeps as its settings.
func settingsOf(d *config.Document) config.Document {
	settings := *d
	settings.Prefixes, settings.Accounts = nil, nil
	return settings
}

// text is the one form of a document in a store.
func text[T any](document *T) (json.RawMessage, error) { return json.Marshal(document) }
