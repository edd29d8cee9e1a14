package forward

import (
	"slices"
	"sync"
	"time"
)

// pool has the idle connections, by address. The one that was used last is taken first, so
// that those beyond need grow old.
type pool struct {
	mu      sync.Mutex
	idle    map[string][]*conn // each list from the longest idle on
	sweeper *time.Timer        // runs while there is an idle connection
	running bool
	closed  bool // nothing is kept any longer
}

// take removes the connection that was used last, or returns nil.
func (p *pool) take(address string) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.idle[address]
	if len(list) == 0 {
		return nil
	}
	c := list[len(list)-1]
	list[len(list)-1] = nil
	p.idle[address] = list[:len(list)-1]
	return c
}

// put keeps a connection, and reports whether there was room for it.
func (p *pool) put(c *conn, most int, timeout time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.idle[c.address]) >= most {
		return false
	}
	if p.idle == nil {
		p.idle = map[string][]*conn{}
	}
	p.idle[c.address] = append(p.idle[c.address], c)
	switch {
	case p.running:
	case p.sweeper == nil:
		p.sweeper = time.AfterFunc(timeout, func() { p.sweep(timeout) })
	default:
		p.sweeper.Reset(timeout)
	}
	p.running = true
	return true
}

// sweep closes what has been idle for too long, and goes on while something is left.
func (p *pool) sweep(timeout time.Duration) {
	var old []*conn
	p.mu.Lock()
	now, next := time.Now(), time.Duration(0)
	for address, list := range p.idle {
		expired := func(c *conn) bool { return now.Sub(c.idleSince) >= min(timeout, c.reuseFor) }
		for _, c := range list {
			if expired(c) {
				old = append(old, c)
			} else if left := timeout - now.Sub(c.idleSince); next == 0 || left < next {
				next = left
			}
		}
		if list = slices.DeleteFunc(list, expired); len(list) == 0 {
			delete(p.idle, address)
		} else {
			p.idle[address] = list
		}
	}
	if p.running = next > 0; p.running {
		p.sweeper.Reset(next)
	}
	p.mu.Unlock()
	for _, c := range old {
		_ = c.Close()
	}
}

// close closes all idle connections, and lets none be kept.
func (p *pool) close() {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.closed = nil, true
	if p.running && p.sweeper.Stop() {
		p.running = false
	}
	p.mu.Unlock()
	for _, list := range idle {
		for _, c := range list {
			_ = c.Close()
		}
	}
}
