package strangers

import (
	"math/rand/v2"
	"sync"
	"time"
)

// guess is how long the carrier is taken to need before it has been asked: about
// what a distant API takes to answer.
const guess = 150 * time.Millisecond

// remembered is of how many answers it is kept how long they took.
const remembered = 16

// pace knows how long the carrier lately took to answer, by product.
type pace struct {
	mu    sync.Mutex
	times map[string]*[]time.Duration
	last  *[]time.Duration // of the product that answered last
}

// add takes down how long an answer took.
func (p *pace) add(product string, took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	times := p.times[product]
	if times == nil {
		times = new([]time.Duration)
		p.times[product] = times
	}
	if len(*times) < remembered {
		*times = append(*times, took)
	} else {
		(*times)[rand.IntN(remembered)] = took
	}
	p.last = times
}

// sample is how long some answer of the product lately took: of any product if
// that one has not been asked yet.
func (p *pace) sample(product string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	times := p.times[product]
	if times == nil {
		times = p.last
	}
	if times == nil {
		return guess
	}
	return (*times)[rand.IntN(len(*times))]
}
