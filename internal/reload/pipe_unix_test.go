//go:build unix

package reload_test

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A pipe in the file's place must not block the loader.
func TestAPipeInTheFilesPlaceIsRefused(t *testing.T) {
	l, file, _ := watched(t, text("US"))
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(file, 0o600); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := l.Load()
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("error is %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("waits for a writer of the pipe")
	}
	if allows(l) != "[US]" {
		t.Errorf("in force is %s", allows(l))
	}
}
