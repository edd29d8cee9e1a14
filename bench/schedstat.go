//go:build linux

package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// family are a process and all that it has started and that still runs.
func family(pid int) ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	children := map[int][]int{}
	for _, entry := range entries {
		child, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		if t, err := processTimes(child); err == nil { // else it has just ended
			children[t.parent] = append(children[t.parent], child)
		}
	}
	pids := []int{pid}
	for i := 0; i < len(pids); i++ {
		pids = append(pids, children[pids[i]]...)
	}
	return pids, nil
}

// threadTimes is the CPU time of all threads of a process, in nanoseconds as the
// scheduler counts it: finer than the ticks of /proc/<pid>/stat. A thread that has ended
// counts no longer; servers keep theirs.
func threadTimes(pid int) (total time.Duration, err error) {
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return 0, err
	}
	for _, thread := range threads {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/schedstat", pid, thread.Name()))
		if os.IsNotExist(err) {
			continue // it has just ended
		}
		if err != nil {
			return 0, err
		}
		spent, _, _ := strings.Cut(string(text), " ")
		n, err := strconv.ParseInt(spent, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("reading the time of thread %s: %w", thread.Name(), err)
		}
		total += time.Duration(n)
	}
	return total, nil
}

// resident is the memory of a process that is not swapped out, in bytes. Pages that
// processes share count for each of them.
func resident(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0, fmt.Errorf("reading the memory of process %d: %q", pid, text)
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize()), err
}
