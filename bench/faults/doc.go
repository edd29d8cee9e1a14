// Package faults runs gates with a store and makes what is under them fail: the gate is killed,
// its database is killed and stalled, its disk is full, its file is damaged.
//
// It has tests alone, which start the real program. To kill a gate a thousand times:
//
//	go test ./bench/faults -run Killed -count 1 -timeout 1h -kills 1000
package faults
