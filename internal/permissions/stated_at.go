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

// addStated adds to each step of an explanation where that is stated which it looked at, as far
// as the caller may read it. What states nothing is stated nowhere.
func (s *Service) addStated(ctx context.Context, by Caller, snapshot *policy.Snapshot, e *review.Explanation) error {
	for i := range e.Steps {
		step := &e.Steps[i]
		var err error
		switch account := accountOf(step, e); {
		case step.Outcome == policy.StatesNothing && step.Rule == nil:
		case step.Opening != nil:
			step.Stated, err = s.openingAt(ctx, by, account, step.Opening)
		case account != "":
			step.Stated, err = s.accountAt(by, snapshot, account)
		case step.Name == policy.StepPanic:
			step.Stated = &review.StatedAt{Kind: ofPanic}
		case step.Rule != nil:
			step.Stated, err = s.ruleAt(ctx, step.Rule)
		case step.Level == ofOperator && step.Limit != nil:
			step.Stated = s.operatorLimitAt(step.Limit.Name)
		case step.Level == ofOperator:
			step.Stated = &review.StatedAt{Kind: ofOperator}
		}
		if err != nil {
			return fmt.Errorf("looking up where a rule is stated: %w", err)
		}
	}
	return nil
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

// accountAt is where an account is stated; nil if it is not, or is not for the caller to read.
func (s *Service) accountAt(by Caller, snapshot *policy.Snapshot, id string) (*review.StatedAt, error) {
	if _, defined := snapshot.At(id); !defined || access.Authorize(by.Principal, access.Read, id) != nil {
		return nil, nil
	}
	at := &review.StatedAt{Kind: ofAccount, ID: id}
	if s.Policy.Current().IsStatedInFile(id) {
		found, err := s.Policy.FileAccount(id)
		if err != nil {
			return nil, err
		}
		at.Place = found.Place
	}
	return at, nil
}

// openingAt is where an opening of an account is stated: in the store, or by the account.
func (s *Service) openingAt(ctx context.Context, by Caller, account string, o *policy.Opening) (*review.StatedAt, error) {
	if access.Authorize(by.Principal, access.Read, account) != nil {
		return nil, nil
	}
	list, err := s.ListOpenings(ctx, by, OpeningFilter{Account: account, States: []openings.State{openings.Open}})
	if err != nil {
		return nil, err
	}
	for i := range list {
		if isStatedBy(o, list[i].Opening) {
			return &review.StatedAt{Kind: ofOpening, ID: list[i].ID, Account: account}, nil
		}
	}
	return s.accountAt(by, s.Policy.Current().Snapshot, account)
}

// isStatedBy reports whether an opening in force is one of those that a kept one makes.
func isStatedBy(o *policy.Opening, kept *openings.Opening) bool {
	return o.Channel != nil && *o.Channel == kept.Channel && o.Until.Equal(kept.Until) && o.Reason == kept.Reason &&
		o.Ticket == kept.Ticket && o.Prefix == kept.To.Prefix && (o.Prefix != "" || kept.To.Territories.Has(o.Territory))
}

// ruleAt is where a prefix rule over all accounts is stated.
func (s *Service) ruleAt(ctx context.Context, rule *policy.Rule) (*review.StatedAt, error) {
	blocks, err := s.objects(ctx, store.Block)
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
	return s.operatorAt(func(d *config.Document) (string, bool) {
		i := slices.IndexFunc(d.Prefixes, func(p config.Prefix) bool { return isRule(&p, rule) })
		return fmt.Sprintf("prefixes[%d]", i), i >= 0
	}), nil
}

// operatorLimitAt is where a limit of the operator's is stated.
func (s *Service) operatorLimitAt(name string) *review.StatedAt {
	return s.operatorAt(func(d *config.Document) (string, bool) {
		i := slices.IndexFunc(d.Limits, func(l config.Limit) bool { return l.Name == name })
		return fmt.Sprintf("limits[%d]", i), i >= 0
	})
}

// operatorAt is where something of the operator's is stated, with the place if a file has it.
func (s *Service) operatorAt(find func(*config.Document) (path string, found bool)) *review.StatedAt {
	at := &review.StatedAt{Kind: ofOperator}
	if place, found := s.Policy.Place(find); found {
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
