//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// nginxModules is where Debian keeps the modules of nginx.
const nginxModules = "/usr/lib/nginx/modules"

// programs are the files of the programs that run the configurations, by name.
type programs map[string]string

// build builds Caddy, and Caddy with the gate in it, and finds what is installed.
func build(ctx context.Context, dir string) (programs, error) {
	source := filepath.Join(dir, "main.go")
	text, err := testdata.ReadFile("testdata/servers/caddy.main")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(source, text, 0o600); err != nil {
		return nil, err
	}
	found := programs{}
	for name, main := range map[string]string{"stock": source, "gate": module + "/cmd/tollgate"} {
		found[name] = filepath.Join(dir, name)
		cmd := exec.CommandContext(ctx, "go", "build", "-o", found[name], main)
		cmd.Dir = root
		if output, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building %s: %w\n%s", name, err, output)
		}
	}
	for _, name := range []string{"nginx", "haproxy"} {
		if file, err := exec.LookPath(name); err == nil {
			found[name] = file
		} else if file := "/usr/sbin/" + name; exists(file) { // not in the PATH of all users
			found[name] = file
		}
	}
	return found, nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// missing are the Debian packages that a system needs and that are not installed.
func (p programs) missing(s *system) (packages []string) {
	if p[s.program] == "" {
		packages = append(packages, s.program)
	}
	for file, name := range s.modules {
		if !exists(filepath.Join(nginxModules, file)) {
			packages = append(packages, name)
		}
	}
	slices.Sort(packages)
	return packages
}

// missingOf are the packages that any of the scenarios' systems needs.
func (p programs) missingOf(list []scenario) (packages []string) {
	for _, c := range list {
		for _, name := range c.systems {
			packages = append(packages, p.missing(systemOf(name))...)
		}
	}
	slices.Sort(packages)
	return slices.Compact(packages)
}

// install installs Debian packages. Where the system starts the servers of packages, it
// starts these too, on their own ports.
func install(ctx context.Context, packages []string) error {
	progress("installing %s", strings.Join(packages, " "))
	cmd := exec.CommandContext(ctx, "apt-get", append([]string{"install", "-y", "--no-install-recommends"}, packages...)...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("installing %s: %w\n%s", strings.Join(packages, " "), err, output)
	}
	return nil
}

// run is the command that runs a system's configuration.
func (p programs) run(s *system, config, dir string) []string {
	switch s.program {
	case "nginx":
		return []string{p["nginx"], "-p", dir, "-c", config}
	case "haproxy":
		return []string{p["haproxy"], "-db", "-f", config}
	}
	return []string{p[s.program], "run", "--config", config, "--adapter", "caddyfile"}
}
