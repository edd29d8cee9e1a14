package command_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// written is what a process has written so far.
type written struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *written) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(text)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

func TestChangesArePrintedAsTheyCome(t *testing.T) {
	in := folder(t)
	admin := runGate(t, in, "")
	put := func(account, reason string) {
		t.Helper()
		text := "version: 1\naccounts: [{id: " + account + ", label: " + reason + ", messaging: [US]}]\n"
		if status, output, complaint := ask(t, in, text, "account", "put", "--reason", reason, "-", "--address", admin); status != 0 {
			t.Fatal(output, complaint)
		}
	}
	put(acme, "before")
	var output, complaint, others written
	tail := exec.Command(program(t), "audit", "tail", "--json", "--address", admin)
	tail.Stdout, tail.Stderr = &output, &complaint
	deleted := exec.Command(program(t), "audit", "tail", "--action", "account.delete", "--address", admin)
	deleted.Stdout, deleted.Stderr = &others, &complaint
	for _, command := range []*exec.Cmd{tail, deleted} {
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		defer command.Process.Kill()
	}
	// It may begin at any time: changes come until one is printed.
	for i := 0; !strings.Contains(output.String(), "after"); i++ {
		if i == 200 {
			t.Fatalf("nothing is printed: %s", &complaint)
		}
		put(acme, fmt.Sprint("after ", i)) // another label each time, so that each is a change
	}
	put("AC33333333333333333333333333333333", "the last")
	harness.Await(t, "the last change", func() bool { return strings.Contains(output.String(), "the last") })
	for i := 0; !strings.Contains(others.String(), "account.delete"); i++ {
		if i == 200 {
			t.Fatalf("no account that is deleted is printed: %s", &complaint)
		}
		put(acme, fmt.Sprint("once more ", i))
		ask(t, in, "", "account", "delete", acme, "--reason", "over", "--address", admin)
	}
	if strings.Contains(others.String(), "account.put") {
		t.Errorf("changes that were not selected are printed: %s", &others)
	}
	if err := tail.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := tail.Wait(); err != nil {
		t.Errorf("interrupted, it ends with %v: %s", err, &complaint)
	}
	seen := make(map[int]bool)
	for line := range strings.Lines(output.String()) {
		var r struct {
			Index  int
			Reason string
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil || r.Reason == "before" || seen[r.Index] {
			t.Errorf("it prints %s, %v", line, err)
		}
		seen[r.Index] = true
	}
}

func TestWhatSelectsChangesDoesNotSelectRefusals(t *testing.T) {
	if status, output, complaint := ask(t, folder(t), "", "audit", "tail", "--refusals", "--actor", "bob"); status == 0 || !strings.Contains(complaint, "leave --refusals out") {
		t.Errorf("%d %s %s", status, output, complaint)
	}
}
