package main

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/caddy-tollgate/tollgate/rates"
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
	prices, err := newPrices()
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"refused": policyFile, "held": holdingFile} {
		gate, err := newTollgate(file)
		if err != nil {
			t.Fatal(err)
		}
		r := judge(gate, sends, prices)
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
		if r := judge(d, sends, prices{new(rates.Deck)}); r.refused != 0 {
			t.Errorf("%s refuses %d", name, r.refused)
		}
	}
}

// Each attack costs what its messages and minutes do, and no price is made up.
func TestWhatAnAttackCosts(t *testing.T) {
	prices, err := newPrices()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		send send
		want string // for 25 of them
	}{
		{send{kind: verification, to: "+447400123456"}, "1.40 USD"},
		{send{kind: message, to: "+447400123456"}, "1.40 USD"},
		{send{kind: call, to: "+447400123456"}, "0.7625 USD"},
		{send{kind: call, to: "+881631400001"}, "unknown"},
	} {
		r := judge(everything{}, slices.Repeat([]send{c.send}, 25), prices)
		if got := prices.money(&r.attacks[0]); got != c.want {
			t.Errorf("25 sends of kind %d to %s cost %s, want %s", c.send.kind, c.send.to, got, c.want)
		}
	}
}

// everything passes here.
type everything struct{}

func (everything) passes(*send) bool { return true }
