package review

import "github.com/caddy-tollgate/tollgate/policy"

// Measure adds what the rules cover that come, go or change, and the warnings about the
// later policy that are new. Both policies are those that were compared.
func (d *Difference) Measure(before, after *Reviewed) {
	was, is := measurer{side: &before.Side, now: d.At}, measurer{side: &after.Side, now: d.At}
	for i := range d.Changes {
		c := &d.Changes[i]
		if c.rule == nil {
			continue
		}
		m := &is
		if c.isOld {
			m = &was
		}
		reach := m.measure(m.ownID(c), c.rule, true)
		c.Rule = &reach
	}
	d.Warnings = newWarnings(before, after, d)
}

// ownID is how the policy calls the account of a change; empty for the operator.
func (m *measurer) ownID(c *Change) string {
	if c.Account == "" {
		return ""
	}
	at := policy.CarrierAccount{Carrier: c.Carrier, ID: c.Account}
	if name := m.side.Snapshot.OwnName(at); name != "" {
		return name
	}
	return c.Account
}

// newWarnings are those about a policy that are not about the one before. A rule that is in
// both policies has no change, and what it covers is not new.
func newWarnings(before, after *Reviewed, d *Difference) (warnings []Remark) {
	known := make(map[string]bool)
	for _, w := range before.named() {
		known[w.about] = true
	}
	changed := make(map[string]bool)
	for i := range d.Changes {
		if c := &d.Changes[i]; c.Rule != nil && !c.isOld {
			changed[c.Rule.Rule] = true
		}
	}
	rules := after.Rules(d.At, false)
	for i := range rules {
		if changed[rules[i].Rule] {
			warnings = append(warnings, rules[i].warning())
		}
	}
	for _, w := range after.named() {
		if !known[w.about] {
			warnings = append(warnings, w.Remark)
		}
	}
	return warnings
}
