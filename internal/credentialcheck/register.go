package credentialcheck

import (
	"context"
	"net/netip"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"github.com/caddy-tollgate/tollgate/carrier"
)

// Options say how long answers count and how often the carrier may be asked. None
// of them may be zero.
type Options struct {
	// Good and Bad are how long a credential counts as accepted or as rejected.
	Good, Bad time.Duration
	// Timeout bounds one check.
	Timeout time.Duration
	// PerClient and Overall bound the checks.
	PerClient, Overall Rate
	// Now is the clock.
	Now func() time.Time
}

// Default options.
const (
	DefaultGood    = 5 * time.Minute
	DefaultBad     = 30 * time.Second
	DefaultTimeout = 5 * time.Second
)

// Default limits.
var (
	DefaultPerClient = Rate{60, time.Minute}
	DefaultOverall   = Rate{600, time.Minute}
)

// mostBad is how many rejected credentials are remembered, each with its answer.
const mostBad = 1024

// Register knows what the carrier lately said of credentials. It is safe for
// concurrent use.
type Register struct {
	ctx     context.Context
	options Options
	// good are the credentials that were accepted, bad the answers that rejected
	// one: apart, so that no number of bad ones drops a good one.
	good   accepted
	bad    *lru.Cache[Key, rejection]
	checks singleflight.Group
	limits limits
	pace   pace
}

// rejection is an answer that rejected a credential, in one representation.
type rejection struct {
	until          time.Time
	representation string
	answer         *carrier.Answer
}

// New makes an empty register. Checks that are under way end with the context.
func New(ctx context.Context, o Options) *Register {
	bad, _ := lru.New[Key, rejection](mostBad) // fails for sizes below 1 alone
	return &Register{
		ctx:     ctx,
		options: o,
		good:    newAccepted(),
		bad:     bad,
		limits:  newLimits(o.PerClient, o.Overall),
		pace:    pace{times: make(map[string]*[]answered)},
	}
}

// Accept takes down that the carrier accepted a credential.
func (r *Register) Accept(key Key) {
	now := r.options.Now()
	// One that counts for half its time yet is left alone: to write it down anew
	// with each request would be dear.
	if until, ok := r.good.get(key); ok && until.Sub(now) > r.options.Good/2 {
		return
	}
	r.good.add(key, now.Add(r.options.Good))
	r.bad.Remove(key)
}

// Forget takes back that a credential was accepted: the carrier has rejected it
// since.
func (r *Register) Forget(key Key) { r.good.remove(key) }

// Answered takes down how long the carrier took to reject some credential of a
// product.
func (r *Register) Answered(product string, took time.Duration) {
	r.pace.add(product, took, r.options.Now())
}

// Question asks what the carrier says of a credential.
type Question struct {
	Key     Key
	Product string
	// Representation that the answer of the carrier is in.
	Representation string
	// Client is who presents the credential.
	Client netip.Addr
	// Check asks the carrier, within the time of the context. It may run on after
	// the request that it is asked for is gone. The answer is nil unless it can be
	// given to a client. It may be asked on another goroutine, and must not panic.
	Check func(context.Context) (carrier.Status, *carrier.Answer)
}

// Finding is what is known of a credential.
type Finding struct {
	carrier.Status
	// Unasked says that the carrier was not asked, since the limits do not let it.
	Unasked bool
	// Before says that the carrier accepted the credential when it last told
	// anything of it.
	Before bool
	// Answer of the carrier that rejected the credential, or nil if it cannot be
	// given to anyone. It is shared: nobody may change it.
	Answer *carrier.Answer
	// Fresh says that the answer was given to this very question.
	Fresh bool
}

// Ask finds out what the carrier says of a credential, and asks it if need be. It
// gives up when the context ends.
func (r *Register) Ask(ctx context.Context, q Question) Finding {
	if finding, ok := r.recall(&q); ok {
		return finding
	}
	return r.askCarrier(ctx, q)
}

// askCarrier waits for a check of the credential: one that is under way, or one
// that it begins.
func (r *Register) askCarrier(ctx context.Context, q Question) Finding {
	first := false
	asked := r.checks.DoChan(q.Key.account+string(q.Key.digest[:])+q.Representation, func() (any, error) {
		first = true
		return r.check(q), nil
	})
	// Whoever asks the carrier ought to have stopped by then.
	late := time.NewTimer(r.options.Timeout + time.Second)
	defer late.Stop()
	select {
	case <-late.C:
		return r.untold(&q, carrier.Inconclusive)
	case result := <-asked:
		finding := result.Val.(Finding)
		finding.Fresh = first
		return finding
	case <-ctx.Done():
		return Finding{}
	}
}

// Accepts tells whether a credential counts as accepted, without asking.
func (r *Register) Accepts(key Key) bool {
	until, ok := r.good.get(key)
	return ok && r.options.Now().Before(until)
}

// recall finds what is known without asking.
func (r *Register) recall(q *Question) (Finding, bool) {
	if r.Accepts(q.Key) {
		return Finding{Status: carrier.Accepted}, true
	}
	rejected, ok := r.bad.Get(q.Key)
	if ok && rejected.representation == q.Representation && r.options.Now().Before(rejected.until) {
		return Finding{Status: carrier.Rejected, Answer: rejected.answer}, true
	}
	return Finding{}, false
}

// check asks the carrier, within the limits.
func (r *Register) check(q Question) Finding {
	if finding, ok := r.recall(&q); ok {
		return finding // somebody else's check ended in between
	}
	if !r.limits.allow(q.Client, r.options.Now()) {
		return Finding{Unasked: true}
	}
	ctx, cancel := context.WithTimeout(r.ctx, r.options.Timeout)
	defer cancel()
	began := r.options.Now()
	standing, answer := q.Check(ctx)
	switch standing {
	case carrier.Accepted:
		r.Accept(q.Key)
	case carrier.Rejected:
		r.good.remove(q.Key)
		r.bad.Add(q.Key, rejection{r.options.Now().Add(r.options.Bad), q.Representation, answer})
		r.Answered(q.Product, r.options.Now().Sub(began))
	default:
		return r.untold(&q, standing)
	}
	return Finding{Status: standing, Answer: answer}
}

// untold is what is found where the carrier tells nothing.
func (r *Register) untold(q *Question, standing carrier.Status) Finding {
	_, before := r.good.get(q.Key)
	return Finding{Status: standing, Before: before}
}

// HasPace tells whether it is known how long the carrier lately took to reject a
// credential of the product.
func (r *Register) HasPace(product string) bool { return r.pace.has(product, r.options.Now()) }

// Pause is how long the carrier would take to reject a credential: as long as it
// lately took for one of the product. Who is rejected without being asked about
// waits for that long, or would learn from it that the gate has refused.
func (r *Register) Pause(product string) time.Duration {
	return r.pace.sample(product, r.options.Now())
}
