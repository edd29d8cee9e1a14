//go:build !race

package caddymodule_test

import "testing"

// A refusal is to cost about what its header costs any handler. Under the race detector,
// pools drop what they are given, and the figures say nothing.
func TestARefusalAllocatesLittleMoreThanItsHeader(t *testing.T) {
	const requests = 200
	servers, request := startRefusing(t)
	var allocations [len(servers)]float64
	for i, server := range servers {
		serveInMemory(server.handler, request, 1) // the first has the credential checked
		allocations[i] = testing.AllocsPerRun(5, func() { serveInMemory(server.handler, request, requests) }) / requests
	}
	gate, respond := allocations[0], allocations[len(servers)-1]
	t.Logf("%.1f allocations, %.1f by respond", gate, respond)
	if most := respond + 18; gate > most {
		t.Errorf("%.1f allocations for a refusal, and %.1f by %s: want at most %.1f", gate, respond, servers[len(servers)-1].name, most)
	}
}
