package gate

import (
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Threshold is a step of a limit that notifies, which a request has reached.
type Threshold struct {
	Limit *policy.StatedLimit
	// Percent is the step.
	Percent int
	// Of is what has reached it.
	Of limits.Subject
	// Number is the destination in E.164 digits, or empty.
	Number string
	// Period is the number of the day or month, 0 where the window slides, and Left how long it
	// takes until the step can be reached again.
	Period int64
	Left   time.Duration
}

// notifies reports whether it asks something of a limit that notifies.
func (d demander) notifies() bool { return d.limit.Notifies() }

// countLater has what is asked of limits that notify counted once the carrier has accepted the
// credential, and not before: what other clients have under way would reach their steps.
func (j *limiting) countLater() {
	asked := j.asked.monitored
	j.asked.monitored = demands{}
	for i, by := range asked.by {
		if by.notifies() {
			j.d.uncounted = append(j.d.uncounted, asked.list[i])
		} else {
			j.asked.monitored.add(asked.list[i], by)
		}
	}
	j.d.counters = j.Counters
}

// notify keeps which steps the sends have reached of limits that notify: once a window, and of
// several of one limit the highest. Of what is given back, none is told.
func (j *limiting) notify(asked *demands, intent *carrier.Intent, addresses *addresses, send *policy.Send) {
	places := map[limits.Key]int{}
	for i := range asked.list {
		demand, by := &asked.list[i], &asked.by[i]
		if demand.Warned == 0 || !by.limit.Notifies() {
			continue
		}
		if j.senders != nil {
			send.Senders = j.senders[by.send]
		}
		addresses.read(send, &intent.Sends[by.send])
		reached := Threshold{
			Limit: by.limit, Percent: by.limit.NotifyAt[demand.Warned-1], Of: j.subjectOf(by, send), Number: countedNumber(send, &by.verdict),
			Period: demand.Period, Left: demand.Window,
		}
		if place, ok := places[demand.Key]; ok {
			j.d.Thresholds[place] = reached // a later send of the request reaches more
			continue
		}
		places[demand.Key] = len(j.d.Thresholds)
		j.d.Thresholds = append(j.d.Thresholds, reached)
	}
}
