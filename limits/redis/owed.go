package redis

import (
	"context"
	"slices"
	"sync"

	"github.com/caddy-tollgate/tollgate/limits"
)

// mostOwed is how many demands are kept to be given back, 1 MiB of them. What is beyond it stays
// counted.
const mostOwed = 10_000

// mostCleared is how many keys are kept to be cleared, 16 MiB of them: more than there are of all
// that can be held.
const mostCleared = 1_000_000

// owed is what is to be given back to a server that was away when it should have been, and the
// keys that are to be cleared there. What it may have been asked to give back is not among it: to
// give back twice would count too little.
type owed struct {
	mutex   sync.Mutex
	demands []limits.Demand
	cleared []limits.Key
}

func (o *owed) add(demands []limits.Demand) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.demands = append(o.demands, demands[:min(len(demands), mostOwed-len(o.demands))]...)
}

// addCleared adds the keys of a hold that a person has released.
func (o *owed) addCleared(keys []limits.Key) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.cleared = append(o.cleared, keys[:min(len(keys), mostCleared-len(o.cleared))]...)
}

// pay gives all of it back. The first part of which the server says nothing ends it: that part
// and what is behind it stay counted.
func (o *owed) pay(ctx context.Context, s *server) {
	o.mutex.Lock()
	demands := o.demands
	o.demands = nil
	o.mutex.Unlock()
	for part := range slices.Chunk(demands, batch) {
		ctx, cancel := context.WithTimeout(ctx, connectTimeout)
		err := s.giveBack(ctx, part)
		if cancel(); err != nil {
			return
		}
	}
}

// clear clears all keys that are to be.
func (o *owed) clear(ctx context.Context, s *server) {
	o.mutex.Lock()
	cleared := o.cleared
	o.cleared = nil
	o.mutex.Unlock()
	for part := range slices.Chunk(cleared, batch) {
		ctx, cancel := context.WithTimeout(ctx, connectTimeout)
		err := s.clear(ctx, part)
		if cancel(); err != nil {
			o.addCleared(part)
		}
	}
}
