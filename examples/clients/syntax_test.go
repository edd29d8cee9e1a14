package clients_test

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// The libraries of these languages cannot be had here, so their programs are
// only parsed.
func TestProgramsThatCannotRunHereParse(t *testing.T) {
	for pattern, parser := range map[string][]string{
		"ruby/*.rb": {"ruby", "-wc"},
		"php/*.php": {"php", "-l"},
	} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			t.Run(file, func(t *testing.T) {
				if _, err := exec.LookPath(parser[0]); err != nil {
					without(t, parser[0])
				}
				if output, err := exec.Command(parser[0], append(parser[1:], file)...).CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, output)
				}
			})
		}
	}
}
