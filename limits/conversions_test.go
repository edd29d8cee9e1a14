package limits_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

// unverified is what one send to a number asks of a limit.
func unverified(c *limits.Counters, limit int64, number string) []limits.Demand {
	return []limits.Demand{{Key: c.Key("unverified"), Window: time.Hour, Limit: limit, Amount: 1, Item: c.Item(number), Repeats: true}}
}

func TestAConversionFreesWhatItsNumberTookAndNoMore(t *testing.T) {
	c := limits.New(time.Time{})
	for i, number := range []string{"attacker", "attacker", "victim", "victim"} {
		if _, ok := c.Reserve(at(time.Duration(i)*time.Minute), unverified(c, 4, number)); !ok {
			t.Fatalf("send %d was refused", i)
		}
	}
	if _, ok := c.Reserve(at(4*time.Minute), unverified(c, 4, "victim")); ok {
		t.Fatal("five are within a limit of four")
	}
	for i, want := range []int64{2, 0, 0} {
		if freed := c.Convert(at(5*time.Minute), &unverified(c, 4, "attacker")[0]); freed != want {
			t.Errorf("conversion %d frees %d, want %d", i, freed, want)
		}
	}
	if freed := c.Convert(at(5*time.Minute), &unverified(c, 4, "of another key")[0]); freed != 0 {
		t.Errorf("a number without sends frees %d", freed)
	}
	for i, want := range []bool{true, true, false} {
		if _, ok := c.Reserve(at(6*time.Minute), unverified(c, 4, "victim")); ok != want {
			t.Errorf("send %d after the conversion: %t", i, ok)
		}
	}
}

// A request that is still with the carrier when its number is verified is given back of nothing
// that came later.
func TestWhatWasConvertedIsNotGivenBackAgain(t *testing.T) {
	c := limits.New(time.Time{})
	before := unverified(c, 1, "number")
	c.Reserve(at(0), before)
	c.Convert(at(0), &before[0])
	if _, ok := c.Reserve(at(0), unverified(c, 1, "number")); !ok {
		t.Fatal("refused after the conversion")
	}
	c.GiveBack(before)
	if _, ok := c.Reserve(at(0), unverified(c, 1, "number")); ok {
		t.Error("what came after the conversion was given back")
	}
}

func TestWhatIsConvertedLeavesNothingBehind(t *testing.T) {
	c := limits.New(time.Time{})
	for i := range 1000 {
		d := unverified(c, 1, fmt.Sprint(i))
		c.Reserve(at(0), d)
		c.Convert(at(0), &d[0])
	}
	if c.Len() != 0 {
		t.Errorf("%d keys are kept of nothing", c.Len())
	}
}

// conversion is one that a model of growth knows.
type conversion struct {
	at   time.Duration
	item uint64
}

// mostConverted is how many items were converted within one window, at most, in the last 14
// days: in those that end with a conversion, and in that which ends now.
func mostConverted(all []conversion, now, window time.Duration) (most int64) {
	const day = 24 * time.Hour
	within := func(end time.Duration, known []conversion) int64 {
		items := map[uint64]bool{}
		for _, c := range known {
			if !(span{length: window}).isOver(c.at, end) {
				items[c.item] = true
			}
		}
		return int64(len(items))
	}
	for i := range all {
		if now/day-all[i].at/day < 14 {
			most = max(most, within(all[i].at, all[:i+1]))
		}
	}
	return max(most, within(now, all))
}

func TestLimitsGrowWithWhatIsConverted(t *testing.T) {
	const floor, share = 3, 20
	for seed := range uint64(9) {
		random := rand.New(rand.NewPCG(seed, 14))
		window := []time.Duration{time.Hour, 24 * time.Hour, 20 * 24 * time.Hour}[seed%3]
		c, now := limits.New(time.Time{}), time.Duration(0)
		var converted []conversion
		for range 250 {
			now += time.Duration(random.ExpFloat64() * float64(2*time.Hour))
			if random.IntN(60) == 0 {
				now += time.Duration(random.IntN(20)) * 24 * time.Hour
			}
			d := limits.Demand{Key: c.Key("limit"), Window: window, Limit: floor, Amount: 1, Item: 1 + random.Uint64N(60), Repeats: true, Share: share}
			want := max(floor, mostConverted(converted, now, window)*share/100)
			limit, _ := c.Allowed(at(now), &d)
			used, hasRoom := c.Used(at(now), &d)
			if limit != want || hasRoom != (used < want) {
				t.Fatalf("seed %d: at %s %d are allowed with %d used, room %t; want %d", seed, now, limit, used, hasRoom, want)
			}
			_, ok := c.Reserve(at(now), []limits.Demand{d})
			if ok != hasRoom {
				t.Fatalf("seed %d: at %s %t with room %t", seed, now, ok, hasRoom)
			}
			if ok && random.IntN(20) > 0 {
				c.Convert(at(now), &d)
				converted = append(converted, conversion{now, d.Item})
			}
		}
	}
}

func TestOneNumberDoesNotMakeALimitGrow(t *testing.T) {
	c := limits.New(time.Time{})
	for i := range 1000 {
		d := unverified(c, 2, "number")
		d[0].Share = 20
		c.Reserve(at(time.Duration(i)*time.Second), d)
		c.Convert(at(time.Duration(i)*time.Second), &d[0])
	}
	d := unverified(c, 2, "number")
	d[0].Share = 20
	if limit, most := c.Allowed(at(1000*time.Second), &d[0]); limit != 2 || most != 1 {
		t.Errorf("%d are allowed by the %d that were converted", limit, most)
	}
}

func TestGrowthIsForgottenAfterFourteenDays(t *testing.T) {
	const day = 24 * time.Hour
	c := limits.New(time.Time{})
	demand := func(number string) *limits.Demand {
		d := unverified(c, 100, number)
		d[0].Share = 20
		return &d[0]
	}
	for i := range 600 {
		d := demand(fmt.Sprint(i))
		c.Reserve(at(0), []limits.Demand{*d})
		c.Convert(at(0), d)
	}
	for _, row := range []struct {
		at   time.Duration
		want int64
	}{{0, 120}, {14*day - 1, 120}, {14 * day, 100}} {
		if limit, _ := c.Allowed(at(row.at), demand("")); limit != row.want {
			t.Errorf("after %s %d are allowed, want %d", row.at, limit, row.want)
		}
	}
}
