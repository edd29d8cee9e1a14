package credentialcheck

import (
	"math/rand/v2"
	"sync"
	"time"
)

// initialLatency is assumed until the carrier has been asked: about what a distant API
// takes to answer.
const initialLatency = 150 * time.Millisecond

const (
	// maxSamples is how many samples are kept of each product.
	maxSamples = 16
	// sampleTTL is how long a sample predicts the next answer.
	sampleTTL = 5 * time.Minute
)

// latency knows how long the carrier recently took to reject credentials, by product.
type latency struct {
	mu      sync.Mutex
	samples map[string]*[]sample
	last    *[]sample // of the product that answered last
}

// sample is how long one answer took, and when it came.
type sample struct {
	took time.Duration
	at   time.Time
}

// add records how long an answer took.
func (l *latency) add(product string, took time.Duration, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	samples := l.samples[product]
	if samples == nil {
		samples = new([]sample)
		l.samples[product] = samples
	}
	if *samples = recent(*samples, now); len(*samples) < maxSamples {
		*samples = append(*samples, sample{took, now})
	} else {
		(*samples)[rand.IntN(maxSamples)] = sample{took, now}
	}
	l.last = samples
}

// sample returns how long a recent answer of the product took, or one of the product
// that answered last if this one has no recent answer.
func (l *latency) sample(product string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, samples := range []*[]sample{l.samples[product], l.last} {
		if samples == nil {
			continue
		}
		if *samples = recent(*samples, now); len(*samples) > 0 {
			return (*samples)[rand.IntN(len(*samples))].took
		}
	}
	return initialLatency
}

// isKnown reports whether the product has answered recently.
func (l *latency) isKnown(product string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	samples := l.samples[product]
	if samples == nil {
		return false
	}
	*samples = recent(*samples, now)
	return len(*samples) > 0
}

// recent keeps the samples that have not expired.
func recent(samples []sample, now time.Time) []sample {
	kept := samples[:0]
	for _, s := range samples {
		if now.Sub(s.at) < sampleTTL {
			kept = append(kept, s)
		}
	}
	return kept
}
