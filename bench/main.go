//go:build linux

package main

import (
	"context"
	"debug/buildinfo"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

func init() { runtime.LockOSThread() } // see command

// The variants that are measured. Those that are compared stand next to each
// other, since a machine changes over time.
var variants = []*variant{
	{name: "stock bare", status: http.StatusCreated, site: bareForward},
	{name: "gate", status: http.StatusCreated, site: gateForward, policy: permitUS},
	{name: "stock", status: http.StatusCreated, site: stockForward},
	{name: "stock again", status: http.StatusCreated, site: stockForward},
	{name: "stock logged", status: http.StatusCreated, site: stockLog + stockForward},
	{name: "gate logged", status: http.StatusCreated, site: gateLog + gateForward, policy: permitUS},
	{name: "stock refusing", status: http.StatusBadRequest, site: refusal},
	{name: "gate refusing", status: http.StatusBadRequest, site: gateForward, policy: permitGB},
}

// comparisons of one variant with another, by name; the control comes first.
var comparisons = []struct{ name, base, compared string }{
	{"Control: stock `reverse_proxy` against another process of the same", "stock", "stock again"},
	{"Allowed and forwarded", "stock", "gate"},
	{"Allowed and forwarded, access log on both sides", "stock logged", "gate logged"},
	{"Allowed and forwarded, against a `reverse_proxy` without options", "stock bare", "gate"},
	{"Refused, against `respond` with a static body", "stock refusing", "gate refusing"},
}

// options of a run.
type options struct {
	pairs       int
	block       time.Duration
	connections int
	numbers     int
	busy        float64
}

func main() {
	var o options
	flag.IntVar(&o.pairs, "pairs", 12, "pairs of blocks for each comparison")
	flag.DurationVar(&o.block, "block", 2*time.Second, "length of a block, from 100ms to 10s")
	flag.IntVar(&o.connections, "connections", 32, "connections to the server, from 1 to 1000")
	flag.IntVar(&o.numbers, "numbers", fictional, "numbers to send to")
	flag.Float64Var(&o.busy, "busy", 0.05, "share of the machine that other processes may use in a block that counts")
	upstream := flag.Bool(upstreamFlag, false, "be the upstream (this is how bench starts it)")
	flag.Parse()

	err := errors.New("see -help for the options")
	switch {
	case flag.NArg() > 0 || o.pairs < 1 || o.pairs > 1000 || o.connections < 1 || o.connections > 1000 ||
		o.block < 100*time.Millisecond || o.block > 10*time.Second || o.numbers < 1 || o.numbers > maxDestinations:
	case *upstream:
		err = serveUpstream()
	default:
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		var report string
		report, err = run(ctx, o)
		stop()
		fmt.Print(report)
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run starts everything, measures and cleans up. The report is not printed
// before that: its reader may hang up.
func run(ctx context.Context, o options) (report string, err error) {
	limit := 2*time.Minute + time.Duration(2*(o.pairs+1)*len(variants))*o.block
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()

	dir, err := os.MkdirTemp("", "tollgate-bench-")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	progress("building")
	binary, err := build(ctx, dir)
	if err != nil {
		return "", err
	}

	var processes []*process
	defer func() {
		for _, p := range processes {
			p.stop()
		}
	}()
	upstream, err := startUpstream()
	if err != nil {
		return "", err
	}
	processes = append(processes, upstream)
	b := bench{options: o, requests: messageRequests(o.numbers), servers: map[*variant]*process{}, pids: []int{os.Getpid(), upstream.pid()}}
	for _, v := range variants {
		server, err := startCaddy(ctx, binary, dir, upstream.address, v)
		if err != nil {
			return "", err
		}
		processes = append(processes, server)
		b.servers[v] = server
		b.pids = append(b.pids, server.pid())
	}

	rows, err := b.measure(ctx)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	writeTable(&text, rows)
	fmt.Fprintf(&text, "\n%s, %d processors, %d connections, blocks of %v in turn, requests to %d numbers; "+
		"median and quartiles of the ratios of pairs in which other processes used at most %.0f%% of the machine.\n",
		versions(binary), runtime.NumCPU(), o.connections, o.block, len(b.requests), 100*o.busy)
	for _, caution := range cautions(rows) {
		fmt.Fprintf(&text, "\n**%s**\n", caution)
	}
	return text.String(), nil
}

// versions says what was measured.
func versions(binary string) string {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return runtime.Version()
	}
	text := info.GoVersion
	for _, module := range info.Deps {
		if module.Path == "github.com/caddyserver/caddy/v2" {
			text = "Caddy " + module.Version + ", " + text
		}
	}
	return text
}

func progress(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
}

// bench is everything that is needed to measure.
type bench struct {
	options
	requests [][]byte
	servers  map[*variant]*process
	pids     []int // of all our processes
}

// measure lets all servers work in turn, over and over, and compares them.
func (b *bench) measure(ctx context.Context) ([]*row, error) {
	progress("warming up")
	for _, v := range variants {
		if _, err := b.block(ctx, v, min(time.Second, b.options.block)); err != nil {
			return nil, err
		}
	}
	rows := make([]*row, len(comparisons))
	for i, c := range comparisons {
		rows[i] = &row{name: c.name}
	}
	order := slices.Clone(variants)
	for pair := range b.pairs {
		blocks := map[string]block{}
		for _, v := range order {
			result, err := b.block(ctx, v, b.options.block)
			if err != nil {
				return nil, err
			}
			blocks[v.name] = result
			progress("%3d/%d %-15s %7d requests %7.1f µs/request, others %4.1f%%",
				pair+1, b.pairs, v.name, result.requests, micros(result.perRequest()), 100*result.others)
		}
		for i, c := range comparisons {
			rows[i].add(blocks[c.base], blocks[c.compared], b.busy)
		}
		// Neither side of a pair is always the first.
		slices.Reverse(order)
	}
	return rows, nil
}

// block lets one server work for a while and measures it.
func (b *bench) block(ctx context.Context, v *variant, duration time.Duration) (block, error) {
	fail := func(err error) (block, error) { return block{}, fmt.Errorf("measuring %q: %w", v.name, err) }
	server := b.servers[v]
	l, err := dial(server.address, b.connections, b.requests, &server.sent, v.status)
	if err != nil {
		return fail(err)
	}
	defer l.close()
	// New connections cost more than those in use.
	if _, err := l.run(ctx, 50*time.Millisecond); err != nil {
		return fail(err)
	}
	before, err := readUsage(server.pid(), b.pids)
	if err != nil {
		return fail(err)
	}
	requests, err := l.run(ctx, duration)
	if err != nil {
		return fail(err)
	}
	after, err := readUsage(server.pid(), b.pids)
	if err != nil {
		return fail(err)
	}
	if ctx.Err() != nil { // cut short
		return fail(ctx.Err())
	}
	return block{requests, after.server - before.server, others(before, after, runtime.NumCPU())}, nil
}
