package credentialcheck

import (
	"context"
	"hash/maphash"
	"net/netip"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"github.com/caddy-tollgate/tollgate/carrier"
)

// Options say how long answers count and how often the carrier may be asked. None of
// them may be zero.
type Options struct {
	// AcceptedTTL and RejectedTTL are how long a credential counts as accepted or as
	// rejected.
	AcceptedTTL, RejectedTTL time.Duration
	// Timeout bounds one probe.
	Timeout time.Duration
	// PerClient and Total bound how often the carrier is asked.
	PerClient, Total Rate
	// Now is the clock.
	Now func() time.Time
}

// Default options.
const (
	DefaultAcceptedTTL = 5 * time.Minute
	DefaultRejectedTTL = 30 * time.Second
	DefaultTimeout     = 5 * time.Second
)

// Default limits.
var (
	DefaultPerClient = Rate{60, time.Minute}
	DefaultTotal     = Rate{600, time.Minute}
)

// Checker knows what the carrier recently said of credentials, and asks it about
// others. It is safe for concurrent use.
type Checker struct {
	ctx     context.Context
	options Options
	// accepted and rejected are apart, so that no number of rejected credentials evicts
	// an accepted one.
	accepted acceptedCache
	recent   recentAccepts
	rejected *lru.Cache[Key, rejection]
	probes   singleflight.Group
	limits   limits
	latency  latency
}

// New makes a checker that knows nothing. Probes that are under way end with the
// context.
func New(ctx context.Context, o Options) *Checker {
	return &Checker{
		ctx:      ctx,
		options:  o,
		accepted: newAcceptedCache(),
		recent:   recentAccepts{seed: maphash.MakeSeed()},
		rejected: newRejectedCache(),
		limits:   newLimits(o.PerClient, o.Total),
		latency:  latency{samples: make(map[string]*[]sample)},
	}
}

// Accept records that the carrier accepted a credential.
func (c *Checker) Accept(key Key) { c.accept(key, c.options.Now()) }

// accept records that a credential was accepted, and returns until when that need not be
// recorded again. One that still counts for half its time is left alone: to record it again
// with each request would be expensive.
func (c *Checker) accept(key Key, now time.Time) time.Time {
	until, ok := c.accepted.get(key)
	if !ok || until.Sub(now) <= c.options.AcceptedTTL/2 {
		until = now.Add(c.options.AcceptedTTL)
		c.accepted.add(key, until)
		c.rejected.Remove(key)
	}
	return until.Add(-c.options.AcceptedTTL / 2)
}

// Forget removes an accepted credential: the carrier has rejected it since.
func (c *Checker) Forget(key Key) {
	c.accepted.remove(key)
	c.recent.rejections.Add(1)
}

// RecordLatency records how long the carrier took to reject a credential of a product.
func (c *Checker) RecordLatency(product string, took time.Duration) {
	c.latency.add(product, took, c.options.Now())
}

// Query asks what the carrier says of a credential.
type Query struct {
	Key     Key
	Product string
	// Representation of the carrier's answer.
	Representation string
	// Client is who presents the credential.
	Client netip.Addr
	// Probe asks the carrier, within the time of the context. It may outlive the request
	// that it is made for. The answer is nil unless it can be given to a client. It may
	// run on another goroutine, and must not panic.
	Probe func(context.Context) (carrier.Status, *carrier.Answer)
}

// Result is what is known of a credential.
type Result struct {
	Status carrier.Status
	// RateLimited says that the carrier was not asked, since the limits do not allow it.
	RateLimited bool
	// AcceptedBefore says that the carrier accepted the credential when it last gave a
	// conclusive answer. It is set only where the status is inconclusive or unreachable.
	AcceptedBefore bool
	// Answer of the carrier that rejected the credential, or nil if it cannot be given to
	// any client. It is shared: no one may change it.
	Answer *carrier.Answer
	// Fresh says that the answer was given to this very query.
	Fresh bool
}

// Check finds out what the carrier says of a credential, and asks it if need be. It
// gives up when the context ends.
func (c *Checker) Check(ctx context.Context, q Query) Result {
	if result, ok := c.lookUp(&q); ok {
		return result
	}
	return c.await(ctx, q)
}

// await waits for a probe of the credential: one that is under way, or one that it
// begins.
func (c *Checker) await(ctx context.Context, q Query) Result {
	first := false
	probed := c.probes.DoChan(q.Key.account+string(q.Key.digest[:])+q.Representation, func() (any, error) {
		first = true
		return c.probe(q), nil
	})
	// The probe itself should have ended by then.
	late := time.NewTimer(c.options.Timeout + time.Second)
	defer late.Stop()
	select {
	case <-late.C:
		return c.unknown(&q, carrier.Inconclusive)
	case shared := <-probed:
		result := shared.Val.(Result)
		result.Fresh = first
		return result
	case <-ctx.Done():
		return Result{}
	}
}

// Accepts reports whether a credential counts as accepted, without asking.
func (c *Checker) Accepts(key Key) bool {
	until, ok := c.accepted.get(key)
	return ok && c.options.Now().Before(until)
}

// AcceptedLast reports whether the carrier accepted a credential when it last said something of
// it, however long ago.
func (c *Checker) AcceptedLast(key Key) bool {
	_, ok := c.accepted.get(key)
	return ok
}

// lookUp finds what is known without asking.
func (c *Checker) lookUp(q *Query) (Result, bool) {
	if c.Accepts(q.Key) {
		return Result{Status: carrier.Accepted}, true
	}
	r, ok := c.rejected.Get(q.Key)
	if ok && r.representation == q.Representation && c.options.Now().Before(r.until) {
		return Result{Status: carrier.Rejected, Answer: r.answer}, true
	}
	return Result{}, false
}

// probe asks the carrier, within the limits.
func (c *Checker) probe(q Query) Result {
	if result, ok := c.lookUp(&q); ok {
		return result // another probe ended in between
	}
	if !c.limits.allow(q.Client, c.options.Now()) {
		return Result{RateLimited: true}
	}
	ctx, cancel := context.WithTimeout(c.ctx, c.options.Timeout)
	defer cancel()
	began := c.options.Now()
	status, answer := q.Probe(ctx)
	switch status {
	case carrier.Accepted:
		c.Accept(q.Key)
	case carrier.Rejected:
		c.rejected.Add(q.Key, rejection{c.options.Now().Add(c.options.RejectedTTL), q.Representation, answer})
		c.Forget(q.Key)
		c.RecordLatency(q.Product, c.options.Now().Sub(began))
	default:
		return c.unknown(&q, status)
	}
	return Result{Status: status, Answer: answer}
}

// unknown is the result where the carrier gave no conclusive answer.
func (c *Checker) unknown(q *Query, status carrier.Status) Result {
	return Result{Status: status, AcceptedBefore: c.AcceptedLast(q.Key)}
}

// HasLatency reports whether it is known how long the carrier recently took to reject a
// credential of the product.
func (c *Checker) HasLatency(product string) bool {
	return c.latency.isKnown(product, c.options.Now())
}

// SampleLatency returns how long the carrier would take to reject a credential: as long
// as a recent rejection of the product took. A client that is rejected without asking
// the carrier waits for that long, or the time would show that the gate has refused.
func (c *Checker) SampleLatency(product string) time.Duration {
	return c.latency.sample(product, c.options.Now())
}
