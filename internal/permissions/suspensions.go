package permissions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
)

// The states of a suspension.
const (
	SuspensionInForce = "in_force"
	SuspensionEnded   = "ended"
)

// Suspensions returns those that the store keeps, by account: those in one of the states, if
// there are any. Those that accounts state themselves are not among them.
func (s *Service) Suspensions(ctx context.Context, by Caller, states ...string) ([]store.Object, error) {
	objects, err := s.list(ctx, by, store.Suspension)
	if err != nil || len(states) == 0 {
		return objects, err
	}
	var list []store.Object
	for i := range objects {
		e, err := s.endOf(&objects[i])
		if err != nil {
			return nil, err
		}
		state := SuspensionInForce
		if !e.end.IsZero() && !s.Now().Before(e.end) {
			state = SuspensionEnded
		}
		if slices.Contains(states, state) {
			list = append(list, objects[i])
		}
	}
	return list, nil
}

// Suspension returns that of an account.
func (s *Service) Suspension(ctx context.Context, by Caller, account string) (store.Object, error) {
	return s.read(ctx, by, store.Suspension, account, account)
}

// Suspend suspends an account, one that a file states too. The document is a
// reload.SuspensionDocument in JSON, which needs a reason.
func (s *Service) Suspend(ctx context.Context, by Caller, terms Terms, account string, document []byte) (Result, error) {
	var d reload.SuspensionDocument
	if err := config.DecodeJSON(document, &d); err != nil {
		return Result{}, reload.Invalid{Cause: fmt.Errorf("reading a suspension: %w", err)}
	}
	if d.Reason == "" {
		d.Reason = terms.Reason
	}
	if err := s.checkSuspension(&d); err != nil {
		return Result{}, err
	}
	o := object{access.SuspensionPut, store.Suspension, account, account}
	return s.write(ctx, by, terms.because(d.Reason), o, func(*store.Object) (json.RawMessage, error) {
		if err := s.checkDefined(account); err != nil {
			return nil, err
		}
		text, err := json.Marshal(d)
		if err != nil {
			return nil, fmt.Errorf("writing the suspension of account %s: %w", account, err)
		}
		return text, nil
	})
}

// checkSuspension finds what the compiler does not: a suspension that suspends nothing.
func (s *Service) checkSuspension(d *reload.SuspensionDocument) error {
	if strings.TrimSpace(d.Reason) == "" {
		return mistake("reason", "is required: say why the account is suspended")
	}
	if until, err := config.ParseTime(d.Until); d.Until != "" && err == nil && !until.After(s.Now()) {
		return mistake("until", "must be in the future: leave it out to suspend the account until it is resumed")
	}
	return nil
}

// checkDefined returns an error unless the policy in force names an account by its own ID: what
// is attached to another one would have no effect.
func (s *Service) checkDefined(account string) error {
	if _, defined := s.Policy.Current().Snapshot.At(account); !defined {
		return fmt.Errorf("account %s: %w: the policy names no such account; write its own name, or state it first", account, ErrNotFound)
	}
	return nil
}

// Resume ends the suspension of an account, for a reason. One that the account states itself
// remains.
func (s *Service) Resume(ctx context.Context, by Caller, terms Terms, account string) (Result, error) {
	result, err := s.remove(ctx, by, terms, object{access.SuspensionDelete, store.Suspension, account, account})
	if errors.Is(err, ErrNotFound) {
		return result, fmt.Errorf("account %s: suspension %w: one that a file or the account itself states is ended there", account, ErrNotFound)
	}
	return result, err
}
