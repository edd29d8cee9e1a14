//go:build linux

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

func init() { runtime.LockOSThread() } // see command

// options of a run.
type options struct {
	pairs       int
	block       time.Duration
	connections int
	busy        float64
	short       bool
	install     bool
	only        string
	json        string
}

// Results that are kept, from the root of the repository.
const keptResults = "bench/results.json"

// defaults are the options of a run that is to be quoted.
var defaults = options{pairs: 24, block: 300 * time.Millisecond, connections: 32, busy: 0.05}

func main() {
	o := defaults
	flag.IntVar(&o.pairs, "pairs", o.pairs, "rounds of the first two scenarios; the others have two thirds, points of series half as many")
	flag.DurationVar(&o.block, "block", o.block, "length of a block, from 100ms to 10s")
	flag.IntVar(&o.connections, "connections", o.connections, "connections to the server, from 1 to 1000")
	flag.Float64Var(&o.busy, "busy", o.busy, "share of the machine that other processes may use in a block that counts")
	flag.BoolVar(&o.short, "short", false, "stock Caddy and the gate alone, 5 rounds however busy the machine is; fails only where an answer is wrong")
	flag.BoolVar(&o.install, "install", false, "install the Debian packages that are missing")
	flag.StringVar(&o.only, "only", "", "`names` of scenarios and series, with commas between; \"decisions\" is one; -json keeps what the file has of the others; \"closing\" runs by itself")
	flag.StringVar(&o.json, "json", "", "`file` to write all figures into; those that the documentation shows are in "+keptResults)
	write := flag.String("write", "", "\"docs\": do not measure; write docs/performance.md from "+keptResults)
	upstream := flag.Bool(upstreamFlag, false, "be the upstream (this is how bench starts it)")
	authorizer := flag.Bool(authorizerFlag, false, "be the authorizer of forward_auth")
	certificate := flag.String(certificateFlag, "", "`file` of the upstream's certificate")
	flag.Parse()
	if o.short {
		o.shorten()
	}

	err := errors.New("see -help for the options")
	switch {
	case o.short && (o.json != "" || o.install):
		err = errors.New("measuring: what -short measures is not worth keeping, and it needs nothing installed: leave -json and -install out")
	case flag.NArg() > 0 || o.pairs < 1 || o.pairs > 1000 || o.connections < 1 || o.connections > 1000 ||
		o.block < 100*time.Millisecond || o.block > 10*time.Second || *write != "" && *write != "docs":
	case *upstream:
		err = serveUpstream(*certificate)
	case *authorizer:
		err = serveAuthorizer()
	case *write == "docs":
		err = writeDocs()
	default:
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		if err = run(ctx, o); ctx.Err() != nil {
			err = errors.New("interrupted") // and not what became of it
		}
		stop()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// shorten sets what was not given as flags: a few rounds, of which all count.
func (o *options) shorten() {
	given := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if !given["pairs"] {
		o.pairs = 5
	}
	if !given["busy"] {
		o.busy = 1
	}
}

func progress(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
}
