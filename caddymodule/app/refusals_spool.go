package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"
	"golang.org/x/time/rate"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
)

// defaultSpool is the folder of the spool that is not stated.
func defaultSpool() string { return filepath.Join(caddy.AppDataDir(), "tollgate", "refusals") }

// mostSpools is how many gates may have their spools beside each other, which is more than one
// machine runs.
const mostSpools = 64

// besideSpool is the folder that the nth gate uses which has the same one stated.
func besideSpool(folder string, n int) string {
	if n == 1 {
		return folder
	}
	return fmt.Sprintf("%s-%d", filepath.Clean(folder), n)
}

// openSpool opens a writer with the stated folder, with the first one beside it that no other
// gate uses, or with none.
func (u *refusalUse) openSpool(logger *zap.Logger) *refusals.Writer {
	options := refusalOptions(u.strict)
	var failure error
	for n := 1; n <= mostSpools; n++ {
		options.Folder = besideSpool(u.folder, n)
		opened, err := refusals.Open(options)
		if err == nil {
			if n > 1 {
				logger.Info("another gate uses the spool of refusals, this one has its own beside it", zap.String("spool", options.Folder))
			}
			return opened
		}
		failure = err
		if !errors.Is(err, refusals.ErrSpoolInUse) {
			break
		}
	}
	logger.Error("the spool of refusals cannot be opened: what the store does not take is lost until the gate is started again", zap.Error(failure))
	options.Folder = ""
	opened, _ := refusals.Open(options) // only a folder can fail
	return opened
}

// refusalOptions are those of every writer.
func refusalOptions(strict bool) refusals.Options {
	logger := caddy.Log().Named("tollgate.refusals")
	limited := rate.NewLimiter(repeatRate, 1)
	return refusals.Options{
		Sink: storedRefusals{}, Strict: strict,
		OnLost: func(lost []refusals.Refusal, err error) {
			logger.Error("refusals could be written nowhere, and are lost", zap.Int("lost", len(lost)), zap.Error(err))
		},
		OnError: func(err error) {
			if !errors.Is(err, errNoSink) && limited.Allow() {
				logger.Warn("refusals wait in the spool, or were damaged there", zap.Error(err))
			}
		},
	}
}

// takeInLeft gives the store what gates left in folders beside the stated one that do not run
// any more, and stops when the context ends. It reports whether one of them has more and is used.
func (u *refusalUse) takeInLeft(ctx context.Context) (inUse bool) {
	for n := 1; n <= mostSpools; n++ {
		folder := besideSpool(u.folder, n)
		if ctx.Err() != nil || !hasSpooled(folder) {
			continue
		}
		options := refusalOptions(false)
		options.Folder = folder
		left, err := refusals.Open(options)
		if err != nil {
			inUse = true
			continue
		}
		for left.Stats().SpoolBytes > 0 && ctx.Err() == nil {
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
		}
		left.Close()
	}
	return inUse
}

// hasSpooled reports whether a folder has files of a spool, without keeping a gate from it.
func hasSpooled(folder string) bool {
	entries, _ := os.ReadDir(folder) // no folder, no files
	return slices.ContainsFunc(entries, func(entry os.DirEntry) bool { return filepath.Ext(entry.Name()) == ".spool" })
}
