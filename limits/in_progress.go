package limits

import (
	"cmp"
	"container/heap"
	"slices"
	"sync"
	"time"
)

// inProgress are the calls of one key that have not ended: each counts from when it was reserved
// until it is given back, ends, or has lasted as long as it may. That which ends first is first.
type inProgress struct {
	byEnd []*call
	byID  map[int64]*call
}

// call is one in progress.
type call struct {
	id int64
	// ends is when it does at the latest.
	ends  time.Duration
	place int // in byEnd
	// name by which its end is reported; the zero value is none.
	name Key
	// dialled says that the call of that name has dialled this one.
	dialled bool
}

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (p *inProgress) Len() int           { return len(p.byEnd) }
func (p *inProgress) Less(i, j int) bool { return p.byEnd[i].ends < p.byEnd[j].ends }

func (p *inProgress) Swap(i, j int) {
	p.byEnd[i], p.byEnd[j] = p.byEnd[j], p.byEnd[i]
	p.byEnd[i].place, p.byEnd[j].place = i, j
}

func (p *inProgress) Push(x any) {
	added := x.(*call)
	added.place = len(p.byEnd)
	p.byEnd = append(p.byEnd, added)
}

func (p *inProgress) Pop() any {
	last := p.byEnd[len(p.byEnd)-1]
	p.byEnd[len(p.byEnd)-1] = nil
	p.byEnd = p.byEnd[:len(p.byEnd)-1]
	return last
}

// callsAt are the calls of a key that have not ended at a time; nil where there are none.
func (s *shard) callsAt(now time.Duration, key Key) *inProgress {
	p := s.calls[key]
	for p != nil && len(p.byEnd) > 0 && p.byEnd[0].ends <= now {
		s.endCall(key, p.byEnd[0].id)
	}
	return s.calls[key]
}

// beginCall adds the call of a demand unless it is over the limit, and reports whether it
// did.
func (s *shard) beginCall(now time.Duration, d *Demand) bool {
	s.sweep(now)
	p := s.callsAt(now, d.Key)
	if p == nil {
		if d.Limit < 1 {
			return false
		}
		p = &inProgress{byID: map[int64]*call{}}
		if s.calls == nil {
			s.calls = map[Key]*inProgress{}
		}
		s.calls[d.Key] = p
	}
	if int64(len(p.byEnd)) >= d.Limit {
		return false
	}
	s.lastCall++
	begun := &call{id: s.lastCall, ends: now + d.Window, dialled: d.Dialled}
	p.byID[begun.id] = begun
	heap.Push(p, begun)
	d.reserved = reserved{part: begun.id, epoch: 1}
	return true
}

// endCall ends a call, unless it has ended.
func (s *shard) endCall(key Key, id int64) {
	p := s.calls[key]
	if p == nil || p.byID[id] == nil {
		return
	}
	ended := p.byID[id]
	heap.Remove(p, ended.place)
	delete(p.byID, id)
	if ended.name != (Key{}) {
		s.names.drop(ended.name, namedCall{key, id})
	}
	if len(p.byEnd) == 0 {
		delete(s.calls, key)
	}
}

// refuseCall says of demands, of which nothing is reserved, when there is room for one and all
// others of its key at the latest: calls may end before.
func (s *shard) refuseCall(now time.Duration, demands []Demand, index int) Refused {
	d := &demands[index]
	refused := Refused{Index: index, RetryAfter: -1}
	wanted := int64(0)
	for i := range demands {
		if demands[i].Key == d.Key {
			wanted++
		}
	}
	p := s.calls[d.Key]
	if p == nil {
		return refused // they are over the limit by themselves
	}
	refused.Used = int64(len(p.byEnd))
	over := refused.Used + wanted - d.Limit
	switch {
	case wanted > d.Limit:
	case over == 1:
		refused.RetryAfter = p.byEnd[0].ends - now
	default:
		last := slices.MaxFunc(p.byEnd, func(a, b *call) int { return cmp.Compare(a.ends, b.ends) })
		refused.RetryAfter = last.ends - now
	}
	return refused
}

// namedCall is a call by its key and its number there.
type namedCall struct {
	key Key
	id  int64
}

// names are the calls in progress by the names under which their ends are reported. No shard is
// locked while it is: a shard may be when it is.
type names struct {
	mutex sync.Mutex
	calls map[Key][]namedCall
	// ended are the latest names whose end was reported, and next the place of the one to come: a
	// short call may end before it has its name, and one that is to dial before it does.
	ended [endedNames]Key
	next  int
}

// endedNames is how many ends are remembered. Their calls get a name within seconds, and the ends
// of all calls that are not counted are among them.
const endedNames = 512

// add names a call, and reports false where its end was reported before.
func (n *names) add(name Key, c namedCall) bool {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if slices.Contains(n.ended[:], name) {
		return false
	}
	if n.calls == nil {
		n.calls = map[Key][]namedCall{}
	}
	n.calls[name] = append(n.calls[name], c)
	return true
}

// drop lets go of a call that has ended otherwise.
func (n *names) drop(name Key, c namedCall) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	left := slices.DeleteFunc(n.calls[name], func(other namedCall) bool { return other == c })
	if len(left) == 0 {
		delete(n.calls, name)
		return
	}
	n.calls[name] = left
}

// of returns the calls of a name.
func (n *names) of(name Key) []namedCall {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	return slices.Clone(n.calls[name])
}

// take returns the calls of a name, which has none afterwards, and remembers that it has ended.
func (n *names) take(name Key) []namedCall {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	calls := n.calls[name]
	delete(n.calls, name)
	if !slices.Contains(n.ended[:], name) {
		n.ended[n.next] = name
		n.next = (n.next + 1) % endedNames
	}
	return calls
}

// LastCalls states how long the calls that demands reserved may last, from a time on.
func (c *Counters) LastCalls(at time.Time, demands []Demand, lasts time.Duration) {
	c.eachCall(demands, func(_ *shard, p *inProgress, _ *Demand, begun *call) {
		begun.ends = c.elapsed(at) + lasts
		heap.Fix(p, begun.place)
	})
}

// NameCalls gives the calls that demands reserved a name, by which EndCalls ends them. They end
// at once where that came first.
func (c *Counters) NameCalls(demands []Demand, name Key) {
	c.eachCall(demands, func(s *shard, _ *inProgress, d *Demand, begun *call) {
		if begun.name != (Key{}) {
			return
		}
		if s.names.add(name, namedCall{d.Key, begun.id}) {
			begun.name = name
		} else {
			s.endCall(d.Key, begun.id)
		}
	})
}

// eachCall calls do with each call that demands reserved and that has not ended.
func (c *Counters) eachCall(demands []Demand, do func(*shard, *inProgress, *Demand, *call)) {
	for i := range demands {
		d := &demands[i]
		if !d.InProgress || d.reserved.epoch == 0 {
			continue
		}
		s := c.shardOf(d.Key)
		s.mutex.Lock()
		if p := s.calls[d.Key]; p != nil && p.byID[d.reserved.part] != nil {
			do(s, p, d, p.byID[d.reserved.part])
		}
		s.mutex.Unlock()
	}
}

// ProlongCalls states that the calls of a name may last for some time from a time on, unless they
// may last longer already.
func (c *Counters) ProlongCalls(at time.Time, name Key, lasts time.Duration) {
	ends := c.elapsed(at) + lasts
	for _, one := range c.names.of(name) {
		s := c.shardOf(one.key)
		s.mutex.Lock()
		if p := s.calls[one.key]; p != nil && p.byID[one.id] != nil {
			begun := p.byID[one.id]
			begun.ends = max(begun.ends, ends)
			heap.Fix(p, begun.place)
		}
		s.mutex.Unlock()
	}
}

// EndCalls ends the calls of a name, and reports whether there were any.
func (c *Counters) EndCalls(name Key) bool {
	ended := c.names.take(name)
	for _, one := range ended {
		s := c.shardOf(one.key)
		s.mutex.Lock()
		s.endCall(one.key, one.id)
		s.mutex.Unlock()
	}
	return len(ended) > 0
}

// EndDialled ends the calls that the call of a name has dialled: it goes on by itself.
func (c *Counters) EndDialled(name Key) {
	for _, one := range c.names.of(name) {
		s := c.shardOf(one.key)
		s.mutex.Lock()
		if p := s.calls[one.key]; p != nil && p.byID[one.id] != nil && p.byID[one.id].dialled {
			s.endCall(one.key, one.id)
		}
		s.mutex.Unlock()
	}
}
