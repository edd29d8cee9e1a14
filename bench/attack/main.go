package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/rates"
)

func main() {
	seed := flag.Uint64("seed", 1, "What is drawn")
	count := flag.Int("sends", 1_000_000, "How many good sends there are")
	flag.Parse()
	if err := run(*seed, *count); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(seed uint64, count int) error {
	random := rand.New(rand.NewPCG(seed, 0))
	sends := good(random, count)
	gate, err := newTollgate(policyFile)
	if err != nil {
		return fmt.Errorf("reading policy.yaml: %w", err)
	}
	holding, err := newTollgate(holdingFile)
	if err != nil {
		return fmt.Errorf("reading holding.yaml: %w", err)
	}
	prices, err := newPrices()
	if err != nil {
		return fmt.Errorf("reading rates.csv: %w", err)
	}
	country, fraud := newCountryADay(sends), newFraudDetection(sends)
	for i := range attacks {
		for _, s := range attacks[i].sends(random) {
			s.attack = i
			sends = append(sends, s)
		}
	}
	slices.SortStableFunc(sends, func(a, b send) int { return int(a.at - b.at) })
	for _, d := range []struct {
		name string
		defence
	}{
		{"the limits of policy.yaml", gate},
		{"the same limits, which hold what is over", holding},
		{fmt.Sprintf("fraud_detection of OpenSIPS, at %d a minute, %d a day and %d in a row", fraud.critical.minute, fraud.critical.total, fraud.critical.row), fraud},
		{fmt.Sprintf("%d a day for an account and country", country.most), country},
	} {
		report(d.name, judge(d.defence, sends, prices), prices)
	}
	return nil
}

// result is what a defence made of the traffic.
type result struct {
	good, refused int
	attacks       []attacked
}

// attacked is what came of one attack.
type attacked struct {
	sends, passed int
	// cost of those that passed and have a price; unpriced is how many have none.
	cost        rates.Price
	unpriced    int
	first, last time.Duration // of those that passed
}

func judge(d defence, sends []send, prices prices) result {
	r := result{attacks: make([]attacked, len(attacks))}
	for i := range sends {
		s := &sends[i]
		passes := d.passes(s)
		if s.attack < 0 {
			if r.good++; !passes {
				r.refused++
			}
			continue
		}
		a := &r.attacks[s.attack]
		if a.sends++; a.sends == 1 {
			a.first = s.at
		}
		if passes {
			a.passed++
			a.last = s.at
			if cost, ok := prices.of(s); ok {
				a.cost += cost
			} else {
				a.unpriced++
			}
		}
	}
	return r
}

func report(name string, r result, prices prices) {
	fmt.Printf("%s: %d of %d good sends refused\n\n", name, r.refused, r.good)
	fmt.Println("| attack | sends | let through | cost | last one after |")
	fmt.Println("|---|---|---|---|---|")
	for i := range r.attacks {
		a, after := &r.attacks[i], "–"
		if a.passed > 0 {
			after = (a.last - a.first).Round(time.Second).String()
		}
		fmt.Printf("| %s | %d | %d | %s | %s |\n", attacks[i].name, a.sends, a.passed, prices.money(a), after)
	}
	fmt.Println()
}
