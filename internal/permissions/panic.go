package permissions

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
)

// PanicRequest closes all accounts.
type PanicRequest struct {
	Reason  string   `json:"reason" maxLength:"500" doc:"Why." example:"Leaked credentials of several customers"`
	Protect []string `json:"protect,omitempty" nullable:"false" doc:"Accounts that go on as before, with their subaccounts, by the names that the policy gives them."`
}

// The one panic that there may be is an object of its own. No account is rewritten, so undoing
// it restores what was stated, and keeps what was changed meanwhile.
var (
	panicking = object{action: access.Panic, kind: store.Panic}
	undoing   = object{action: access.PanicUndo, kind: store.Panic}
)

// Panic returns the panic in force, or ErrNotFound.
func (s *Service) Panic(ctx context.Context, by Caller) (store.Object, error) {
	return s.read(ctx, by, store.Panic, "", "")
}

// StartPanic closes all accounts except what they have at home, and except those that are
// protected. Of a panic that is in force already, it changes the reason and who is protected.
// The document is a PanicRequest in JSON.
func (s *Service) StartPanic(ctx context.Context, by Caller, terms Terms, document []byte) (Result, error) {
	var asked PanicRequest
	if err := config.DecodeJSON(document, &asked); err != nil {
		return Result{}, reload.Invalid{Cause: fmt.Errorf("reading a panic: %w", err)}
	}
	if strings.TrimSpace(asked.Reason) == "" {
		return Result{}, mistake("reason", "is required: say why everything is closed")
	}
	slices.Sort(asked.Protect)
	d := reload.PanicDocument{Reason: asked.Reason, Since: s.Now().UTC().Format(time.RFC3339), Protect: slices.Compact(asked.Protect)}
	return s.write(ctx, by, terms.because(d.Reason), panicking, func(before *store.Object) (json.RawMessage, error) {
		if err := s.checkProtected(d.Protect); err != nil {
			return nil, err
		}
		if before != nil {
			var began reload.PanicDocument
			if err := config.DecodeJSON(before.Document, &began); err != nil {
				return nil, fmt.Errorf("reading the panic in force: %w", err)
			}
			d.Since = began.Since
		}
		text, err := json.Marshal(d)
		if err != nil {
			return nil, fmt.Errorf("writing a panic: %w", err)
		}
		return text, nil
	})
}

// checkProtected returns an error about an account that the policy does not name: someone
// believes it to be protected.
func (s *Service) checkProtected(accounts []string) error {
	for _, account := range accounts {
		if _, defined := s.Policy.Current().Snapshot.At(account); !defined {
			return mistake("protect", "the policy names no account %q: write its own name", account)
		}
	}
	return nil
}

// UndoPanic ends the panic, for a reason.
func (s *Service) UndoPanic(ctx context.Context, by Caller, terms Terms) (Result, error) {
	return s.remove(ctx, by, terms, undoing)
}
