package main

import (
	"os"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// ballastSize is memory that the program holds and never touches, so that it takes no
// pages, in bytes. The garbage collector counts it as live, and runs each time that the
// heap has grown by as much as is live: with it, a small heap is not collected every few
// milliseconds. Beside the heap of a large policy it makes no difference.
const ballastSize = 32 << 20

// leastMemory is how much memory the program must be allowed for a ballast to be held, in
// bytes. Caddy limits the heap to most of what the container or system allows, and the
// ballast counts there.
const leastMemory = 8 * ballastSize

// newBallast makes a ballast, unless an operator has set the garbage collector.
func newBallast() []byte {
	_, percent := os.LookupEnv("GOGC")
	_, limit := os.LookupEnv("GOMEMLIMIT")
	if percent || limit {
		return nil
	}
	allowed, err := memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem)()
	if err == nil && allowed < leastMemory {
		return nil
	}
	return make([]byte, ballastSize)
}
