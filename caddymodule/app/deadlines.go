package app

import (
	"maps"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	statementEnding = "statement_ending"
	statementEnded  = "statement_ended"
)

const (
	// noticeBefore is how long before the end of a statement it is announced.
	noticeBefore = 24 * time.Hour
	// longestWait is how long the clock is trusted to run evenly.
	longestWait = time.Hour
)

// deadlines announces the statements of the policy in force that end by themselves: a day
// before the end, or when the policy is loaded if that is later, and at the end.
type deadlines struct {
	// timed lists the statements in force.
	timed func() []policy.Timed
	// announce is given each event by its name.
	announce func(event string, statement policy.Timed)

	mu sync.Mutex
	// timer is of the next check. It is nil before start and after stop.
	timer   *time.Timer
	checked time.Time
	// noticed are the statements whose end was announced beforehand.
	noticed map[deadline]bool
}

// deadline is the end of a statement: the same in any policy that states it.
type deadline struct {
	words string
	until int64 // in nanoseconds since 1970
}

// inherit has the ends that another has announced beforehand not announced again.
func (d *deadlines) inherit(before *deadlines) {
	before.mu.Lock()
	noticed := maps.Clone(before.noticed)
	before.mu.Unlock()

	d.mu.Lock()
	defer d.mu.Unlock()
	d.noticed = noticed
}

// start makes the first check.
func (d *deadlines) start() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.checked = time.Now()
	d.timer = time.AfterFunc(0, d.check)
}

// policyChanged has the statements of another policy looked at.
func (d *deadlines) policyChanged() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil {
		d.timer.Reset(0)
	}
}

// stop ends the checks.
func (d *deadlines) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
}

// check announces what is due, and sets the timer for what is due next.
func (d *deadlines) check() {
	ending, ended := d.due(time.Now())
	for _, statement := range ending {
		d.announce(statementEnding, statement)
	}
	for _, statement := range ended {
		d.announce(statementEnded, statement)
	}
}

// due returns the statements that are to be announced now, once each.
func (d *deadlines) due(now time.Time) (ending, ended []policy.Timed) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer == nil {
		return nil, nil
	}
	next, noticed := now.Add(longestWait), make(map[deadline]bool)
	for _, statement := range d.timed() {
		end, notice := statement.Until, statement.Until.Add(-noticeBefore)
		this := deadline{statement.Words, end.UnixNano()}
		switch {
		case end.IsZero():
		case !now.Before(end):
			if end.After(d.checked) {
				ended = append(ended, statement)
			}
		case !now.Before(notice):
			if !d.noticed[this] {
				ending = append(ending, statement)
			}
			noticed[this], next = true, earlier(next, end)
		default:
			next = earlier(next, notice)
		}
	}
	d.checked, d.noticed = now, noticed
	d.timer.Reset(next.Sub(now))
	return ending, ended
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// announceDeadline logs that a statement ends, and emits an event for it.
func (a *App) announceDeadline(event string, statement policy.Timed) {
	rule, until := telemetry.Masker{}.Rule(statement.Words, ""), statement.Until.UTC()
	message := "a statement of the policy ends within a day"
	if event == statementEnded {
		message = "a statement of the policy has ended"
	}
	a.ctx.Logger().Warn(message,
		zap.String("rule", rule),
		zap.String("reason", statement.Reason),
		zap.Time("until", until),
		zap.String("revision", a.loader.Current().Snapshot.Revision()))
	a.announcer.Emit(event, map[string]any{
		"account": statement.Account, "kind": statement.Kind, "rule": rule,
		"reason": statement.Reason, "until": until.Format(time.RFC3339),
	})
	if event == statementEnded {
		a.announceModes() // observe and monitor end so
	}
}
