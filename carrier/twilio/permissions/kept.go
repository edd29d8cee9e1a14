package permissions

import (
	"fmt"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Permitted is what a policy permits an account, and openings that it does not have.
type Permitted struct {
	Subject  policy.Subject
	Openings []policy.Opening
	// allowed are the territories of which rules in force allow a part, and the words of the first
	// such rule, by channel: an account may have many rules. Nil is not found yet.
	allowed [policy.ChannelCount]map[numbering.Territory]string
}

// Below is a subaccount, for what closing its parent's entries would close for it.
type Below struct {
	ID string
	// Account is nil if its permissions at Twilio are not known.
	Account *Account
	Permitted
}

// Keep marks the steps that would close what the gate lets through all the same: by a rule or an
// opening of the account, since its denials are only recorded, or for a subaccount that inherits
// the entry. They are left out, whatever was chosen.
func Keep(steps []Step, a *Account, permitted *Permitted, below []Below, now time.Time) {
	var heirs [policy.ChannelCount][]*Below
	for _, channel := range geo.Channels {
		for i := range below {
			if b := &below[i]; b.mayInherit(a, channel) {
				heirs[channel] = append(heirs[channel], b)
			}
		}
	}
	for i := range steps {
		s := &steps[i]
		if s.Opens() || s.IsLeft() {
			continue
		}
		s.Kept = permitted.passes(&s.Difference, now)
		for _, b := range heirs[s.Channel] {
			if s.Kept == "" {
				s.Kept = b.needs(&s.Difference, now)
			}
		}
	}
}

// mayInherit reports whether the subaccount may have its parent's list. Of messages, Twilio says
// only that a subaccount has it until it is changed: one whose list is another was.
func (b *Below) mayInherit(parent *Account, channel policy.Channel) bool {
	switch {
	case b.Account == nil:
		return true
	case channel == policy.Voice:
		return b.Account.Inherits
	}
	return b.Account.Lists[channel].open(channel) == parent.Lists[channel].open(channel)
}

// needs says why the subaccount needs some of what a difference is about, or nothing.
func (b *Below) needs(d *Difference, now time.Time) string {
	stated, _ := b.Subject.StatedSets(d.Channel)
	why := b.passes(d, now)
	if slices.ContainsFunc(d.Territories, stated[d.Class].Has) {
		why = "the policy permits it"
	}
	if why == "" {
		return ""
	}
	return fmt.Sprintf("account %s may inherit it, for which %s", b.ID, why)
}

// passes says why the gate lets through some of what the permission set does not have, or nothing.
func (p *Permitted) passes(d *Difference, now time.Time) string {
	if p.Subject.IsMonitored(now) {
		return "denials are only recorded"
	}
	allowed := p.allowedBy(d.Channel, now)
	for _, t := range d.Territories {
		if words := allowed[t]; words != "" {
			return fmt.Sprintf("%q allows a part of it", words)
		}
	}
	differs := func(t numbering.Territory) bool { return slices.Contains(d.Territories, t) }
	opens := func(o *policy.Opening) bool {
		return o.Prefix == "" && differs(o.Territory) || o.Prefix != "" && slices.ContainsFunc(territoriesUnder(o.Prefix), differs)
	}
	for _, o := range p.Subject.OpeningsInForce(d.Channel, now) {
		if opens(&o.Opening) {
			return fmt.Sprintf("%q is in force", o.Words)
		}
	}
	for i := range p.Openings {
		if o := &p.Openings[i]; (o.Channel == nil || o.Channel.Covers(d.Channel)) && !o.IsOver(now) && opens(o) {
			return fmt.Sprintf("the opening of %s is kept until %s", o.Target(), o.Until.UTC().Format(time.RFC3339))
		}
	}
	return ""
}

// allowedBy finds which territories rules that allow are about.
func (p *Permitted) allowedBy(channel policy.Channel, now time.Time) map[numbering.Territory]string {
	if p.allowed[channel] != nil {
		return p.allowed[channel]
	}
	allowed := make(map[numbering.Territory]string)
	for _, r := range p.Subject.RulesInForce(policy.Send{Channel: channel}, now) {
		if r.Rule.Block {
			continue
		}
		for _, t := range territoriesUnder(r.Rule.Prefix) {
			if allowed[t] == "" {
				allowed[t] = r.Words
			}
		}
	}
	p.allowed[channel] = allowed
	return allowed
}

// territoriesUnder are those of the numbers that begin with a prefix. Of one that no listed number
// has, they are those of the longest part of it that some have.
func territoriesUnder(prefix string) (found []numbering.Territory) {
	for ; prefix != "" && len(found) == 0; prefix = prefix[:len(prefix)-1] {
		for _, r := range numbering.ReachOf(prefix) {
			found = append(found, r.Territory)
		}
	}
	return found
}
