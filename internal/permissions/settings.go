package permissions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
)

// Settings returns what the store states for all accounts; an object without a document if
// it states nothing.
func (s *Service) Settings(ctx context.Context, by Caller) (store.Object, error) {
	if err := access.Authorize(by.Principal, access.Read, ""); err != nil {
		return store.Object{}, err
	}
	found, err := s.get(ctx, store.Settings, "")
	if err != nil || found == nil {
		return store.Object{Kind: store.Settings}, err
	}
	return *found, nil
}

// PutSettings states what is in force for all accounts, in place of what the store stated
// before. The document is a policy document without accounts and prefixes.
func (s *Service) PutSettings(ctx context.Context, by Caller, terms Terms, document []byte) (Result, error) {
	o := object{access.SettingsPut, store.Settings, "", ""}
	return s.write(ctx, by, terms, o, func(*store.Object) (json.RawMessage, error) {
		return settingsDocument(document)
	})
}

// elsewhere is what settings do not state.
var elsewhere = []struct {
	path, message string
	isStated      func(*config.Document) bool
}{
	{"accounts", "settings have no accounts: each is a resource of its own", func(d *config.Document) bool { return d.Accounts != nil }},
	{"prefixes", "settings have no prefix rules: each is a resource of its own", func(d *config.Document) bool { return d.Prefixes != nil }},
}

// settingsDocument checks the document of settings and writes it in the one form that is
// stored.
func settingsDocument(document []byte) (json.RawMessage, error) {
	var d config.Document
	if err := config.DecodeJSON(document, &d); err != nil {
		return nil, reload.Invalid{Cause: fmt.Errorf("reading the settings: %w", err)}
	}
	for _, e := range elsewhere {
		if e.isStated(&d) {
			return nil, reload.Invalid{Cause: decode.Problem{Path: e.path, Message: e.message}}
		}
	}
	resolved, _, err := config.Resolve(&d, refusePlaceholder)
	if err != nil {
		return nil, reload.Invalid{Cause: fmt.Errorf("reading the settings: %w", err)}
	}
	text, err := json.Marshal(&resolved)
	if err != nil {
		return nil, fmt.Errorf("writing the settings: %w", err)
	}
	return text, nil
}

func refusePlaceholder(string) (string, error) {
	return "", errors.New("a store keeps no placeholders: write the value itself, without a brace")
}

// State is which policy is in force, and since when.
type State struct {
	// Revision of the policy, as logs name it, and that of the store in it.
	Revision string
	Store    store.Revision
	// Since is when it came into force.
	Since time.Time
	// Contact is when the store last answered; the zero time if it has not yet.
	Contact time.Time
	// InForce says that requests are judged by it: a store may be missing, or have been away
	// for too long.
	InForce bool
}

// State returns which policy is in force. Everyone with a role may ask.
func (s *Service) State(by Caller) (State, error) {
	if err := hasRole(by, access.Read); err != nil {
		return State{}, err
	}
	current := s.Policy.Current()
	return State{
		Revision: current.Snapshot.Revision(), Store: current.StoreRevision, Since: current.At,
		Contact: s.Policy.Contact(), InForce: current.InForce == nil || current.InForce(),
	}, nil
}

// hasRole returns an error unless a caller has the role for an action, be it for certain
// accounts only.
func hasRole(by Caller, action access.Action) error {
	unlimited := by.Principal
	unlimited.Accounts = nil
	return access.Authorize(unlimited, action, "")
}
