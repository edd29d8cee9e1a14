package app

import (
	"slices"
	"sync"
	"sync/atomic"
)

// running are the apps that have started and have not stopped. Over a reload of the
// configuration there are two for a moment.
//
// Caddy keeps the handlers of a configuration that was replaced for as long as requests
// are in flight that came to them. Their policy and keys are gone, and the client chose
// when its request came: they judge by those that replaced them.
var running runningApps

// generations counts the apps that were provisioned.
var generations atomic.Int64

type runningApps struct {
	mu     sync.Mutex
	apps   []*App
	newest atomic.Pointer[App]
}

func (r *runningApps) begin(a *App) {
	r.change(func() { r.apps = append(r.apps, a) })
}

// end is called as well for an app whose configuration could not be started as a
// whole: the one before it is in force again then.
func (r *runningApps) end(a *App) {
	r.change(func() { r.apps = slices.DeleteFunc(r.apps, func(other *App) bool { return other == a }) })
}

func (r *runningApps) change(do func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	do()
	var newest *App
	for _, a := range r.apps {
		if newest == nil || a.generation > newest.generation {
			newest = a
		}
	}
	r.newest.Store(newest)
	if newest != nil && newest.refusals != nil {
		newest.refusals.takeOver()
	}
	if newest != nil {
		newest.incidents.takeOver(newest)
	}
}

// current is the app that has replaced this one, or this one: before all of its
// configuration has started, and when the server shuts down.
func (a *App) current() *App {
	if newest := running.newest.Load(); newest != nil && newest.generation > a.generation {
		return newest
	}
	return a
}
