package alert

import (
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/incident"
	"github.com/caddy-tollgate/tollgate/internal/notify"
	"github.com/caddy-tollgate/tollgate/store"
)

// round is one update of the store: what this gate brings, and what the store decides.
type round struct {
	fleet    *Fleet
	by       Teller
	now      time.Time
	leaves   bool
	unshared []incident.Unshared
	changes  []incident.Change
	// wereTold are ends of incidents, and thresholds, that this gate has told by itself.
	wereTold []incident.Change
	// had are notices of which something is to be written.
	had []*waiting

	decision
}

// decision is what becomes of a round.
type decision struct {
	// known are the incidents that were written.
	known []*incident.Incident
	// superseded are those that are closed, where another one was written.
	superseded []*incident.Incident
	// told is what this gate tells, and outgoing the notices that it delivers from now on.
	told      []told
	outgoing  []*noticeDocument
	forgotten []string // notices, by their IDs
	written   []store.KeptIncident
}

// told is what is told, and how.
type told struct {
	change incident.Change
	notice *notify.Notice
}

func (r *round) isEmpty() bool {
	isShared := func(c incident.Change) bool { return c.Kind != incident.Opened }
	return len(r.unshared) == 0 && len(r.wereTold) == 0 && len(r.had) == 0 && !slices.ContainsFunc(r.changes, isShared)
}

// ids are those of what decides.
func (r *round) ids() (ids []string) {
	for i := range r.unshared {
		ids = append(ids, incidentID(r.unshared[i].Key()))
	}
	for _, changes := range [][]incident.Change{r.wereTold, r.changes} {
		for i := range changes {
			switch c := &changes[i]; c.Kind {
			case incident.Closed:
				ids = append(ids, incidentID(c.Incident.Key()))
			case incident.Reached:
				ids = append(ids, thresholdPrefix+c.Threshold.ID)
			}
		}
	}
	for _, w := range r.had {
		ids = append(ids, noticePrefix+w.Notice.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// decide says what is written, by what the store has. It may be called twice.
func (r *round) decide(kept map[string]store.KeptIncident) ([]store.KeptIncident, error) {
	r.decision = decision{}
	incidents := make(map[string]*incident.Incident)
	for id := range kept {
		if k := kept[id]; strings.HasPrefix(id, incidentPrefix) {
			i, err := readIncident(&k)
			if err != nil {
				return nil, err
			}
			incidents[id] = i
		}
	}
	// What has closed comes first: what is unshared may be of what has opened since.
	for i := range r.wereTold {
		switch c := &r.wereTold[i]; {
		case c.Kind == incident.Reached:
			r.isFirst(c, kept)
		case incidents[incidentID(c.Incident.Key())] != nil:
			r.close(c, incidents)
		}
	}
	for i := range r.changes {
		switch c := &r.changes[i]; c.Kind {
		case incident.Closed:
			if closed := r.close(c, incidents); closed != nil {
				r.tell(incident.Change{Kind: incident.Closed, Incident: *closed})
			}
		case incident.Reached:
			if r.isFirst(c, kept) {
				r.tell(*c)
			}
		}
	}
	for i := range r.unshared {
		r.grown(&r.unshared[i], incidents)
	}
	for _, i := range r.known {
		k, err := keptIncident(i)
		if err != nil {
			return nil, err
		}
		r.written = append(r.written, k)
	}
	if err := r.notices(kept); err != nil {
		return nil, err
	}
	return r.written, nil
}

// close closes an incident that is quiet here, if it is quiet everywhere, and returns it.
func (r *round) close(c *incident.Change, incidents map[string]*incident.Incident) *incident.Incident {
	id := incidentID(c.Incident.Key())
	i := incidents[id]
	switch {
	case i == nil:
		i = &c.Incident // the store was away since it opened, or has lost it
	case i.ID != c.Incident.ID || !i.Closed.IsZero():
		return nil
	default:
		i.Merge(&c.Unshared)
		if r.now.Sub(i.Last) >= r.fleet.book.Quiet() {
			i.Closed = r.now
		}
	}
	incidents[id] = i
	r.writes(i)
	if i.Closed.IsZero() {
		return nil
	}
	return i
}

// grown adds what is new of an incident, which opens it if it is not open.
func (r *round) grown(u *incident.Unshared, incidents map[string]*incident.Incident) {
	id := incidentID(u.Key())
	i := incidents[id]
	if i != nil && i.Closed.IsZero() {
		i.Merge(&u.Incident)
		r.writes(i)
		return
	}
	begun := u.Incident
	if i != nil && i.ID == begun.ID {
		begun.ID = incident.NewID() // another gate has closed it meanwhile
	}
	if i != nil {
		r.superseded = append(r.superseded, i)
	}
	incidents[id] = &begun
	r.known = slices.DeleteFunc(r.known, func(known *incident.Incident) bool { return known == i })
	r.writes(&begun)
	if !u.WasTold {
		r.tell(incident.Change{Kind: incident.Opened, Incident: begun})
	}
}

// writes has an incident written, once.
func (r *round) writes(i *incident.Incident) {
	if !slices.Contains(r.known, i) {
		r.known = append(r.known, i)
	}
}

// isFirst reports whether no gate has told of a threshold in this window, and has it written.
func (r *round) isFirst(c *incident.Change, kept map[string]store.KeptIncident) bool {
	id := thresholdPrefix + c.Threshold.ID
	isWritten := slices.ContainsFunc(r.written, func(k store.KeptIncident) bool { return k.ID == id })
	if k, ok := kept[id]; isWritten || ok && k.Over.After(r.now) {
		return false
	}
	r.written = append(r.written, store.KeptIncident{ID: id, Document: []byte("{}"), Over: c.Threshold.Until})
	return true
}

func (r *round) tell(c incident.Change) {
	n := r.by.Render(c)
	r.told = append(r.told, told{c, n})
	if len(r.fleet.sender.Targets(n.Kind)) > 0 {
		d := &noticeDocument{Notice: n, Holder: r.fleet.process, Until: r.now}
		if !r.leaves {
			d.Until = r.now.Add(lease)
		}
		r.outgoing = append(r.outgoing, d)
	}
}

// notices writes those that are new, and what has become of others.
func (r *round) notices(kept map[string]store.KeptIncident) error {
	for _, d := range r.outgoing {
		if err := r.writeNotice(d); err != nil {
			return err
		}
	}
	for _, w := range r.had {
		k, ok := kept[noticePrefix+w.Notice.ID]
		if !ok || !k.Over.After(r.now) {
			r.forgotten = append(r.forgotten, w.Notice.ID) // it is delivered, or too old
			continue
		}
		d, err := readNotice(&k)
		if err != nil {
			return err
		}
		switch {
		case w.isOurs && d.Holder == r.fleet.process:
			err = r.goOn(w, d)
		case !w.isOurs && !d.Until.After(r.now):
			d.Holder, d.Until = r.fleet.process, r.now.Add(lease)
			r.outgoing = append(r.outgoing, d)
			err = r.writeNotice(d)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// goOn writes what has become of a notice that this process delivers.
func (r *round) goOn(w *waiting, d *noticeDocument) error {
	for _, target := range r.fleet.outbox.settled.of(d.Notice.ID) {
		if !slices.Contains(d.Had, target) {
			d.Had = append(d.Had, target)
		}
	}
	isOpen := func(target string) bool { return !slices.Contains(d.Had, target) }
	if !slices.ContainsFunc(w.targets, isOpen) {
		r.forgotten = append(r.forgotten, d.Notice.ID)
		r.written = append(r.written, store.KeptIncident{ID: noticePrefix + d.Notice.ID, Document: []byte("{}"), Over: r.now})
		return nil
	}
	if d.Until = r.now.Add(lease); r.leaves {
		d.Until = r.now
	}
	return r.writeNotice(d)
}

func (r *round) writeNotice(d *noticeDocument) error {
	k, err := keptNotice(d)
	r.written = append(r.written, k)
	return err
}
