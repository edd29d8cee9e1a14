//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"time"
)

// bench is everything that is needed to measure.
type bench struct {
	options
	dir                      string
	programs                 programs
	origin                   origin // of the programs
	upstream, secureUpstream *process
	certificate              string // of the second
}

// scenario starts the systems of a scenario, lets them work in rounds, and stops them.
func (b *bench) scenario(ctx context.Context, c scenario) (found scenarioResult, err error) {
	found = scenarioResult{Name: c.name, Title: c.title, Series: c.series, X: c.x, origin: b.origin}
	var running []*instance
	defer func() {
		for _, i := range running {
			i.stop()
		}
	}()
	at := map[*instance]*systemResult{}
	found.Systems = make([]systemResult, len(c.systems))
	for n, name := range c.systems {
		s, seen := systemOf(name), &found.Systems[n]
		seen.Name = name
		if seen.Missing = b.programs.missing(s); len(seen.Missing) > 0 {
			continue
		}
		i, err := b.startInstance(ctx, s, c)
		if err != nil {
			return found, err
		}
		running, at[i] = append(running, i), seen
		if err := i.check(c.http2); err != nil {
			return found, err
		}
		for _, p := range i.processes {
			seen.Processes = append(seen.Processes, p.name)
		}
		if _, err := b.round(ctx, c, i, min(time.Second, b.block)); err != nil { // to warm up
			return found, err
		}
	}
	// Neither side of a pair is always the first.
	order := append([]*instance(nil), running...)
	for range c.rounds(b.options) {
		rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			r, err := b.round(ctx, c, i, b.block)
			if err != nil {
				return found, err
			}
			at[i].Rounds = append(at[i].Rounds, r)
		}
	}
	for _, s := range found.Systems {
		if len(s.Rounds) > 0 {
			sum := summarize(found.Systems[0], s, 1)
			progress("%-24s %-24s %8.1f µs of CPU a request, ratio %.3f", c.key(), s.Name, sum.cpu, median(sum.ratios))
		}
	}
	return found, nil
}

// round lets one system work for a while and measures it; first with as many requests as
// it answers, then with half as many. Where a server that is not ours fails, the round is
// repeated once, so that it does not end a run of twenty minutes; the gate may not fail.
func (b *bench) round(ctx context.Context, c scenario, i *instance, duration time.Duration) (round, error) {
	r, err := b.measure(ctx, c, i, duration)
	if err != nil && ctx.Err() == nil && i.program != "gate" {
		progress("%s, %s: repeating a round: %v\n%s", c.key(), i.name, err, i.said())
		r, err = b.measure(ctx, c, i, duration)
	}
	if ctx.Err() != nil { // cut short
		err = ctx.Err()
	}
	if err != nil {
		return r, fmt.Errorf("%s, %s: %w\n%s", c.key(), i.name, err, i.said())
	}
	return r, nil
}

func (b *bench) measure(ctx context.Context, c scenario, i *instance, duration time.Duration) (r round, err error) {
	connections := b.connections
	if c.connections > 0 {
		connections = c.connections
	}
	l, err := dial(i.address, connections, c.http2, i.requests, &i.sent)
	if err != nil {
		return r, err
	}
	defer l.close()
	if _, err := l.run(ctx, connecting, 0); err != nil {
		return r, err
	}
	servers, err := i.pids()
	if err != nil {
		return r, err
	}
	ours := []int{os.Getpid(), b.upstream.pid(), b.secureUpstream.pid()}
	for _, pids := range servers {
		ours = append(ours, pids...)
	}
	before, err := readUsage(servers, ours)
	if err != nil {
		return r, err
	}
	latencies, err := l.run(ctx, duration, 0)
	if err != nil {
		return r, err
	}
	after, err := readUsage(servers, ours)
	if err != nil {
		return r, err
	}
	if len(latencies) == 0 {
		return r, errors.New("no answers")
	}
	r = round{Requests: len(latencies), Seconds: rounded(after.at.Sub(before.at).Seconds()), Others: rounded(others(before, after, runtime.NumCPU()))}
	r.P50, r.P99 = percentiles(latencies)
	for n, pids := range servers {
		r.CPU = append(r.CPU, rounded(micros(after.servers[n]-before.servers[n])/float64(len(latencies))))
		var total int64
		for _, pid := range pids {
			bytes, err := resident(pid)
			if err != nil {
				return r, err
			}
			total += bytes
		}
		r.Resident = append(r.Resident, total)
	}
	if !c.paced(b.options) {
		return r, nil
	}
	r.PacedRate = rounded(r.rate() / 2)
	if latencies, err = l.run(ctx, duration, r.PacedRate); err != nil {
		return r, err
	}
	if len(latencies) > 0 { // else the server answered so few that the next was not due yet
		r.PacedP50, r.PacedP99 = percentiles(latencies)
	}
	return r, nil
}

// percentiles are the 50th and the 99th of sorted times, in microseconds.
func percentiles(sorted []time.Duration) (p50, p99 float64) {
	return rounded(micros(sorted[len(sorted)/2])), rounded(micros(sorted[len(sorted)*99/100]))
}

// rounded leaves out digits that mean nothing, and would fill the file of the results.
func rounded(value float64) float64 { return math.Round(value*1000) / 1000 }
