package app

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

// compareTimeout bounds how long two policies are compared for the log. Meanwhile the new
// one is in force, and no other is loaded.
const compareTimeout = time.Second

// inForce is the policy of the configuration that is running, nil if none is.
func inForce() *reload.Loaded {
	if newest := running.newest.Load(); newest != nil {
		return newest.loader.Current()
	}
	return nil
}

// differenceFields counts for the log what `tollgate diff` would list.
func differenceFields(before, after *reload.Loaded) []zap.Field {
	before, err := before.Unpack()
	if err != nil {
		return []zap.Field{zap.String("difference", "not counted: "+err.Error())}
	}
	ctx, cancel := context.WithTimeout(context.Background(), compareTimeout)
	defer cancel()
	return differenceWithin(ctx, before, after)
}

func differenceWithin(ctx context.Context, before, after *reload.Loaded) []zap.Field {
	d, err := review.DiffContext(ctx, sideOf(before), sideOf(after), time.Now())
	if err != nil {
		return []zap.Field{zap.String("difference", "not counted in time: ask tollgate diff")}
	}
	return []zap.Field{
		zap.Int("opens", d.Count(review.Opens)),
		zap.Int("closes", d.Count(review.Closes)),
		zap.Int("changes", d.Count(review.Changes)),
	}
}

func sideOf(l *reload.Loaded) review.Side {
	return review.Side{Compiled: l.Compiled, Snapshot: l.Snapshot, Plan: l.Plan}
}

// wideRules are the wide prefix rules of a policy.
func wideRules(l *reload.Loaded) []review.RuleReach {
	reviewed := review.Reviewed{Side: sideOf(l), Document: l.Document, Sources: l.Sources}
	return reviewed.Rules(time.Now(), false)
}

// wideRulesLogged says the same for the log.
func wideRulesLogged(l *reload.Loaded) []string { return review.LogWarnings(wideRules(l)) }
