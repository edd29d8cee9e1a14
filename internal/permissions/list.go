package permissions

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/suggest"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// Filter says which accounts are listed. The zero value of each member is any.
type Filter struct {
	// Contains is a part of the ID or of the label, in either case.
	Contains string
	// Parent whose subaccounts they are, by its name or its id at a carrier.
	Parent    string
	Suspended *bool
	// Territory that they reach as a whole, by the channel.
	Territory, Channel string
	// Stated is InStore or InFile.
	Stated string
	// Limit is how many there are on a page, and Cursor where the page begins: Next of the
	// page before, or empty.
	Limit  int
	Cursor string
}

// Page is a part of a list, in the order of the IDs.
type Page struct {
	Accounts []ListedAccount
	// Next is the cursor of the page after this, empty if it is the last. It remains valid
	// whatever changes meanwhile: no account is listed twice, and none is left out that is
	// there all the time.
	Next string
}

// ListedAccount is an account in a list.
type ListedAccount struct {
	ID, Label, Parent string
	// Suspended says that it sends nothing, since it is suspended, or its parent is.
	Suspended bool
	// Stated is InStore or InFile; only of the former there is a revision.
	Stated   string
	Revision store.Revision
}

// Accounts lists accounts of the policy in force. Of one who is limited to certain accounts
// they are those.
func (s *Service) Accounts(ctx context.Context, by Caller, filter Filter) (*Page, error) {
	if err := hasRole(by, access.Read); err != nil {
		return nil, err
	}
	current := s.Policy.Current()
	matches, err := s.matcher(by, current, &filter)
	if err != nil {
		return nil, reload.Invalid{Cause: fmt.Errorf("listing accounts: %w", err)}
	}
	found := firstOf(current.Snapshot, filter.Limit+1, matches)
	page := &Page{Accounts: []ListedAccount{}}
	if len(found) > filter.Limit {
		found = found[:filter.Limit]
		page.Next = cursorAfter(found[filter.Limit-1].ID())
	}
	for _, l := range found {
		a := ListedAccount{ID: l.ID(), Label: l.Label(), Parent: l.Parent(), Suspended: l.IsSuspended(s.Now()), Stated: InFile}
		if !current.IsStatedInFile(a.ID) {
			object, err := s.get(ctx, store.Account, a.ID)
			switch {
			case err != nil:
				return nil, err
			case object == nil:
				continue // it was deleted meanwhile
			}
			a.Stated, a.Revision = InStore, object.Revision
		}
		page.Accounts = append(page.Accounts, a)
	}
	return page, nil
}

// firstOf are the first accounts that match, in the order of their IDs. It holds few more
// than those at once.
func firstOf(snapshot *policy.Snapshot, n int, matches func(policy.Listed) bool) (first []policy.Listed) {
	keep := func() {
		slices.SortFunc(first, func(a, b policy.Listed) int { return strings.Compare(a.ID(), b.ID()) })
		first = first[:min(n, len(first))]
	}
	for l := range snapshot.Listed() {
		if len(first) >= n+n/2+1 {
			keep()
		}
		if matches(l) {
			first = append(first, l)
		}
	}
	keep()
	return first
}

// matcher is a filter as a function. What is cheap is asked first.
func (s *Service) matcher(by Caller, current *reload.Loaded, f *Filter) (func(policy.Listed) bool, error) {
	after, err := base64.RawURLEncoding.DecodeString(f.Cursor)
	if err != nil {
		return nil, errCursor
	}
	territory, channel, err := f.reached()
	if err != nil {
		return nil, err
	}
	if f.Limit < 1 {
		return nil, errors.New("limit must be at least 1")
	}
	now, last := s.Now(), string(after)
	part, parent := strings.ToLower(f.Contains), s.ownID(current.Snapshot, f.Parent)
	return func(l policy.Listed) bool {
		id := l.ID()
		return id > last &&
			by.Reaches(id) &&
			(parent == "" || l.Parent() == parent) &&
			(part == "" || strings.Contains(strings.ToLower(id), part) || strings.Contains(strings.ToLower(l.Label()), part)) &&
			(f.Suspended == nil || l.IsSuspended(now) == *f.Suspended) &&
			(f.Stated == "" || current.IsStatedInFile(id) == (f.Stated == InFile)) &&
			(territory == 0 || l.Reaches(channel, territory, now))
	}, nil
}

// reached reads the territory and the channel that accounts reach; 0 is any.
func (f *Filter) reached() (numbering.Territory, policy.Channel, error) {
	switch {
	case f.Territory == "" && f.Channel == "":
		return 0, 0, nil
	case f.Territory == "" || f.Channel == "":
		return 0, 0, errors.New("territory and channel go together: give both, or neither")
	}
	territory, ok := numbering.ParseTerritory(f.Territory)
	if !ok {
		return 0, 0, fmt.Errorf("unknown territory %q%s", f.Territory, suggest.TerritoryHint(f.Territory))
	}
	channel, ok := policy.ParseChannel(f.Channel)
	if !ok {
		return 0, 0, fmt.Errorf("unknown channel %q%s", f.Channel, config.DidYouMean(f.Channel, policy.ChannelNames))
	}
	return territory, channel, nil
}
