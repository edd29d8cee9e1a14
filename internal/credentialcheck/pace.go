package credentialcheck

import (
	"math/rand/v2"
	"sync"
	"time"
)

// guess is how long the carrier is taken to need before it has been asked: about
// what a distant API takes to answer.
const guess = 150 * time.Millisecond

// remembered is of how many answers it is kept how long they took, and lately for
// how long that says how long the next one takes.
const (
	remembered = 16
	lately     = 5 * time.Minute
)

// pace knows how long the carrier lately took to reject credentials, by product.
type pace struct {
	mu    sync.Mutex
	times map[string]*[]answered
	last  *[]answered // of the product that answered last
}

// answered is how long one answer took, and when it came.
type answered struct {
	took time.Duration
	at   time.Time
}

// add takes down how long an answer took.
func (p *pace) add(product string, took time.Duration, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	times := p.times[product]
	if times == nil {
		times = new([]answered)
		p.times[product] = times
	}
	if *times = recent(*times, now); len(*times) < remembered {
		*times = append(*times, answered{took, now})
	} else {
		(*times)[rand.IntN(remembered)] = answered{took, now}
	}
	p.last = times
}

// sample is how long some answer of the product lately took: of any product if
// that one has not answered lately.
func (p *pace) sample(product string, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, times := range []*[]answered{p.times[product], p.last} {
		if times == nil {
			continue
		}
		if *times = recent(*times, now); len(*times) > 0 {
			return (*times)[rand.IntN(len(*times))].took
		}
	}
	return guess
}

// has tells whether the product has answered lately.
func (p *pace) has(product string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	times := p.times[product]
	if times == nil {
		return false
	}
	*times = recent(*times, now)
	return len(*times) > 0
}

// recent is what was not long ago.
func recent(times []answered, now time.Time) []answered {
	kept := times[:0]
	for _, t := range times {
		if now.Sub(t.at) < lately {
			kept = append(kept, t)
		}
	}
	return kept
}
