package caddymodule_test

import (
	"strings"
	"testing"
)

// way is what stands behind a gate to forward what it lets pass.
type way struct {
	name string
	// block is what a Caddyfile has in place of a reverse_proxy.
	block string
}

// ways are those that are supported. An empty block leaves a reverse_proxy as it is.
var ways = []way{
	{"tollgate_forward", "tollgate_forward"},
	{"reverse_proxy", ""},
	{"reverse_proxy with transport tollgate",
		"reverse_proxy {http.tollgate.upstream} {\n transport tollgate {\n  compression off\n }\n}"},
}

// inUse is the way of the Caddyfiles that tests make: tests that start Caddy do not run in
// parallel.
var inUse = ways[0]

// in returns a Caddyfile that forwards this way.
func (w way) in(caddyfile string) string {
	if w.block == "" {
		return caddyfile
	}
	var text strings.Builder
	end := "" // of the block that is left out
	for line := range strings.Lines(caddyfile) {
		indent, rest, found := strings.Cut(line, "reverse_proxy {http.tollgate.upstream} {\n")
		switch {
		case end != "":
			if line == end {
				end = ""
			}
		case found && rest == "" && strings.TrimSpace(indent) == "":
			text.WriteString(indent + strings.ReplaceAll(w.block, "\n", "\n"+indent) + "\n")
			end = indent + "}\n"
		default:
			text.WriteString(line)
		}
	}
	return text.String()
}

// forwardBy makes the Caddyfiles of a test forward one way.
func forwardBy(t testing.TB, w way) {
	t.Helper()
	before := inUse
	inUse = w
	t.Cleanup(func() { inUse = before })
}

// byProxy makes the Caddyfiles of a test have a reverse_proxy.
func byProxy(t testing.TB) { forwardBy(t, ways[1]) }

// everyWay runs a test for each way of forwarding.
func everyWay(t *testing.T, test func(t *testing.T)) {
	for _, w := range ways {
		t.Run("by "+w.name, func(t *testing.T) {
			forwardBy(t, w)
			test(t)
		})
	}
}
