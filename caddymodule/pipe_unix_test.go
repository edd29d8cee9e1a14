//go:build unix

package caddymodule_test

import (
	"path/filepath"
	"syscall"
	"testing"
)

// pipe is a secret in a pipe that no process writes into.
func pipe(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	return "{file." + name + "}"
}
