//go:build linux

package main

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// module is what is measured.
const module = "github.com/caddy-tollgate/tollgate"

// run starts everything, measures and cleans up. Tables are not printed before that:
// their reader may hang up.
func run(ctx context.Context, o options) (err error) {
	if o.only == "closing" {
		table, err := compareClosing(ctx)
		if err != nil {
			return err
		}
		_, err = os.Stdout.WriteString(table)
		return err
	}
	list, deciding, err := o.chosen()
	if err != nil {
		return err
	}
	o.announce(list, deciding)
	r := result{circumstances: circumstances{CPU: processor(), Processors: runtime.NumCPU(), Kernel: kernel(),
		Block: o.block.String(), Connections: o.connections, Busy: o.busy}}
	if len(list) > 0 {
		err = r.measure(ctx, o, list)
	} else {
		err = r.resume(o)
	}
	if err != nil {
		return err
	}
	if deciding {
		if r.Decisions, err = decide(ctx); err != nil {
			return err
		}
		if err := r.keep(o); err != nil {
			return err
		}
	}
	_, err = os.Stdout.WriteString(r.tables())
	return err
}

// announce says what takes how long.
func (o options) announce(list []scenario, deciding bool) {
	total := takeAll(list, o)
	if len(list) > 0 {
		total += buildTime
	}
	if deciding {
		total += decideTime
	}
	progress("this takes about %s on a quiet machine", total.Round(time.Second))
	var groups []string
	times := map[string]time.Duration{}
	for _, c := range list {
		if !slices.Contains(groups, c.group()) {
			groups = append(groups, c.group())
		}
		times[c.group()] += c.takes(o)
	}
	for _, name := range groups {
		progress("%8s %s", times[name].Round(time.Second), name)
	}
	if deciding {
		progress("%8s decisions", decideTime)
	}
}

// measure measures the scenarios one after the other.
func (r *result) measure(ctx context.Context, o options, list []scenario) (err error) {
	dir, err := os.MkdirTemp("", "tollgate-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := bench{options: o, origin: now(), dir: dir, certificate: filepath.Join(dir, "certificate.pem")}
	if b.programs, err = prepare(ctx, o, dir, list); err != nil {
		return err
	}
	r.Versions = b.programs.versions()
	if err := r.resume(o); err != nil {
		return err
	}
	if err := writeCertificate(b.certificate); err != nil {
		return err
	}
	if b.upstream, err = startSelf("upstream", "-"+upstreamFlag); err != nil {
		return err
	}
	defer b.upstream.stop()
	if b.secureUpstream, err = startSelf("upstream", "-"+upstreamFlag, "-"+certificateFlag, b.certificate); err != nil {
		return err
	}
	defer b.secureUpstream.stop()
	for n, c := range list {
		progress("%d of %d, %s: %d rounds of %d systems; about %s left", n+1, len(list), c.key(),
			c.rounds(o), len(c.systems), takeAll(list[n:], o).Round(time.Second))
		found, err := b.scenario(ctx, c)
		if err != nil {
			return err
		}
		r.add(found)
		if err := r.keep(o); err != nil {
			return err
		}
	}
	return nil
}

// prepare builds the programs, and installs those that are missing if it may.
func prepare(ctx context.Context, o options, dir string, list []scenario) (programs, error) {
	progress("building")
	found, err := build(ctx, dir)
	if err != nil {
		return nil, err
	}
	missing := found.missingOf(list)
	switch {
	case len(missing) == 0:
		return found, nil
	case !o.install:
		progress("skipping what needs the Debian packages %s, which are not installed: -install installs them", strings.Join(missing, ", "))
		return found, nil
	}
	if err := install(ctx, missing); err != nil {
		return nil, err
	}
	return build(ctx, dir)
}

// versionNumber is the first in what a program says of itself.
var versionNumber = regexp.MustCompile(`\d+\.\d+\.[^\s()]+`)

// versions says what was measured.
func (p programs) versions() map[string]string {
	versions := map[string]string{"Go": runtime.Version()}
	if info, err := buildinfo.ReadFile(p["stock"]); err == nil {
		for _, dependency := range info.Deps {
			if dependency.Path == "github.com/caddyserver/caddy/v2" {
				versions["Caddy"] = dependency.Version
			}
		}
	}
	for _, name := range []string{"nginx", "haproxy"} {
		if p[name] == "" {
			continue
		}
		output, err := exec.Command(p[name], "-v").CombinedOutput()
		if version := versionNumber.Find(output); err == nil && version != nil {
			versions[name] = string(version)
		}
	}
	for _, name := range []string{"libnginx-mod-http-lua", "libnginx-mod-http-js"} {
		output, err := exec.Command("dpkg-query", "-W", "-f", "${Version}", name).Output()
		if err == nil && len(output) > 0 {
			versions[name] = string(output)
		}
	}
	return versions
}

// processor is the model of the CPU.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func kernel() string {
	text, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return fmt.Sprintf("Linux %s", strings.TrimSpace(string(text)))
}
