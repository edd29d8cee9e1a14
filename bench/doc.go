// Command bench measures what the gate costs: CPU time per request, throughput, latency
// and memory of a Caddy with the gate, against a stock Caddy doing the same without it,
// and against other servers that are told to decide the same.
//
//	go run ./bench
//
// It starts each system as processes of their own (testdata/servers has the
// configurations), an upstream and a load generator, all on loopback, checks that the
// answers are right, and lets the systems work in rounds: short blocks, in another order
// each round. A ratio is to the base's block of the same round. The control is a second
// process of the base: what differs there is noise, and so is a difference of that size
// in any other row.
//
// With -json it keeps all raw figures; -write docs makes the tables and the charts of
// docs/performance.md from those in bench/results.json; -short is what a change runs.
// With -only, the file keeps what it has of the rest, so that a run can be done in parts:
//
//	go run ./bench -json bench/results.json -only allowed,refused
//	go run ./bench -json bench/results.json -only decisions
//	go run ./bench -write docs
//
// Peers that are not installed are skipped, with the Debian packages that they need.
//
// CPU time is what the scheduler charged to the threads of the system's processes. Times
// drift with the machine from one hour to the next: a ratio may be quoted alone, a time
// may not. Latency includes that of the load generator, which shares the machine.
//
// The peers get the kindest fair task: one account, one parameter of a form, one table of
// prefixes. Of what else the gate looks at, they look at nothing.
//
// What may not come in: any package of ours but chart, since what is measured is the
// program as it is built; a comparison whose two sides differ in more than the gate,
// unless its row says so; anything that talks to another machine, except -install;
// anything that a test depends on.
package main
