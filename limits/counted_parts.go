package limits

// countedByPart is a key with its parts, in one piece: most keys have amounts that are added up.
type countedByPart struct {
	counted
	room parts
}

// newCounted is what there is of the key of a demand at first: nothing.
func newCounted(d *Demand) *counted {
	if d.Item != 0 && !d.Repeats {
		return &counted{items: new(items)}
	}
	k := new(countedByPart)
	if k.parts = &k.room; d.Repeats {
		k.uses = map[uint64]*uses{}
	}
	return &k.counted
}

// advance forgets what is over in a part that begins. A clock that goes back stands still. Few items
// are counted again by the parts that they have: all parts would take more memory than they do.
func (k *counted) advance(part int64) {
	switch {
	case k.parts != nil:
		k.window.advance(part)
		return
	case part <= k.last:
		return
	case part-k.last > k.before():
		k.warned, k.told = 0, 0
	}
	k.last, k.total = part, 0
	k.items.eachFrom(part-k.before(), func(int64) { k.total++ })
}

// allParts are the parts of a key, also where it has few items.
func (k *counted) allParts() *parts {
	if k.parts != nil {
		return k.parts
	}
	all := new(parts)
	k.items.eachFrom(k.last-k.before(), func(part int64) { all[part%(steps+1)]++ })
	return all
}

// countManyByPart gives a key its parts once it has more than a few items.
func (k *counted) countManyByPart() {
	if k.parts == nil && k.items.many != nil {
		k.parts = k.allParts()
	}
}
