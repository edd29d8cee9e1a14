package limits_test

import (
	"math"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

// kept is a row of the one key of these tests.
func kept(part limits.Part, numbers ...int64) limits.Row {
	return limits.Row{Place: limits.Place{Key: limits.Key{1, 1}, Part: part}, Numbers: numbers}
}

var threeAM = time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)

const hour = int64(time.Hour)

// hourPart is the part of a window of an hour that the time is in.
var hourPart = threeAM.Unix() / 60

func TestWhatAGateHasNotWrittenIsNotRestored(t *testing.T) {
	whole := kept(limits.KeyPart, 0, hour, hourPart, 0, 0, 0, hourPart, 3)
	for name, rows := range map[string][]limits.Row{
		"no numbers":                         {kept(limits.KeyPart)},
		"a part without its amount":          {kept(limits.KeyPart, 0, hour, hourPart, 0, 0, 0, hourPart)},
		"an unknown way to count":            {kept(limits.KeyPart, 3, hour, hourPart, 0, 0, 0)},
		"no window":                          {kept(limits.KeyPart, 0, 0, hourPart, 0, 0, 0)},
		"the longest window":                 {kept(limits.KeyPart, 0, math.MaxInt64, 1, 0, 0, 0)},
		"a clock that is two hours ahead":    {kept(limits.KeyPart, 0, hour, hourPart+120, 0, 0, 0)},
		"the end of time":                    {kept(limits.KeyPart, 0, hour, math.MaxInt64, 0, 0, 0)},
		"a part before the first":            {kept(limits.KeyPart, 0, hour, hourPart, 0, 0, 0, -1, 3)},
		"a part after the latest":            {kept(limits.KeyPart, 0, hour, hourPart, 0, 0, 0, hourPart+1, 3)},
		"an amount below zero":               {kept(limits.KeyPart, 0, hour, hourPart, 0, 0, 0, hourPart, -3)},
		"more steps than there are":          {kept(limits.KeyPart, 0, hour, hourPart, 0, 0, 256)},
		"an item of a sum":                   {whole, kept(limits.ItemPart, hourPart, hourPart, 1)},
		"half an item":                       {kept(limits.KeyPart, 1, hour, hourPart, 0, 0, 0), kept(limits.ItemPart, hourPart)},
		"an item seen last before first":     {kept(limits.KeyPart, 1, hour, hourPart, 0, 0, 0), kept(limits.ItemPart, hourPart, hourPart-1, 1)},
		"an item of later":                   {kept(limits.KeyPart, 1, hour, hourPart, 0, 0, 0), kept(limits.ItemPart, hourPart, hourPart+1, 1)},
		"uses of later":                      {kept(limits.KeyPart, 2, hour, hourPart, 0, 0, 0), kept(limits.ItemPart, hourPart+1, 1)},
		"half of what items have":            {kept(limits.KeyPart, 2, hour, hourPart, 0, 0, 0), kept(limits.ItemPart, hourPart)},
		"growth without days":                {kept(limits.GrowthPart, hour, hourPart, 20000)},
		"growth of the day after tomorrow":   {kept(limits.GrowthPart, hour, hourPart, threeAM.Unix()/86400+2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)},
		"half a call":                        {kept(limits.CallsPart, 1, math.MaxInt64)},
		"two calls of one number":            {kept(limits.CallsPart, 1, math.MaxInt64, 0, 0, 0, 1, math.MaxInt64, 0, 0, 0)},
		"a part that this version knows not": {kept(limits.CallsPart+1, 1)},
	} {
		c := limits.NewKept(threeAM)
		var err error
		for _, r := range rows {
			err = c.Restore(threeAM, r)
		}
		if err == nil {
			t.Errorf("%s is restored", name)
		}
	}
	c := limits.NewKept(threeAM)
	for range 2 { // the second one changes nothing
		if err := c.Restore(threeAM, whole); err != nil {
			t.Error(err)
		}
	}
	d := limits.Demand{Key: limits.Key{1, 1}, Window: time.Hour, Limit: 5, Amount: 1}
	if used, _ := c.Used(threeAM, &d); used != 3 {
		t.Errorf("%d are restored of 3", used)
	}
}

func TestWhatIsOverIsNotRestored(t *testing.T) {
	c := limits.NewKept(threeAM)
	for _, r := range []limits.Row{
		kept(limits.KeyPart, 0, hour, hourPart-61, 0, 0, 0, hourPart-61, 3),
		kept(limits.KeyPart, 0, hour, 700_000, threeAM.UnixNano(), 0, 0, 700_000, 3),
		kept(limits.ItemPart, hourPart-61, hourPart-61, 1),
		kept(limits.ConvertedPart, hourPart-61, hourPart-61, 1),
		kept(limits.CallsPart, 1, threeAM.UnixNano(), 0, 0, 0),
	} {
		if err := c.Restore(threeAM, r); err != nil {
			t.Error(err)
		}
	}
	if n := c.Len(); n != 0 {
		t.Errorf("%d keys are restored", n)
	}
}

// Whatever a store has, it is restored or refused, and what is counted after it is counted.
func FuzzRestore(f *testing.F) {
	f.Add(uint8(1), uint8(2), int64(0), hour, hourPart, int64(0), int64(0), hourPart, int64(3))
	f.Add(uint8(1), uint8(2), int64(1), hour, hourPart, int64(0), hourPart, hourPart, int64(1))
	f.Add(uint8(1), uint8(2), int64(2), hour, hourPart, int64(0), int64(0), hourPart, int64(1))
	f.Add(uint8(5), uint8(3), int64(1), threeAM.UnixNano()+hour, int64(1), int64(2), int64(3), int64(4), int64(5))
	f.Fuzz(func(t *testing.T, first, second uint8, a, b, c, d, e, g, h int64) {
		k := limits.NewKept(threeAM)
		for _, part := range []limits.Part{limits.Part(first), limits.Part(second)} {
			for _, numbers := range [][]int64{{a, b, c, d, e % 256, g % 256, g, h}, {b, c, d, e, g, h, a, b, c, d, e, g, h, a, b, c, d}, {e, g, h}, {g, h}, {a, b, c, d, e}} {
				_ = k.Restore(threeAM, kept(part, numbers...))
			}
		}
		for i, d := range []limits.Demand{{}, {Item: 7}, {Item: 7, Repeats: true}, {InProgress: true}} {
			d.Key, d.Window, d.Limit, d.Amount = limits.Key{1, uint64(2 + i)}, time.Hour, 1, 1
			if _, ok := k.Reserve(threeAM, []limits.Demand{d}); !ok {
				t.Errorf("%+v of another key is refused", d)
			}
		}
		for _, place := range k.PlacesOf(limits.Key{1, 1}) {
			k.Rows([]limits.Place{place}, func(limits.Row) {})
		}
		k.Reserve(threeAM.Add(3*time.Hour), []limits.Demand{{Key: limits.Key{1, 9}, Window: time.Hour, Limit: 1, Amount: 1}})
	})
}
