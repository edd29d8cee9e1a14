//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU times in /proc: 1/100 s to user space, whatever the
// kernel's own clock runs at (proc(5), sysconf(_SC_CLK_TCK)).
const tick = 10 * time.Millisecond

// times are the CPU times of one process.
type times struct {
	parent int
	own    time.Duration
	// children that have ended and were waited for.
	children time.Duration
}

// processTimes reads the CPU times of a process.
func processTimes(pid int) (times, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return times{}, err
	}
	return parseProcessTimes(text)
}

// parseProcessTimes reads the contents of /proc/<pid>/stat.
func parseProcessTimes(text []byte) (t times, err error) {
	// The second field is the program's name in parentheses, which may itself
	// hold spaces and parentheses.
	end := bytes.LastIndexByte(text, ')')
	if end < 0 {
		return t, errors.New("no program name")
	}
	// proc_pid_stat(5) counts from 1; these count from the third field.
	const parent, utime, stime, cutime, cstime = 4 - 3, 14 - 3, 15 - 3, 16 - 3, 17 - 3
	fields := strings.Fields(string(text[end+1:]))
	if len(fields) <= cstime {
		return t, fmt.Errorf("%d fields after the program name", len(fields))
	}
	if t.parent, err = strconv.Atoi(fields[parent]); err != nil {
		return t, err
	}
	if t.own, err = ticks(fields[utime], fields[stime]); err != nil {
		return t, err
	}
	t.children, err = ticks(fields[cutime], fields[cstime])
	return t, err
}

// ticks adds up fields that count ticks.
func ticks(fields ...string) (time.Duration, error) {
	var total time.Duration
	for _, field := range fields {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		total += time.Duration(n) * tick
	}
	return total, nil
}

// machine is what the first line of /proc/stat says of all processors
// together.
type machine struct {
	processes time.Duration // in user and system mode
	stolen    time.Duration // by other guests of the hypervisor
}

func machineTimes() (machine, error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return machine{}, err
	}
	return parseMachine(string(text))
}

// parseMachine reads the contents of /proc/stat. Interrupts do not count:
// whether the kernel charges them to the process that they interrupt as well
// depends on how it was built.
func parseMachine(text string) (m machine, err error) {
	line, _, _ := strings.Cut(text, "\n")
	fields := strings.Fields(line)
	// cpu user nice system idle iowait irq softirq steal …
	if len(fields) < 9 || fields[0] != "cpu" {
		return m, fmt.Errorf("unexpected first line %q", line)
	}
	if m.processes, err = ticks(fields[1:4]...); err != nil {
		return m, err
	}
	m.stolen, err = ticks(fields[8])
	return m, err
}

// kthreadd is the parent of the kernel's own threads. What they do may well be
// done for us.
const kthreadd = 2

// othersTime is the CPU time of all processes that can be seen and are not ours.
// It includes that of ended processes whose parents have waited for them, so that
// short-lived ones are not missed.
func othersTime(ours []int) (time.Duration, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0, err
	}
	var total time.Duration
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || slices.Contains(ours, pid) {
			continue
		}
		if t, err := processTimes(pid); err == nil && t.parent != kthreadd { // else it has just ended
			total += t.own + t.children
		}
	}
	return total, nil
}

// usage is CPU time used until some moment.
type usage struct {
	at      time.Time
	servers []time.Duration // by each process of the system that is measured
	ours    time.Duration   // by all processes of this program
	others  time.Duration   // by all other processes that can be seen
	machine machine
}

// readUsage reads all clocks. Each server is a process and those that it has started.
func readUsage(servers [][]int, ours []int) (u usage, err error) {
	u.at = time.Now()
	if u.machine, err = machineTimes(); err != nil {
		return u, fmt.Errorf("reading the CPU time of the machine: %w", err)
	}
	for _, pids := range servers {
		var total time.Duration
		for _, pid := range pids {
			t, err := threadTimes(pid)
			if err != nil {
				return u, fmt.Errorf("reading the CPU time of process %d: %w", pid, err)
			}
			total += t
		}
		u.servers = append(u.servers, total)
	}
	for _, pid := range ours {
		t, err := processTimes(pid)
		if err != nil {
			return u, fmt.Errorf("reading the CPU time of process %d: %w", pid, err)
		}
		u.ours += t.own
	}
	if u.others, err = othersTime(ours); err != nil {
		return u, fmt.Errorf("reading the CPU time of other processes: %w", err)
	}
	return u, nil
}

// others is the share of the machine that others used between two moments:
// what all processes used and ours did not, or what the other processes that can
// be seen used, whichever is more. Within a container none of them can be seen;
// outside, the difference misses what the kernel charges to our processes for
// interrupts. What a hypervisor took away counts as well.
func others(from, to usage, processors int) float64 {
	rest := (to.machine.processes - from.machine.processes) - (to.ours - from.ours)
	seen := to.others - from.others
	stolen := to.machine.stolen - from.machine.stolen
	whole := to.at.Sub(from.at) * time.Duration(processors)
	return float64(max(0, rest, seen)+stolen) / float64(whole)
}
