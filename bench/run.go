//go:build linux

package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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
	list := slices.Concat(scenarios, series())
	if o.short {
		o.pairs, o.block, o.busy = 5, 300*time.Millisecond, 1
		list = short
	}
	names := strings.Split(o.only, ",")
	if slices.Contains(names, "closing") {
		table, err := compareClosing(ctx)
		if err != nil {
			return err
		}
		_, err = os.Stdout.WriteString(table)
		return err
	}
	wanted := func(name string) bool { return o.only == "" || slices.Contains(names, name) }
	list = slices.DeleteFunc(list, func(c scenario) bool { return !wanted(c.name) && !wanted(c.series) })

	r := result{Date: time.Now().Format(time.DateOnly), CPU: processor(), Processors: runtime.NumCPU(), Kernel: kernel(),
		Pairs: o.pairs, Block: o.block.String(), Connections: o.connections, Busy: o.busy}
	if err := r.measure(ctx, o, list); err != nil {
		return err
	}
	if !o.short && wanted("decisions") {
		if r.Decisions, err = decide(ctx); err != nil {
			return err
		}
	}
	if o.json != "" {
		if err := r.write(o.json); err != nil {
			return err
		}
	}
	_, err = os.Stdout.WriteString(r.tables())
	return err
}

// measure measures the scenarios one after the other.
func (r *result) measure(ctx context.Context, o options, list []scenario) (err error) {
	if len(list) == 0 {
		return nil
	}
	dir, err := os.MkdirTemp("", "tollgate-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := bench{options: o, dir: dir, certificate: filepath.Join(dir, "certificate.pem")}
	progress("building")
	if b.programs, err = build(ctx, dir); err != nil {
		return err
	}
	if missing := b.programs.missingOf(list); len(missing) > 0 && o.install {
		if err := install(ctx, missing); err != nil {
			return err
		}
		if b.programs, err = build(ctx, dir); err != nil {
			return err
		}
	} else if len(missing) > 0 {
		progress("skipping what needs the Debian packages %s, which are not installed: -install installs them", strings.Join(missing, ", "))
	}
	r.Versions = b.programs.versions()
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
	for _, c := range list {
		found, err := b.scenario(ctx, c)
		if err != nil {
			return err
		}
		r.Scenarios = append(r.Scenarios, found)
	}
	return nil
}

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
	if output, err := exec.Command("git", "-C", root, "describe", "--always", "--dirty").Output(); err == nil {
		versions["Tollgate"] = strings.TrimSpace(string(output))
	}
	for _, name := range []string{"nginx", "haproxy"} {
		if p[name] == "" {
			continue
		}
		output, err := exec.Command(p[name], "-v").CombinedOutput()
		if line, _, _ := bytes.Cut(output, []byte("\n")); err == nil {
			versions[name] = string(line)
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
