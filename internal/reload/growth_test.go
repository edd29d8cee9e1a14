package reload_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// growthFile names the policy file that TestLoadInProcess loads.
const growthFile = "TOLLGATE_TEST_GROWTH_FILE"

// BenchmarkLoadGrowth loads policy files of more and more accounts, each in a process of its
// own: the time until the policy is in force, the most memory that the process had (Linux
// counts it), and the heap that stays.
func BenchmarkLoadGrowth(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		text := growthPolicy(n)
		for _, spelling := range []struct {
			name, file string
			text       func() []byte
		}{
			{"YAML", "policy.yaml", func() []byte { return text }},
			{"JSON", "policy.json", func() []byte { return inJSON(b, text) }},
		} {
			b.Run(fmt.Sprintf("%s/accounts=%d", spelling.name, n), func(b *testing.B) {
				file := filepath.Join(b.TempDir(), spelling.file)
				if err := os.WriteFile(file, spelling.text(), 0o600); err != nil {
					b.Fatal(err)
				}
				var took, peak, live float64
				for b.Loop() {
					command := exec.Command(os.Args[0], "-test.run", "^TestLoadInProcess$", "-test.v")
					command.Env = append(os.Environ(), growthFile+"="+file)
					output, err := command.CombinedOutput()
					if err != nil {
						b.Fatalf("%v\n%s", err, output)
					}
					line := output[max(bytes.Index(output, []byte("figures:")), 0):]
					if _, err := fmt.Sscanf(string(line), "figures: %g %g %g", &took, &peak, &live); err != nil {
						b.Fatalf("%v\n%s", err, output)
					}
				}
				b.ReportMetric(took, "load-ms")
				b.ReportMetric(peak, "peak-MB")
				b.ReportMetric(live*1e6/float64(n), "live-B/account")
			})
		}
	}
}

// TestLoadInProcess is the process that BenchmarkLoadGrowth starts.
func TestLoadInProcess(t *testing.T) {
	file := os.Getenv(growthFile)
	if file == "" {
		t.Skip("BenchmarkLoadGrowth runs this")
	}
	before := heapInUse()
	began := time.Now()
	l, err := reload.NewLoader(reload.Resolver{Replace: replace, Carriers: configtest.AsWritten}, file, config.Document{}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Load(); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	fmt.Printf("figures: %d %.1f %.3f\n", took.Milliseconds(), peakMB(), (heapInUse()-before)/1e6)
	runtime.KeepAlive(l)
}

// heapInUse is the heap in use in bytes after all garbage is collected.
func heapInUse() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// peakMB is the most memory that the process has had, 0 where the system does not say.
func peakMB() (peak float64) {
	status, _ := os.ReadFile("/proc/self/status")
	if _, after, ok := strings.Cut(string(status), "VmHWM:"); ok {
		_, _ = fmt.Sscan(after, &peak)
	}
	return peak / 1e3
}

// growthPolicy is a policy file in YAML of about 130 bytes an account. Each has a messaging
// and a voice set, some a label, keys, rules or a parent.
func growthPolicy(n int) []byte {
	var text bytes.Buffer
	text.WriteString("version: 1\naccounts:\n")
	sid := func(prefix string, i int) string {
		return fmt.Sprintf("%s%032x", prefix, uint64(i+1)*0x9E3779B97F4A7C15)
	}
	for i := range n {
		fmt.Fprintf(&text, "  - id: %s\n    messaging: [US, %s]\n    voice: {low_risk: [US]}\n", sid("AC", i), []string{"CA", "GB", "DE", "MX"}[i%4])
		switch i % 10 {
		case 1:
			fmt.Fprintf(&text, "    label: Customer %d\n", i)
		case 2:
			fmt.Fprintf(&text, "    keys: [%s]\n", sid("SK", i))
		case 3:
			fmt.Fprintf(&text, "    prefixes:\n      - {block: \"+1900%07d\", reason: pumping}\n", i)
		case 4:
			fmt.Fprintf(&text, "    parent: %s\n", sid("AC", i-4))
		}
	}
	return text.Bytes()
}

// inJSON is the same policy file in JSON.
func inJSON(b *testing.B, text []byte) []byte {
	source, err := config.ParseFile("policy.yaml", text)
	if err != nil {
		b.Fatal(err)
	}
	document, err := json.Marshal(&source.Document)
	if err != nil {
		b.Fatal(err)
	}
	return append([]byte(`{"version":1,`), document[1:]...)
}
