//go:build linux

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// The kernel takes the end of the thread that started a process for the parent's: main
// keeps to the first thread, which lasts.
func init() { runtime.LockOSThread() }

// options of a run.
type options struct {
	duration time.Duration
	share    float64
	seed     uint64
	forward  string
	race     bool
	isCalm   bool
	isBusy   bool
	json     bool
	profiles string
}

func main() {
	var o options
	flag.DurationVar(&o.duration, "for", 2*time.Minute, "how long the load lasts")
	flag.Float64Var(&o.share, "share", 0.7, "share of the capacity, which is found first")
	flag.Uint64Var(&o.seed, "seed", rand.Uint64N(1_000_000), "from which everything random follows")
	flag.StringVar(&o.forward, "forward", "", "directive to forward by, reverse_proxy or tollgate_forward (default: that of the shipped Caddyfile)")
	flag.BoolVar(&o.race, "race", false, "build the gate with the race detector")
	flag.BoolVar(&o.isCalm, "calm", false, "let nothing go wrong")
	flag.BoolVar(&o.isBusy, "busy", false, "for a machine that others use: fail for what must never happen, and only show what time and memory decide")
	flag.BoolVar(&o.json, "json", false, "print the report as JSON")
	flag.StringVar(&o.profiles, "profiles", "", "folder for heap profiles of the gate at rest, before.pb.gz and after.pb.gz")
	flag.Parse()
	if flag.NArg() > 0 || o.duration < time.Second || o.share <= 0 || o.share > 1 {
		fmt.Fprintln(os.Stderr, "soak: see -help for the options")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	result, err := run(ctx, o)
	stop()
	if err == nil {
		if o.json {
			err = result.writeJSON(os.Stdout)
		} else {
			result.writeText(os.Stdout)
		}
	}
	if err == nil {
		if n := result.failed(o.isBusy); n > 0 {
			err = fmt.Errorf("%d checks do not hold (-seed %d)", n, o.seed)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func progress(format string, arguments ...any) { fmt.Fprintf(os.Stderr, format+"\n", arguments...) }

// run starts everything, puts it under load and checks what came of it.
func run(ctx context.Context, o options) (_ *result, err error) {
	dir, err := os.MkdirTemp("", "tollgate-soak-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	progress("building the gate; -seed %d", o.seed)
	binary, err := build(ctx, dir, o.race)
	if err != nil {
		return nil, err
	}
	s := soak{options: o, plan: &plan{seed: o.seed}, ledger: new(ledger), report: new(report), swaps: new(swaps)}
	s.carrier = &carrier{plan: s.plan, ledger: s.ledger, report: s.report}
	settings := settings{dir: dir, forward: o.forward}
	if settings.carrier, err = s.carrier.start(); err != nil {
		return nil, err
	}
	defer s.carrier.stop()
	for i := range settings.addresses {
		if settings.addresses[i], err = freeAddress(); err != nil {
			return nil, err
		}
	}
	if s.plan.keys, err = issueKeys(ctx, binary, settings.keys()); err != nil {
		return nil, err
	}
	if err := s.swaps.write(filepath.Join(dir, "policy.yaml"), false); err != nil {
		return nil, err
	}
	log := accessLog{plan: s.plan, ledger: s.ledger, report: s.report}
	if s.gate, err = startGate(ctx, binary, settings, log.read); err != nil {
		if s.gate != nil {
			_ = s.gate.stop()
		}
		return nil, fmt.Errorf("%w\n%s", err, strings.Join(slices.Collect(maps.Keys(s.report.notes)), "\n"))
	}
	result := s.run(ctx)
	if err := s.gate.stop(); err != nil {
		s.report.fail(checkGate, "ending: %v", err)
	}
	result.take(s.report)
	return result, ctx.Err()
}

// soak is a run.
type soak struct {
	options
	plan    *plan
	ledger  *ledger
	report  *report
	swaps   *swaps
	carrier *carrier
	gate    *gate
}

// calibration is how long the capacity is measured.
const calibration = 5 * time.Second

// run puts the gate under load until the time is over.
func (s *soak) run(ctx context.Context) *result {
	l := newLoad()
	l.plan, l.ledger, l.swaps, l.report = s.plan, s.ledger, s.swaps, s.report
	l.addresses = s.gate.addresses
	l.calibrate(ctx, time.Second) // warms everything up
	capacity := l.calibrate(ctx, calibration)
	r := &result{Seed: s.seed, Forward: s.gate.forward, Race: s.race, Capacity: capacity, Rate: s.share * capacity}
	progress("%.0f requests a second are all; sending %.0f a second for %v", capacity, r.Rate, s.duration)

	if s.isCalm {
		s.plan.calm.Store(^uint32(0))
	}
	before := s.gate.rest(ctx, s.report, 4, func([]int64) bool { return false })
	s.profile(ctx, "before")
	s.carrier.restless = !s.isCalm
	began := time.Now()
	loaded, cancel := context.WithTimeout(ctx, s.duration)
	defer cancel()
	var beside sync.WaitGroup
	if !s.isCalm {
		beside.Go(func() { s.gate.reload(loaded, s.report) })
		beside.Go(func() { s.swaps.run(loaded, s.gate, s.report) })
	}
	var taken samples
	beside.Go(func() { taken = s.gate.sample(loaded, s.report) })
	l.run(loaded, r.Rate)
	beside.Wait()
	r.Seconds = time.Since(began).Seconds()
	s.awaitLog()
	// What hangs is given up within the grace period of a configuration.
	l.http2.CloseIdleConnections()
	after := s.gate.rest(ctx, s.report, 40, func(least []int64) bool { return isAtRest(before, least, nil) })
	isAtRest(before, after, s.report)
	s.profile(ctx, "after")

	r.Counts = append(s.settle(),
		count{"requests that were not sent, since all clients were busy", l.skipped.Load()},
		count{"configurations loaded", int64(len(s.gate.reloads))},
		count{"policies in force", int64(len(s.swaps.versions))},
		count{"requests for which only one verdict was right, by the policies then in force", int64(s.swaps.check(s.report))})
	r.Steady = taken.steady(before, after, s.report)
	return r
}

// profile writes a heap profile of the gate, if there is a folder for it. What holds the
// memory that a run left in use is shown by: go tool pprof -base before.pb.gz after.pb.gz
func (s *soak) profile(ctx context.Context, name string) {
	if s.profiles == "" {
		return
	}
	profile, err := s.gate.ask(ctx, http.MethodGet, "/debug/pprof/heap?gc=1", nil)
	if err == nil {
		err = os.MkdirAll(s.profiles, 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(s.profiles, name+".pb.gz"), profile, 0o600)
	}
	if err != nil {
		s.report.fail(checkGate, "writing a heap profile: %v", err)
	}
}

// awaitLog waits until the log has caught up: until each request has its line, or none has
// come for a while.
func (s *soak) awaitLog() {
	for last, since := -1, time.Now(); time.Since(since) < 10*time.Second; time.Sleep(50 * time.Millisecond) {
		missing := s.ledger.unlogged()
		if missing == 0 {
			return
		}
		if missing != last {
			last, since = missing, time.Now()
		}
	}
}

// freeAddress is a loopback address that nothing listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
