//go:build linux

package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// scenario is one table or one point of a series: what is sent, and to which systems.
type scenario struct {
	name  string
	title string
	traffic
	setting
	// connections of the load generator; 0: as the options say.
	connections int
	// systems by name. The first is the base of the ratios; the second is the control, a
	// second process of the same, unless the scenario is a point of a series.
	systems []string
	// whole: all rounds that the options say.
	whole bool
	// series that this is a point of, and where it lies.
	series string
	x      int
}

// setting is what a scenario asks of the configurations.
type setting struct {
	log, tls bool
	// accounts and prefixes of the gate's policy file; 0: no file.
	accounts, prefixes int
	// idle connections, held open besides those of the load.
	idle int
}

var (
	gates = []string{"Tollgate", "Tollgate, GOGC=100"}
	// otherForwarders are the other ways to forward behind a gate.
	otherForwarders = []string{"Tollgate, transport tollgate, GOGC=100", "Tollgate, reverse_proxy, GOGC=100"}
	peers           = []string{"Caddy forward_auth", "nginx", "nginx + Lua", "nginx + njs", "HAProxy", "HAProxy + map"}
	// deciding are the peers that can refuse.
	deciding = []string{"Caddy forward_auth", "nginx + Lua", "nginx + njs", "HAProxy + map"}
	proxies  = []string{"Caddy", "Caddy again"}
)

// scenarios of the tables.
var scenarios = []scenario{
	{name: "allowed", title: "allowed and forwarded", whole: true,
		systems: join(proxies, []string{"Caddy without options"}, gates, otherForwarders, peers)},
	{name: "refused", title: "refused", traffic: traffic{refused: 100}, whole: true,
		systems: join([]string{"respond", "respond again", "respond, 4 headers"}, gates, deciding)},
	{name: "mixed", title: "95% allowed, 5% refused", traffic: traffic{refused: 5},
		systems: join(proxies, gates, deciding)},
	{name: "log", title: "allowed, with an access log", setting: setting{log: true},
		systems: join(proxies, gates, otherForwarders, []string{"nginx + Lua", "HAProxy + map"})},
	{name: "tls", title: "allowed, TLS to the carrier", setting: setting{tls: true},
		systems: join(proxies, gates, peers)},
	{name: "http2", title: "allowed, HTTP/2 from the client", traffic: traffic{http2: true},
		systems: join(proxies, gates)},
}

// short is what a change runs: enough to see that the servers answer rightly.
var short = []scenario{
	{name: "allowed", title: "allowed and forwarded", whole: true, systems: join(proxies, []string{"Tollgate"})},
	{name: "refused", title: "refused", traffic: traffic{refused: 100}, whole: true,
		systems: []string{"respond", "respond again", "Tollgate"}},
}

// series are the scenarios of the growth plots: Caddy and the gate at each point.
func series() (list []scenario) {
	point := func(series string, x int, change func(*scenario)) {
		s := scenario{series: series, x: x, systems: []string{"Caddy", "Tollgate"}}
		change(&s)
		list = append(list, s)
	}
	for _, n := range []int{1, 1_000, 10_000, 50_000, 100_000} {
		point("accounts", n, func(s *scenario) { s.accounts = n })
	}
	for _, n := range []int{1, 1_000, 10_000, 50_000, 100_000} {
		point("prefix rules", n, func(s *scenario) { s.accounts, s.prefixes = 1, n })
	}
	for _, n := range []int{1, 4, 16, 64} {
		point("recipients in a request", n, func(s *scenario) { s.recipients = n })
	}
	for _, n := range []int{256, 1_024, 4_096, 16_384, 61_440} {
		point("bytes of a body", n, func(s *scenario) { s.body = n })
	}
	for _, n := range []int{1, 500, 1_000, 2_000, 4_000} {
		point("idle connections", n, func(s *scenario) { s.idle = n })
	}
	return list
}

// everything is what a run measures unless it is told otherwise.
func everything() []scenario { return slices.Concat(scenarios, series()) }

// key is a name of a scenario that no other has.
func (c scenario) key() string { return keyOf(c.name, c.series, c.x) }

func (c scenarioResult) key() string { return keyOf(c.Name, c.Series, c.X) }

func keyOf(name, series string, x int) string {
	if series != "" {
		return fmt.Sprintf("%s %d", series, x)
	}
	return name
}

// group is the name by which an option chooses a scenario.
func (c scenario) group() string { return cmp.Or(c.series, c.name) }

// chosen are the scenarios that are asked for, and whether the decisions are. A name that
// nothing has is an error.
func (o options) chosen() (list []scenario, decisions bool, err error) {
	list, decisions = everything(), !o.short
	if o.short {
		list = short
	}
	if o.only == "" {
		return list, decisions, nil
	}
	names := strings.Split(o.only, ",")
	for _, name := range names {
		if name != "decisions" && !slices.ContainsFunc(list, func(c scenario) bool { return name == c.group() }) {
			return nil, false, fmt.Errorf("choosing what to measure: nothing has the name %q", name)
		}
	}
	list = slices.DeleteFunc(slices.Clone(list), func(c scenario) bool {
		return !slices.Contains(names, c.group())
	})
	if decisions = decisions && slices.Contains(names, "decisions"); len(list) == 0 && !decisions {
		return nil, false, errors.New("choosing what to measure: -short has no decisions")
	}
	return list, decisions, nil
}

// join is one list of several.
func join(lists ...[]string) (all []string) {
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}
