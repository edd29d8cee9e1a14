//go:build linux

package main

import (
	"os"
	"path/filepath"
)

// root is the root of the repository: the first folder from here upwards that has the
// gate's go.mod.
var root = findRoot()

func findRoot() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	for at := dir; ; at = filepath.Dir(at) {
		if exists(filepath.Join(at, "bench", "root.go")) && exists(filepath.Join(at, "go.mod")) {
			return at
		}
		if at == filepath.Dir(at) {
			return dir
		}
	}
}
