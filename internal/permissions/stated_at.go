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
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// Kinds of what states something.
const (
	ofAccount  = "account"
	ofOpening  = "opening"
	ofBlock    = "block"
	ofPanic    = "panic"
	ofOperator = "operator"
)

// statedBy finds where what led to one verdict is stated, each once, as far as the caller may read
// it.
type statedBy struct {
	service  *Service
	by       Caller
	snapshot *policy.Snapshot
	places   *reload.Places
	accounts map[string]*review.StatedAt
}

// addStated adds to each step of an explanation where that is stated which it looked at. What
// states nothing is stated nowhere.
func (s *Service) addStated(ctx context.Context, by Caller, snapshot *policy.Snapshot, e *review.Explanation) error {
	stated := &statedBy{s, by, snapshot, s.Policy.Places(), make(map[string]*review.StatedAt)}
	for i := range e.Steps {
		var err error
		if e.Steps[i].Stated, err = stated.of(ctx, &e.Steps[i], accountOf(&e.Steps[i], e)); err != nil {
			return fmt.Errorf("looking up where a rule is stated: %w", err)
		}
	}
	return nil
}

// of is where a step is stated, which looked at an account if one is named.
func (s *statedBy) of(ctx context.Context, step *review.Step, account string) (*review.StatedAt, error) {
	switch {
	case step.Outcome == policy.StatesNothing && step.Rule == nil:
		return nil, nil
	case step.Opening != nil:
		return s.opening(ctx, account, step.Opening)
	case account != "":
		return s.account(account), nil
	case step.Name == policy.StepPanic:
		return &review.StatedAt{Kind: ofPanic}, nil
	case step.Rule != nil:
		return s.rule(ctx, step.Rule)
	case step.Level == ofOperator && step.Limit != nil:
		return s.operatorLimit(step.Limit.Name), nil
	case step.Level == ofOperator:
		return &review.StatedAt{Kind: ofOperator}, nil
	}
	return nil, nil
}

// accountOf is the account whose statement a step looked at, by its own ID: that of a sender is
// one of the account that sends. It is empty of other steps.
func accountOf(step *review.Step, e *review.Explanation) string {
	whose, id, _ := strings.Cut(step.Level, " ")
	switch whose {
	case "account", "parent":
		return id
	case "sender":
		if e.Name != "" {
			return e.Name
		}
		return e.Account
	}
	return ""
}

// account is where an account is stated; nil if it is not, or is not for the caller to read.
func (s *statedBy) account(id string) *review.StatedAt {
	if at, known := s.accounts[id]; known {
		return at
	}
	if _, defined := s.snapshot.At(id); !defined || access.Authorize(s.by.Principal, access.Read, id) != nil {
		return nil
	}
	at := &review.StatedAt{Kind: ofAccount, ID: id}
	if s.service.Policy.Current().IsStatedInFile(id) {
		at.Place, _ = s.places.Find(func(d *config.Document) (string, bool) {
			i := slices.IndexFunc(d.Accounts, func(a config.Account) bool { return s.service.canonical(a.ID) == id })
			return fmt.Sprintf("accounts[%d]", i), i >= 0
		})
	}
	s.accounts[id] = at
	return at
}

// opening is where an opening of an account is stated: in the store, or by the account.
func (s *statedBy) opening(ctx context.Context, account string, o *policy.Opening) (*review.StatedAt, error) {
	if access.Authorize(s.by.Principal, access.Read, account) != nil {
		return nil, nil
	}
	list, err := s.service.ListOpenings(ctx, s.by, OpeningFilter{Account: account, States: []openings.State{openings.Open}})
	if err != nil {
		return nil, err
	}
	for i := range list {
		if isStatedBy(o, list[i].Opening) {
			return &review.StatedAt{Kind: ofOpening, ID: list[i].ID, Account: account}, nil
		}
	}
	return s.account(account), nil
}

// isStatedBy reports whether an opening in force is one of those that a kept one makes.
func isStatedBy(o *policy.Opening, kept *openings.Opening) bool {
	return o.Channel != nil && *o.Channel == kept.Channel && o.Until.Equal(kept.Until) && o.Reason == kept.Reason &&
		o.Ticket == kept.Ticket && o.Prefix == kept.To.Prefix && (o.Prefix != "" || kept.To.Territories.Has(o.Territory))
}

// rule is where a prefix rule over all accounts is stated.
func (s *statedBy) rule(ctx context.Context, rule *policy.Rule) (*review.StatedAt, error) {
	blocks, err := s.service.objects(ctx, store.Block)
	if err != nil {
		return nil, err
	}
	for i := range blocks {
		var p config.Prefix
		if err := json.Unmarshal(blocks[i].Document, &p); err != nil {
			return nil, fmt.Errorf("reading prefix rule %s: %w", blocks[i].ID, err)
		}
		if isRule(&p, rule) && p.Reason == rule.Reason && isMoment(p.Until, rule.Until) {
			return &review.StatedAt{Kind: ofBlock, ID: blocks[i].ID}, nil
		}
	}
	return s.operator(func(d *config.Document) (string, bool) {
		i := slices.IndexFunc(d.Prefixes, func(p config.Prefix) bool { return isRule(&p, rule) })
		return fmt.Sprintf("prefixes[%d]", i), i >= 0
	}), nil
}

// operatorLimit is where a limit of the operator's is stated.
func (s *statedBy) operatorLimit(name string) *review.StatedAt {
	return s.operator(func(d *config.Document) (string, bool) {
		i := slices.IndexFunc(d.Limits, func(l config.Limit) bool { return l.Name == name })
		return fmt.Sprintf("limits[%d]", i), i >= 0
	})
}

// operator is where something of the operator's is stated, with the place if a file has it.
func (s *statedBy) operator(find func(*config.Document) (path string, found bool)) *review.StatedAt {
	at := &review.StatedAt{Kind: ofOperator}
	if place, found := s.places.Find(find); found {
		at.Place = place
	}
	return at
}

// isRule reports whether a rule is compiled of a statement, as far as both say what they match.
func isRule(p *config.Prefix, rule *policy.Rule) bool {
	prefix, channel := p.Allow, ""
	if rule.Block {
		prefix = p.Block
	}
	if rule.Channel != nil {
		channel = rule.Channel.String()
	}
	return strings.TrimPrefix(prefix, "+") == rule.Prefix && p.Channel == channel
}

// isMoment reports whether a text is a moment; empty is the zero time.
func isMoment(text string, t time.Time) bool {
	if text == "" {
		return t.IsZero()
	}
	read, err := config.ParseTime(text)
	return err == nil && read.Equal(t)
}
