package gate

import (
	"cmp"
	"math"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/rates"
)

// asked is what the sends of one request ask of the limits in force, all of it together.
type asked struct {
	enforced, monitored demands
}

// demands are what is asked, and of each for which limit and by which send.
type demands struct {
	list []limits.Demand
	by   []demander
}

// demander is the send that asks something of a limit.
type demander struct {
	limit   *policy.StatedLimit
	send    int // its place among those of the request
	verdict policy.Verdict
	// number is that of the send, in digits, where the limit holds; 0 where there is none.
	number uint64
}

func (d *demands) add(demand limits.Demand, by demander) {
	d.list, d.by = append(d.list, demand), append(d.by, by)
}

// has reports whether a send asks something of a limit, of the last that was added or the one
// before it: requests have up to thousands of sends.
func (a *asked) has(l *policy.StatedLimit, send int) bool {
	return a.enforced.has(l, send) || a.monitored.has(l, send)
}

func (d *demands) has(l *policy.StatedLimit, send int) bool {
	for i := len(d.by) - 1; i >= 0 && d.by[i].send >= send; i-- {
		if d.by[i].limit == l && d.by[i].send == send {
			return true
		}
	}
	return false
}

// limiting is one request, or one answer of a web server, while it is asked of limits.
type limiting struct {
	*Gate
	d *Decision
	// r is the request, and nil where an answer sends.
	r       *http.Request
	subject policy.Subject
	now     time.Time
	asked   asked
	// deck, size and channels are what sends cost by: channels are those by which the carrier may
	// send the one at hand as well.
	deck     *rates.Deck
	size     carrier.Size
	channels policy.ChannelSet
	// senders are those of each send by itself, nil where all have those of the request.
	senders [][]string
	// repeated is the place of the last send that is the other of two for one destination.
	repeated int
	hash     limits.Hasher
	closed   []closed
	// half are the places of the enforced demands whose keys are half open. What is asked of the
	// half of each is behind all others.
	half []int
	// again says that the same was tried before: holds have counted the attempt.
	again bool

	// Most requests are one send that asks something of a few limits.
	listRoom [3]limits.Demand
	byRoom   [3]demander
}

// limiting begins to ask for the sends of a request. Most policies have no limits, and make none.
//
//go:noinline
func (g *Gate) limiting(d *Decision, r *http.Request, subject policy.Subject, now time.Time) *limiting {
	j := &limiting{Gate: g, d: d, r: r, subject: subject, now: now, repeated: -1}
	if g.Counters != nil { // which an explanation may do without
		j.hash = g.Counters.Hash()
	}
	j.asked.enforced = demands{j.listRoom[:0], j.byRoom[:0]}
	return j
}

// ask adds what a send that may pass asks of the limits in force for it. A destination of which
// it is unknown whether it is sent a message or called is two sends, one behind the other: a
// limit of both counts one of them.
func (j *limiting) ask(sends []carrier.Send, place int, send *policy.Send, v *policy.Verdict) {
	if place > 0 && place-1 != j.repeated && sends[place].To == sends[place-1].To && sends[place].Channel != sends[place-1].Channel {
		j.repeated = place
	}
	j.subject.Limits(send, v, func(l *policy.StatedLimit) {
		if j.r == nil && l.AsksWhoSends() {
			return
		}
		if place == j.repeated && l.Of != policy.Spend && j.asked.has(l, place-1) {
			return // of money both count, whichever is sent
		}
		by := demander{limit: l, send: place, verdict: *v}
		if l.Hours.AreStated() {
			j.askHours(by, send)
			return
		}
		if l.HoldFor > 0 {
			by.number, _ = strconv.ParseUint(countedNumber(send, v), 10, 64) // E.164 has 15 digits at most
		}
		demand := j.demand(l, send, v)
		if l.Notifies() && demand.Amount == math.MaxUint32 {
			return // it has no price
		}
		if j.subject.Over(l, *v, j.now).Outcome == policy.Monitor {
			j.asked.monitored.add(demand, by)
		} else {
			j.asked.enforced.add(demand, by)
		}
	})
}

// demand is what a send asks of a limit.
func (j *limiting) demand(l *policy.StatedLimit, send *policy.Send, v *policy.Verdict) limits.Demand {
	var room [4]string
	values := room[:0]
	number := countedNumber(send, v)
	for _, d := range l.Per {
		values = append(values, j.valueOf(d, send, v, number))
	}
	demand := limits.Demand{Key: j.hash.Key(l.Counter, values...), Window: l.Window, Limit: l.Amount, Amount: 1}
	if len(l.Steps) > 0 {
		demand.Warn = (*limits.Steps)(&l.Steps)
	}
	if l.Notifies() {
		demand.Limit = math.MaxInt64
	}
	setPeriod(&demand, l, j.now)
	switch l.Of {
	case policy.Numbers:
		demand.Item = j.hash.Item(number)
	case policy.Spend:
		demand.Amount = j.spendOf(send)
	case policy.Unverified:
		j.repeat(&demand, l, number)
	case policy.InProgress:
		demand.InProgress, demand.Dialled, demand.Window = true, j.r == nil, j.longestCall(j.d)
	}
	return demand
}

// valueOf is what a dimension tells a send apart by. The account's own credential is one of its
// keys, and sends without a sender are those of the account: no account uses up what another has.
func (j *limiting) valueOf(d policy.Dimension, send *policy.Send, v *policy.Verdict, number string) string {
	switch d.By {
	case policy.ByAccount:
		return j.d.Account
	case policy.ByKey:
		return cmp.Or(j.d.Key, j.d.Account)
	case policy.BySender:
		if len(send.Senders) == 0 {
			return j.d.Account
		}
		return send.Senders[0]
	case policy.ByTerritory:
		return v.Territory.String()
	case policy.ByHeader:
		return j.headerValue(d.Header)
	case policy.ByClient:
		if j.Client == nil {
			return ""
		}
		return networkOf(j.Client(j.r))
	}
	return d.Of(number)
}

// networkOf is what the address of a client is counted by: of IPv6 the network of 64 bits, in
// which every device has as many addresses as it wants (RFC 4291, section 2.5.4; RFC 8981).
func networkOf(client string) string {
	address, err := netip.ParseAddr(client)
	if err != nil {
		return client
	}
	if address = address.Unmap(); address.Is4() {
		return address.String()
	}
	network, _ := address.WithZone("").Prefix(64)
	return network.Addr().String()
}

// countedNumber is the number that a send counts for: of several that the destination can mean,
// the first in the territory that decided. It is empty where there is none.
func countedNumber(send *policy.Send, v *policy.Verdict) string {
	if number := decidingNumber(&send.Destination, v.Territory); number != "" {
		return number
	}
	if send.Destination.Numbers.Len() > 0 {
		return send.Destination.Numbers.At(0).Digits
	}
	return ""
}

// CheckCredential finds out whether the carrier accepts the credential of a request. One that is
// neither accepted nor rejected was not checked.
type CheckCredential func(*Decision) carrier.Status

// admit reserves what the sends ask of the limits, if the carrier accepts their credential: no
// client without one holds what an account has until the carrier rejects it. Where nothing is
// refused, the credential does not matter.
func (j *limiting) admit(check CheckCredential, intent *carrier.Intent, addresses *addresses, send *policy.Send) {
	if check != nil && len(j.asked.enforced.list) > 0 {
		waiting := time.Now()
		status := check(j.d)
		j.d.waited += time.Since(waiting)
		j.now = j.Now()
		j.asked.turn(j.now)
		switch status {
		case carrier.Accepted:
		case carrier.Rejected:
			j.d.counters, j.d.uncounted = j.Counters, slices.Concat(j.asked.enforced.list, j.asked.monitored.list)
			return
		default:
			j.d.denyMalformed(carrier.CredentialUnchecked)
			return
		}
	}
	if j.IsAccepted != nil && slices.ContainsFunc(j.asked.monitored.by, demander.notifies) && !j.IsAccepted(j.r, j.d) {
		j.countLater()
	}
	j.reserve(intent, addresses, send)
}

// reserve reserves of the limits what all sends ask together, or denies the request. What is over
// a limit that only records is not counted: it would not have been sent, and what comes later is
// recorded as over if it would be refused. What is refused by a limit or a hold is returned.
func (j *limiting) reserve(intent *carrier.Intent, addresses *addresses, send *policy.Send) (refusedBy *demander) {
	enforced := &j.asked.enforced
	if len(enforced.list) > 0 {
		if by := j.held(enforced); by != nil {
			j.over(by, intent, addresses, send)
			return by
		}
		refused, ok := j.Counters.Reserve(j.now, enforced.list)
		if refused.Unavailable {
			j.d.denyMalformed(carrier.CountersUnavailable)
			return nil
		}
		if !ok {
			by := &enforced.by[refused.Index]
			j.d.RetryAfter, j.d.sameNumber = refused.RetryAfter, by.limit.IsOfOneNumber()
			j.over(by, intent, addresses, send)
			j.hold(enforced, refused.Index, send)
			return by
		}
		j.d.reserve(j.Counters, enforced.list)
		j.warn(enforced)
	}
	j.recordClosed(intent, addresses, send)
	monitored := &j.asked.monitored
	if len(monitored.list) > 0 {
		j.Counters.ReserveEach(j.now, monitored.list)
	}
	for i := range monitored.list {
		if !monitored.list[i].IsReserved() {
			j.over(&monitored.by[i], intent, addresses, send)
			continue
		}
		j.d.reserve(j.Counters, monitored.list[i:i+1])
	}
	j.warn(monitored)
	j.notify(monitored, intent, addresses, send)
	return nil
}

// over adopts the verdict on a send that is over a limit.
func (j *limiting) over(by *demander, intent *carrier.Intent, addresses *addresses, send *policy.Send) {
	s := &intent.Sends[by.send]
	if j.senders != nil {
		send.Senders = j.senders[by.send]
	}
	addresses.read(send, s)
	j.d.add(s, sendersOf(s, intent), send, j.subject.Over(by.limit, by.verdict, j.now))
	j.d.Sends--
	if j.d.Rule == by.limit.Words {
		j.d.Limit = by.limit.Name
	}
}

// reserve keeps what was reserved, to give it back if nothing is sent.
func (d *Decision) reserve(counters Counters, reserved []limits.Demand) {
	if d.counters = counters; d.reserved == nil {
		d.reserved = reserved[:len(reserved):len(reserved)]
		return
	}
	d.reserved = append(d.reserved, reserved...)
}

// GiveBack takes back what was reserved of limits: the request was not sent, or the carrier
// rejected it. It may be called twice.
func (d *Decision) GiveBack() {
	if len(d.reserved) > 0 {
		d.counters.GiveBack(d.reserved)
		d.reserved, d.Thresholds = nil, nil
	}
}

// CountAccepted counts what was not reserved, whatever the limits: the carrier has accepted a
// credential that it rejected before.
func (d *Decision) CountAccepted(now time.Time) {
	for i := range d.uncounted {
		d.uncounted[i].Limit = math.MaxInt64
		d.uncounted[i].Warn = nil // the next request tells it
	}
	if len(d.uncounted) > 0 {
		d.counters.Reserve(now, d.uncounted)
		d.reserved, d.uncounted = append(d.reserved, d.uncounted...), nil
	}
}

// IsUnproven reports whether only the carrier's answer says if the credential is one that it accepts,
// and so what the request counts.
func (d *Decision) IsUnproven() bool { return d.Unchecked || len(d.uncounted) > 0 }

// IsLimited reports whether limits count the request: something was reserved and not given back,
// or is to be counted if the carrier accepts it.
func (d *Decision) IsLimited() bool { return len(d.reserved) > 0 || len(d.uncounted) > 0 }
