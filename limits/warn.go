package limits

import "slices"

// Steps are the amounts from each of which on it is told that so much is used, the least first.
type Steps []int64

// Reached is how many of them an amount reaches. The nil value has none.
func (s *Steps) Reached(used int64) uint8 {
	if s == nil {
		return 0
	}
	i, ok := slices.BinarySearch(*s, used)
	if ok {
		i++
	}
	return uint8(i)
}

// warn says in a demand that was reserved how many steps are reached, if that is to be told. What
// several processes have counted together is known already: this one alone has less.
func (k *counted) warn(d *Demand) {
	reached := d.Warned
	if d.Shared == 0 {
		reached = d.Warn.Reached(k.total)
	}
	if d.Warned = 0; k.window.warn(reached) {
		d.Warned = reached
	}
}

// warn reports whether it is to be told that so many steps are reached: once a window, unless it
// was fewer of them that were told.
func (w *window) warn(reached uint8) bool {
	part := uint32(w.last) + 1
	if w.warned != 0 && int64(part-w.warned) > w.before() {
		w.warned, w.told = 0, 0
	}
	if reached <= w.told {
		return false
	}
	w.warned, w.told = part, reached
	return true
}

// unwarn has a step told again that a demand reached which is taken back, unless what is left
// reaches it too.
func (k *counted) unwarn(d *Demand) {
	if d.Warned == 0 || d.Warned != k.told {
		return
	}
	k.told--
	if d.Shared == 0 {
		k.told = min(k.told, d.Warn.Reached(k.total))
	}
	d.Warned = 0
}
