//go:build !unix

package caddymodule_test

import "testing"

// pipe is a secret in what is not a regular file: here, a folder.
func pipe(t *testing.T) string {
	t.Helper()
	return "{file." + t.TempDir() + "}"
}
