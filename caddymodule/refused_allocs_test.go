//go:build !race

package caddymodule_test

import "testing"

// A refusal is to allocate no more than its header takes in any handler. Under the race
// detector, pools drop what they are given, and the figures say nothing.
func TestARefusalAllocatesNoMoreThanItsHeader(t *testing.T) {
	const requests = 200
	servers, request := startRefusing(t)
	var allocations [len(servers)]float64
	for i, server := range servers {
		serveInMemory(server.handler, request, 1) // the first has the credential checked
		allocations[i] = testing.AllocsPerRun(5, func() { serveInMemory(server.handler, request, requests) }) / requests
	}
	gate, respond := allocations[0], allocations[len(servers)-1]
	t.Logf("%.1f allocations, %.1f by respond", gate, respond)
	if gate > respond {
		t.Errorf("%.1f allocations for a refusal, and %.1f by %s", gate, respond, servers[len(servers)-1].name)
	}
}
