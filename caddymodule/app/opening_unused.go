package app

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/traffic"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

const (
	openingUnused = "opening_unused"
	// openingTrial is how long an opening is given to be used before it is told about, or half
	// of its time if that is shorter.
	openingTrial = 24 * time.Hour
	// openingInterval is how often openings are looked at.
	openingInterval = 10 * time.Minute
)

// openingWatch finds openings that nothing was sent through.
type openingWatch struct {
	mu   sync.Mutex // over a reload, two configurations have the same
	next time.Time
	// known are the openings in force: when each was seen first, and whether it was told about
	// or used, which ends the watch.
	known map[askedTogether]*watchedOpening
}

// askedTogether is what the openings have in common that someone asked for at once: that of a group
// of territories is one for each of them.
type askedTogether struct {
	account, channel, reason, ticket string
	class                            policy.Class
	from, until                      int64 // in nanoseconds since 1970
}

func togetherWith(account string, o *policy.Opening) askedTogether {
	key := askedTogether{account: account, reason: o.Reason, ticket: o.Ticket, class: o.Class, from: o.From.UnixNano(), until: o.Until.UnixNano()}
	if o.Channel != nil {
		key.channel = o.Channel.String()
	}
	return key
}

type watchedOpening struct {
	since time.Time
	done  bool
}

// unusedOpening is one that nothing was sent through.
type unusedOpening struct {
	account string
	policy.OpeningInForce
	// others are how many were asked for with it, which are not used either.
	others int
}

// due are the openings to be told about now, once each: those that are in force for a day, or
// since a day before this gate saw them, and whose territories the account did not send to since.
func (w *openingWatch) due(ctx context.Context, snapshot *policy.Snapshot, seen store.Traffic, now time.Time) (unused []unusedOpening, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now.Before(w.next) {
		return nil, nil
	}
	known, together := make(map[askedTogether]*watchedOpening), make(map[askedTogether][]policy.OpeningInForce)
	for account, o := range snapshot.Openings(now) {
		key := togetherWith(account, &o.Opening)
		if known[key] == nil {
			if known[key] = w.known[key]; known[key] == nil {
				known[key] = &watchedOpening{since: beginOf(&o.Opening, now)}
			}
		}
		if watched := known[key]; !watched.done && now.Sub(watched.since) >= trialOf(&o.Opening, watched.since) {
			together[key] = append(together[key], o)
		}
	}
	w.known = known
	for key, openings := range together {
		used, err := isUsed(ctx, seen, key.account, openings, known[key].since)
		if err != nil {
			return unused, err
		}
		if known[key].done = true; !used {
			unused = append(unused, unusedOpening{key.account, openings[0], len(openings) - 1})
		}
	}
	w.next = now.Add(openingInterval) // after an error, sooner
	return unused, nil
}

// trialOf is how long an opening that began at a time is given to be used.
func trialOf(o *policy.Opening, since time.Time) time.Duration {
	return min(openingTrial, o.Until.Sub(since)/2)
}

// beginOf is when an opening began, or when it is seen first if it does not say so.
func beginOf(o *policy.Opening, now time.Time) time.Time {
	if o.From.IsZero() {
		return now
	}
	return o.From
}

// isUsed reports whether an account sent to what one of its openings opens, since the day of a
// time.
func isUsed(ctx context.Context, seen store.Traffic, account string, openings []policy.OpeningInForce, since time.Time) (used bool, err error) {
	day := traffic.Day(since)
	err = seen.Query(ctx, account, func(l store.LastSend) error {
		used = used || l.Day >= day && slices.ContainsFunc(openings, func(o policy.OpeningInForce) bool { return opens(&o.Opening, &l) })
		return nil
	})
	return used, err
}

// opens reports whether an opening opens what was sent to.
func opens(o *policy.Opening, l *store.LastSend) bool {
	channel, known := policy.ParseChannel(l.Channel)
	return known &&
		(o.Channel == nil || o.Channel.Covers(channel)) &&
		(channel != policy.Voice || l.Class == o.Class.String()) &&
		slices.ContainsFunc(o.Territories(), func(t numbering.Territory) bool { return t.String() == l.Territory })
}

// tellUnused tells about the openings that nothing was sent through.
func (a *App) tellUnused(ctx context.Context) error {
	opened := a.store.opened.Load()
	if opened == nil {
		return nil
	}
	unused, err := opened.openings.due(ctx, a.loader.Current().Snapshot, opened.Traffic(), time.Now())
	for _, u := range unused {
		rule, until := telemetry.Masker{}.Rule(u.Words, ""), u.Opening.Until.UTC()
		if u.others > 0 {
			rule += fmt.Sprintf(", and %d more", u.others)
		}
		a.ctx.Logger().Warn("nothing was sent through an opening: end it if it is not needed",
			zap.String("rule", rule),
			zap.String("reason", u.Opening.Reason),
			zap.Time("until", until),
			zap.String("revision", a.loader.Current().Snapshot.Revision()))
		a.announcer.Emit(openingUnused, map[string]any{
			"account": u.account, "rule": rule, "reason": u.Opening.Reason, "until": until.Format(time.RFC3339),
		})
	}
	return err
}
