package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }

func TestTheProgramHoldsABallastUnlessAnOperatorSetTheCollector(t *testing.T) {
	if allowed, err := memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem)(); err == nil && allowed < leastMemory {
		t.Skip("there is too little memory for a ballast")
	}
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		t.Setenv(name, "") // has it restored
		os.Unsetenv(name)
	}
	for _, c := range []struct {
		name, set string
		want      bool
	}{
		{"by default", "TZ=UTC", true},
		{"with GOGC", "GOGC=100", false},
		{"with GOMEMLIMIT", "GOMEMLIMIT=1GiB", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			heap := heapOf(t, c.set)
			if got := heap >= ballastSize; got != c.want {
				t.Errorf("a heap of %d bytes", heap)
			}
		})
	}
}

// heapOf is the size of the heap of the program with a variable in its environment, in
// bytes.
func heapOf(t *testing.T, variable string) int {
	t.Helper()
	admin := harness.FreeAddress(t)
	caddyfile := filepath.Join(t.TempDir(), "Caddyfile")
	text := fmt.Sprintf("{\n\tadmin %s\n\tpersist_config off\n}\n", admin)
	if err := os.WriteFile(caddyfile, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(harness.Build(t, "cmd/tollgate"), "run", "--config", caddyfile)
	command.Env = append(os.Environ(), variable)
	harness.Start(t, command).AwaitListening(t, admin)
	response, err := http.Get("http://" + admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	metrics, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	match := heapMetric.FindSubmatch(metrics)
	if match == nil {
		t.Fatalf("no size of the heap in\n%s", metrics)
	}
	size, err := strconv.ParseFloat(string(match[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return int(size)
}

var heapMetric = regexp.MustCompile(`(?m)^go_memstats_heap_alloc_bytes (\S+)$`)
