package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"
	"golang.org/x/time/rate"

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

// open opens the writer, or uses it with others.
func (u *refusalUse) open() error {
	value, _, err := refusalWriters.LoadOrNew(u.folder, func() (caddy.Destructor, error) {
		logger := caddy.Log().Named("tollgate.refusals")
		limited := rate.NewLimiter(repeatRate, 1)
		opened, err := refusals.Open(refusals.Options{
			Folder: u.folder, Sink: storedRefusals{}, Strict: u.strict,
			OnLost: func(lost []refusals.Refusal, err error) {
				logger.Error("refusals could be written nowhere, and are lost", zap.Int("lost", len(lost)), zap.Error(err))
			},
			OnError: func(err error) {
				if !errors.Is(err, errNoSink) && limited.Allow() {
					logger.Warn("refusals wait in the spool, or were damaged there", zap.Error(err))
				}
			},
		})
		return openRefusals{opened}, err
	})
	if errors.Is(err, refusals.ErrSpoolInUse) {
		return fmt.Errorf("%w: write \"audit batched { spool <folder> }\"", err)
	}
	if err != nil {
		return err
	}
	u.writer.Store(value.(openRefusals).Writer)
	return nil
}

// takeOver puts the use in force.
func (u *refusalUse) takeOver() {
	refusalsInForce.Store(u)
	u.writer.Load().SetStrict(u.strict)
}

const (
	// retainInterval is how often old refusals are deleted.
	retainInterval = time.Hour
	// retainRetry is how soon that is tried again.
	retainRetry = time.Minute
)

// startRetaining deletes refusals that are older than they are kept, now and from time to time.
func (u *refusalUse) startRetaining(logger *zap.Logger) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	u.stop = func() { cancel(); <-ended }
	go func() {
		defer close(ended)
		for u.retain > 0 {
			next := retainInterval
			if err := u.deleteOld(ctx); err != nil && ctx.Err() == nil {
				next = retainRetry
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
	kept, err := u.store.current()
	if err != nil {
		return err
	}
	_, err = kept.Refusals().DeleteBefore(ctx, time.Now().Add(-u.retain))
	return err
}

// startRefusals opens the writer of refusals, before a request is judged.
func (a *App) startRefusals() error {
	if a.refusals == nil {
		return nil
	}
	if err := a.refusals.open(); err != nil {
		return err
	}
	a.refusals.startRetaining(a.ctx.Logger())
	return nil
}

// stopRefusals ends the deleting of old ones.
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
		Time: time.Now(), Account: cmp.Or(d.Name, d.Account), Credential: d.Key,
		Sender: from, Destination: to, Prefix: prefix,
		Channel: telemetry.ChannelName(d), Territory: d.Territory.String(), Class: d.ClassName(d.Channel),
		Reason: string(d.Reason), Rule: logged.Mask.Rule(d.Rule, d.To), Outcome: d.Outcome.String(),
		Revision: storeRevisionOf(d.Revision), RequestID: d.Refusal.RequestID, Client: addressOf(r),
	}
	if a.broker != nil && a.IsIssued(d.Key) {
		kept.Key, kept.Credential = d.Key, ""
	}
	return kept
}

// storeRevisionOf is that of the store, which ends the revision of a policy that has one.
func storeRevisionOf(revision string) int64 {
	_, text, _ := strings.Cut(revision, ".")
	number, _ := strconv.ParseInt(text, 10, 64) // 0 without a store
	return number
}

// defaultSpool is the folder of the spool that is not stated.
func defaultSpool() string { return filepath.Join(caddy.AppDataDir(), "tollgate", "refusals") }
