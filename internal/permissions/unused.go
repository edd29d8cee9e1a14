package permissions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/traffic"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// UnusedQuery asks which territories accounts have open and send nothing to.
type UnusedQuery struct {
	// Account by its own ID, empty for all.
	Account string
	// Days without traffic.
	Days int
	// Limit is how many accounts are looked at for a page, and Cursor where it begins.
	Limit  int
	Cursor string
}

// UnusedPage is a part of a list of what is unused.
type UnusedPage struct {
	// WatchedSince is the first day on which a gate recorded traffic, empty if none did. What
	// is watched for less than the days that are asked for is not listed.
	WatchedSince store.Day
	Unused       []Unused
	// Next is as that of Page.
	Next string
}

// Unused are the territories of one list of an account that are open, and without traffic.
type Unused struct {
	Account, Label string
	Channel        policy.Channel
	Class          policy.Class // of calls
	Territories    []UnusedTerritory
	// Stated is InStore, or InFile: then Place is the file and the line.
	Stated, Place string
	// Verb and Close are the change that closes them, of an account of a revision. There is
	// none of what a file states.
	Verb     Verb
	Close    *TerritoryList
	Revision store.Revision
}

// UnusedTerritory is a territory without traffic.
type UnusedTerritory struct {
	Territory numbering.Territory
	// Last is the last day on which something was sent to it, empty if that is not known.
	Last store.Day
}

// Unused lists the territories that accounts open by lists of their own, and to which neither
// they nor their subaccounts sent anything for some days. What was opened in these days, as far
// as the record of changes shows it, is not listed: it had no time to be used.
func (s *Service) Unused(ctx context.Context, by Caller, q UnusedQuery) (*UnusedPage, error) {
	if q.Days < 1 {
		return nil, reload.Invalid{Cause: errors.New("listing what is unused: days must be at least 1")}
	}
	if err := access.Authorize(by.Principal, access.Read, q.Account); q.Account != "" && err != nil {
		return nil, err
	}
	if err := hasRole(by, access.Read); err != nil {
		return nil, err
	}
	kept, err := s.Policy.Store()
	if err != nil {
		return nil, err
	}
	if err := s.writeTraffic(ctx); err != nil {
		return nil, err
	}
	page := new(UnusedPage)
	if page.WatchedSince, err = kept.Traffic().Since(ctx); err != nil {
		return nil, err
	}
	from := s.Now().Add(-time.Duration(q.Days) * 24 * time.Hour)
	// The first day was watched from some hour on.
	if page.WatchedSince == "" || page.WatchedSince >= traffic.Day(from) {
		return page, nil
	}
	accounts, err := s.unusedAccounts(by, &q, page)
	if err != nil {
		return nil, err
	}
	before, err := s.statedBefore(ctx, kept, accounts, from)
	if err != nil {
		return nil, err
	}
	children := childrenOf(s.Policy.Current().Snapshot, accounts)
	for _, a := range accounts {
		seen, err := lastSends(ctx, kept, append(children[a.ID()], a.ID()))
		if err != nil {
			return nil, err
		}
		found, err := s.unusedOf(ctx, a, before, seen, traffic.Day(from))
		if err != nil {
			return nil, err
		}
		page.Unused = append(page.Unused, found...)
	}
	return page, nil
}

// writeTraffic has the store know all that this gate has let through.
func (s *Service) writeTraffic(ctx context.Context) error {
	if s.WriteTraffic == nil {
		return nil
	}
	return s.WriteTraffic(ctx)
}

// unusedAccounts are those that a page looks at.
func (s *Service) unusedAccounts(by Caller, q *UnusedQuery, page *UnusedPage) ([]policy.Listed, error) {
	current := s.Policy.Current()
	matches, err := s.matcher(by, current, &Filter{Limit: q.Limit, Cursor: q.Cursor})
	if err != nil {
		return nil, reload.Invalid{Cause: fmt.Errorf("listing what is unused: %w", err)}
	}
	only := s.canonical(q.Account)
	found := firstOf(current.Snapshot, q.Limit+1, func(l policy.Listed) bool { return (only == "" || l.ID() == only) && matches(l) })
	if only != "" && len(found) == 0 {
		return nil, fmt.Errorf("listing what account %s does not use: %w", only, ErrNotFound)
	}
	if len(found) > q.Limit {
		found = found[:q.Limit]
		page.Next = cursorAfter(found[q.Limit-1].ID())
	}
	return found, nil
}

// childrenOf are the own IDs of the subaccounts of some accounts.
func childrenOf(snapshot *policy.Snapshot, accounts []policy.Listed) map[string][]string {
	children := make(map[string][]string, len(accounts))
	for _, a := range accounts {
		children[a.ID()] = nil
	}
	for l := range snapshot.Listed() {
		if of, listed := children[l.Parent()]; listed && l.Parent() != "" {
			children[l.Parent()] = append(of, l.ID())
		}
	}
	return children
}

// list names a list of territories: of a channel and, for calls, a class.
type list struct {
	channel policy.Channel
	class   policy.Class
}

// lists are those that an account may state.
var lists = func() (all []list) {
	for channel := range policy.ChannelCount {
		for class := range policy.ClassCount {
			if channel == policy.Voice || class == policy.LowRisk {
				all = append(all, list{channel, class})
			}
		}
	}
	return all
}()

// lastSends are the last days of the traffic of some accounts. What goes by another app counts
// for messages too: where a channel has no list of its own, that of messages is its list.
func lastSends(ctx context.Context, kept store.Store, accounts []string) (map[list]map[string]store.Day, error) {
	seen := make(map[list]map[string]store.Day)
	for _, id := range accounts {
		err := kept.Traffic().Query(ctx, id, func(l store.LastSend) error {
			channel, known := policy.ParseChannel(l.Channel)
			if !known {
				return nil // of a later version
			}
			class, _ := policy.ParseClass(l.Class)
			for _, of := range []list{{channel, class}, {channel.Base(), class}} {
				if seen[of] == nil {
					seen[of] = make(map[string]store.Day)
				}
				seen[of][l.Territory] = max(seen[of][l.Territory], l.Day)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return seen, nil
}

// unusedOf finds what an account does not use.
func (s *Service) unusedOf(ctx context.Context, l policy.Listed, before earlier, seen map[list]map[string]store.Day, since store.Day) ([]Unused, error) {
	var stated *Account
	var document config.Account
	var unused []Unused
	for _, of := range lists {
		open := l.OpenByOwnSet(of.channel, of.class, s.Now())
		var found []UnusedTerritory
		for t := range open.All() {
			if last := seen[of][t.String()]; last < since && before.had(l.ID(), of, t) {
				found = append(found, UnusedTerritory{t, last})
			}
		}
		if len(found) == 0 {
			continue
		}
		if stated == nil {
			account, err := s.statedAccount(ctx, l.ID())
			if errors.Is(err, ErrNotFound) {
				return nil, nil // it was deleted meanwhile
			}
			if err != nil {
				return nil, err
			}
			if err := config.DecodeJSON(account.Document, &document); err != nil {
				return nil, fmt.Errorf("reading account %s: %w", l.ID(), err)
			}
			stated = &account
		}
		row := Unused{Account: l.ID(), Label: l.Label(), Channel: of.channel, Class: of.class, Territories: found, Stated: stated.Stated, Place: stated.Place}
		if stated.Stated == InStore {
			row.Revision = stated.Revision
			row.close(&document)
		}
		unused = append(unused, row)
	}
	return unused, nil
}

// close adds the change that closes what is unused. A group is never taken apart, so a list that
// has some of them by a group is replaced by what of it is used.
func (u *Unused) close(document *config.Account) {
	stated := listIn(&document.Permissions, u.Channel, u.Class, false)
	if stated == nil || *stated == nil {
		return // its home opens it
	}
	change := &TerritoryList{Channel: u.Channel.String()}
	if u.Channel == policy.Voice {
		change.Class = u.Class.String()
	}
	u.Verb, u.Close = Remove, change
	var closed policy.Set
	for _, unused := range u.Territories {
		closed.Add(unused.Territory)
		change.Territories = append(change.Territories, unused.Territory.String())
		if _, grouped := groupWith(*stated, unused.Territory); grouped {
			u.Verb = Replace
		}
	}
	if u.Verb == Remove {
		return
	}
	change.Territories = config.Territories{}
	for _, code := range *stated {
		if t, ok := numbering.ParseTerritory(code); ok && !closed.Has(t) {
			change.Territories = append(change.Territories, t.String())
		}
	}
	members := membersOf(*stated)
	for t := range members.All() {
		if !closed.Has(t) && !slices.Contains(change.Territories, t.String()) {
			change.Territories = append(change.Territories, t.String())
		}
	}
}

// membersOf are the territories of a list.
func membersOf(list config.Territories) (members policy.Set) {
	for t := range numbering.AllTerritories() {
		_, grouped := groupWith(list, t)
		if grouped || names(list, t) {
			members.Add(t)
		}
	}
	return members
}

// earlier is what accounts stated before some time, by their IDs. An account that is not
// among them states now what it stated then; one without a document stated nothing, or it is not
// known any more what.
type earlier map[string]*config.Account

// had reports whether a list of an account had a territory.
func (e earlier) had(id string, of list, t numbering.Territory) bool {
	document, changed := e[id]
	if !changed {
		return true
	}
	if document == nil {
		return false
	}
	stated := listIn(&document.Permissions, of.channel, of.class, false)
	if stated == nil {
		return false
	}
	members := membersOf(*stated)
	return members.Has(t)
}

// statedBefore finds what accounts stated at a time, by the record of changes since.
func (s *Service) statedBefore(ctx context.Context, kept store.Store, accounts []policy.Listed, from time.Time) (earlier, error) {
	wanted := make(map[string]bool, len(accounts))
	for _, a := range accounts {
		wanted[a.ID()] = true
	}
	size, err := kept.Log().Size(ctx)
	if err != nil {
		return nil, err
	}
	first, err := firstSince(ctx, kept.Log(), size, from)
	if err != nil {
		return nil, err
	}
	before := make(earlier)
	err = kept.Log().Leaves(ctx, first, size, func(l store.Leaf) error {
		r, err := audit.ParseLeaf(l.Text, l.Personal, l.Key)
		if err != nil || r.Kind != string(store.Account) || !wanted[r.Account] {
			return err
		}
		if _, found := before[r.Account]; found {
			return nil
		}
		before[r.Account] = nil
		if r.Before != nil {
			before[r.Account] = new(config.Account)
			return config.DecodeJSON(r.Before, before[r.Account])
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the audit log: %w", err)
	}
	return before, nil
}

// firstSince is the index of the first record since a time, by halves: records are in the order
// in which changes were made.
func firstSince(ctx context.Context, log store.Log, size int64, from time.Time) (int64, error) {
	var failure error
	first := sort.Search(int(size), func(i int) bool {
		later := false
		err := log.Leaves(ctx, int64(i), int64(i)+1, func(l store.Leaf) error {
			r, err := audit.ParseLeaf(l.Text, l.Personal, l.Key)
			if err == nil {
				later = !r.Time.Before(from)
			}
			return err
		})
		failure = errors.Join(failure, err)
		return later || err != nil
	})
	return int64(first), failure
}
