package routecheck

import (
	"maps"
	"slices"
)

// flow is what is known of the requests that can reach a point of a server. A nil
// flow says that none can.
type flow struct {
	// groups has, by each group of routes that a request may have been through, the
	// route that it took, or unsure. Caddy lets a request through one route of a group.
	groups map[string]string
	// hosts are those that the requests may be for.
	hosts hosts
	// gates that may have judged the requests last.
	gates []Gate
	// change is what the requests came by since, and is not known to leave them as
	// they are. It is nil if there is none.
	change *fault
}

// unsure says that requests may have taken any route of a group, or none.
const unsure = "?"

// clone returns a flow that can be changed.
func (f *flow) clone() *flow {
	c := *f
	c.groups = maps.Clone(f.groups)
	if c.groups == nil {
		c.groups = make(map[string]string)
	}
	return &c
}

// changed is the flow behind something that may change requests.
func (f *flow) changed(by *fault) *flow {
	if f == nil || f.change != nil || by == nil {
		return f
	}
	c := f.clone()
	c.change = by
	return c
}

// judgedBy is the flow behind a gate.
func (f *flow) judgedBy(gate Gate) *flow {
	if f == nil {
		return nil
	}
	c := f.clone()
	c.gates, c.change = []Gate{gate}, nil
	return c
}

// ofAnyHost is the flow behind something that may change the host.
func (f *flow) ofAnyHost() *flow {
	if f == nil {
		return nil
	}
	c := f.clone()
	c.hosts = hosts{}
	return c
}

// join is what is known of requests that are of one flow or the other.
func join(a, b *flow) *flow {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	c := a.clone()
	for name, route := range b.groups {
		if c.groups[name] != route {
			c.groups[name] = unsure
		}
	}
	for name := range a.groups {
		if _, ok := b.groups[name]; !ok {
			c.groups[name] = unsure
		}
	}
	c.hosts = a.hosts.or(b.hosts)
	c.gates = slices.Clone(a.gates)
	for _, gate := range b.gates {
		if !slices.Contains(c.gates, gate) {
			c.gates = append(c.gates, gate)
		}
	}
	if c.change == nil {
		c.change = b.change
	}
	return c
}

// excludes reports whether no request can be of both flows.
func (f *flow) excludes(other *flow) bool {
	for name, route := range f.groups {
		if taken, ok := other.groups[name]; ok && route != unsure && taken != unsure && taken != route {
			return true
		}
	}
	return f.hosts.excludes(other.hosts)
}

// state is what requests can reach a point of a server, by what a gate has to do
// with them.
type state struct {
	// fresh ones no gate has judged.
	fresh *flow
	// judged ones a gate let pass, and they are still on their way from it.
	judged *flow
	// stale ones a gate has judged, but what it said does not hold any more: they
	// failed, or were answered or forwarded already, and may have been denied.
	stale *flow
}

func (s state) join(other state) state {
	return state{join(s.fresh, other.fresh), join(s.judged, other.judged), join(s.stale, other.stale)}
}

// each changes every flow.
func (s state) each(change func(*flow) *flow) state {
	for _, f := range []**flow{&s.fresh, &s.judged, &s.stale} {
		if *f != nil {
			*f = change(*f)
		}
	}
	return s
}

// any is all requests of a state.
func (s state) any() *flow { return join(join(s.fresh, s.judged), s.stale) }
