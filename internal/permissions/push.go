package permissions

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// Pushed is what a push did, or would do.
type Pushed struct {
	// Revision that is in force afterwards, as logs name it, and that of the store.
	Revision      string
	StoreRevision store.Revision
	// Objects that are others than before, in the order of their records.
	Objects []PushedObject
	// Difference between the policies before and after.
	Difference review.Difference
	// InUse is what of that was used recently.
	InUse InUseClosed
}

// PushedObject is one that a push wrote or deleted.
type PushedObject struct {
	Kind   store.Kind
	ID     string
	Action access.Action
}

// Push makes the settings, the prefix rules and the accounts of the store those of a policy
// file in JSON, as a whole or not at all. Openings, suspensions, keys and tokens stay. The
// match of the terms is about the revision of the store.
func (s *Service) Push(ctx context.Context, by Caller, terms Terms, file []byte) (Pushed, error) {
	if err := access.Authorize(by.Principal, access.PolicyPush, ""); err != nil {
		return Pushed{}, err
	}
	source, err := config.ParseFile("the policy", file)
	if err != nil {
		return Pushed{}, reload.Invalid{Cause: err}
	}
	var p push
	before, after, err := s.Policy.Change(ctx, terms.DryRun, func(ctx context.Context, kept store.Store, current *reload.Loaded) ([]store.Object, []audit.Record, error) {
		stored, err := readStored(ctx, kept)
		if err != nil {
			return nil, nil, err
		}
		p = push{document: &source.Document, stored: stored, now: s.Now(), carriers: s.Carriers}
		if err := terms.Match.check(&store.Object{Revision: stored.revision}); err != nil {
			return nil, nil, fmt.Errorf("the store is at revision %d: %w", stored.revision, err)
		}
		if err := p.compare(current); err != nil {
			return nil, nil, err
		}
		return p.change(func(c *changed) (audit.Record, error) {
			o := object{c.action, c.Kind, c.ID, c.account}
			if c.Kind == store.Account && c.Document != nil {
				if _, err := s.checkAccount(by, terms, o, current.Snapshot, c.before, c.Document); err != nil {
					return audit.Record{}, err
				}
			}
			return s.record(by, terms, o), access.Authorize(by.Principal, c.action, c.account)
		})
	})
	if err != nil {
		return Pushed{}, p.located(err)
	}
	if len(p.changes) == 0 {
		after = before
	}
	result := Pushed{Revision: after.Snapshot.Revision(), StoreRevision: after.StoreRevision}
	if terms.DryRun {
		result.StoreRevision = before.StoreRevision
	}
	for i := range p.changes {
		c := &p.changes[i]
		result.Objects = append(result.Objects, PushedObject{c.Kind, c.ID, c.action})
	}
	if result.Difference, err = s.compare(before, after, p.stored.accounts, source.Document.Accounts); err != nil || len(p.changes) == 0 {
		return result, err
	}
	if err := s.writeTraffic(ctx); err != nil {
		return result, err
	}
	result.InUse, err = s.closedInUse(ctx, before.Snapshot, after.Snapshot, allAccounts)
	return result, err
}

// compare compares two policies whose stores have these accounts.
func (s *Service) compare(before, after *reload.Loaded, was, is []config.Account) (review.Difference, error) {
	var sides [2]review.Side
	for i, side := range []struct {
		policy   *reload.Loaded
		accounts []config.Account
	}{{before, was}, {after, is}} {
		stated, err := side.policy.Stated(s.Carriers, side.accounts...)
		if err != nil {
			return review.Difference{}, fmt.Errorf("comparing the policies (the change was made, unless it was only tried): %w", err)
		}
		sides[i] = review.Side{Compiled: stated.Compiled, Snapshot: stated.Snapshot, Plan: stated.Plan}
	}
	return review.Diff(sides[0], sides[1], s.Now()), nil
}

// push is one under way.
type push struct {
	document *config.Document
	stored   *storedPolicy
	now      time.Time
	carriers config.Carriers
	changes  []changed
	// places in the document of the rules, by their IDs.
	places map[string]int
	// checked are the places of accounts and rules in the order in which they are checked,
	// nil before.
	checked map[string][]int
}

// changed is an object that becomes another one.
type changed struct {
	store.Object
	action  access.Action
	account string
	before  json.RawMessage
	// place of an account in the document, if it is written.
	place int
}

// compare finds out what changes.
func (p *push) compare(current *reload.Loaded) error {
	if _, _, err := config.Resolve(p.document, refusePlaceholder); err != nil {
		return reload.Invalid{Cause: err}
	}
	if err := p.compareSettings(); err != nil {
		return err
	}
	if err := p.compareBlocks(); err != nil {
		return err
	}
	return p.compareAccounts(current)
}

func (p *push) compareSettings() error {
	settings := settingsOf(p.document)
	was, err := text(&p.stored.settings)
	if err != nil {
		return err
	}
	is, err := text(&settings)
	if err != nil {
		return err
	}
	if !bytes.Equal(was, is) {
		p.add(changed{Object: store.Object{Kind: store.Settings, Document: is}, action: access.SettingsPut, before: was})
	}
	return nil
}

// compareBlocks pairs the rules that are in the store with those of the document that say the
// same. They keep their IDs.
func (p *push) compareBlocks() error {
	p.places = make(map[string]int)
	known := make(map[string][]string) // IDs of the rules with a text
	for _, b := range p.stored.blocks {
		was, err := text(&b.rule)
		if err != nil {
			return err
		}
		known[string(was)] = append(known[string(was)], b.id)
	}
	for i := range p.document.Prefixes {
		is, err := text(&p.document.Prefixes[i])
		if err != nil {
			return err
		}
		if ids := known[string(is)]; len(ids) > 0 {
			known[string(is)], p.places[ids[0]] = ids[1:], i
			continue
		}
		id := orderedID(p.now.Add(time.Duration(i) * time.Millisecond)) // in the order of the document
		p.places[id] = i
		p.add(changed{Object: store.Object{Kind: store.Block, ID: id, Document: is}, action: access.BlockAdd})
	}
	for was, ids := range known {
		for _, id := range ids {
			p.add(changed{Object: store.Object{Kind: store.Block, ID: id}, action: access.BlockDelete, before: json.RawMessage(was)})
		}
	}
	return nil
}

func (p *push) compareAccounts(current *reload.Loaded) error {
	known := make(map[string]json.RawMessage)
	for i := range p.stored.accounts {
		a := &p.stored.accounts[i]
		var err error
		if known[a.ID], err = text(a); err != nil {
			return err
		}
	}
	var inFiles []string
	defined := make(map[string]int)
	for i := range p.document.Accounts {
		a := &p.document.Accounts[i]
		if id, ok := p.carriers.Canonical(policy.AccountID, a.ID); ok {
			a.ID = id // a file may spell it otherwise
		}
		was, inStore := known[a.ID]
		if first, twice := defined[a.ID]; twice {
			return reload.Invalid{Cause: decode.Problem{Path: fmt.Sprintf("accounts[%d].id", i),
				Message: fmt.Sprintf("account %s is already defined at accounts[%d]", a.ID, first)}}
		}
		defined[a.ID] = i
		if _, named := current.Snapshot.At(a.ID); named && !inStore {
			inFiles = append(inFiles, a.ID)
			continue
		}
		is, err := text(a)
		if err != nil {
			return err
		}
		if !bytes.Equal(was, is) {
			p.add(changed{Object: store.Object{Kind: store.Account, ID: a.ID, Document: is}, action: access.AccountPut, account: a.ID, before: was, place: i})
		}
	}
	if inFiles != nil {
		return fmt.Errorf("account %s: %w", strings.Join(inFiles, ", "), reload.ErrStatedInFile)
	}
	for id, was := range known {
		if _, stays := defined[id]; !stays {
			p.add(changed{Object: store.Object{Kind: store.Account, ID: id}, action: access.AccountDelete, account: id, before: was})
		}
	}
	return nil
}

func (p *push) add(c changed) { p.changes = append(p.changes, c) }

// change is all that changes, with a record of each.
func (p *push) change(record func(*changed) (audit.Record, error)) (objects []store.Object, records []audit.Record, err error) {
	slices.SortFunc(p.changes, func(a, b changed) int {
		return strings.Compare(string(a.Kind)+"/"+a.ID, string(b.Kind)+"/"+b.ID)
	})
	p.check()
	for i := range p.changes {
		c := &p.changes[i]
		r, err := record(c)
		if err != nil {
			return nil, nil, err
		}
		r.Before, r.After = c.before, c.Document
		objects, records = append(objects, c.Object), append(records, r)
	}
	return objects, records, nil
}
