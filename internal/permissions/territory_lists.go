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
	"github.com/caddy-tollgate/tollgate/internal/suggest"
	"github.com/caddy-tollgate/tollgate/internal/territories"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// Territories are all that there are, with what is known of each.
func (s *Service) Territories(by Caller) ([]territories.Territory, error) {
	if err := hasRole(by, access.Read); err != nil {
		return nil, err
	}
	return territories.All(s.Policy.Current().Snapshot, s.CarrierLists), nil
}

// Territory is one of them, with the prefixes of its numbers.
func (s *Service) Territory(by Caller, code string) (territories.Territory, []territories.Prefixes, error) {
	if err := hasRole(by, access.Read); err != nil {
		return territories.Territory{}, nil, err
	}
	t, ok := numbering.ParseTerritory(code)
	if !ok {
		return territories.Territory{}, nil, fmt.Errorf("reading territory %q%s: %w", code, suggest.TerritoryHint(code), ErrNotFound)
	}
	return territories.Of(s.Policy.Current().Snapshot, s.CarrierLists, t), territories.PrefixesOf(t), nil
}

// AccountLists are the lists of territories that are in force for an account.
type AccountLists struct {
	// Account by its own ID, with its label and its parent.
	Account, Label, Parent string
	// Stated is InStore, or InFile: then it is read-only. Suspended says that it sends nothing,
	// since it is suspended, or its parent is.
	Stated    string
	Suspended bool
	// Policy is the revision that was asked.
	Policy string
	Lists  []AccountList
}

// AccountList is the list of a channel and, for calls, of a class.
type AccountList struct {
	Channel policy.Channel
	Class   policy.Class
	// By is whose list is in force, and For the channel that it is stated for: messages by an app
	// may go by the list for messaging.
	By          policy.Holder
	For         policy.Channel
	Territories []ListedTerritory
}

// ListedTerritory is a territory that a list has, or about which something else decides than that
// it is not in the list.
type ListedTerritory struct {
	Territory numbering.Territory
	// Listed says that the list has it, and Open that it may be sent to: for the reason, and by
	// the rule. Until is when the opening ends, if one is the reason.
	Listed, Open bool
	Reason       policy.Reason
	Rule         string
	Until        time.Time
}

// Lists returns the lists of territories that are in force for an account.
func (s *Service) Lists(ctx context.Context, by Caller, id string) (*AccountLists, error) {
	id = s.canonical(id)
	if err := access.Authorize(by.Principal, access.Read, id); err != nil {
		return nil, err
	}
	current := s.Policy.Current()
	subject, err := subjectOf(current.Snapshot, id)
	if err != nil {
		return nil, err
	}
	found := &AccountLists{Account: id, Label: subject.Label(), Stated: InStore, Policy: current.Snapshot.Revision(), Suspended: subject.IsSuspended(s.Now())}
	if current.IsStatedInFile(id) {
		found.Stated = InFile
	}
	for l := range current.Snapshot.Listed() {
		if l.ID() == id {
			found.Parent = l.Parent()
			break
		}
	}
	for channel := range policy.ChannelCount {
		found.Lists = append(found.Lists, s.listsOn(subject, channel)...)
	}
	return found, nil
}

// subjectOf is an account of a policy by its own ID.
func subjectOf(snapshot *policy.Snapshot, id string) (*policy.Subject, error) {
	at, defined := snapshot.At(id)
	if !defined || len(at) == 0 {
		return nil, fmt.Errorf("reading account %s: %w", id, ErrNotFound)
	}
	subject := snapshot.SubjectOf(at[0])
	return &subject, nil
}

// listsOn are the lists of a channel.
func (s *Service) listsOn(subject *policy.Subject, channel policy.Channel) (lists []AccountList) {
	now, send := s.Now(), policy.Send{Channel: channel}
	sets, holder := subject.StatedSets(channel)
	basis := subject.Basis(send, now)
	for class := range policy.ClassCount {
		if channel != policy.Voice && class != policy.LowRisk {
			break
		}
		list := AccountList{Channel: channel, Class: class, By: holder, For: channel}
		if !basis.IsApart() {
			list.For = channel.Base()
		}
		for t := range numbering.AllTerritories() {
			v := subject.JudgeTerritory(send, class, t, now)
			listed := sets[class].Has(t)
			if !listed && (v.Reason == policy.TerritoryNotEnabled || v.Reason == policy.ClassNotEnabled) {
				continue
			}
			row := ListedTerritory{Territory: t, Listed: listed, Open: v.Outcome != policy.Deny, Reason: v.Reason, Rule: v.Rule}
			if v.Reason == policy.Opened {
				row.Until = openedUntil(subject, channel, v.Rule, now)
			}
			list.Territories = append(list.Territories, row)
		}
		lists = append(lists, list)
	}
	return lists
}

// openedUntil is when the opening ends that a verdict names.
func openedUntil(subject *policy.Subject, channel policy.Channel, words string, now time.Time) time.Time {
	for _, o := range subject.OpeningsInForce(channel, now) {
		if o.Words == words {
			return o.Opening.Until
		}
	}
	return time.Time{}
}

// EditLists opens and closes territories of an account one by one, all or none of them. A list
// that it has not stated so far begins as what is in force for it: one that it inherits, only
// where that is to end.
func (s *Service) EditLists(ctx context.Context, by Caller, terms Terms, id string, endInheritance bool, edits []TerritoryEdit) (Result, error) {
	id = s.canonical(id)
	o := object{access.AccountPatch, store.Account, id, id}
	return s.write(ctx, by, terms, o, func(before *store.Object) (json.RawMessage, error) {
		if before == nil {
			return nil, fmt.Errorf("changing account %s: %w", id, ErrNotFound)
		}
		subject, err := subjectOf(s.Policy.Current().Snapshot, id)
		if err != nil {
			return nil, err
		}
		var a config.Account
		if err := config.DecodeJSON(before.Document, &a); err != nil {
			return nil, fmt.Errorf("reading account %s: %w", id, err)
		}
		for _, e := range edits {
			if err := stateList(&a, subject, e.Channel, endInheritance); err != nil {
				return nil, reload.Invalid{Cause: fmt.Errorf("changing account %s: %w", id, err)}
			}
			stated := listIn(&a.Permissions, e.Channel, e.Class, true)
			*stated = named(edited(*stated, &e, subject), &e, subject)
		}
		text, err := json.Marshal(&a)
		if err != nil {
			return nil, fmt.Errorf("writing account %s: %w", id, err)
		}
		return s.accountDocument(id, text)
	})
}

// named is a list in which a territory that is opened is named, if it is in a group and that is
// not enough: the carrier opens it by request only.
func named(list config.Territories, e *TerritoryEdit, subject *policy.Subject) config.Territories {
	if e.Open && !names(list, e.Territory) && !subject.MayState(e.Channel, e.Territory) {
		return append(list, e.Territory.String())
	}
	return list
}

// ReadTerritoryEdit reads an edit, the place of which is for errors.
func ReadTerritoryEdit(channel, class, territory string, open bool, place int) (e TerritoryEdit, err error) {
	list := TerritoryList{Channel: channel, Class: class}
	if e.Channel, e.Class, err = list.where(); err != nil {
		if p := (decode.Problem{}); errors.As(err, &p) {
			err = mistake(fmt.Sprintf("edits[%d].%s", place, p.Path), "%s", p.Message)
		}
		return e, err
	}
	t, ok := numbering.ParseTerritory(territory)
	if !ok {
		return e, mistake(fmt.Sprintf("edits[%d].territory", place), "unknown territory %q%s", territory, suggest.TerritoryHint(territory))
	}
	e.Territory, e.Open = t, open
	return e, nil
}
