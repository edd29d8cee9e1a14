package gate

import "sync/atomic"

// Budget counts the memory that held bodies take, over all requests of a process, in
// bytes. It is safe for concurrent use.
type Budget struct{ held atomic.Int64 }

// Held is how much is in use now.
func (b *Budget) Held() int64 { return b.held.Load() }

// take counts more memory, and reports whether that stays within a limit. Where it
// would not, nothing is taken.
func (b *Budget) take(more, limit int64) bool {
	for {
		held := b.held.Load()
		if held+more > limit {
			return false
		}
		if b.held.CompareAndSwap(held, held+more) {
			return true
		}
	}
}

// giveBack returns what was taken.
func (b *Budget) giveBack(taken int64) { b.held.Add(-taken) }
