package permissions

import (
	"fmt"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Below is a subaccount, for what closing its parent's entries would close for it.
type Below struct {
	ID string
	// Account is nil if its permissions at Twilio are not known.
	Account *Account
	Subject policy.Subject
}

// Keep marks the steps that would close what the gate lets through all the same: by a rule or an
// opening of the account, since its denials are only recorded, or for a subaccount that inherits
// the entry. They are left out, whatever was chosen.
func Keep(steps []Step, a *Account, subject *policy.Subject, below []Below, now time.Time) {
	for i := range steps {
		s := &steps[i]
		if s.Opens() || s.Missing != "" {
			continue
		}
		s.Kept = passes(&s.Difference, subject, now)
		for j := range below {
			if b := &below[j]; s.Kept == "" && b.mayInherit(a, s.Channel) {
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
	why := passes(d, &b.Subject, now)
	if slices.ContainsFunc(d.Territories, stated[d.Class].Has) {
		why = "the policy permits it"
	}
	if why == "" {
		return ""
	}
	return fmt.Sprintf("account %s may inherit it, for which %s", b.ID, why)
}

// passes says why the gate lets through some of what the permission set does not have, or nothing.
func passes(d *Difference, subject *policy.Subject, now time.Time) string {
	if subject.IsMonitored(now) {
		return "denials are only recorded"
	}
	differs := func(t numbering.Territory) bool { return slices.Contains(d.Territories, t) }
	begins := func(prefix string) bool { return slices.ContainsFunc(territoriesUnder(prefix), differs) }
	for _, r := range subject.RulesInForce(policy.Send{Channel: d.Channel}, now) {
		if !r.Rule.Block && begins(r.Rule.Prefix) {
			return fmt.Sprintf("%q allows a part of it", r.Words)
		}
	}
	for _, o := range subject.OpeningsInForce(d.Channel, now) {
		if o.Opening.Prefix == "" && differs(o.Opening.Territory) || o.Opening.Prefix != "" && begins(o.Opening.Prefix) {
			return fmt.Sprintf("%q is in force", o.Words)
		}
	}
	return ""
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
