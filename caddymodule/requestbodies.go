package caddymodule

import (
	"errors"
	"fmt"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/dustin/go-humanize"
	"go.uber.org/zap"
	"golang.org/x/time/rate"

	"github.com/caddy-tollgate/tollgate/gate"
)

// RequestBodies says for how long, and with how much memory, request bodies are held
// that are to be judged.
type RequestBodies struct {
	// Within what time a body must be there that is to be judged. What comes too late
	// is answered 408. Default: `10s`.
	Timeout caddy.Duration `json:"timeout,omitempty"`

	// How many bytes the bodies of all requests may take that are in flight, without
	// the first 16 KiB of each. Beyond that, requests are answered 503. Default:
	// 67108864 (64 MiB).
	Memory int64 `json:"memory,omitempty"`
}

const (
	defaultBodyTimeout = 10 * time.Second
	defaultBodyMemory  = 64 << 20
	// leastBodyMemory is what the largest body takes that is ever held.
	leastBodyMemory = 4 << 20
)

var (
	errBodyTimeout = errors.New("timeout must be positive, such as 10s")
	errBodyMemory  = fmt.Errorf("memory must be at least %s, what one request may need", humanize.IBytes(leastBodyMemory))
)

// check finds what is wrong with the settings. Zero is the default.
func (b *RequestBodies) check() error {
	switch {
	case b.Timeout < 0:
		return errBodyTimeout
	case b.Memory != 0 && b.Memory < leastBodyMemory:
		return errBodyMemory
	}
	return nil
}

// heldBodies counts for the whole process: the requests of a configuration that was
// replaced take memory, too.
var heldBodies gate.Budget

// provision makes the settings ready for use, with their defaults.
func (b *RequestBodies) provision() (gate.Bounds, error) {
	bounds := gate.Bounds{Timeout: defaultBodyTimeout, Memory: defaultBodyMemory, Budget: &heldBodies}
	if b == nil {
		return bounds, nil
	}
	if b.Timeout != 0 {
		bounds.Timeout = time.Duration(b.Timeout)
	}
	if b.Memory != 0 {
		bounds.Memory = b.Memory
	}
	return bounds, b.check()
}

// fullRate is how often it is logged that requests are refused for want of memory.
var fullRate = rate.Every(10 * time.Second)

// tellFull logs that a request was refused because there was no memory to hold its
// body, unless that was logged of late.
func (a *App) tellFull() {
	if a.full.Allow() {
		a.ctx.Logger().Warn("request bodies take all the memory that they may: requests with a long body are answered 503",
			zap.Int64("held", heldBodies.Held()),
			zap.Int64("memory", a.bounds.Memory))
	}
}
