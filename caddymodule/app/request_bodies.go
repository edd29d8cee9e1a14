package app

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/dustin/go-humanize"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/time/rate"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// RequestBodies says for how long, and in how much memory, request bodies are held while
// they are judged.
type RequestBodies struct {
	// How long to wait for a body that is to be judged. A late one is answered 408.
	// Default: `10s`.
	Timeout string `json:"timeout,omitempty"`

	// How much memory the bodies of all requests in flight may use, without the first 16
	// KiB of each. Beyond that, requests are answered 503. Default: `64MiB`.
	Memory string `json:"memory,omitempty"`
}

const (
	defaultBodyTimeout = 10 * time.Second
	defaultBodyMemory  = 64 << 20
	// leastBodyMemory is what the largest body takes that is ever held.
	leastBodyMemory = 4 << 20
)

// readBodyTimeout reads a time; none is the default.
func readBodyTimeout(text string) (time.Duration, error) {
	if text == "" {
		return defaultBodyTimeout, nil
	}
	timeout, err := caddy.ParseDuration(text)
	if err != nil || timeout <= 0 {
		return 0, fmt.Errorf("timeout %q is not a time to wait: write one such as 10s", text)
	}
	return timeout, nil
}

// readBodyMemory reads a size; none is the default.
func readBodyMemory(text string) (int64, error) {
	if text == "" {
		return defaultBodyMemory, nil
	}
	memory, err := humanize.ParseBytes(text)
	if err != nil || memory < leastBodyMemory || memory > math.MaxInt64 {
		return 0, fmt.Errorf("memory %q is not a size of %s or more, which one request may need: "+
			"write one such as 64MiB", text, humanize.IBytes(leastBodyMemory))
	}
	return int64(memory), nil
}

// heldBodies counts for the whole process: the requests of a configuration that was
// replaced take memory, too.
var heldBodies gate.Budget

var bodyMemory = prometheus.NewGaugeFunc(prometheus.GaugeOpts{
	Namespace: telemetry.Namespace,
	Subsystem: telemetry.Subsystem,
	Name:      "held_bytes",
	Help:      "Memory that the bodies of requests in flight use, without the first 16 KiB of each.",
}, func() float64 { return float64(heldBodies.Held()) })

// check finds mistakes that show before placeholders are resolved.
func (b *RequestBodies) check() error {
	shown := *b
	for _, text := range []*string{&shown.Timeout, &shown.Memory} {
		if placeholder.Is(*text) {
			*text = ""
		}
	}
	_, err := shown.bounds()
	return err
}

// provision makes the settings ready for use, with their defaults.
func (b *RequestBodies) provision() (gate.Bounds, error) {
	var stated RequestBodies
	if b != nil {
		stated = *b
	}
	for _, text := range []*string{&stated.Timeout, &stated.Memory} {
		var err error
		if *text, err = placeholder.Replace(*text); err != nil {
			return gate.Bounds{}, err
		}
	}
	return stated.bounds()
}

func (b *RequestBodies) bounds() (gate.Bounds, error) {
	timeout, wrongTimeout := readBodyTimeout(b.Timeout)
	memory, wrongMemory := readBodyMemory(b.Memory)
	return gate.Bounds{Timeout: timeout, Memory: memory, Budget: &heldBodies}, errors.Join(wrongTimeout, wrongMemory)
}

// repeatRate is how often it is logged why many requests are not forwarded.
var repeatRate = rate.Every(10 * time.Second)
