package policy

import (
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// JudgeTerritory gives the verdict on a territory as a whole: on a number of
// it, of the class given, that no prefix rule names. A trial calls verified
// numbers only, and so no territory.
func (s *Snapshot) JudgeTerritory(account string, senders []string, channel Channel, class Class, t numbering.Territory, now time.Time) Verdict {
	number := [1]numbering.Number{numberOf(class, []numbering.Territory{t})}
	send := territorySend(account, senders, channel, number[:])
	return s.Judge(&send, now)
}

// Enabled is the set of the territories that JudgeTerritory allows.
func (s *Snapshot) Enabled(account string, senders []string, channel Channel, class Class, now time.Time) Set {
	var territories [1]numbering.Territory
	number := [1]numbering.Number{numberOf(class, territories[:])}
	send := territorySend(account, senders, channel, number[:])
	a, known := s.resolve(&send)

	var enabled Set
	for t := range numbering.AllTerritories() {
		territories[0] = t
		if s.judge(a, known, &send, now, nil).Outcome == Allow {
			enabled.Add(t)
		}
	}
	return enabled
}

func territorySend(account string, senders []string, channel Channel, number []numbering.Number) Send {
	return Send{
		Account:     account,
		Channel:     channel,
		Destination: numbering.Reading{Meaning: numbering.Numbers, Numbers: number},
		Senders:     senders,
	}
}

// numberOf is a number of the class and territories given that has no digits,
// so that no prefix rule has it.
func numberOf(class Class, territories []numbering.Territory) numbering.Number {
	return numbering.Number{Owner: numbering.Owner{Territories: territories, Kinds: numbering.Kinds(KindOf(class)), Listed: true}}
}

// Basis is all that Enabled rests on for one channel, besides the lists of what
// is unsupported or opened by request: where two are equal under equal lists, so
// is what is enabled. It is comparable.
type Basis struct {
	known, suspended, trial bool
	home                    numbering.Territory
	approved                Set
	account, sender         [ClassCount]Set
	narrows                 bool
}

// Basis returns what is enabled for an account rests on, and for one of its
// senders as ReadSender names it, or for none if that is empty.
func (s *Snapshot) Basis(account, sender string, channel Channel) Basis {
	a, known := s.resolve(&Send{Account: account})
	b := Basis{known: known || s.defaults != nil, trial: a.trial, home: a.home, approved: a.approved}
	for i := a; i != nil; i = i.parent {
		b.suspended = b.suspended || i.suspended
	}
	b.account = s.inForce(a, channel).sets(channel)
	if g := a.sender(sender); g != nil && g.states(channel) {
		b.narrows, b.sender = true, g.sets(channel)
	}
	if channel == Voice && a.grants.voice != nil {
		for class := range ClassCount {
			for i, word := range a.grants.voice[class].Outright {
				b.approved[i] |= word
			}
		}
	}
	return b
}

// Narrows tells whether the sender of the basis has a set of its own for the
// channel.
func (b *Basis) Narrows() bool { return b.narrows }

// sets are the sets for every class of a channel that is stated.
func (g *grants) sets(channel Channel) (sets [ClassCount]Set) {
	if channel == Messaging {
		sets[LowRisk] = g.messaging.Set
		return sets
	}
	for class := range ClassCount {
		sets[class] = g.voice[class].Set
	}
	return sets
}
