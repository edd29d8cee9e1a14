package caddymodule_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A disk that fills up takes a line in part. Once there is room again, the next line
// must not be glued to it.
func TestALineThatWasCutByAFullDiskSpoilsNoOther(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=16k"); err != nil {
		t.Skipf("making a small disk: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, syscall.MNT_DETACH) })
	file, filler := filepath.Join(folder, "audit.log"), filepath.Join(folder, "filler")
	// The log's first page has room for a part of a line, and there is no other page.
	page := os.Getpagesize()
	if err := os.WriteFile(file, append(bytes.Repeat([]byte(" "), page-101), '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
	s, metrics, _ := startAudited(t, "audit_log required file "+file+"\n", acmePolicy)
	_ = os.WriteFile(filler, make([]byte, 32*page), 0o600) // as much of it as there is room for
	before := unlogged(t, metrics)
	send := func() int {
		response, _ := s.raw(t, post(messages(acme), messageTo(inUS)))
		return response.StatusCode
	}
	for range 3 {
		if status := send(); status != 503 {
			t.Fatalf("answered %d on a full disk", status)
		}
	}
	if response, _ := s.raw(t, post(messages(acme), messageTo(inUZ))); response.StatusCode != 400 {
		t.Fatalf("a denial is answered %d on a full disk", response.StatusCode)
	}
	if n := unlogged(t, metrics)["refused"] - before["refused"]; n != 4 {
		t.Errorf("%d are counted", n)
	}
	if arrived := s.upstream.take(); len(arrived) != 0 {
		t.Errorf("%d arrived", len(arrived))
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if status := send(); status != 201 {
			t.Fatalf("answered %d once there was room", status)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	if len(lines) != 3 || json.Valid(lines[0]) || !json.Valid(lines[1]) || !json.Valid(lines[2]) {
		t.Errorf("the log is half a line and two whole ones, want\n%s", text)
	}
}
