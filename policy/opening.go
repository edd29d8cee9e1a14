package policy

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// Opening is a permission with an end: until then, its account may reach what the permission
// set in force lacks. It is compared with the clock on each request, so that nothing has to
// run for it to end. It reaches no subaccount, and stands in for nothing but the set.
type Opening struct {
	// Territory that it opens; zero if it opens a prefix.
	Territory numbering.Territory
	// Prefix that it opens, as E.164 digits without "+"; empty if it opens a territory.
	Prefix string
	// Channel it is for; nil means all. Messaging is all messages.
	Channel *Channel
	// Class of the calls that it is for. Messages have none.
	Class Class
	// Acknowledged says that an operator has acknowledged its risk. Only then does it count
	// as an approval where the carrier opens a territory by request.
	Acknowledged bool

	Reason string
	// Ticket where it was asked for, or empty.
	Ticket string
	// From is when it begins; the zero time is long past.
	From time.Time
	// Until is when it ends: there is always such a time.
	Until time.Time
}

// opening is an Opening with the words that logs name it by.
type opening struct {
	Opening
	words string
}

func newOpenings(owner string, openings []Opening) []opening {
	if len(openings) == 0 {
		return nil
	}
	compiled := make([]opening, len(openings))
	for i := range openings {
		compiled[i] = opening{openings[i], openings[i].WordsOf(owner)}
	}
	return compiled
}

// WordsOf names the opening and whose it is, as a verdict's Rule does: "account acme opening
// ID voice".
func (o *Opening) WordsOf(owner string) string { return owner + " opening " + o.Target() }

// Target says what is opened: "ID voice", or "+62811".
func (o *Opening) Target() string {
	target := "+" + o.Prefix
	if o.Prefix == "" {
		target = o.Territory.String()
	}
	if o.Channel != nil {
		target += " " + o.Channel.String()
	}
	if o.Class != LowRisk {
		target += " " + o.Class.String()
	}
	return target
}

// IsAhead reports whether the opening has not begun yet.
func (o *Opening) IsAhead(now time.Time) bool { return now.Before(o.From) }

// IsOver reports whether the opening has ended.
func (o *Opening) IsOver(now time.Time) bool { return !now.Before(o.Until) }

// isInForce reports whether the opening has begun and has not ended.
func (o *Opening) isInForce(now time.Time) bool { return !o.IsAhead(now) && !o.IsOver(now) }

// has reports whether the opening is for a number as one of a territory, on a channel. Its
// class is not asked.
func (o *Opening) has(channel Channel, digits string, t numbering.Territory) bool {
	if o.Channel != nil && !o.Channel.Covers(channel) {
		return false
	}
	if o.Prefix == "" {
		return o.Territory == t
	}
	return strings.HasPrefix(digits, o.Prefix)
}

// opens returns the account's own opening that is in force for a number as one of a
// territory, on a channel and in a class; nil if there is none.
func (a *account) opens(channel Channel, digits string, t numbering.Territory, class Class, acknowledged bool, now time.Time) *opening {
	for i := range a.openings {
		o := &a.openings[i]
		if (o.Acknowledged || !acknowledged) && (channel != Voice || o.Class == class) && o.has(channel, digits, t) && o.isInForce(now) {
			return o
		}
	}
	return nil
}

// opened returns the opening that gives a number what the set in force lacks, the first of
// several. If something is lacking all the same, there is none, and the denial names that.
func (s *Subject) opened(effective *effectiveSet, channel Channel, n *address.Number, denial *Verdict, now time.Time) (first *opening) {
	if len(s.account.openings) == 0 {
		return nil
	}
	needed := neededClasses(channel, &n.Assignment)
	for _, t := range n.Assignment.Territories {
		for class := range ClassCount {
			if !needed.has(class) || effective.set.grant(effective.channel, class).Set.Has(t) {
				continue
			}
			o := s.account.opens(channel, n.Digits, t, class, false, now)
			if o == nil {
				denial.Territory, denial.Class, denial.Reason = t, class, TerritoryNotEnabled
				if channel == Voice && (effective.set.hasAnyClass(t) || s.account.opensAnyClass(n.Digits, t, now)) {
					denial.Reason = ClassNotEnabled
				}
				return nil
			}
			if first == nil {
				first = o
			}
		}
	}
	return first
}

// opensAnyClass reports whether an opening in force is for calls to a number as one of a
// territory, in whatever class.
func (a *account) opensAnyClass(digits string, t numbering.Territory, now time.Time) bool {
	for class := range ClassCount {
		if a.opens(Voice, digits, t, class, false, now) != nil {
			return true
		}
	}
	return false
}

// approvedBy returns the acknowledged opening that counts as the approval of a call to a
// number as one of a territory: there is one for each class that the number may have. Nil
// if there is not.
func (a *account) approvedBy(n *address.Number, t numbering.Territory, now time.Time) (first *opening) {
	if len(a.openings) == 0 {
		return nil
	}
	needed := classes(n.Assignment.Kinds)
	for class := range ClassCount {
		if !needed.has(class) {
			continue
		}
		o := a.opens(Voice, n.Digits, t, class, true, now)
		if o == nil {
			return nil
		}
		if first == nil {
			first = o
		}
	}
	return first
}

// neededClasses are the classes that a permission set is asked for: of messages there is one.
func neededClasses(channel Channel, assignment *numbering.Assignment) classSet {
	if channel != Voice {
		return 1 << LowRisk
	}
	return classes(assignment.Kinds)
}

// opensTerritories reports whether an opening of a whole territory is in force on a channel,
// and whether one is for that channel itself.
func (a *account) opensTerritories(channel Channel, now time.Time) (opens, apart bool) {
	for i := range a.openings {
		if o := &a.openings[i]; o.Prefix == "" && o.has(channel, "", o.Territory) && o.isInForce(now) {
			opens, apart = true, apart || o.Channel != nil && *o.Channel == channel
		}
	}
	return opens, apart
}

// opensCalls reports whether an opening is for calls, in force or not.
func (a *account) opensCalls() bool {
	return slices.ContainsFunc(a.openings, func(o opening) bool { return o.Channel == nil || *o.Channel == Voice })
}

func timedOpenings(account, owner string, openings []Opening) (timed []Timed) {
	for i := range openings {
		o := &openings[i]
		timed = append(timed, Timed{Account: account, Kind: "opening", Words: o.WordsOf(owner), Reason: o.Reason, From: o.From, Until: o.Until})
	}
	return timed
}

// Openings yields the openings of all accounts that are in force at a time, each with its
// account's own ID, in no order.
func (s *Snapshot) Openings(now time.Time) iter.Seq2[string, OpeningInForce] {
	return func(yield func(string, OpeningInForce) bool) {
		for a := range s.all() {
			for i := range a.openings {
				if o := &a.openings[i]; o.isInForce(now) && !yield(a.id, OpeningInForce{o.words, o.Opening}) {
					return
				}
			}
		}
	}
}

// Territories are those that the opening has numbers of.
func (o *Opening) Territories() (territories []numbering.Territory) {
	if o.Prefix == "" {
		return []numbering.Territory{o.Territory}
	}
	for _, reach := range numbering.ReachOf(o.Prefix) {
		territories = append(territories, reach.Territory)
	}
	return territories
}
