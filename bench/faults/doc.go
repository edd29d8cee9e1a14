// Package faults runs gates with a store and makes what is under them fail: the gate is killed,
// its database and its counters are killed and stalled, its disk is full, its file is damaged.
//
// It has tests alone, which start the real program. To kill a gate a thousand times, and to
// measure a start and a change with many accounts:
//
//	go test ./bench/faults -run Killed -count 1 -timeout 1h -kills 1000
//	go test ./bench/faults -run - -bench Change -benchtime 1000x -accounts 10000,100000,1000000
package faults
