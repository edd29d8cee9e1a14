package libphonenumber

import (
	"math/rand/v2"
	"os"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// drawn is how many numbers of each sort are drawn: TOLLGATE_NUMBERS, 50,000
// without it. TOLLGATE_SEED draws others.
func drawn(t *testing.T) (count int, r *rand.Rand) {
	count, seed := 50_000, uint64(1)
	if text := os.Getenv("TOLLGATE_NUMBERS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal("reading TOLLGATE_NUMBERS:", err)
		}
		count = n
	}
	if text := os.Getenv("TOLLGATE_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal("reading TOLLGATE_SEED:", err)
		}
		seed = n
	}
	return count, rand.New(rand.NewPCG(seed, 2))
}

func TestTheAutomatonAgreesOnRandomNumbers(t *testing.T) {
	count, r := drawn(t)
	codes := New().codes
	var digits []string
	for code := range codes {
		digits = append(digits, code)
	}
	slices.Sort(digits)
	listed := agree(t, count, func() string {
		number := digits[r.IntN(len(digits))]
		if r.IntN(20) == 0 {
			number = "" // any digits at all
		}
		for length := 4 + r.IntN(12); len(number) < length; {
			number += string(rune('0' + r.IntN(10)))
		}
		return number
	})
	if listed < count/50 {
		t.Errorf("only %d of %d numbers were listed: this drew hardly any real one", listed, count)
	}
}

func TestTheAutomatonAgreesOnNumbersDrawnFromThePatterns(t *testing.T) {
	count, r := drawn(t)
	listed := agree(t, count, numbersOf(t, r, currentRegions(t)))
	if listed < count/2 {
		t.Errorf("only %d of %d numbers were listed", listed, count)
	}
}

// numbersOf draws numbers from the patterns of regions, some with a digit replaced, missing
// or too many.
func numbersOf(t *testing.T, r *rand.Rand, regions []*phonenumbers.PhoneMetadata) func() string {
	t.Helper()
	type source struct {
		code    string
		pattern *syntax.Regexp
	}
	var sources []source
	for _, m := range regions {
		for _, description := range []*phonenumbers.PhoneNumberDesc{
			m.GetGeneralDesc(), m.GetFixedLine(), m.GetMobile(), m.GetTollFree(), m.GetPremiumRate(), m.GetSharedCost(),
			m.GetVoip(), m.GetPersonalNumber(), m.GetPager(), m.GetUan(), m.GetVoicemail(),
		} {
			text := description.GetNationalNumberPattern()
			if text == "" || text == "NA" {
				continue
			}
			parsed, err := syntax.Parse(text, syntax.Perl)
			if err != nil {
				t.Fatal(err)
			}
			sources = append(sources, source{strconv.Itoa(int(m.GetCountryCode())), parsed.Simplify()})
		}
	}
	return func() string {
		s := sources[r.IntN(len(sources))]
		number := s.code + draw(r, s.pattern)
		switch r.IntN(10) {
		case 0: // a digit replaced
			i := len(s.code) + r.IntN(len(number)-len(s.code))
			number = number[:i] + string(rune('0'+r.IntN(10))) + number[i+1:]
		case 1: // a digit too few
			number = number[:len(number)-1]
		case 2: // a digit too many
			number += string(rune('0' + r.IntN(10)))
		}
		return number
	}
}

// draw writes a number that a pattern accepts.
func draw(r *rand.Rand, pattern *syntax.Regexp) string {
	switch pattern.Op {
	case syntax.OpLiteral:
		return string(pattern.Rune)
	case syntax.OpCharClass:
		var choices []rune
		for i := 0; i < len(pattern.Rune); i += 2 {
			for c := pattern.Rune[i]; c <= pattern.Rune[i+1]; c++ {
				choices = append(choices, c)
			}
		}
		return string(choices[r.IntN(len(choices))])
	case syntax.OpConcat:
		var b strings.Builder
		for _, sub := range pattern.Sub {
			b.WriteString(draw(r, sub))
		}
		return b.String()
	case syntax.OpAlternate:
		return draw(r, pattern.Sub[r.IntN(len(pattern.Sub))])
	case syntax.OpCapture:
		return draw(r, pattern.Sub[0])
	case syntax.OpQuest:
		if r.IntN(2) == 0 {
			return ""
		}
		return draw(r, pattern.Sub[0])
	case syntax.OpEmptyMatch:
		return ""
	}
	panic("cannot draw from " + pattern.String())
}

// agree compares the automaton with libphonenumber on numbers, and returns how
// many of them were listed.
func agree(t *testing.T, count int, next func() string) (listed int) {
	t.Helper()
	slow, fast := New(), numbering.Default()
	for range count {
		digits := next()
		if len(digits) > 15 {
			continue // no E.164 number
		}
		want, got := slow.Lookup(digits), fast.Lookup(digits)
		if got.Listed {
			listed++
		}
		compare(t, want, got, digits)
		if got.Listed {
			checkBeginnings(t, fast, digits, got.Kinds)
		}
	}
	return listed
}

// compare holds that the automaton and libphonenumber say the same. Of an unlisted
// number, they may come to other kinds: the patterns alone, which the slow model
// follows, know no lengths.
func compare(t *testing.T, want, got numbering.Assignment, digits string) {
	t.Helper()
	same := got.Listed == want.Listed && got.Any == want.Any && got.Impossible == want.Impossible && slices.Equal(got.Territories, want.Territories)
	if !same || got.Listed && got.Kinds != want.Kinds {
		t.Fatalf("+%s is %v, to the slow model %v", digits, got, want)
	}
	if !isKnownBetter(digits) && differ(models.codes, numbering.Default(), digits) {
		t.Fatalf("+%s is %v, not what libphonenumber says", digits, got)
	}
}

// models are the metadata by calling code.
var models = New()

// checkBeginnings holds that the kind of a listed number is among those that
// stand for an unlisted one of the same beginning.
func checkBeginnings(t *testing.T, plan numbering.Plan, digits string, kinds numbering.KindSet) {
	t.Helper()
	code := plan.Provenance(digits).CallingCode
	for n := len(code) + 1; n < len(digits); n++ {
		if assignment := plan.Lookup(digits[:n]); !assignment.Listed && assignment.Kinds&kinds != kinds {
			t.Fatalf("+%s is %s, which +%s, unlisted, cannot be: %s", digits, kinds, digits[:n], assignment.Kinds)
		}
	}
}

// FuzzAgreement compares the automaton with libphonenumber on any digits.
func FuzzAgreement(f *testing.F) {
	for _, digits := range []string{"12125551234", "4407400123456", "390669812345", "79401234567", "5491123456789", "881612345678", "13101234"} {
		f.Add(digits)
	}
	slow, fast := New(), numbering.Default()
	f.Fuzz(func(t *testing.T, digits string) {
		if len(digits) > 15 {
			return
		}
		compare(t, slow.Lookup(digits), fast.Lookup(digits), digits)
	})
}
