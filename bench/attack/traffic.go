package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

const (
	accounts = 200
	day      = 24 * time.Hour
	span     = 14 * day
)

// Shares of the good sends by what they are.
const (
	otpShare      = 0.40
	campaignShare = 0.35
	callShare     = 0.15
	// The rest is an account that opens in a new market and grows each day.
)

// good draws about so many sends, in the order of time.
func good(random *rand.Rand, count int) []send {
	var sends []send
	sends = passcodes(random, sends, int(otpShare*float64(count)))
	sends = campaigns(random, sends, int(campaignShare*float64(count)))
	sends = callCentres(random, sends, int(callShare*float64(count)))
	sends = newMarket(random, sends, count-len(sends))
	slices.SortStableFunc(sends, func(a, b send) int { return int(a.at - b.at) })
	return sends
}

// daytime draws a time of a day by a rhythm with its peak at 15:00 and a tenth of that at 03:00.
func daytime(random *rand.Rand) time.Duration {
	for {
		at := time.Duration(random.Int64N(int64(day)))
		hour := at.Hours()
		if random.Float64() < 0.55+0.45*math.Cos((hour-15)/12*math.Pi) {
			return at
		}
	}
}

// passcodes are verifications of 100 accounts, whose users are of three area codes each, or of
// Great Britain. A seventh of them asks once more within two minutes, and a few twice.
func passcodes(random *rand.Rand, sends []send, count int) []send {
	for i := 0; i < count; i++ {
		account := random.IntN(100)
		s := send{at: time.Duration(random.IntN(14))*day + daytime(random), account: account, kind: verification, attack: -1}
		if account%5 == 0 {
			s.to = british(random)
		} else {
			s.to = american(random, areaCodes[(account+random.IntN(3))%len(areaCodes)])
		}
		sends = append(sends, s)
		for again := 0; again < 3 && random.IntN(7) == 0; again++ {
			s.at += 20*time.Second + time.Duration(random.Int64N(int64(100*time.Second)))
			sends = append(sends, s)
			i++
		}
	}
	return sends
}

// campaigns are bursts to the customers of 40 accounts: each has a list of 2,000 to 20,000, of two
// area codes if it is a local business, and writes to a good part of it within twenty minutes.
func campaigns(random *rand.Rand, sends []send, count int) []send {
	lists := make([][]string, 40)
	for i := range lists {
		codes := 2
		if i%4 == 0 {
			codes = len(areaCodes)
		}
		for range 2000 + random.IntN(18_000) {
			lists[i] = append(lists[i], american(random, areaCodes[(i+random.IntN(codes))%len(areaCodes)]))
		}
	}
	for end := len(sends) + count; len(sends) < end; {
		account := random.IntN(len(lists))
		begin := time.Duration(random.IntN(14))*day + 10*time.Hour + time.Duration(random.Int64N(int64(8*time.Hour)))
		for _, to := range lists[account] {
			if random.IntN(10) < 6 && len(sends) < end {
				sends = append(sends, send{begin + time.Duration(random.Int64N(int64(20*time.Minute))), 100 + account, message, to, -1})
			}
		}
	}
	return sends
}

// callCentres are calls of 40 accounts to customers all over the country, each up to three times
// until someone answers.
func callCentres(random *rand.Rand, sends []send, count int) []send {
	for end := len(sends) + count; len(sends) < end; {
		account := 140 + random.IntN(40)
		to := american(random, areaCodes[random.IntN(len(areaCodes))])
		at := time.Duration(random.IntN(14))*day + 8*time.Hour + time.Duration(random.Int64N(int64(10*time.Hour)))
		for range 1 + random.IntN(3) {
			sends = append(sends, send{at, account, call, to, -1})
			at += 10*time.Minute + time.Duration(random.Int64N(int64(3*time.Hour)))
		}
	}
	return sends
}

// newMarket is one account that opens in Great Britain, and sends a quarter more each day.
func newMarket(random *rand.Rand, sends []send, count int) []send {
	var weights [14]float64
	total := 0.0
	for i := range weights {
		weights[i] = math.Pow(1.25, float64(i))
		total += weights[i]
	}
	for i, weight := range weights {
		for range int(weight / total * float64(count)) {
			sends = append(sends, send{time.Duration(i)*day + daytime(random), 180, message, british(random), -1})
		}
	}
	return sends
}
