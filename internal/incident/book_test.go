package incident

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"
)

var begin = time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)

// numbered makes IDs that count.
func numbered() func() string {
	n := 0
	return func() string { n++; return strconv.Itoa(n) }
}

func denialOf(account string) *Denial {
	return &Denial{Key: Key{"twilio", account, "limit_exceeded", "operator limit block"}, Channel: "messaging", Territory: "US", Numbers: "+1201555"}
}

func TestAnIncidentOpensOnceAndClosesOnceItIsQuiet(t *testing.T) {
	b := NewBook(numbered(), "gate-1")
	var changes []Change
	for i := range 50 {
		changes = append(changes, b.Add(denialOf("a"), begin.Add(time.Duration(i)*time.Second))...)
	}
	if len(changes) != 1 || changes[0].Kind != Opened || changes[0].Incident.Denied != 1 {
		t.Fatalf("50 denials change %+v", changes)
	}
	last := begin.Add(49 * time.Second)
	closed, next := b.Close(last.Add(DefaultQuiet - 1))
	if len(closed) != 0 || !next.Equal(last.Add(DefaultQuiet)) {
		t.Errorf("before it is quiet, it is closed: %v, next %v", closed, next)
	}
	closed, next = b.Close(next)
	if len(closed) != 1 || !next.IsZero() {
		t.Fatalf("closed %v, next %v", closed, next)
	}
	i := closed[0].Incident
	if i.Denied != 50 || !i.First.Equal(begin) || !i.Last.Equal(last) || !i.Closed.Equal(last.Add(DefaultQuiet)) {
		t.Errorf("closed is %+v", i)
	}
	if i.Territories.String() != "US 50" || i.Numbers.String() != "+1201555 50" || i.Channels.String() != "messaging 50" {
		t.Errorf("closed is %+v", i)
	}
	if closed, _ = b.Close(next.Add(time.Hour)); len(closed) != 0 {
		t.Errorf("it is closed again: %v", closed)
	}
}

func TestAnIncidentKnowsTheLimitThatHolds(t *testing.T) {
	b := NewBook(numbered(), "gate-1")
	held := denialOf("a")
	held.Holding = "block"
	changes := append(b.Add(held, begin), b.Add(denialOf("a"), begin)...)
	if len(changes) != 1 || changes[0].Incident.Holding != "block" || b.List()[0].Holding != "block" {
		t.Errorf("it is %+v, and then %+v", changes, b.List())
	}
}

func TestDenialsOfDifferentKindsAreDifferentIncidents(t *testing.T) {
	for _, c := range []struct {
		name    string
		second  Key
		opening int
	}{
		{"the same", Key{"twilio", "a", "r", "limit"}, 1},
		{"another account", Key{"twilio", "b", "r", "limit"}, 2},
		{"another carrier", Key{"other", "a", "r", "limit"}, 2},
		{"another reason", Key{"twilio", "a", "s", "limit"}, 2},
		{"another rule", Key{"twilio", "a", "r", "limit other"}, 2},
	} {
		b := NewBook(numbered(), "gate-1")
		changes := b.Add(&Denial{Key: Key{"twilio", "a", "r", "limit"}}, begin)
		changes = append(changes, b.Add(&Denial{Key: c.second}, begin)...)
		if len(changes) != c.opening || b.Open() != c.opening {
			t.Errorf("%s: %d open", c.name, len(changes))
		}
	}
}

func TestADenialAfterAQuietTimeClosesTheIncidentAndOpensAnother(t *testing.T) {
	b := NewBook(numbered(), "gate-1")
	b.Add(denialOf("a"), begin)
	changes := b.Add(denialOf("a"), begin.Add(DefaultQuiet))
	if len(changes) != 2 || changes[0].Kind != Closed || changes[1].Kind != Opened || changes[0].Incident.ID == changes[1].Incident.ID {
		t.Errorf("changes are %+v", changes)
	}
}

func TestWhatIsMonitoredIsCountedBesideWhatIsDenied(t *testing.T) {
	b := NewBook(numbered(), "gate-1")
	b.Add(denialOf("a"), begin)
	monitored := denialOf("a")
	monitored.Monitored = true
	b.Add(monitored, begin)
	if i := b.List()[0]; i.Denied != 1 || i.Monitored != 1 {
		t.Errorf("it is %+v", i)
	}
}

func TestIncidentsBeyondAThousandAreOne(t *testing.T) {
	b := NewBook(numbered(), "gate-1")
	opened := 0
	for i := range 3 * maxOpen {
		opened += len(b.Add(denialOf(strconv.Itoa(i)), begin))
	}
	if opened != maxOpen+1 || b.Open() != maxOpen+1 {
		t.Fatalf("%d opened, %d are open", opened, b.Open())
	}
	list := b.List()
	more := list[slices.IndexFunc(list, func(i Incident) bool { return i.More })]
	if more.Denied != 2*maxOpen || more.Account != "" {
		t.Errorf("the one of more is %+v", more)
	}
	closed, _ := b.Close(begin.Add(DefaultQuiet))
	if len(closed) != maxOpen+1 || b.Open() != 0 || len(b.List()) != maxClosed {
		t.Errorf("%d closed, %d are open, %d are listed", len(closed), b.Open(), len(b.List()))
	}
	if changes := b.Add(denialOf("again"), begin.Add(DefaultQuiet)); len(changes) != 1 || changes[0].Incident.More {
		t.Errorf("then, changes are %+v", changes)
	}
}

func TestATallyNamesTenValuesAndCountsAll(t *testing.T) {
	var tally Tally
	for i := range 100 {
		tally.add(fmt.Sprintf("+%d", i%25))
		tally.add("")
	}
	sum := int64(0)
	for _, one := range tally {
		sum += one.Denials
	}
	if len(tally) != maxTallied+1 || tally[maxTallied] != (Tallied{others, 60}) || sum != 100 {
		t.Errorf("the tally is %s", tally)
	}
}

func TestWhatIsReturnedDoesNotChange(t *testing.T) {
	b := NewBook(numbered(), "gate-1")
	opened := b.Add(denialOf("a"), begin)[0].Incident
	b.Add(denialOf("a"), begin)
	if opened.Denied != 1 || opened.Territories.String() != "US 1" {
		t.Errorf("it is %+v", opened)
	}
}

// modelled is an incident by a list of all its denials.
type modelled struct {
	key   Key
	times []time.Time
}

// A model keeps every denial, and looks at all of them each time.
func TestABookOpensAndClosesAsASlowModelDoes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		b := NewBook(numbered(), "gate-1")
		quiet := time.Duration(1+random.IntN(20)) * time.Second
		b.SetQuiet(quiet)
		var open []modelled
		now := begin
		for range 100 {
			now = now.Add(time.Duration(random.IntN(8)) * time.Second)
			var want []string
			closes := func(only func(modelled) bool) {
				open = slices.DeleteFunc(open, func(m modelled) bool {
					quietSince := m.times[len(m.times)-1]
					if !only(m) || now.Sub(quietSince) < quiet {
						return false
					}
					want = append(want, fmt.Sprint(Closed, m.key.Account, len(m.times), m.times[0], quietSince))
					return true
				})
			}
			var changes []Change
			if random.IntN(3) == 0 {
				changes, _ = b.Close(now)
				closes(func(modelled) bool { return true })
			} else {
				d := denialOf(strconv.Itoa(random.IntN(4)))
				changes = b.Add(d, now)
				closes(func(m modelled) bool { return m.key == d.Key })
				k := slices.IndexFunc(open, func(m modelled) bool { return m.key == d.Key })
				if k < 0 {
					want = append(want, fmt.Sprint(Opened, d.Account, 1, now, now))
					open, k = append(open, modelled{key: d.Key}), len(open)
				}
				open[k].times = append(open[k].times, now)
			}
			var got []string
			for _, c := range changes {
				got = append(got, fmt.Sprint(c.Kind, c.Incident.Account, int(c.Incident.Denied), c.Incident.First, c.Incident.Last))
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) || b.Open() != len(open) {
				t.Fatalf("changes are %q and not %q, %d are open and not %d", got, want, b.Open(), len(open))
			}
		}
	}
}
