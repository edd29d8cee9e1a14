//go:build linux

package main

import (
	"os"
	"testing"
	"time"
)

func sample(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestParseProcessTimes(t *testing.T) {
	got, err := parseProcessTimes(sample(t, "pid_stat"))
	want := times{parent: 4700, own: 18 * time.Second, children: 870 * time.Millisecond}
	if got != want || err != nil {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	for _, text := range []string{"", "1 (a", "1 (a) S 0 1 2", "1 (a) S x 1 1 0 -1 0 0 0 0 0 x 1 1 1"} {
		if got, err := parseProcessTimes([]byte(text)); err == nil {
			t.Errorf("%q: got %+v and no error", text, got)
		}
	}
}

func TestParseMachine(t *testing.T) {
	got, err := parseMachine(string(sample(t, "stat")))
	want := machine{processes: (107557 + 12 + 12397) * tick, stolen: 86 * tick}
	if got != want || err != nil {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	for _, text := range []string{"", "cpu 1 2 3\n", "cpu0 1 2 3 4 5 6 7 8\n", "cpu 1 2 x 4 5 6 7 8\n"} {
		if got, err := parseMachine(text); err == nil {
			t.Errorf("%q: got %+v and no error", text, got)
		}
	}
}

func TestOthers(t *testing.T) {
	start := time.Now()
	from := usage{at: start}
	for _, c := range []struct {
		name string
		to   usage
		want float64
	}{
		{"no one but us", usage{ours: 3 * time.Second, machine: machine{processes: 3 * time.Second}}, 0},
		{"interrupts are charged to us", usage{ours: 3 * time.Second, machine: machine{processes: 2 * time.Second}}, 0},
		{"others that cannot be seen", usage{ours: time.Second, machine: machine{processes: 2 * time.Second}}, 0.25},
		{"others that can be seen", usage{ours: time.Second, others: time.Second, machine: machine{processes: time.Second}}, 0.25},
		{"another guest", usage{machine: machine{stolen: 2 * time.Second}}, 0.5},
	} {
		c.to.at = start.Add(2 * time.Second)
		if got := others(from, c.to, 2); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestReadUsage(t *testing.T) {
	self := os.Getpid()
	from, err := readUsage([][]int{{self}}, []int{self})
	if err != nil {
		t.Fatal(err)
	}
	for start := time.Now(); time.Since(start) < 20*time.Second; { // busy machines give little
		if now, err := processTimes(self); err != nil || now.own-from.ours >= 2*tick {
			break
		}
	}
	to, err := readUsage([][]int{{self}}, []int{self})
	if err != nil {
		t.Fatal(err)
	}
	if to.servers[0] <= from.servers[0] || to.ours-from.ours < tick || to.machine.processes == 0 {
		t.Errorf("before %+v, after %+v", from, to)
	}
}
