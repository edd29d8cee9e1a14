package gate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

// held is the send whose key one of the limits holds, nil where there is none. Where a key is half
// open, the sends ask of the half of its limit too.
func (j *limiting) held(asked *demands) *demander {
	if j.Holds == nil || !j.Holds.Any() {
		return nil
	}
	var first *demander
	for i := range len(asked.list) {
		if asked.by[i].limit.HoldFor == 0 {
			continue
		}
		demand := &asked.list[i]
		tried := j.try(demand, asked.by[i].number)
		switch {
		case tried.Status == limits.HalfOpen:
			allowed, _ := j.Counters.Allowed(j.now, demand)
			j.half = append(j.half, i)
			asked.add(demand.Half(tried.Repeats, allowed), asked.by[i])
		case tried.Status == limits.Held && first == nil:
			j.d.Hold = tried.ID
			first = &asked.by[i]
		}
	}
	return first
}

// try is what the hold of a key says of a send. An attempt counts only if the carrier accepts its
// credential: no other client renews a hold.
func (j *limiting) try(demand *limits.Demand, number uint64) limits.Tried {
	if j.d.Unchecked || j.again {
		return j.Holds.Look(j.now, demand.Key)
	}
	return j.Holds.Try(j.now, demand, limits.Number{Digits: number, Shown: j.ShownDigits})
}

// hold holds the key of a send that is over a limit, or over the half of one. While a key is half
// open, the whole limit may still be used up from before the hold: that holds nothing. Nor does a
// credential of which it is unknown whether the carrier accepts it.
func (j *limiting) hold(asked *demands, index int, send *policy.Send) {
	by, demand := &asked.by[index], &asked.list[index]
	if j.Holds == nil || j.d.Unchecked || by.limit.HoldFor == 0 || slices.Contains(j.half, index) {
		return
	}
	if demand.IsTooMuch() {
		return
	}
	if behind := index - (len(asked.list) - len(j.half)); behind >= 0 {
		demand = &asked.list[j.half[behind]]
	}
	allowed, _ := j.Counters.Allowed(j.now, demand)
	holding := limits.Holding{Key: demand.Key, For: by.limit.HoldFor, Window: demand.Window, Limit: allowed,
		Number: limits.Number{Digits: by.number, Shown: j.ShownDigits}, Item: demand.ItemOnce()}
	if j.d.Hold = j.Holds.Begin(j.now, holding, j.subjectOf(by, send), demand.Amount); j.d.Hold != "" {
		j.d.RetryAfter, j.d.sameNumber = 0, false
	}
}

// subjectOf is what a hold or a threshold is of: what the send of a limit has in its dimensions.
func (j *limiting) subjectOf(by *demander, send *policy.Send) limits.Subject {
	l := by.limit
	s := limits.Subject{Limit: l.Name, Level: l.Level, Counter: l.Counter}
	if owner, ok := strings.CutPrefix(l.Level, "account "); ok {
		s.Account = owner
	}
	number := countedNumber(send, &by.verdict)
	for _, d := range l.Per {
		value := j.valueOf(d, send, &by.verdict, number)
		if d.By == policy.ByAccount {
			s.Account = cmp.Or(j.subject.StatedAccount(), j.d.Account)
		}
		s.Dimensions = append(s.Dimensions, d.String())
		s.Values = append(s.Values, value)
		s.Shown = append(s.Shown, d.Shown(value))
	}
	return s
}

// warn says which limits have so much used, once a window.
func (j *limiting) warn(asked *demands) {
	var names []string
	for i := range asked.list {
		if name := asked.by[i].limit.Name; asked.list[i].Warned > 0 && !asked.by[i].limit.Notifies() && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		j.d.LimitWarning = strings.Join(append(strings.Fields(j.d.LimitWarning), names...), " ")
	}
}
