package incident

// Unshared is what other gates do not know yet of an incident that is open.
type Unshared struct {
	Incident
	// WasTold says that this gate has told by itself that it opened.
	WasTold bool
}

// maxUnshared is of how many incidents that others know something is shared at once. What is left
// comes the next time.
const maxUnshared = 100

// Share returns what other gates do not know yet, the oldest first. It is followed by WasShared.
func (b *Book) Share() (list []Unshared) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.all() {
		if !hasUnshared(&e.unshared) || e.isKnown && len(list) >= maxUnshared {
			continue
		}
		e.unshared.Gates = []string{b.gate}
		e.sent, e.unshared = e.unshared, e.nothing(e.Last)
		list = append(list, Unshared{e.sent.copied(), e.wasTold})
	}
	return list
}

// WasShared says whether other gates know now what Share returned.
func (b *Book) WasShared(isKnown bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.open {
		if !isKnown && hasUnshared(&e.sent) {
			e.sent.Merge(&e.unshared)
			e.unshared = e.sent
		}
		e.sent = Incident{}
	}
}

// WasTold says that this gate has told by itself that an incident has opened.
func (b *Book) WasTold(key Key) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.open[key]; e != nil {
		e.wasTold = true
	}
}

// Hear adopts what all gates know together of an incident, besides what this one has not shared.
func (b *Book) Hear(i Incident) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.open[i.Key()]
	if !i.Closed.IsZero() {
		b.remember(i)
		if e == nil || e.ID != i.ID {
			return
		}
		delete(b.open, i.Key())
		if hasUnshared(&e.unshared) {
			begun := &entry{Incident: e.unshared}
			begun.ID, begun.Gates = b.newID(), []string{b.gate}
			begun.unshared = begun.copied()
			b.open[i.Key()] = begun
		}
		return
	}
	b.forget(i.ID)
	if e == nil {
		if b.isFull() && !i.More {
			return
		}
		e = &entry{}
		e.Incident, e.isKnown = i, true
		e.unshared = e.nothing(i.Last)
		b.open[i.Key()] = e
		return
	}
	unshared, wasTold := e.unshared, e.wasTold
	*e = entry{Incident: i.copied(), unshared: unshared, wasTold: wasTold, isKnown: true}
	e.unshared.ID = i.ID
	if hasUnshared(&unshared) {
		unshared.Gates = []string{b.gate}
		e.Merge(&unshared)
	}
}

// forget takes an incident that is open again from those that are closed.
func (b *Book) forget(id string) {
	for place := range b.closed {
		if b.closed[place].ID == id {
			b.closed = append(b.closed[:place:place], b.closed[place+1:]...)
			return
		}
	}
}
