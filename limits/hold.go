package limits

import "time"

// Holding is what is held, and for how long: what the limit says whose key it is.
type Holding struct {
	Key Key
	// For is how long it is held first.
	For time.Duration
	// Window and Limit are those of the limit.
	Window time.Duration
	Limit  int64
	// Number is that of the send that was over the limit, and Item the hash of what counts once.
	Number Number
	Item   uint64
}

// Hold is a key of which nothing is let through for a time, since its limit was exceeded.
type Hold struct {
	// ID is the same on every gate that has the secret, and whenever the same is held.
	ID string
	Subject
	// Since is when the limit was exceeded, and Until when the hold is over: the zero time where
	// only a person ends it.
	Since, Until time.Time
	// Repeats counts the holds that came before it, each of which was shorter.
	Repeats int
	// HalfOpen is a hold that is over, while only half of the limit is let through.
	HalfOpen bool
	// Refused is how many sends were refused since, and Last when the last one was.
	Refused int64
	Last    time.Time
	// Seen are the numbers of these sends.
	Seen Seen
}

// Subject is what a hold is of, for people, and to find its key again.
type Subject struct {
	// Limit is the name of the limit, Level who states it, and Counter what it counts.
	Limit          string `json:"LimitName"` // Told has an amount beside it, which is Limit there
	Level, Counter string
	// Account whose sends alone are held, by the ID that the policy states; empty where others
	// are held with it.
	Account string
	// Dimensions of the limit, and the value of each as its key has it.
	Dimensions, Values []string
	// Shown are the values for people.
	Shown []string
}

// CarrierAccount is the account of the dimensions by its id at the carrier, or empty.
func (s *Subject) CarrierAccount() string {
	for i, dimension := range s.Dimensions {
		if dimension == "account" {
			return s.Values[i]
		}
	}
	return ""
}

// longer is how long later holds last: after these, until a person ends it.
var longer = [...]time.Duration{time.Hour, 12 * time.Hour}

// durationAt is how long a hold lasts after some repeats that is first held for a time. It is 0 where only
// a person ends it.
func durationAt(first time.Duration, repeats int) time.Duration {
	if repeats == 0 {
		return first
	}
	for _, duration := range longer {
		if duration <= first {
			continue
		}
		if repeats--; repeats == 0 {
			return duration
		}
	}
	return 0
}

// rememberedFor is how long it is remembered at least how long a hold was that is over.
const rememberedFor = 24 * time.Hour

// state is what is known of a hold.
type state struct {
	Hold
	holding Holding
	seen    seen
	// recent is how much was tried in the last part of the hold, each of recentItems once.
	recent      int64
	recentItems map[uint64]struct{}
	// changed is when the hold began that is in force or was last, and isNew says that other
	// gates have not been told of it.
	changed time.Time
	isNew   bool
	// goneSince is since when its limit is known to be gone; zero while it is not.
	goneSince time.Time
	// due is when something of it changes by itself, and place is where it is on the agenda.
	due   time.Time
	place int
}

// shown is the hold with what was seen.
func (s *state) shown() Hold {
	shown := s.Hold
	shown.Seen = s.seen.summary()
	return shown
}

// newState is a hold that is on no agenda yet.
func newState(hold Hold, of Holding) *state {
	return &state{Hold: hold, holding: of, place: offAgenda}
}

// hold begins a hold after some repeats.
func (s *state) hold(now time.Time, repeats int) {
	s.Repeats, s.HalfOpen, s.recent, s.recentItems = repeats, false, 0, nil
	s.changed, s.isNew = now, true
	s.Until = time.Time{}
	if duration := durationAt(s.holding.For, repeats); duration > 0 {
		s.Until = now.Add(duration)
	}
}

// lastPart is the part of a hold by which it is renewed or not: one window of the limit, and half
// of the hold at most, or what was over it at first would renew it.
func (s *state) lastPart() time.Duration {
	return min(s.holding.Window, durationAt(s.holding.For, s.Repeats)/2)
}

// settle brings a hold to what it is at a time, and reports whether anything is left to remember:
// it is renewed where more than the limit was tried in its last part, and otherwise over. Then
// half of the limit is let through for one window.
func (s *state) settle(now time.Time) (remembered bool) {
	for !s.HalfOpen && !s.Until.IsZero() && !now.Before(s.Until) {
		if s.recent > s.holding.Limit {
			s.hold(s.Until, s.Repeats+1)
			continue
		}
		s.HalfOpen, s.recentItems = true, nil
	}
	return s.Until.IsZero() || now.Before(s.forgotten())
}

// forgotten is when a hold with an end is remembered no more, unless it is renewed.
func (s *state) forgotten() time.Time {
	return s.Until.Add(s.holding.Window + max(s.holding.Window, rememberedFor))
}

// isHalfOpen reports whether only half of the limit is let through at a time to which the hold
// was settled.
func (s *state) isHalfOpen(now time.Time) bool {
	return s.HalfOpen && now.Before(s.Until.Add(s.holding.Window))
}

// refuse counts an attempt that is refused. One that is over the limit by itself renews nothing, and
// what the limit counts once renews no more than that, however often it is tried.
func (s *state) refuse(now time.Time, amount uint32, number Number, item uint64) {
	s.Refused++
	s.seen.add(number)
	s.Last = now
	if int64(amount) > s.holding.Limit || s.Until.IsZero() || now.Before(s.Until.Add(-s.lastPart())) {
		return
	}
	if item == 0 {
		s.recent += int64(amount)
		return
	}
	if _, again := s.recentItems[item]; again || s.recent > s.holding.Limit {
		return // no more are needed to renew it
	}
	if s.recentItems == nil {
		s.recentItems = map[uint64]struct{}{}
	}
	s.recentItems[item] = struct{}{}
	s.recent += int64(amount)
}
