//go:build !race

package caddymodule_test

import "testing"

// The whole process is to allocate less than half as often for a message as Caddy does
// without a gate. Under the race detector, pools drop what they are given, and the figures
// say nothing.
func TestAnAllowedMessageAllocatesLessThanHalfOfWhatAProxyDoes(t *testing.T) {
	const requests = 400
	servers := startAllowing(t)
	// The half allocation is what the runtime itself does now and then.
	bounds := map[string]float64{"by the gate": 87.5, "by the gate with a log": 113, "by reverse_proxy behind the gate": 166}
	for _, server := range servers {
		server.send(t, requests) // so that connections and buffers are there
		allocations := testing.AllocsPerRun(5, func() { server.send(t, requests) }) / requests
		t.Logf("%.1f allocations %s", allocations, server.name)
		if most, bounded := bounds[server.name]; bounded && allocations > most {
			t.Errorf("%.1f allocations for a message forwarded %s: want at most %.1f", allocations, server.name, most)
		}
	}
}
