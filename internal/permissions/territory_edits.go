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

// EditedAccount is an account that is edited: by its own ID, or that at the carrier if the policy
// does not name it, and as a carrier knows it.
type EditedAccount struct {
	ID string
	At policy.CarrierAccount
}

// subject is the account by the policy that the change is checked by: that of a request may be
// older, where another gate of the fleet has changed something since. One that was suspended,
// deleted or given another name by then is not edited.
func (s *Service) subject(a EditedAccount) (*policy.Subject, error) {
	subject := s.Policy.Current().Snapshot.SubjectOf(a.At)
	if !subject.IsCovered(true) || subject.IsSuspended(s.Now()) || subject.IsStated() && subject.StatedAccount() != a.ID {
		return nil, access.ErrDenied
	}
	return &subject, nil
}

// EditTerritories opens and closes territories of an account, one by one: those that edits returns
// of what is in force. An account that the policy does not name comes into being. A list that it
// has not stated so far begins as what is in force for it: inherited from a parent, only where that
// is allowed to end so. If the policy changes meanwhile, edits is asked again.
func (s *Service) EditTerritories(ctx context.Context, by Caller, terms Terms, account EditedAccount, endInheritance bool, edits func(*policy.Subject) ([]TerritoryEdit, error)) (Result, error) {
	return s.editAccount(ctx, by, terms, account, func(a *config.Account, subject *policy.Subject) (changed bool, err error) {
		list, err := edits(subject)
		if err != nil {
			return false, err
		}
		for _, e := range list {
			if err := stateList(a, subject, e.Channel, endInheritance); err != nil {
				return false, err
			}
			stated := listIn(&a.Permissions, e.Channel, e.Class, true)
			*stated = edited(*stated, &e, subject)
		}
		return len(list) > 0, nil
	})
}

// SetInheritance makes an account inherit a channel from its parent, or state it itself from now
// on: what it then states is what it inherited.
func (s *Service) SetInheritance(ctx context.Context, by Caller, terms Terms, account EditedAccount, channel policy.Channel, inherits bool) (Result, error) {
	return s.editAccount(ctx, by, terms, account, func(a *config.Account, subject *policy.Subject) (changed bool, err error) {
		switch {
		case inherits == subject.Inherits(channel):
			return false, nil
		case !inherits:
			return true, stateList(a, subject, channel, true)
		case a.Parent == "":
			return false, reload.Invalid{Cause: fmt.Errorf("changing account %s: it has no parent to inherit from", account.ID)}
		case a.Home != "":
			// A home takes the place of what is inherited, and a trial account needs it.
			return false, reload.Invalid{Cause: fmt.Errorf("changing account %s: it has a home, in place of what it would inherit", account.ID)}
		}
		switch channel {
		case policy.Voice:
			a.Voice = nil
		default:
			*listIn(&a.Permissions, channel, policy.LowRisk, true) = nil
		}
		return true, nil
	})
}

// editAccount changes the document of an account, which it makes if there is none. Without a
// change, the account stays as it is, or does not exist.
func (s *Service) editAccount(ctx context.Context, by Caller, terms Terms, account EditedAccount, edit func(*config.Account, *policy.Subject) (changed bool, err error)) (Result, error) {
	id := s.canonical(account.ID)
	o := object{access.AccountPatch, store.Account, id, id}
	return s.write(ctx, by, terms, o, func(before *store.Object) (json.RawMessage, error) {
		subject, err := s.subject(account)
		if err != nil {
			return nil, err
		}
		a := config.Account{ID: id}
		if before != nil {
			if err := config.DecodeJSON(before.Document, &a); err != nil {
				return nil, fmt.Errorf("reading account %s: %w", id, err)
			}
		}
		switch changed, err := edit(&a, subject); {
		case err != nil:
			return nil, err
		case !changed && before == nil:
			return nil, nil
		case !changed:
			return before.Document, nil
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
