package policy

// numberSet is a set of small numbers, a bit each.
type numberSet []uint64

// newNumberSet returns a set with room for the numbers below a limit.
func newNumberSet(limit int) numberSet { return make(numberSet, (limit+63)/64) }

func (s numberSet) add(number int) { s[number/64] |= 1 << (number % 64) }

func (s numberSet) has(number int) bool { return s[number/64]&(1<<(number%64)) != 0 }
