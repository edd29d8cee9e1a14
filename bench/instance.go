//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
)

// instance is a system at work in a scenario: its processes, and what is sent to them.
type instance struct {
	*system
	address   string
	processes []*process // of which the CPU time counts
	requests  []request
	sent      atomic.Int64
	idle      []client
}

// startInstance starts what a system consists of.
func (b *bench) startInstance(ctx context.Context, s *system, c scenario) (_ *instance, err error) {
	dir := filepath.Join(b.dir, strings.Map(func(r rune) rune {
		if r == ' ' || r == '/' || r == ',' {
			return '-'
		}
		return r
	}, c.key()+" "+s.name))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	i := &instance{system: s}
	defer func() {
		if err != nil {
			i.stop()
		}
	}()
	upstream := b.upstream.address
	if c.tls {
		upstream = b.secureUpstream.address
	}
	if i.address, err = freeAddress(); err != nil {
		return nil, err
	}
	v, err := valuesOf(s, c, dir, i.address, upstream, b.certificate)
	if err != nil {
		return nil, err
	}
	if s.authorizer {
		authorizer, err := startSelf("authorizer", "-"+authorizerFlag)
		if err != nil {
			return nil, err
		}
		i.processes = append(i.processes, authorizer)
		v.Authorizer = authorizer.address
	}
	config, err := writeConfiguration(s, v)
	if err != nil {
		return nil, err
	}
	line := b.programs.run(s, config, dir)
	p := &process{name: s.name, address: i.address, cmd: command(line[0], line[1:]...)}
	p.cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	p.cmd.Env = append(p.cmd.Env, s.environment...)
	if err := p.startWith(ctx, filepath.Join(dir, "output")); err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}
	i.processes = append(i.processes, p)
	i.prepare(c)
	for range c.idle {
		idle, err := connect(i.address, false)
		if err != nil {
			return nil, fmt.Errorf("%s: holding %d connections: %w", s.name, c.idle, err)
		}
		i.idle = append(i.idle, idle)
	}
	return i, nil
}

// prepare makes the requests. A system that does not decide has one answer to all.
func (i *instance) prepare(c scenario) {
	t := c.traffic
	t.byAccount = i.authorizer
	i.requests = t.requests()
	if i.decides {
		return
	}
	status := 201
	if strings.HasPrefix(i.name, "respond") {
		status = 400
	}
	for n := range i.requests {
		i.requests[n].status = status
	}
}

// stop ends all of it.
func (i *instance) stop() {
	for _, c := range i.idle {
		c.close()
	}
	for _, p := range i.processes {
		p.stop()
	}
}

// said is the end of what its server has written.
func (i *instance) said() []byte { return i.processes[len(i.processes)-1].said() }

// pids are the processes of the system, each with those that it has started.
func (i *instance) pids() (list [][]int, err error) {
	for _, p := range i.processes {
		pids, err := family(p.pid())
		if err != nil {
			return nil, err
		}
		list = append(list, pids)
	}
	return list, nil
}

// check makes sure that the answers are right before any is counted: 201 with the
// upstream's body, or 400 with Twilio's code.
func (i *instance) check(http2 bool) error {
	seen := map[int]bool{}
	for _, r := range i.requests {
		if seen[r.status] {
			continue
		}
		seen[r.status] = true
		c, err := connect(i.address, http2)
		if err != nil {
			return err
		}
		status, body, err := c.ask(r.wire)
		got := string(body)
		c.close()
		if err != nil {
			return fmt.Errorf("%s does not answer: %w", i.name, err)
		}
		right := status == r.status && (status == 201 && got == message || status == 400 && strings.Contains(got, `"code": 21408,`))
		if !right {
			return fmt.Errorf("%s answers wrongly: status %d, want %d, and %s", i.name, status, r.status, got)
		}
	}
	return nil
}
