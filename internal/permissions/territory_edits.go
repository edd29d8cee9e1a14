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

// EditTerritories opens and closes territories of an account, one by one. An account that the
// policy does not name comes into being. A list that it has not stated so far begins as what is in
// force for it: inherited from a parent, only where that is allowed to end so.
func (s *Service) EditTerritories(ctx context.Context, by Caller, terms Terms, id string, subject *policy.Subject, endInheritance bool, edits []TerritoryEdit) (Result, error) {
	return s.editAccount(ctx, by, terms, id, func(a *config.Account) error {
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
func (s *Service) SetInheritance(ctx context.Context, by Caller, terms Terms, id string, subject *policy.Subject, channel policy.Channel, inherits bool) (Result, error) {
	return s.editAccount(ctx, by, terms, id, func(a *config.Account) error {
		if !inherits {
			return stateList(a, subject, channel, true)
		}
		if a.Parent == "" {
			return reload.Invalid{Cause: fmt.Errorf("changing account %s: it has no parent to inherit from", id)}
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

// editAccount changes the document of an account, which it makes if there is none.
func (s *Service) editAccount(ctx context.Context, by Caller, terms Terms, id string, edit func(*config.Account) error) (Result, error) {
	id = s.canonical(id)
	o := object{access.AccountPatch, store.Account, id, id}
	return s.write(ctx, by, terms, o, func(before *store.Object) (json.RawMessage, error) {
		a := config.Account{ID: id}
		if before != nil {
			if err := config.DecodeJSON(before.Document, &a); err != nil {
				return nil, fmt.Errorf("reading account %s: %w", id, err)
			}
		}
		if err := edit(&a); err != nil {
			return nil, err
		}
		text, err := json.Marshal(&a)
		if err != nil {
			return nil, fmt.Errorf("writing account %s: %w", id, err)
		}
		return s.accountDocument(id, text)
	})
}

// stateList makes an account state the lists of a channel: they are what is in force for it.
func stateList(a *config.Account, subject *policy.Subject, channel policy.Channel, endInheritance bool) error {
	if channel == policy.Voice && a.Voice != nil || channel != policy.Voice && *listIn(&a.Permissions, channel, policy.LowRisk, true) != nil {
		return nil
	}
	sets, holder := subject.StatedSets(channel)
	if holder == policy.ItsParent && !endInheritance {
		return ErrInherits
	}
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
