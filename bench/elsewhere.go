//go:build !linux

package main

import (
	"fmt"
	"os"
	"runtime"
)

func main() {
	fmt.Fprintf(os.Stderr, "bench: CPU times come from /proc, which %s does not have: run this on Linux\n", runtime.GOOS)
	os.Exit(1)
}
