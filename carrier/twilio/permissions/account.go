package permissions

import (
	"slices"
	"strconv"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Account is an account at Twilio, with its permissions there.
type Account struct {
	ID, Label string
	// Parent is the ID of the account that this is a subaccount of, or empty.
	Parent string
	// Inherits says that its parent's permissions for calls count in place of its own.
	Inherits bool
	// Lists are its permissions on each of geo.Channels.
	Lists [policy.ChannelCount]List
}

// List is Twilio's list of countries of a channel, as an account has it.
type List []Entry

// Entry is a country of a list.
type Entry struct {
	// Code is the ISO code by which Twilio's API knows the country.
	Code, Name string
	// Open are the classes that are enabled. Messages have LowRisk alone.
	Open [policy.ClassCount]bool
}

// classes are those that a channel's permissions have.
func classes(channel policy.Channel) []policy.Class {
	if channel == policy.Voice {
		return []policy.Class{policy.LowRisk, policy.HighRiskSpecial, policy.HighRiskTollFraud}
	}
	return []policy.Class{policy.LowRisk}
}

// unsupported are the territories that Twilio does not serve on a channel, whatever an account has
// enabled.
var unsupported = geo.Restrictions().Unsupported

// byRequest are the territories that Twilio opens for calls by request only.
var byRequest = geo.Restrictions().ByRequest

// members are the territories that an entry stands for: of a list, so that a territory with an
// entry of its own does not belong to another one. Those that Twilio does not serve are left out.
func (l List) members(channel policy.Channel, e *Entry) (found []numbering.Territory) {
	for _, t := range territoriesOf(channel, e.Code) {
		own := t.String() != e.Code && l.has(t.String())
		if !own && !unsupported[channel].Has(t) {
			found = append(found, t)
		}
	}
	return found
}

func (l List) has(code string) bool {
	return slices.ContainsFunc(l, func(e Entry) bool { return e.Code == code })
}

// territoriesOf are the territories of a code in the list of a channel: of one that is not in the
// table of these, the territory that has the code.
func territoriesOf(channel policy.Channel, code string) []numbering.Territory {
	for _, c := range geo.Countries() {
		if c.Code == code && code != "" && c.On(channel) != nil {
			return c.On(channel).Territories
		}
	}
	if t, ok := numbering.ParseTerritory(code); ok && t.String() == code {
		return []numbering.Territory{t}
	}
	return nil
}

// NameOf is Twilio's name of a code in the list of a channel, or the code.
func NameOf(channel policy.Channel, code string) string {
	for _, c := range geo.Countries() {
		if c.Code == code && code != "" && c.On(channel) != nil {
			return c.On(channel).Name
		}
	}
	return code
}

// Unknown are the codes of a list whose territories are not known, which nothing here counts. An
// entry without a code is there by its name, in quotes.
func (l List) Unknown(channel policy.Channel) (codes []string) {
	for i := range l {
		if len(territoriesOf(channel, l[i].Code)) == 0 {
			code := l[i].Code
			if code == "" {
				code = strconv.Quote(l[i].Name)
			}
			codes = append(codes, code)
		}
	}
	return codes
}

// Absent are the codes that Twilio's list of a channel is known to have, and this one does not: it
// may not be all of it.
func (l List) Absent(channel policy.Channel) (codes []string) {
	for _, c := range geo.Countries() {
		if c.Code != "" && c.On(channel) != nil && !l.has(c.Code) {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

// differs reports whether a list has a code more than once, and not with the same classes: what is
// written is written to all of them.
func (l List) differs(code string) bool {
	first := slices.IndexFunc(l, func(e Entry) bool { return e.Code == code })
	return slices.ContainsFunc(l, func(e Entry) bool { return e.Code == code && e.Open != l[first].Open })
}

// open are the territories of the entries that are enabled, by class.
func (l List) open(channel policy.Channel) (sets [policy.ClassCount]policy.Set) {
	for i := range l {
		for _, class := range classes(channel) {
			if !l[i].Open[class] {
				continue
			}
			for _, t := range l.members(channel, &l[i]) {
				sets[class].Add(t)
			}
		}
	}
	return sets
}

// isHighRisk reports whether Twilio calls it risky to open a class of some territories.
func isHighRisk(channel policy.Channel, class policy.Class, territories []numbering.Territory) bool {
	return class != policy.LowRisk || slices.ContainsFunc(territories, func(t numbering.Territory) bool {
		_, risky := geo.HighRisk(channel, t)
		return risky
	})
}
