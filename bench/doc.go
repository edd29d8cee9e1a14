// Command bench measures what the gate costs: CPU time per request of a Caddy
// with the gate, against that of a stock Caddy doing the same without it.
//
//	go run ./bench
//
// It starts one server process for each side of each comparison, an upstream,
// and a load generator, all on loopback, and lets the servers work in turn, in
// short blocks. Each pair of blocks that lie next to each other gives a ratio;
// the median of the ratios is what it prints, as a table in Markdown that can
// go into the documentation as it is. The first row compares a stock Caddy
// with a second process of the same: what differs there is noise, and so is a
// difference of that size in any other row.
//
// Each request goes to another of some thousand numbers; -numbers 200000 sends to
// ever new ones.
//
// CPU time is what the operating system charged to the server's process. Times
// per request drift with the machine from one hour to the next: a ratio may be
// quoted alone, a time may not. Latency is not measured, since on a machine
// that runs both ends it says nothing.
//
// What may not come in: any package but the standard library's, the gate's own
// included, since what is measured is the program as it is built; a comparison
// whose two sides differ in more than the gate, unless its row says so; anything
// that talks to another machine; anything that a test depends on.
package main
