package limits

import "slices"

// Steps are the amounts from each of which on it is told that so much is used, the least first.
type Steps []int64

// Reached is how many of them an amount reaches. The nil value has none.
func (s *Steps) Reached(used int64) uint8 {
	if s == nil {
		return 0
	}
	i, _ := slices.BinarySearch(*s, used+1) // several may be of one amount
	return uint8(i)
}

// sum tells steps apart from those that a limit had before a reload.
func (s *Steps) sum() (sum uint16) {
	for _, amount := range *s {
		sum = (sum ^ uint16(amount^amount>>16)) * 31_421
	}
	return sum
}

// warn says in a demand that was reserved how many steps are reached, if that is to be told. What
// several processes have counted together is known already: this one alone has less.
func (k *counted) warn(d *Demand) {
	reached := d.Warned
	if d.Shared == 0 {
		reached = d.Warn.Reached(k.total)
	}
	d.Warned, d.warnedBefore = k.window.warn(reached, d.Warn.sum())
}

// warn says how many steps are reached, if that is to be told: once a window, unless it was fewer
// of them that were told, which it says too. Of other steps, none was.
func (w *window) warn(reached uint8, of uint16) (warned, before uint8) {
	part := uint32(w.last) + 1
	if w.toldOf != of || w.warned != 0 && int64(part-w.warned) > w.before() {
		w.warned, w.told, w.toldOf = 0, 0, of
	}
	if reached <= w.told {
		return 0, 0
	}
	before = w.told
	w.warned, w.told = part, reached
	return reached, before
}

// unwarn has the steps told again that a demand reached which is taken back: by the next one that
// reaches them. What was told since of another window stays.
func (k *counted) unwarn(d *Demand) {
	if d.Warned == 0 || d.Warned != k.told || int64(k.warned-uint32(d.reserved.part)-1) > k.before() {
		return
	}
	k.told = d.warnedBefore
	if d.Shared == 0 {
		k.told = min(k.told, d.Warn.Reached(k.total))
	}
	d.Warned = 0
}
