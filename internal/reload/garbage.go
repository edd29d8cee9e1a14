package reload

import (
	"os"
	"runtime/debug"
	"sync"
)

// While a file of at least largeFile bytes is loaded, garbage is collected when it has grown
// to largeGarbage percent of what is in use: reading one leaves many times its size.
const (
	largeFile    = 1 << 20
	largeGarbage = 60
)

// largeLoads are the loads of large files that are under way. The percentage is of the whole
// process, so that only the last one restores it.
var largeLoads struct {
	sync.Mutex
	count int
	// before is the percentage that they found.
	before int
}

// spareMemory keeps the memory low that loading a file takes, if it is a large one, until the
// caller calls end. Then what is free goes back to the system. A lower percentage of the
// operator's stays, as does garbage collection that is off.
func spareMemory(file string) (end func()) {
	if info, err := os.Stat(file); err != nil || info.Size() < largeFile {
		return func() {}
	}
	l := &largeLoads
	l.Lock()
	defer l.Unlock()
	if l.count++; l.count == 1 {
		l.before = debug.SetGCPercent(largeGarbage)
		if l.before < largeGarbage {
			debug.SetGCPercent(l.before)
		}
	}
	return func() {
		l.Lock()
		defer l.Unlock()
		if l.count--; l.count == 0 {
			debug.SetGCPercent(l.before)
			debug.FreeOSMemory()
		}
	}
}
