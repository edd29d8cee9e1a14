package numbering

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// special are the kinds of numbers that cost more.
var special = Kinds(PremiumRate, SharedCost, PersonalNumber, Pager, Voicemail)

func TestLatvianSpecialNumbersAreTwiliosOwn(t *testing.T) {
	latvia, _ := ParseTerritory("LV")
	prefixes, exact := Cover(latvia, special, 100)
	if got := strings.Join(prefixes, " "); got != "37181 3719" || !exact {
		t.Errorf("they are %s, exact: %t", got, exact)
	}
	// Twilio lists +37181 and +3719000, the part of the latter that is in use.
}

func TestACoverCoversExactly(t *testing.T) {
	a := defaultAutomaton()
	r := rand.New(rand.NewPCG(3, 4))
	var numbers []string
	for range 15_000 {
		numbers = append(numbers, drawListed(r, a))
	}
	for territory := range AllTerritories() {
		for _, kinds := range []KindSet{special, Kinds(TollFree), 0} {
			prefixes, exact := Cover(territory, kinds, 1000)
			if len(prefixes) > 1000 {
				t.Errorf("%s has %d prefixes", territory, len(prefixes))
			}
			for _, number := range numbers {
				owner := a.Lookup(number)
				wanted := slices.Contains(owner.Territories, territory) && (kinds == 0 || owner.Kinds&kinds != 0)
				covered := isCovered(prefixes, number)
				if wanted && !covered || covered && !wanted && exact {
					t.Fatalf("+%s is %s, and covered by those of %s, %s: %t", number, describe(owner), territory, kinds, covered)
				}
			}
			checkShortest(t, a, territory, kinds, prefixes, exact)
		}
	}
}

// isCovered tells whether a number begins with one of the sorted prefixes, none of
// which begins with another.
func isCovered(prefixes []string, number string) bool {
	i, found := slices.BinarySearch(prefixes, number)
	return found || i > 0 && strings.HasPrefix(number, prefixes[i-1])
}

// checkShortest holds that no prefix begins with another, and that none of an
// exact list could be shorter by a digit: there would be a number that is not
// wanted.
func checkShortest(t *testing.T, a *automaton, territory Territory, kinds KindSet, prefixes []string, exact bool) {
	t.Helper()
	for i, prefix := range prefixes {
		if i > 0 && (prefixes[i-1] >= prefix || strings.HasPrefix(prefix, prefixes[i-1])) {
			t.Errorf("%s: +%s stands before +%s", territory, prefixes[i-1], prefix)
		}
		if !exact || len(prefix) == 1 {
			continue
		}
		c := newCovering(a, func(o *Owner) bool {
			return slices.Contains(o.Territories, territory) && (kinds == 0 || o.Kinds&kinds != 0)
		})
		if shorter, _ := a.walk(prefix[:len(prefix)-1]); c.find(shorter)&unwanted == 0 {
			t.Errorf("%s, %s: +%s would do without its last digit", territory, kinds, prefix)
		}
	}
}

func TestACoverThatWouldBeTooLongCoversMore(t *testing.T) {
	britain, _ := ParseTerritory("GB")
	long, exact := Cover(britain, special, 1000)
	if !exact {
		t.Fatal("the list is not exact")
	}
	short, exact := Cover(britain, special, len(long)-1)
	if len(short) >= len(long) || exact {
		t.Errorf("there are %d prefixes, of %d, exact: %t", len(short), len(long), exact)
	}
	for _, prefix := range long {
		if !isCovered(short, prefix) {
			t.Errorf("+%s is left out", prefix)
		}
	}
}
