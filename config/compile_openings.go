package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// openings compiles the openings of an account, each at its place in the list, so that
// openRestrictions can say later where one was stated.
func (c *compiler) openings(path string, list []Opening) []policy.Opening {
	var openings []policy.Opening
	for i := range list {
		openings = append(openings, c.opening(fmt.Sprintf("%s[%d]", path, i), &list[i]))
	}
	return openings
}

// IsPrefix reports whether a word is a prefix of numbers, and not the code of a territory,
// such as "+881".
func IsPrefix(word string) bool {
	_, isTerritory := numbering.ParseTerritory(word)
	return strings.HasPrefix(word, "+") && !isTerritory
}

func (c *compiler) opening(path string, o *Opening) policy.Opening {
	compiled := policy.Opening{Acknowledged: o.AcknowledgeHighRisk, Reason: o.Reason, Ticket: o.Ticket}
	switch {
	case o.Territory != "" && o.Prefix != "":
		c.problem(path, "an opening opens a territory or a prefix: write two openings")
	case o.Prefix != "":
		compiled.Prefix, _ = c.prefix(path+".prefix", o.Prefix)
	case o.Territory != "":
		compiled.Territory = c.territory(path+".territory", string(o.Territory))
	default:
		c.problem(path, `an opening needs a "territory" or a "prefix" to open`)
	}
	if o.Reason == "" {
		c.problem(path, "an opening needs a reason: say in quotes why it is there")
	}
	compiled.Channel = c.channel(path+".channel", o.Channel)
	compiled.Class = c.class(path+".class", o.Class)
	switch {
	case o.Class == "" || c.opaque(o.Channel):
	case compiled.Channel == nil || *compiled.Channel != policy.Voice:
		c.problem(path+".class", `only calls have risk classes: add the channel "voice", or remove the class`)
	case compiled.Class != policy.LowRisk && !o.AcknowledgeHighRisk:
		c.problem(path, `calls of class %s are a high risk: add "acknowledge_high_risk" to open them all the same`, compiled.Class)
	}
	if o.Until == "" {
		c.problem(path, `an opening needs an end: write "until" and a date or time`)
	}
	compiled.From, compiled.Until = c.time(path+".from", o.From), c.time(path+".until", o.Until)
	if !compiled.Until.IsZero() && !compiled.From.Before(compiled.Until) {
		c.problem(path+".from", "an opening begins before it ends: from %s until %s, it is never in force",
			c.shown(path+".from", o.From), c.shown(path+".until", o.Until))
	}
	return compiled
}

// openRestrictions names the openings that the carrier's restrictions, as the whole policy
// states them, leave without effect or make a high risk. Documents that are not at hand may
// state other ones.
func (c *compiler) openRestrictions() {
	if c.more {
		return
	}
	definition, restrictions := &c.compiled.Definition, c.carriers.Restrictions()
	for i := range definition.Accounts {
		origin := &c.origins[i]
		for k := range definition.Accounts[i].Openings {
			o := &definition.Accounts[i].Openings[k]
			c.positions, c.written = origin.positions, origin.written
			c.openRestricted(fmt.Sprintf("%s.openings[%d]", origin.path, k), o, &restrictions)
		}
	}
}

func (c *compiler) openRestricted(path string, o *policy.Opening, restrictions *policy.Restrictions) {
	territories := openedTerritories(o)
	if len(territories) == 0 { // a mistake, or not known yet
		return
	}
	definition := &c.compiled.Definition
	isServed := func(channel policy.Channel) bool {
		list := unsupportedList(definition, restrictions, channel)
		return slices.ContainsFunc(territories, func(t numbering.Territory) bool { return !list.Has(t) })
	}
	channels := openedChannels(o)
	if !slices.ContainsFunc(channels, isServed) {
		c.problem(path, "the carrier does not serve %s, and nothing lifts that: remove the opening", o.Target())
		return
	}
	byRequest := definition.ByRequest
	if byRequest == nil {
		byRequest = &restrictions.ByRequest
	}
	at := slices.IndexFunc(territories, byRequest.Has)
	if at >= 0 && slices.Contains(channels, policy.Voice) && !o.Acknowledged {
		c.problem(path, `the carrier opens calls to %s by request only: once it has opened them to the account, `+
			`add "acknowledge_high_risk"; else open another channel`, territories[at])
	}
}

// openedTerritories lists the territories that an opening has numbers of, none if it states
// nothing that could be read.
func openedTerritories(o *policy.Opening) []numbering.Territory {
	if o.Territory == 0 && o.Prefix == "" {
		return nil
	}
	return o.Territories()
}

// openedChannels lists the channels that an opening is for.
func openedChannels(o *policy.Opening) (channels []policy.Channel) {
	for channel := range policy.ChannelCount {
		if o.Channel == nil || o.Channel.Covers(channel) {
			channels = append(channels, channel)
		}
	}
	return channels
}

// unsupportedList is the territories of a channel that the carrier does not serve: its own
// list, that of its base, or the carrier's.
func unsupportedList(d *policy.Definition, r *policy.Restrictions, channel policy.Channel) *policy.Set {
	for _, list := range []*policy.Set{d.Unsupported[channel], d.Unsupported[channel.Base()]} {
		if list != nil {
			return list
		}
	}
	return &r.Unsupported[channel.Base()]
}
