package main

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// The limits that the docs show stop every attack on one block of 1,000 numbers at 25 sends, and
// refuse nothing good. That of a million sends is in the docs.
func TestTheLimitsToBeginWithStopEachAttackOnABlock(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 0))
	sends := good(random, 10_000)
	for i := range attacks {
		for _, s := range attacks[i].sends(random) {
			s.attack = i
			sends = append(sends, s)
		}
	}
	slices.SortStableFunc(sends, func(a, b send) int { return int(a.at - b.at) })
	for name, file := range map[string][]byte{"refused": policyFile, "held": holdingFile} {
		gate, err := newTollgate(file)
		if err != nil {
			t.Fatal(err)
		}
		r := judge(gate, sends)
		if r.refused > 0 || r.good < 9_000 {
			t.Errorf("%s: %d of %d good sends are refused", name, r.refused, r.good)
		}
		for i, a := range r.attacks {
			if attacks[i].block && a.passed > 25 || a.passed == a.sends || a.sends == 0 {
				t.Errorf("%s: of %d sends of %q, %d are let through", name, a.sends, attacks[i].name, a.passed)
			}
		}
	}
}

// Of good traffic alone, no defence refuses anything: so they compare by what they let through.
func TestThePeersRefuseNothingGood(t *testing.T) {
	sends := good(rand.New(rand.NewPCG(1, 0)), 10_000)
	for name, d := range map[string]defence{"country": newCountryADay(sends), "fraud_detection": newFraudDetection(sends)} {
		if r := judge(d, sends); r.refused != 0 {
			t.Errorf("%s refuses %d", name, r.refused)
		}
	}
}
