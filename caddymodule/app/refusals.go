package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/policy"
)

// refusalWriters are those in use, by the folder of their spool: the configuration that takes
// over uses what the one before has open.
var refusalWriters = caddy.NewUsagePool()

// openRefusals is a writer that several configurations may use.
type openRefusals struct{ *refusals.Writer }

// Destruct writes what is in memory once no configuration uses it.
func (w openRefusals) Destruct() error { return w.Close() }

// refusalUse is the use of a writer of refusals by one configuration.
type refusalUse struct {
	strict bool
	retain time.Duration // 0: forever
	folder string
	store  *storeUse
	// writer is nil until the configuration starts.
	writer atomic.Pointer[refusals.Writer]
	stop   func()
}

// refusalsInForce is the use of the configuration in force, whose store the refusals get into.
var refusalsInForce atomic.Pointer[refusalUse]

// errNoSink is a spool that is opened before its store.
var errNoSink = errors.New("the store of refusals is not open yet")

// storedRefusals gives refusals to the store in force.
type storedRefusals struct{}

// Append implements refusals.Sink.
func (storedRefusals) Append(ctx context.Context, added []refusals.Refusal) error {
	use := refusalsInForce.Load()
	if use == nil {
		return errNoSink
	}
	kept, err := use.store.current()
	if err != nil {
		return err
	}
	return kept.Refusals().Append(ctx, added)
}

// open opens the writer, or uses it with others. A spool that cannot be opened does not keep a
// gate from starting: its refusals get into the store without one.
func (u *refusalUse) open(logger *zap.Logger) {
	value, _, _ := refusalWriters.LoadOrNew(u.folder, func() (caddy.Destructor, error) {
		return openRefusals{u.openSpool(logger)}, nil
	})
	u.writer.Store(value.(openRefusals).Writer)
}

// takeOver puts the use in force.
func (u *refusalUse) takeOver() {
	refusalsInForce.Store(u)
	u.writer.Load().SetStrict(u.strict)
}

const (
	// tendInterval is how often old refusals are deleted and what was left is looked for.
	tendInterval = time.Hour
	// tendRetry is how soon deleting is tried again.
	tendRetry = time.Minute
	// handoverTries is how often it is looked again for what was in use, after a start.
	handoverTries = 5
)

// startTending takes in what other gates left, and deletes refusals that are older than they are
// kept, now and from time to time.
func (u *refusalUse) startTending(logger *zap.Logger) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	u.stop = func() { cancel(); <-ended }
	go func() {
		defer close(ended)
		for again := 0; ; again++ {
			next := tendInterval
			if u.takeInLeft(ctx) && again < handoverTries {
				next = time.Second // the configuration before may have been at it
			}
			if err := u.deleteOld(ctx); err != nil && ctx.Err() == nil {
				next = tendRetry
				logger.Warn("old refusals could not be deleted, it is tried again", zap.Error(err))
			}
			select {
			case <-time.After(next):
			case <-ctx.Done():
				return
			}
		}
	}()
}

func (u *refusalUse) deleteOld(ctx context.Context) error {
	if u.retain == 0 {
		return nil
	}
	kept, err := u.store.current()
	if err != nil {
		return err
	}
	_, err = kept.Refusals().DeleteBefore(ctx, time.Now().Add(-u.retain))
	return err
}

// startRefusals opens the writer of refusals, before a request is judged.
func (a *App) startRefusals() {
	if a.refusals == nil {
		return
	}
	a.refusals.open(a.ctx.Logger())
	a.refusals.startTending(a.ctx.Logger())
}

// stopRefusals ends what is done from time to time.
func (a *App) stopRefusals() {
	if a.refusals != nil && a.refusals.stop != nil {
		a.refusals.stop()
	}
}

// releaseRefusals closes the writer, unless another configuration uses it.
func (a *App) releaseRefusals() error {
	if a.refusals == nil || a.refusals.writer.Load() == nil {
		return nil
	}
	_, err := refusalWriters.Delete(a.refusals.folder)
	return err
}

// recorder writes decisions into the logs of an app, and refusals into its store.
type recorder struct{ app *App }

// Record implements telemetry.Recorder.
func (rec recorder) Record(r *http.Request, carrier string, logged telemetry.LoggedDecision) error {
	rec.app.tellFollowers(r, logged)
	var err error
	if rec.app.audit != nil {
		err = rec.app.audit.Record(r, carrier, logged)
	}
	if logged.Outcome == policy.Allow {
		return err
	}
	use := rec.app.refusals
	if !rec.app.Wait(r.Context()) {
		return errors.Join(err, errNoSink)
	}
	if failure := use.writer.Load().Write(r.Context(), rec.app.refusal(r, logged)); failure != nil && use.strict {
		return errors.Join(err, fmt.Errorf("writing a refusal: %w", failure))
	}
	return err // what is lost is counted
}

// refusal is what is kept of a decision.
func (a *App) refusal(r *http.Request, logged telemetry.LoggedDecision) refusals.Refusal {
	d := logged.Decision
	from, to, prefix := logged.Numbers()
	kept := refusals.Refusal{
		Time: time.Now(), Account: bounded(cmp.Or(d.Name, d.Account)), Credential: bounded(d.Key),
		Sender: from, Destination: to, Prefix: prefix,
		Channel: telemetry.ChannelName(d), Territory: d.Territory.String(), Class: d.ClassName(d.Channel),
		Reason: string(d.Reason), Rule: logged.Mask.Rule(d.Rule, d.To), Outcome: d.Outcome.String(),
		Revision: storeRevisionOf(d.Revision), RequestID: d.Refusal.RequestID, Client: ClientAddress(r),
	}
	if logged.Answered != nil && logged.Answered.Code() != 0 {
		kept.Answered = strconv.Itoa(logged.Answered.Code())
	}
	if a.broker != nil && a.IsIssued(d.Key) {
		kept.Key, kept.Credential = d.Key, ""
	}
	return kept
}

// longestName bounds what is kept of the names that a client gives itself, in bytes. Names of
// accounts have 64 at most, and those of credentials 71.
const longestName = 100

// bounded is a name, of which what is too long for one is left out: a client that is not known
// fills no page and no store with it.
func bounded(name string) string {
	if len(name) <= longestName {
		return name
	}
	return strings.ToValidUTF8(name[:longestName], "") + "…"
}

// storeRevisionOf is that of the store, which ends the revision of a policy that has one.
func storeRevisionOf(revision string) int64 {
	_, text, _ := strings.Cut(revision, ".")
	number, _ := strconv.ParseInt(text, 10, 64) // 0 without a store
	return number
}
