package policy

import (
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// JudgeTerritory gives the verdict on a territory as a whole, in place of the
// destination of a send: on a number of it, of the class given, that no prefix
// rule names. A trial calls verified numbers only, and so no territory.
func (s *Subject) JudgeTerritory(send Send, class Class, t numbering.Territory, now time.Time) Verdict {
	number := numberOf(class, []numbering.Territory{t})
	send.Destination = address.Reading{Meaning: address.Numbers, Numbers: address.ListOf(number)}
	return s.Judge(&send, now)
}

// Enabled is the set of the territories that JudgeTerritory allows.
func (s *Subject) Enabled(send Send, class Class, now time.Time) Set {
	var territories [1]numbering.Territory
	number := numberOf(class, territories[:])
	send.Destination = address.Reading{Meaning: address.Numbers, Numbers: address.ListOf(number)}

	var enabled Set
	for t := range numbering.AllTerritories() {
		territories[0] = t
		if s.judgeSend(&send, now, nil).Outcome == Allow {
			enabled.Add(t)
		}
	}
	return enabled
}

// numberOf is a number of the class and territories given that has no digits,
// so that no prefix rule has it.
func numberOf(class Class, territories []numbering.Territory) address.Number {
	return address.Number{Assignment: numbering.Assignment{Territories: territories, Kinds: numbering.Kinds(KindOf(class)), Listed: true}}
}

// Basis is everything that Enabled depends on for one channel, except the lists of
// territories that are unsupported or opened by request: where two bases and these lists
// are equal, Enabled is the same. It is comparable.
type Basis struct {
	unidentified            bool
	known, suspended, trial bool
	home                    numbering.Territory
	approved                Set
	account, sender         [ClassCount]Set
	// verify says that the account's sets are those for verifications, and
	// holder whose they are: a parent's allow rules reach accounts that have none.
	verify bool
	// apart says that the sets of the account or the sender, or an opening, are stated for
	// the channel itself, and not for its base.
	apart  bool
	holder Holder
	// narrows says that the sender has sets of its own, unscoped that it is
	// denied for having none.
	narrows, unscoped bool
	// special says that messages to high-risk numbers are denied.
	special bool
	// panicked says that a panic leaves nothing but the home it has.
	panicked  bool
	panicHome numbering.Territory
	// openings of the account, if one of them opens a territory: there are few such accounts,
	// and each has a basis of its own.
	openings *opening
}

// Basis returns what Enabled depends on for a send at a time, whatever its destination. The
// send names one sender at most.
func (s *Subject) Basis(send Send, now time.Time) Basis {
	a, channel := s.account, send.Channel
	b := Basis{unidentified: s.identityError != "", known: !s.isUnknown(), trial: a.trial, home: a.home, approved: a.approved}
	for i := a; i != nil; i = i.parent {
		b.suspended = b.suspended || i.isSuspended(now)
	}
	if s.isPanicked() {
		b.panicked, b.panicHome = true, s.panicHome()
	}
	effective := s.effectiveSet(&send)
	set := effective.set
	b.account, b.verify, b.apart = set.sets(effective.channel), set.verify, effective.channel == channel
	b.holder = s.statedBy(&effective)
	for _, name := range send.Senders {
		set := a.sender(name)
		if stated, narrows := set.inForce(channel); narrows {
			b.narrows, b.sender = true, set.sets(stated)
			b.apart = b.apart || stated == channel
		} else {
			denies, _ := s.deniesUnscoped(name)
			b.unscoped = denies != nil
		}
	}
	if channel != Voice {
		r, _ := s.ruling(aboutMessagingSpecial)
		b.special = r.choice == Denied
	}
	if opens, apart := a.opensTerritories(channel, now); opens {
		b.openings, b.apart = &a.openings[0], b.apart || apart
	}
	if channel == Voice {
		b.approved.add(a.set.outright())
		if send.Verification {
			b.approved.add(a.verify.outright())
		}
	}
	return b
}

// Holder says whose permission set is in force for an account.
type Holder uint8

// The holders.
const (
	NoHolder Holder = iota
	ItsOwn
	ItsParent
	TheDefault
)

// String names the holder as seen from the account.
func (h Holder) String() string {
	return [...]string{"no one's", "its own", "its parent's", "the default"}[h]
}

// Holder says whose set is in force, and whether the account is one to be judged
// at all: named, a child of one, or under a default.
func (b *Basis) Holder() (holder Holder, known bool) { return b.holder, b.known }

// Sets are the territories that are stated in each class: by the holder of the set
// in force, and by the sender if it narrows that.
func (b *Basis) Sets() (account, sender [ClassCount]Set) { return b.account, b.sender }

// OnTrial reports whether the account is on trial.
func (b *Basis) OnTrial() bool { return b.trial }

// Narrows reports whether the sender of the basis may reach less than the account.
func (b *Basis) Narrows() bool { return b.narrows || b.unscoped }

// Verifies reports whether the basis is a set for verifications alone.
func (b *Basis) Verifies() bool { return b.verify }

// IsApart reports whether what the basis has is stated for the channel itself: that of
// messages by an app may be stated for all messages.
func (b *Basis) IsApart() bool { return b.apart }

// outright is the voice territories that are named, in whatever class.
func (g *permissionSet) outright() (named Set) {
	if g != nil && g.voice != nil {
		for class := range g.voice {
			named.add(g.voice[class].Outright)
		}
	}
	return named
}

// sets are the sets for every class of a channel that is stated.
func (g *permissionSet) sets(channel Channel) (sets [ClassCount]Set) {
	if channel != Voice {
		sets[LowRisk] = g.messages[channel].Set
		return sets
	}
	for class := range ClassCount {
		sets[class] = g.voice[class].Set
	}
	return sets
}
