package credentialcheck

import (
	"hash/maphash"
	"sync/atomic"
	"time"
)

// Presented is a credential as a request presents it: the parts of a key.
type Presented struct {
	Authorization, Product, Upstream, Account string
}

// Key is the key of the credential.
func (p *Presented) Key() Key {
	return KeyOf(p.Authorization, p.Product, p.Upstream, p.Account)
}

// recentAccepts remembers until when credentials need not be recorded as accepted again. It looks
// at a hash of 64 bits, which is much cheaper than a key. Two credentials with one hash
// would keep each other from being recorded, so that the carrier is asked about them once
// more: it must not say that a credential is accepted.
type recentAccepts struct {
	seed  maphash.Seed
	slots [1024]atomic.Pointer[recentlyAccepted]
	// rejections counts the credentials that were rejected: what was remembered before the
	// last one does not count, since it may be about that.
	rejections atomic.Uint64
}

type recentlyAccepted struct {
	hash, rejections uint64
	until            time.Time
}

// slot is where a credential is remembered, and its hash.
func (r *recentAccepts) slot(p *Presented) (*atomic.Pointer[recentlyAccepted], uint64) {
	var h maphash.Hash
	h.SetSeed(r.seed)
	for _, part := range [...]string{p.Authorization, p.Product, p.Upstream, p.Account} {
		_, _ = h.WriteString(part)
		_ = h.WriteByte(0)
	}
	hash := h.Sum64()
	return &r.slots[hash%uint64(len(r.slots))], hash
}

// AcceptPresented records that the carrier accepted a credential.
func (c *Checker) AcceptPresented(p *Presented) {
	slot, hash := c.recent.slot(p)
	now, rejections := c.options.Now(), c.recent.rejections.Load()
	if known := slot.Load(); known != nil && known.hash == hash && known.rejections == rejections && now.Before(known.until) {
		return
	}
	slot.Store(&recentlyAccepted{hash, rejections, c.accept(p.Key(), now)})
}
