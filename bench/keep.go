//go:build linux

package main

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// now is the origin of what is built now.
func now() origin {
	o := origin{Date: time.Now().Format(time.DateOnly)}
	if output, err := exec.Command("git", "-C", root, "describe", "--always", "--dirty").Output(); err == nil {
		o.Commit = strings.TrimSpace(string(output))
	}
	return o
}

// resume takes over what the file has, so that a run can be done in parts. A run of
// everything begins with an empty file.
func (r *result) resume(o options) error {
	if o.json == "" || o.only == "" || !exists(o.json) {
		return nil
	}
	old, err := readResult(o.json)
	if err != nil {
		return err
	}
	if what := r.differsFrom(old.circumstances); what != "" {
		return fmt.Errorf("adding to %s: it has another %s: measure everything, or write into another file", o.json, what)
	}
	if len(r.Versions) == 0 { // nothing was built
		r.Versions = old.Versions
	}
	r.Scenarios, r.Decisions = old.Scenarios, old.Decisions
	return nil
}

// differsFrom names the first circumstance that differs, if any.
func (c circumstances) differsFrom(other circumstances) string {
	switch {
	case c.CPU != other.CPU || c.Processors != other.Processors:
		return "processor"
	case c.Kernel != other.Kernel:
		return "kernel"
	case c.Block != other.Block:
		return "length of a block"
	case c.Connections != other.Connections:
		return "number of connections"
	case c.Busy != other.Busy:
		return "limit for other processes"
	}
	for name, version := range c.Versions {
		if before, ok := other.Versions[name]; ok && before != version {
			return "version of " + name
		}
	}
	return ""
}

// add adds a scenario, in the place of an earlier run of it. The order is that of a run
// of everything.
func (r *result) add(found scenarioResult) {
	same := func(c scenarioResult) bool { return c.key() == found.key() }
	r.Scenarios = append(slices.DeleteFunc(r.Scenarios, same), found)
	var order []string
	for _, c := range everything() {
		order = append(order, c.key())
	}
	slices.SortStableFunc(r.Scenarios, func(a, b scenarioResult) int {
		return slices.Index(order, a.key()) - slices.Index(order, b.key())
	})
}

// keep writes into the file what there is so far: an interrupted run loses the scenario
// that it was at, and no other.
func (r *result) keep(o options) error {
	if o.json == "" {
		return nil
	}
	return r.write(o.json)
}
