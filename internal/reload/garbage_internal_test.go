package reload

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
)

func TestGarbageIsCollectedMoreOftenOnlyWhileALargeFileIsLoaded(t *testing.T) {
	write := func(size int) string {
		file := filepath.Join(t.TempDir(), "policy.yaml")
		if err := os.WriteFile(file, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	small, large := write(largeFile-1), write(largeFile)
	percent := func() int {
		now := debug.SetGCPercent(100)
		debug.SetGCPercent(now)
		return now
	}
	for _, c := range []struct {
		name         string
		files        []string
		before, want int
	}{
		{"a small file", []string{small}, 100, 100},
		{"no file", []string{""}, 100, 100},
		{"a large file", []string{large}, 100, largeGarbage},
		{"two large files at once", []string{large, large}, 100, largeGarbage},
		{"a large file of an operator who states less", []string{large}, 20, 20},
		{"a large file of an operator who collects no garbage", []string{large}, -1, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer debug.SetGCPercent(debug.SetGCPercent(c.before))
			var ends []func()
			for _, file := range c.files {
				ends = append(ends, spareMemory(file))
			}
			for _, end := range ends {
				if got := percent(); got != c.want {
					t.Errorf("%d percent while a file is loaded, want %d", got, c.want)
				}
				end()
			}
			if got := percent(); got != c.before {
				t.Errorf("%d percent afterwards, want %d", got, c.before)
			}
		})
	}
}
