package permissions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// TerritoryEdit opens or closes a territory, of a class for calls.
type TerritoryEdit struct {
	Channel   policy.Channel
	Class     policy.Class
	Territory numbering.Territory
	Open      bool
}

// ErrInherits is a change of a list that an account does not state, but inherits.
var ErrInherits = errors.New("the account inherits these permissions: turn inheritance off first")

// EditTerritories opens and closes territories of an account, one by one, which are found by what
// is in force when the change is made. An account that the policy does not name comes into being.
// A list that it has not stated so far begins as what is in force for it: inherited from a parent,
// only where that is allowed to end so.
func (s *Service) EditTerritories(ctx context.Context, by Caller, terms Terms, target Target, endInheritance bool, find func(current *policy.Subject) ([]TerritoryEdit, error)) (Result, error) {
	return s.editAccount(ctx, by, terms, target, func(a *config.Account, subject *policy.Subject) error {
		edits, err := find(subject)
		if err != nil {
			return err
		}
		for _, e := range edits {
			if err := stateList(a, subject, e.Channel, endInheritance); err != nil {
				return err
			}
			stated := listIn(&a.Permissions, e.Channel, e.Class, true)
			*stated = edited(*stated, &e, subject)
		}
		return nil
	})
}

// SetInheritance makes an account inherit a channel from its parent, or state it itself from now
// on: what it then states is what it inherited.
func (s *Service) SetInheritance(ctx context.Context, by Caller, terms Terms, target Target, channel policy.Channel, inherits bool) (Result, error) {
	return s.editAccount(ctx, by, terms, target, func(a *config.Account, subject *policy.Subject) error {
		switch {
		case inherits == subject.Inherits(channel):
			return nil
		case !inherits:
			return stateList(a, subject, channel, true)
		case a.Parent == "":
			return reload.Invalid{Cause: fmt.Errorf("changing account %s: it has no parent to inherit from", target.ID)}
		case a.Home != "":
			return reload.Invalid{Cause: fmt.Errorf("changing account %s: its home %s is in force and not its parent's permissions: ask the operator of the gate to remove it", target.ID, a.Home)}
		}
		switch channel {
		case policy.Voice:
			a.Voice = nil
		default:
			*listIn(&a.Permissions, channel, policy.LowRisk, true) = nil
		}
		return nil
	})
}

// Target is the account that a client of the carrier changes: by its ID, and by that at the
// carrier.
type Target struct {
	ID string
	At policy.CarrierAccount
}

// errUnchanged ends a change that makes no difference to an account without a document: it does
// not come into being.
var errUnchanged = errors.New("nothing changes")

// editAccount changes the document of an account, which it makes if there is none. The edit gets
// what is in force as the change begins, for which the store is asked: what was in force here
// before may lack what another gate of the fleet has changed.
func (s *Service) editAccount(ctx context.Context, by Caller, terms Terms, target Target, edit func(a *config.Account, current *policy.Subject) error) (Result, error) {
	id := s.canonical(target.ID)
	o := object{access.AccountPatch, store.Account, id, id}
	result, err := s.write(ctx, by, terms, o, func(before *store.Object) (json.RawMessage, error) {
		current, err := s.current(target)
		if err != nil {
			return nil, err
		}
		a := config.Account{ID: id}
		if before != nil {
			if err := config.DecodeJSON(before.Document, &a); err != nil {
				return nil, fmt.Errorf("reading account %s: %w", id, err)
			}
		}
		if err := edit(&a, current); err != nil {
			return nil, err
		}
		if before == nil && reflect.DeepEqual(a, config.Account{ID: id}) {
			return nil, errUnchanged
		}
		text, err := json.Marshal(&a)
		if err != nil {
			return nil, fmt.Errorf("writing account %s: %w", id, err)
		}
		return s.accountDocument(id, text)
	})
	if errors.Is(err, errUnchanged) {
		return Result{}, nil
	}
	return result, err
}

// current is the account by what is in force. One that was suspended, deleted or given to another
// account since the request arrived is not changed.
func (s *Service) current(target Target) (*policy.Subject, error) {
	subject := s.Policy.Current().Snapshot.SubjectOf(target.At)
	if !subject.IsCovered(true) || subject.IsSuspended(s.Now()) || subject.IsStated() && subject.StatedAccount() != target.ID {
		return nil, access.ErrDenied
	}
	return &subject, nil
}

// stateList makes an account state the lists of a channel: they are what is in force for it.
func stateList(a *config.Account, subject *policy.Subject, channel policy.Channel, endInheritance bool) error {
	if channel == policy.Voice && a.Voice != nil || channel != policy.Voice && *listIn(&a.Permissions, channel, policy.LowRisk, true) != nil {
		return nil
	}
	if subject.Inherits(channel) && !endInheritance {
		return ErrInherits
	}
	sets, _ := subject.StatedSets(channel)
	for class := range policy.ClassCount {
		if channel == policy.Voice || class == policy.LowRisk {
			*listIn(&a.Permissions, channel, class, true) = codesOf(sets[class])
		}
	}
	return nil
}

// codesOf is a set as a list.
func codesOf(set policy.Set) config.Territories {
	list := config.Territories{}
	for t := range set.All() {
		list = append(list, t.String())
	}
	slices.Sort(list)
	return list
}

// edited is a list with a territory opened or closed. A list that has the territory by a group is
// taken apart to close it: into those that are in force, since one that the carrier opens by
// request only would count as approved if it were named.
func edited(list config.Territories, e *TerritoryEdit, subject *policy.Subject) config.Territories {
	named := names(list, e.Territory)
	_, grouped := groupWith(list, e.Territory)
	switch {
	case e.Open && (named || grouped), !e.Open && !named && !grouped:
		return list
	case e.Open:
		return append(slices.Clone(list), e.Territory.String())
	case !grouped:
		return slices.DeleteFunc(slices.Clone(list), func(code string) bool { return strings.EqualFold(code, e.Territory.String()) })
	}
	inForce, _ := subject.StatedSets(e.Channel)
	members := membersOf(list)
	var kept policy.Set
	for t := range members.All() {
		if t != e.Territory && (inForce[e.Class].Has(t) || names(list, t)) {
			kept.Add(t)
		}
	}
	return codesOf(kept)
}

// names reports whether a list has a territory by its own name, in letters of any case.
func names(list config.Territories, t numbering.Territory) bool {
	return slices.ContainsFunc(list, func(code string) bool { return strings.EqualFold(code, t.String()) })
}
