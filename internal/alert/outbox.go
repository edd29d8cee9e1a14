package alert

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/incident"
)

// lease is for how long a gate delivers a notice by itself, until it says again that it does. A
// gate that has ended without a word is replaced after that.
const lease = 30 * time.Second

// outbox has the notices that are kept in the store, of all gates.
type outbox struct {
	notices map[string]*waiting // by the ID of the notice
	settled *settled
}

// waiting is a notice that is not delivered yet.
type waiting struct {
	*noticeDocument
	// isOurs says that this process delivers it, to the targets.
	isOurs  bool
	targets []string
}

// settled are the targets that have notices, or will not get them. They are added by those who
// deliver, at any time.
type settled struct {
	mu      sync.Mutex
	targets map[string][]string // by the ID of the notice
}

func newOutbox() outbox {
	return outbox{notices: make(map[string]*waiting), settled: &settled{targets: make(map[string][]string)}}
}

func (s *settled) add(notice, target string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.targets[notice] = append(s.targets[notice], target)
}

func (s *settled) of(notice string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.targets[notice])
}

func (s *settled) forget(notice string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.targets, notice)
}

// hear adopts what the store has of a notice.
func (o *outbox) hear(d *noticeDocument, process string) {
	w := o.notices[d.Notice.ID]
	if w == nil {
		w = new(waiting)
		o.notices[d.Notice.ID] = w
	}
	w.noticeDocument = d
	if d.Holder != process {
		w.isOurs = false
	}
}

// pending are the notices of which something is to be written, in the order in which they are told:
// some of ours, and those of others that no one delivers, if a target here is told of such.
func (o *outbox) pending(now time.Time, leaves bool, targets func(incident.Kind) []string) (list []*waiting) {
	for id, w := range o.notices {
		if !w.over().After(now) {
			o.forget(id)
			continue
		}
		isNew := func(target string) bool { return !slices.Contains(w.Had, target) }
		isDue := w.isOurs && (leaves || w.Until.Sub(now) < lease/2 || len(w.targets) == 0 || slices.ContainsFunc(o.settled.of(id), isNew))
		isLate := !w.isOurs && !leaves && !w.Until.After(now)
		if isDue || isLate && len(targets(w.Notice.Kind)) > 0 {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, func(a, b *waiting) int {
		return cmp.Or(a.Notice.At.Compare(b.Notice.At), cmp.Compare(a.Notice.ID, b.Notice.ID))
	})
	return list
}

// adopt adds the notices that this process delivers from now on, and forgets others.
func (o *outbox) adopt(outgoing []*noticeDocument, forgotten []string) {
	for _, d := range outgoing {
		o.notices[d.Notice.ID] = &waiting{noticeDocument: d, isOurs: true}
	}
	for _, id := range forgotten {
		o.forget(id)
	}
}

func (o *outbox) forget(id string) {
	delete(o.notices, id)
	o.settled.forget(id)
}

// sendTo says to which targets a notice is sent.
func (o *outbox) sendTo(id string, targets []string) { o.notices[id].targets = targets }
