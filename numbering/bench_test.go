package numbering

import (
	"math/rand/v2"
	"testing"
)

// shuffled is how many numbers the benchmark of lookups goes through: more than
// the caches of a processor hold.
const shuffled = 65_536

// BenchmarkLookup looks up numbers of the whole world in no order, listed and
// not.
func BenchmarkLookup(b *testing.B) {
	a := defaultAutomaton()
	r := rand.New(rand.NewPCG(1, 2))
	listed, random := make([]string, shuffled), make([]string, shuffled)
	for i := range listed {
		listed[i], random[i] = drawListed(r, a), string(drawDigits(r, 8+r.IntN(6)))
	}
	for _, set := range []struct {
		name    string
		numbers []string
	}{{"listed", listed}, {"random digits", random}} {
		b.Run(set.name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				a.Lookup(set.numbers[i%shuffled])
				i++
			}
		})
	}
}

// BenchmarkLoad reads the embedded automaton, as the program does once.
func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := readAutomaton(automatonFile); err != nil {
			b.Fatal(err)
		}
	}
}

// drawListed draws a listed number: a walk through the automaton that begins
// again where it leads nowhere.
func drawListed(r *rand.Rand, a *automaton) string {
	for {
		digits, node := []byte(nil), uint16(0)
		for len(digits) < E164Digits {
			digit := r.IntN(10)
			next := a.nodes[node].links[digit]
			if next == 0 {
				break
			}
			digits, node = append(digits, byte('0'+digit)), next
			if a.here(node).Listed && r.IntN(2) == 0 {
				return string(digits)
			}
		}
	}
}

// drawDigits draws digits of which the first is not zero.
func drawDigits(r *rand.Rand, n int) []byte {
	digits := make([]byte, n)
	for i := range digits {
		digits[i] = byte('0' + r.IntN(10))
	}
	digits[0] = byte('1' + r.IntN(9))
	return digits
}
