package incident

import (
	"slices"
	"time"
)

// Key is what all denials of one incident have in common.
type Key struct {
	// Account is its ID at the carrier.
	Carrier, Account string
	// Reason is why, and Rule what decided, in words.
	Reason, Rule string
}

// Denial is a request that was denied, or would be if that were enforced.
type Denial struct {
	Key
	// Name is the account's own, or empty.
	Name string
	// Channel and Territory are where the send would go.
	Channel, Territory string
	// Numbers are those around the destination, as they may be shown: "+1201555", or empty.
	Numbers string
	// Holding is the name of the limit that holds what the destination is counted with, or empty.
	Holding string
	// Hold is the ID of the hold, or empty.
	Hold string
	// Monitored says that it is only recorded, and the request let through.
	Monitored bool
}

// Incident is what is known of denials of one kind.
type Incident struct {
	ID      string `json:"id"`
	Carrier string `json:"carrier"`
	Account string `json:"account"`
	Name    string `json:"name,omitempty"`
	Reason  string `json:"reason"`
	Rule    string `json:"rule"`
	// More says that these are the denials of all further incidents: too many are open.
	More bool `json:"more,omitempty"`

	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
	// Closed is when it was found quiet. It is zero while the incident is open.
	Closed time.Time `json:"closed,omitzero"`

	// Denied counts requests that were refused, Monitored those that were let through.
	Denied    int64 `json:"denied"`
	Monitored int64 `json:"monitored"`

	// Holding is the name of the limit that holds something, or empty.
	Holding string `json:"-"`
	// Hold is the ID of the hold that was last, or empty.
	Hold string `json:"-"`

	Channels    Tally `json:"channels"`
	Territories Tally `json:"territories"`
	Numbers     Tally `json:"numbers"`

	// Gates are the names of the hosts that saw a denial, in the order of their first ones.
	Gates []string `json:"gates"`
}

// Key is what all its denials have in common. That of all further incidents is empty.
func (i *Incident) Key() Key {
	if i.More {
		return Key{}
	}
	return Key{i.Carrier, i.Account, i.Reason, i.Rule}
}

// newIncident is one that the first denial opens.
func newIncident(id, gate string, d *Denial, now time.Time) Incident {
	return Incident{
		ID: id, Gates: []string{gate}, Carrier: d.Carrier, Account: d.Account, Name: d.Name, Reason: d.Reason, Rule: d.Rule, First: now, Last: now,
		Channels: Tally{}, Territories: Tally{}, Numbers: Tally{},
	}
}

// add counts a denial.
func (i *Incident) add(d *Denial, now time.Time) {
	if i.Denied+i.Monitored == 0 {
		i.First = now
	}
	if now.After(i.Last) {
		i.Last = now
	}
	if d.Monitored {
		i.Monitored++
	} else {
		i.Denied++
	}
	if d.Holding != "" {
		i.Holding, i.Hold = d.Holding, d.Hold
	}
	i.Channels.add(d.Channel)
	i.Territories.add(d.Territory)
	i.Numbers.add(d.Numbers)
}

// copied is the incident as it is now.
func (i *Incident) copied() Incident {
	c := *i
	c.Channels, c.Territories, c.Numbers = c.Channels.copied(), c.Territories.copied(), c.Numbers.copied()
	c.Gates = append([]string{}, c.Gates...)
	return c
}

// Merge adds denials of the same kind, which another gate may have seen.
func (i *Incident) Merge(other *Incident) {
	if other.First.Before(i.First) {
		i.First = other.First
	}
	if other.Last.After(i.Last) {
		i.Last = other.Last
	}
	i.Denied += other.Denied
	i.Monitored += other.Monitored
	if other.Holding != "" {
		i.Holding, i.Hold = other.Holding, other.Hold
	}
	i.Channels.merge(other.Channels)
	i.Territories.merge(other.Territories)
	i.Numbers.merge(other.Numbers)
	for _, gate := range other.Gates {
		if !slices.Contains(i.Gates, gate) {
			i.Gates = append(i.Gates, gate)
		}
	}
}
