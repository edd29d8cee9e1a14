package app

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"
)

// A change of mode turns enforcement on or off, and may come without a change of the
// policy file: a request to Caddy's admin endpoint is enough.
const (
	modeChanged = "mode_changed"
	modeOff     = "off"
)

// mode is a setting that decides whether denials are enforced, or whether what is sent must
// be logged. It is the operator's, or an account's.
type mode struct{ name, account string }

// modes are the states of all modes that are not off at a time.
func (a *App) modes(now time.Time) map[mode]string {
	snapshot := a.loader.Current().Snapshot
	modes := make(map[mode]string)
	if snapshot.Observe(now) {
		modes[mode{"observe", ""}] = "on"
	}
	for _, account := range snapshot.Monitored(now) {
		modes[mode{"monitor", account}] = "on"
	}
	if a.AuditLog != nil {
		modes[mode{"audit_log", ""}] = "on"
		if a.AuditLog.Required {
			modes[mode{"audit_log", ""}] = "required"
		}
	}
	return modes
}

// announcedModes are the modes as the log has them.
type announcedModes struct {
	sync.Mutex
	modes map[mode]string
}

// modeChange is a mode that is another than before.
type modeChange struct {
	mode
	before, after string
}

// change replaces the modes, and returns what differs, sorted.
func (a *announcedModes) change(now map[mode]string) (changes []modeChange) {
	a.Lock()
	defer a.Unlock()
	all := maps.Clone(now)
	maps.Copy(all, a.modes)
	for m := range all {
		change := modeChange{m, cmp.Or(a.modes[m], modeOff), cmp.Or(now[m], modeOff)}
		if change.before != change.after {
			changes = append(changes, change)
		}
	}
	a.modes = now
	slices.SortFunc(changes, func(a, b modeChange) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.account, b.account))
	})
	return changes
}

// inheritAnnounced has the app announce only what the configuration that it replaces has
// not. It must be called before the app is the one that runs.
func (a *App) inheritAnnounced() {
	if before := running.newest.Load(); before != nil {
		a.announced.change(before.modes(time.Now()))
		a.deadlines.inherit(before.deadlines)
	}
}

// announceModes logs every mode that has changed since the last call, and emits an event
// for it.
func (a *App) announceModes() {
	revision := a.loader.Current().Snapshot.Revision()
	for _, change := range a.announced.change(a.modes(time.Now())) {
		a.ctx.Logger().Warn("mode changed",
			zap.String("mode", change.name),
			zap.String("account", change.account),
			zap.String("before", change.before),
			zap.String("after", change.after),
			zap.String("revision", revision))
		a.announcer.Emit(modeChanged, map[string]any{
			"mode": change.name, "account": change.account,
			"before": change.before, "after": change.after, "revision": revision,
		})
	}
}
