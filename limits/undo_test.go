package limits_test

import (
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

// What takes nothing of a limit, such as a send without a price, is taken back as all else is.
func TestDemandsThatTakeNothingAreTakenBack(t *testing.T) {
	c := limits.New(time.Time{})
	of := func(key string, amount uint32) limits.Demand {
		return limits.Demand{Key: c.Key(key), Window: time.Hour, Limit: 5, Amount: amount}
	}
	for name, demands := range map[string][]limits.Demand{
		"before one that is over":             {of("a", 0), of("a", 6)},
		"before one of another key":           {of("a", 0), of("b", 6)},
		"beside some, before one that is":     {of("a", 0), of("a", 5), of("a", 0), of("b", 6)},
		"before and behind those of its key":  {of("a", 0), of("a", 3), of("a", 3)},
		"of two keys, before one that is not": {of("a", 0), of("c", 0), of("b", 6)},
	} {
		if refused, ok := c.Reserve(at(0), demands); ok || refused.Index != len(demands)-1 {
			t.Errorf("%s: refused %+v, %v", name, refused, ok)
		}
		c.GiveBack(demands)
		if n := c.Len(); n != 0 {
			t.Errorf("%s: %d keys are left", name, n)
		}
	}
}
