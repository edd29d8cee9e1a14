package limits

import (
	"math"
	"time"
)

// steps is how many parts a window has. Counted are those and the current one, so that a
// window is never shorter than it should be, and longer by a sixtieth at most.
const steps = 60

// window is how much there was in the last parts of a time that slides.
type window struct {
	// last is the number of the latest part that something was added to, from 0 of the clock, or
	// the number of its period.
	last int64
	// total is what all counted parts have.
	total int64
	// parts are nil of a key of few items: each of these has the part that it is in.
	parts *parts
	// warned is the part after the latest in which it was told that much is used, as far as 32
	// bits go; 0 where it was not.
	warned uint32
	// isPeriod says that each part is a period, which is counted by itself.
	isPeriod bool
	// told is how many steps were told then, and toldOf the sum of all that there were.
	told   uint8
	toldOf uint16
}

// before is how many parts count beside the latest one.
func (w *window) before() int64 {
	if w.isPeriod {
		return 0
	}
	return steps
}

// parts have their amounts at the place of their number modulo their count.
type parts [steps + 1]uint32

// part is the number of the part that a demand is in at a time.
func (d *Demand) part(now time.Duration) int64 {
	if d.Period != 0 {
		return d.Period
	}
	return partOf(now, d.Window)
}

// partOf is the number of the part of windows of a length that a time is in.
func partOf(now, length time.Duration) int64 { return int64(now) / partLength(length) }

// partLength is how long a part is, in nanoseconds: rounded up, so that all together are not
// shorter than the window.
func partLength(length time.Duration) int64 { return (int64(length) + steps - 1) / steps }

// advance forgets the parts that are over at one that begins. A clock that goes back stands
// still.
func (w *window) advance(part int64) {
	if part <= w.last {
		return
	}
	if part-w.last > w.before() {
		*w.parts, w.total, w.warned, w.told = parts{}, 0, 0, 0
	} else {
		for p := w.last + 1; p <= part; p++ {
			over := &w.parts[p%(steps+1)]
			w.total -= int64(*over)
			*over = 0
		}
	}
	w.last = part
}

// add adds an amount to the latest part, as far as there is room for the number. It returns the
// number of that part and what was added.
func (w *window) add(amount uint32) (part int64, added uint32) {
	if w.parts == nil {
		w.total += int64(amount)
		return w.last, amount
	}
	counted := &w.parts[w.last%(steps+1)]
	added = min(amount, math.MaxUint32-*counted)
	*counted += added
	w.total += int64(added)
	return w.last, added
}

// remove takes back what was added in a part, unless that is over.
func (w *window) remove(part int64, amount uint32) {
	if w.last-part > w.before() {
		return
	}
	if w.parts != nil {
		w.parts[part%(steps+1)] -= amount
	}
	w.total -= int64(amount)
}

// restore adds one to a part that is not over.
func (w *window) restore(part int64) {
	if w.parts != nil {
		w.parts[part%(steps+1)]++
	}
	w.total++
}

// freedAt is the first part in which there is room for an amount beside what is kept of all parts, if
// nothing is added until then, and negative if there never is.
func (w *window) freedAt(amount, limit int64, all, kept *parts) int64 {
	left := w.total
	for p := max(w.last-w.before(), 0); p <= w.last; p++ {
		place := p % (steps + 1)
		if left -= int64(all[place] - kept[place]); left+amount <= limit {
			return p + w.before() + 1
		}
	}
	return -1
}
