package address

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// FuzzRead holds what is true of the reading of every text, and that no way of
// writing a number hides it.
func FuzzRead(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		for _, medium := range []Medium{ForMessage, ForCall} {
			for _, national := range []bool{false, true} {
				checkReading(t, testReader(national), text, medium)
			}
			checkAgainstLibphonenumber(t, text, medium)
			checkFrom(t, text, medium)
		}
	})
}

func checkReading(t *testing.T, r *Reader, text string, medium Medium) {
	t.Helper()
	got := r.Read(text, medium)
	if again := r.Read(text, medium); !reflect.DeepEqual(got, again) {
		t.Errorf("%q is %s, then %s", text, meaning(got), meaning(again))
	}
	if (got.Meaning == Numbers) != (got.Numbers.Len() > 0) {
		t.Errorf("%q: %d numbers but meaning %d", text, got.Numbers.Len(), got.Meaning)
	}
	for _, n := range got.Numbers.All() {
		if !isE164("+" + n.Digits) {
			t.Errorf("%q can be %q, which is not a number", text, n.Digits)
		}
	}
	if !isE164(text) || got.Meaning == Emergency {
		return // no scheme but "tel:" calls for help
	}
	assignment := r.Plan.Lookup(text[1:])
	if numbers := digitsOf(got); assignment.Listed && got.Meaning == Numbers && !slices.Equal(numbers, []string{text[1:]}) {
		t.Errorf("%q can be %q", text, numbers)
	}
	for _, rewritten := range spellings(text[1:]) {
		if other := r.Read(rewritten, medium); other.Meaning != got.Meaning || !isRepaired(got, other) {
			t.Errorf("%q is %s, but %q is %s", text, meaning(got), rewritten, meaning(other))
		}
	}
}

// checkStrict compares the way of strict E.164 with that of all other texts, which reads the
// same digits with a blank before them.
func checkStrict(t *testing.T, r *Reader, text string, medium Medium) {
	t.Helper()
	if !isE164(text) {
		return
	}
	strict, general := r.Read(text, medium), r.Read(" "+text, medium)
	if strict.Meaning != general.Meaning || strict.Numbers.Len() > 0 && !reflect.DeepEqual(strict.Numbers.At(0), general.Numbers.At(0)) {
		t.Errorf("%q is %s, in general %s", text, meaning(strict), meaning(general))
	}
	listed := strict.Numbers.Len() == 1 && strict.Numbers.At(0).Assignment.Listed
	if !listed && !reflect.DeepEqual(strict.Numbers, general.Numbers) {
		t.Errorf("%q is %s, in general %s", text, meaning(strict), meaning(general))
	}
}

// FuzzReadStrict reads "+" and digits.
func FuzzReadStrict(f *testing.F) {
	for _, digits := range []string{"12015550123", "998111111111", "5491123456789", "390612345678", "1911", "44112", "4407400123456", "110044", "15005550006"} {
		f.Add(digits)
	}
	f.Fuzz(func(t *testing.T, digits string) {
		for _, medium := range []Medium{ForMessage, ForCall, ForMention} {
			checkStrict(t, testReader(false), "+"+digits, medium)
			checkStrict(t, testReader(true), "+"+digits, medium)
		}
	})
}

// isRepaired reports whether a text means what another does, and beside it at most what
// a repair makes of it, which nothing needs that is written strictly.
func isRepaired(strict, other Reading) bool {
	for i, n := range other.Numbers.All() {
		if i < strict.Numbers.Len() && n.Digits != strict.Numbers.At(i).Digits ||
			i >= strict.Numbers.Len() && !slices.Contains(withoutTrunkPrefix(strict.Numbers.At(0).Digits), n.Digits) {
			return false
		}
	}
	return other.Numbers.Len() >= strict.Numbers.Len()
}

// checkFrom holds what is true of every text whatever the senders are: it means what it
// means from each of them, all of that together, and what is unreadable from one is
// unreadable.
func checkFrom(t *testing.T, text string, medium Medium) {
	t.Helper()
	read := func(senders ...string) Reading {
		reader := testReader(false)
		reader.From, _ = reader.Countries(senders, Country{})
		got := reader.Read(text, medium)
		if (got.Meaning == Numbers) != (got.Numbers.Len() > 0) {
			t.Errorf("%q: %d numbers but meaning %d", text, got.Numbers.Len(), got.Meaning)
		}
		return got
	}
	gb, ar := read("+447400123456"), read("+5491123456789")
	if anywhere := read(); IsInternational(text) && (!reflect.DeepEqual(anywhere, gb) || !reflect.DeepEqual(anywhere, ar)) {
		t.Errorf("%q is %s from anywhere, else %s and %s", text, meaning(anywhere), meaning(gb), meaning(ar))
	}
	both := read("+447400123456", "+5491123456789")
	if (gb.Meaning == Unreadable || ar.Meaning == Unreadable) != (both.Meaning == Unreadable) {
		t.Errorf("%q is %s and %s, together %s", text, meaning(gb), meaning(ar), meaning(both))
	}
	for _, one := range []Reading{gb, ar} {
		for _, digits := range digitsOf(one) {
			if both.Meaning == Numbers && !slices.Contains(digitsOf(both), digits) {
				t.Errorf("%q is %s, together %s", text, meaning(one), meaning(both))
			}
		}
	}
}

// spellings are other ways to write "+" and these digits.
func spellings(digits string) []string {
	spread := func(separator string) string { return "+" + strings.Join(strings.Split(digits, ""), separator) }
	all := []string{
		" +" + digits + "\t",
		spread(" "), spread("-"), spread("."), spread("/"),
		spread("\u00a0"), spread("\u200b"), spread("\u2011"), spread("\u202d"),
		"(+" + digits[:1] + ")" + digits[1:],
		"+00" + digits, "whatsapp:+" + digits, "WhatsApp: +" + digits, "tel:+" + digits,
	}
	if len(digits) > 4 { // or it would be a short code
		all = append(all, "00"+digits, "011"+digits)
	}
	return all
}

func digitsOf(r Reading) (digits []string) {
	for _, n := range r.Numbers.All() {
		digits = append(digits, n.Digits)
	}
	return digits
}

// checkAgainstLibphonenumber compares with a lenient reader that many people
// use: a valid number that it finds in a text is one of ours, or the text is
// unreadable to us. The exceptions are below.
func checkAgainstLibphonenumber(t *testing.T, text string, medium Medium) {
	t.Helper()
	parsed, err := phonenumbers.Parse(text, "US")
	if err != nil || !phonenumbers.IsValidNumber(parsed) {
		return
	}
	digits := strconv.Itoa(int(parsed.GetCountryCode())) + phonenumbers.GetNationalSignificantNumber(parsed)
	got := testReader(false).Read(text, medium)
	if got.Meaning == Unreadable || slices.Contains(digitsOf(got), digits) {
		return
	}
	for _, exception := range exceptions {
		if exception.holds(text, digits, got) {
			return
		}
	}
	t.Errorf("%q is +%s to libphonenumber and %s to us", text, digits, meaning(got))
}

func folded(text string) string {
	folded, _ := fold(text)
	return folded
}

// exceptions are texts in which libphonenumber finds a number that we do not.
var exceptions = []struct {
	reason string
	holds  func(text, digits string, got Reading) bool
}{
	{
		"what has the shape of a US number is one and nothing else",
		func(text, _ string, got Reading) bool {
			us, ok := usNumber(keepDigits(folded(text), false))
			return ok && !strings.Contains(folded(text), "+") && slices.Contains(digitsOf(got), us)
		},
	},
	{
		"a number that is in the plan as it was written needs no repair",
		func(text, _ string, got Reading) bool {
			return isE164(text) && got.Numbers.Len() == 1 && got.Numbers.At(0).Assignment.Listed
		},
	},
	{
		"numbers of +1 without ten digits, or with an exchange that begins with 0 or 1, are dialled from nowhere else",
		func(_, digits string, _ Reading) bool {
			_, ok := usNumber(digits)
			return digits[0] == '1' && !ok
		},
	},
	{
		"the carrier's test numbers, short codes and emergency numbers are not numbers",
		func(text, digits string, got Reading) bool {
			return got.Meaning == NotANumber && (testReader(false).isTest(digits) || len(folded(text)) <= 6)
		},
	},
	{
		"a scheme that names no number hides none, and neither does an address with a host",
		func(text, _ string, got Reading) bool {
			return got.Meaning == NotANumber && (got.Scheme != "" || strings.Contains(folded(text), "@"))
		},
	},
}

// TestRepairsStayInTheTerritory looks for numbers that are in the plan
// as they stand and that libphonenumber takes for others all the same. Where it
// would move one to another territory, to read it strictly would be to judge
// the wrong one.
func TestRepairsStayInTheTerritory(t *testing.T) {
	plan := numbering.Default()
	for region := range phonenumbers.GetSupportedRegions() {
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.FIXED_LINE, phonenumbers.MOBILE,
			phonenumbers.TOLL_FREE, phonenumbers.PREMIUM_RATE, phonenumbers.SHARED_COST, phonenumbers.VOIP} {
			example := phonenumbers.GetExampleNumberForType(region, kind)
			if example == nil {
				continue
			}
			code := strconv.Itoa(int(example.GetCountryCode()))
			for _, trunk := range []string{"", "0", "1", "8", "06", "9", "15"} {
				digits := code + trunk + phonenumbers.GetNationalSignificantNumber(example)
				assignment := plan.Lookup(digits)
				if len(digits) > numbering.E164Digits || !assignment.Listed {
					continue
				}
				for _, repaired := range withoutTrunkPrefix(digits) {
					other := plan.Lookup(repaired)
					if other.Listed && !slices.Equal(other.Territories, assignment.Territories) {
						t.Errorf("+%s is %s, repaired to +%s it is %s", digits, describe(assignment), repaired, describe(other))
					}
				}
			}
		}
	}
}

// Every character of Unicode between the digits of a number leaves the number,
// or makes the text unreadable: it never makes it another one.
func TestNoCharacterHidesANumber(t *testing.T) {
	const head, tail = "+99891", "2345678"
	for c := rune(0); c <= unicode.MaxRune; c++ {
		if c == 0x40000 {
			c = 0xe0000 // nothing is assigned between
		}
		for _, medium := range []Medium{ForMessage, ForCall} {
			text := head + string(c) + tail
			got := testReader(false).Read(text, medium)
			switch {
			case got.Meaning == Unreadable, slices.Contains(digitsOf(got), head[1:]+tail):
			case '0' <= c && c <= '9': // one digit more is another number
			default:
				t.Errorf("%q (%U) is %s", text, c, meaning(got))
			}
		}
	}
}
