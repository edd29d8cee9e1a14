package permissions

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/policy"
)

// checkAccount checks what an account becomes by what it was, nil if it did not exist: someone
// who gives it another parent must be allowed to change that one too, since the account gets
// what the parent has, and someone who opens what a carrier marks as high risk must say that
// they know. It returns what of it a carrier marks so, in words.
func (s *Service) checkAccount(by Caller, terms Terms, o object, current *policy.Snapshot, before, after json.RawMessage) (risky []string, err error) {
	was, err := s.compiled(current, before)
	if err != nil {
		return nil, err
	}
	is, err := s.compiled(current, after)
	if err != nil {
		return nil, err
	}
	if is.Parent != "" && is.Parent != was.Parent {
		if err := access.Authorize(by.Principal, o.action, is.Parent); err != nil {
			return nil, fmt.Errorf("giving account %s a parent: %w", o.id, err)
		}
	}
	if s.HighRisk == nil {
		return nil, nil
	}
	if risky = s.risky(&was, &is); len(risky) > 0 && !terms.AcknowledgeHighRisk && !terms.DryRun {
		return nil, reload.Invalid{Cause: fmt.Errorf("account %s would be opened to what the carrier marks as high risk (%s): "+
			"repeat the request with acknowledge_high_risk=true if that is meant", o.id, strings.Join(risky, ", "))}
	}
	return risky, nil
}

// compiled is the account of a document; of nil, one that states nothing.
func (s *Service) compiled(current *policy.Snapshot, document json.RawMessage) (policy.Account, error) {
	if document == nil {
		return policy.Account{}, nil
	}
	var a config.Account
	if err := config.DecodeJSON(document, &a); err != nil {
		return policy.Account{}, reload.Invalid{Cause: err}
	}
	compiled, err := config.CompileAccounts(s.Carriers, current.IDOf, a)
	if err != nil {
		return policy.Account{}, reload.Invalid{Cause: err}
	}
	return compiled[0], nil
}

// mostRisky is how many territories an error names.
const mostRisky = 5

// risky are the territories that an account states now and did not state before, and that a
// carrier marks as high risk, with their channels, in words.
func (s *Service) risky(was, is *policy.Account) (words []string) {
	more := 0
	note := func(name string, channel policy.Channel, before, after *policy.Set) {
		for t := range after.All() {
			if _, marked := s.HighRisk(channel, t); !marked || before.Has(t) {
				continue
			}
			if len(words) == mostRisky {
				more++
				continue
			}
			words = append(words, name+" "+t.String())
		}
	}
	for channel := range policy.ChannelCount {
		before, after := openedBy(was, channel), openedBy(is, channel)
		note(channel.String(), channel, &before, &after)
		before, after = verifiedBy(was, channel), verifiedBy(is, channel)
		note("verify "+channel.String(), channel, &before, &after)
	}
	if more > 0 {
		words = append(words, fmt.Sprintf("and %d more", more))
	}
	return words
}

// openedBy is the set of territories that an account opens on a channel. Its home is in it where
// nothing else is stated. A trial account calls verified numbers, and so no territory.
func openedBy(a *policy.Account, channel policy.Channel) (all policy.Set) {
	if channel == policy.Voice && a.Trial {
		return all
	}
	all = statedOn(&a.Permissions, channel)
	isStated := a.Messaging != nil
	if channel == policy.Voice {
		isStated = a.Voice != nil
	}
	if a.Home != 0 && !isStated && channel == channel.Base() {
		all.Add(a.Home)
	}
	return all
}

// verifiedBy is the set that an account opens to verifications on a channel.
func verifiedBy(a *policy.Account, channel policy.Channel) (all policy.Set) {
	if channel == policy.Voice && a.Trial {
		return all
	}
	return statedOn(&a.Verify, channel)
}

// statedOn is the set of territories that permissions state for a channel, of any class.
func statedOn(p *policy.Permissions, channel policy.Channel) (all policy.Set) {
	add := func(g *policy.Grant) {
		if g != nil {
			for t := range g.Set.All() {
				all.Add(t)
			}
		}
	}
	switch channel {
	case policy.Messaging:
		add(p.Messaging)
	case policy.WhatsApp:
		add(p.WhatsApp)
	case policy.RCS:
		add(p.RCS)
	case policy.Voice:
		if p.Voice != nil {
			for class := range p.Voice {
				add(&p.Voice[class])
			}
		}
	}
	return all
}
