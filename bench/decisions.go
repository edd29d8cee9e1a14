//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
)

// decide runs the comparison of libraries, which is a module of its own: what it imports
// is not to be among the modules of the gate.
func decide(ctx context.Context) (*decisions, error) {
	found := decisions{origin: now()}
	progress("decisions of libraries")
	cmd := exec.CommandContext(ctx, "go", "run", ".")
	cmd.Dir = root + "/bench/decision"
	cmd.Stderr = os.Stderr
	output, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("deciding with libraries: %w", err)
	}
	if err := json.Unmarshal(output, &found.List); err != nil {
		return nil, fmt.Errorf("reading the decisions of libraries: %w", err)
	}
	return &found, nil
}
