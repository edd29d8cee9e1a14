package numbering

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func TestTheLongestPrefixIsFound(t *testing.T) {
	m := NewPrefixMap([]PrefixEntry[string]{
		{"881", "881"}, {"8816", "8816"}, {"88161", "88161"}, {"1", "1"}, {"999999999999999", "15 digits"},
		{"44", "the former"}, {"44", "the latter"},
		{"", "nothing"}, {"+49", "a plus"}, {"49a", "a letter"}, {"4٣", "a digit of another script"},
	})
	for _, test := range []struct {
		name, digits, want string
		length             int
	}{
		{"the prefix itself", "881", "881", 3},
		{"a number that begins with it", "8815", "881", 3},
		{"a longer prefix within it", "88165", "8816", 4},
		{"the longest of three", "881612345678", "88161", 5},
		{"less than a prefix", "88", "", 0},
		{"a prefix of one digit", "12", "1", 1},
		{"as many digits as a number has", "999999999999999", "15 digits", 15},
		{"one digit less", "99999999999999", "", 0},
		{"the later of two", "441", "the latter", 2},
		{"no prefix", "7", "", 0},
		{"no number", "", "", 0},
		{"what is not a digit ends the number", "88x6", "", 0},
		{"and what comes behind a digit in ASCII", "8816:", "8816", 4},
		{"and what comes before", "8816/", "8816", 4},
		{"a prefix with a plus", "+49", "", 0},
		{"a prefix with a letter", "49a", "", 0},
		{"a prefix of another script", "4٣", "", 0},
	} {
		value, length := m.Longest(test.digits)
		got := ""
		if value != nil {
			got = *value
		}
		if got != test.want || length != test.length {
			t.Errorf("%s: %q is found as %q with %d digits, want %q with %d", test.name, test.digits, got, length, test.want, test.length)
		}
	}
}

func TestAnEmptyPrefixMapFindsNothing(t *testing.T) {
	empty := NewPrefixMap([]PrefixEntry[int]{{"", 1}})
	for _, m := range []*PrefixMap[int]{&empty, new(PrefixMap[int])} {
		if value, length := m.Longest("881612345678"); value != nil || length != 0 {
			t.Errorf("found %v with %d digits", value, length)
		}
	}
}

// longestByMap is the slow and obvious twin of longest.
func longestByMap[V any](byPrefix map[string]V, digits string) (value V, length int) {
	for n := len(digits); n > 0; n-- {
		if value, ok := byPrefix[digits[:n]]; ok {
			return value, n
		}
	}
	return value, 0
}

func TestThePrefixMapFindsWhatItsSlowTwinFinds(t *testing.T) {
	r := rand.New(rand.NewPCG(rand.Uint64(), 1))
	few := strings.Repeat("8", 20) + "0123456789" // so that prefixes share beginnings
	digits := func(atMost int) string {
		b := make([]byte, 1+r.IntN(atMost))
		for i := range b {
			b[i] = few[r.IntN(len(few))]
		}
		return string(b)
	}
	for range 200 {
		var entries []PrefixEntry[int]
		byPrefix := make(map[string]int)
		for i := range 1 + r.IntN(200) {
			prefix := digits(8)
			entries = append(entries, PrefixEntry[int]{prefix, i})
			byPrefix[prefix] = i
		}
		m := NewPrefixMap(entries)
		if len(m.values)-1 != len(byPrefix) { // the first stands for none
			t.Fatalf("%d values of %d prefixes", len(m.values)-1, len(byPrefix))
		}
		for range 500 {
			number := digits(15)
			want, wantLength := longestByMap(byPrefix, number)
			value, length := m.Longest(number)
			if length != wantLength || length > 0 && *value != want {
				t.Fatalf("%s of %v: found with %d digits, want %d with %d", number, entries, length, want, wantLength)
			}
		}
	}
}

func BenchmarkPrefixMap(b *testing.B) {
	for _, size := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("%d prefixes", size), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			entries := make([]PrefixEntry[struct{}], size)
			for i := range entries {
				// 5 to 9 digits, as ranges that are rented out are listed.
				entries[i].Prefix = randomDigits(r, 5+r.IntN(5))
			}
			m := NewPrefixMap(entries)
			numbers := make([]string, 65_536) // half of them in a range
			for i := range numbers {
				numbers[i] = randomDigits(r, 12)
				if i%2 == 0 {
					numbers[i] = entries[r.IntN(size)].Prefix + numbers[i][:4]
				}
			}
			r.Shuffle(len(numbers), func(i, j int) { numbers[i], numbers[j] = numbers[j], numbers[i] })
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				m.Longest(numbers[i%len(numbers)])
				i++
			}
			b.ReportMetric(float64(len(m.starts)*12+len(m.prefixes)*8+len(m.heads)*4)/1e6, "MB")
		})
	}
}

// randomDigits returns n digits, the first of them not 0.
func randomDigits(r *rand.Rand, n int) string {
	text := strconv.Itoa(1 + r.IntN(9))
	for len(text) < n {
		text += strconv.Itoa(r.IntN(10))
	}
	return text
}
