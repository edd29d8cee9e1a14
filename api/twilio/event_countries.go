package twilio

import (
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/policy"
)

// change is what became of a resource with a change of an account, by the names of countries.
// Nothing is changed of a set that neither states, since then another one is in force.
func (s *setResource) change(was, is *policy.Account) (action string, properties map[string]changedValue) {
	before, stated := s.statedBy(was)
	after, states := s.statedBy(is)
	action = updated
	switch {
	case s.begins && !stated:
		action = created
	case s.begins && !states:
		action = deleted
	}
	properties = make(map[string]changedValue)
	for class := range policy.ClassCount {
		if before[class] == after[class] {
			continue
		}
		suffix := ""
		if s.channel == policy.Voice {
			suffix = " (" + class.String() + ")"
		}
		countriesChanged(s.channel, &before[class], &after[class], func(name string, isOpen bool) {
			value := changedValue{"enabled", "disabled"}
			if isOpen {
				value = changedValue{"disabled", "enabled"}
			}
			properties[strings.ToLower(name)+suffix] = value
		})
	}
	return action, properties
}

// statedBy are the sets that an account states, by class, and whether it states any.
func (s *setResource) statedBy(a *policy.Account) (sets open, stated bool) {
	p := &a.Permissions
	if s.verification {
		p = &a.Verify
	}
	switch {
	case s.channel == policy.Voice && p.Voice != nil:
		for class := range p.Voice {
			sets[class] = p.Voice[class].Set
		}
	case s.channel == policy.Messaging && p.Messaging != nil:
		sets[policy.LowRisk] = p.Messaging.Set
	case !s.verification && a.Home != 0:
		sets[policy.LowRisk].Add(a.Home)
	default:
		return sets, false
	}
	return sets, true
}

// countriesChanged calls report with each entry of Twilio's list that is open now and was not
// before, or the other way round. Where only some territories of an entry changed, and in none of
// the entries, it is called with these.
func countriesChanged(channel policy.Channel, was, is *policy.Set, report func(name string, isOpen bool)) {
	changed := policy.Set{}
	for _, of := range []*policy.Set{was, is} {
		for t := range of.All() {
			if was.Has(t) != is.Has(t) {
				changed.Add(t)
			}
		}
	}
	rest := changed
	for _, c := range listed(channel) {
		entry := c.On(channel)
		before, after := anyOf(entry, was), anyOf(entry, is)
		if before == after {
			continue
		}
		report(entry.Name, after)
		for _, t := range entry.Territories {
			rest.Remove(t)
		}
	}
	for t := range rest.All() {
		report(t.Name(), is.Has(t))
	}
}

func anyOf(entry *geo.Entry, set *policy.Set) bool {
	for _, t := range entry.Territories {
		if set.Has(t) {
			return true
		}
	}
	return false
}
