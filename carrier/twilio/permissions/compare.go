package permissions

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Direction says how Twilio's permissions differ from a policy.
type Direction string

const (
	// Wider is what Twilio would send and the policy does not permit: the gate alone refuses it.
	Wider Direction = "wider"
	// Narrower is what the policy permits and Twilio refuses.
	Narrower Direction = "narrower"
)

// Directions are both.
var Directions = []string{string(Wider), string(Narrower)}

// Difference is one between an entry of Twilio's and a policy, in a class.
type Difference struct {
	Direction Direction
	Channel   policy.Channel
	Class     policy.Class
	Entry     Entry
	// Territories of the entry that differ.
	Territories []numbering.Territory
	// Others are those of its territories that do not.
	Others []numbering.Territory
}

// IsForced reports whether Twilio cannot say what the policy does: the entry is open for what else
// it stands for.
func (d *Difference) IsForced() bool { return d.Direction == Wider && len(d.Others) > 0 }

// Compare finds where an account's permissions at Twilio differ from the permission sets that a
// policy has for it.
func Compare(a *Account, channel policy.Channel, subject *policy.Subject) (found []Difference) {
	stated, _ := subject.StatedSets(channel)
	list := a.Lists[channel]
	for i := range list {
		members := list.members(channel, &list[i])
		for _, class := range classes(channel) {
			d := Difference{Direction: Narrower, Channel: channel, Class: class, Entry: list[i]}
			if list[i].Open[class] {
				d.Direction = Wider
			}
			for _, t := range members {
				if stated[class].Has(t) == list[i].Open[class] {
					d.Others = append(d.Others, t)
				} else {
					d.Territories = append(d.Territories, t)
				}
			}
			if len(d.Territories) > 0 {
				found = append(found, d)
			}
		}
	}
	return found
}

// Unlisted are the territories that a policy permits and for which Twilio has no entry, so that
// nothing can be said of them.
func Unlisted(a *Account, channel policy.Channel, subject *policy.Subject) (found []numbering.Territory) {
	var listed, permitted policy.Set
	list := a.Lists[channel]
	for i := range list {
		for _, t := range list.members(channel, &list[i]) {
			listed.Add(t)
		}
	}
	stated, _ := subject.StatedSets(channel)
	for _, class := range classes(channel) {
		for t := range stated[class].All() {
			if !listed.Has(t) && !unsupported[channel].Has(t) {
				permitted.Add(t)
			}
		}
	}
	return slices.Collect(permitted.All())
}
