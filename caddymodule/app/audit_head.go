package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/store"
)

// AuditHead is where the gate states, with its signature, how the log of changes is.
type AuditHead struct {
	// The file that heads are appended to. Each gate has its own.
	File string `json:"file,omitzero"`

	// The server that heads are sent to, besides the file or in its place.
	Post *HeadPost `json:"post,omitempty"`

	// The bucket that heads are put into, besides or in their place.
	Bucket *HeadBucket `json:"bucket,omitempty"`

	// How often a head is signed if there are new changes: a duration. Changes by an owner,
	// and a stop, do not wait. Default: `10m`.
	Every string `json:"every,omitzero"`
}

const (
	// headInterval is how often a head is signed where nothing is stated.
	headInterval = 10 * time.Minute
	// shortestHeadInterval keeps the file from growing with each change.
	shortestHeadInterval = time.Second
	// headRetry is how soon it is tried again at the latest.
	headRetry = time.Minute
	// headPatience is how long the last head may take at a stop.
	headPatience = 5 * time.Second
)

// interval is how often a head is signed.
func (h *AuditHead) interval() (time.Duration, error) {
	if h.Every == "" {
		return headInterval, nil
	}
	every, err := caddy.ParseDuration(h.Every)
	if err != nil || every < shortestHeadInterval {
		return 0, fmt.Errorf("a head cannot be signed every %q: write a duration of at least %s, such as 10m", h.Every, shortestHeadInterval)
	}
	return every, nil
}

// isStated reports whether heads are to be signed to anywhere.
func (h *AuditHead) isStated() bool { return h.File != "" || h.Post != nil || h.Bucket != nil }

// provision returns what signs heads, nil if that is not stated.
func (h *AuditHead) provision(of *storeUse) (*headUse, error) {
	if h == nil {
		return nil, nil
	}
	if !h.isStated() {
		return nil, errors.New("head needs a file that heads are appended to, or a server or a bucket that they are sent to")
	}
	every, err := h.interval()
	if err != nil {
		return nil, err
	}
	file, err := placeholder.Replace(h.File)
	if err != nil {
		return nil, fmt.Errorf("reading head: %w", err)
	}
	post, err := h.Post.provision()
	if err != nil {
		return nil, fmt.Errorf("reading head: %w", err)
	}
	bucket, err := h.Bucket.provision()
	if err != nil {
		return nil, fmt.Errorf("reading head: %w", err)
	}
	return &headUse{file: file, post: post, bucket: bucket, every: every, store: of, changed: make(chan struct{}, 1)}, nil
}

// headUse signs heads for one configuration.
type headUse struct {
	file string    // empty if there is none
	post *headPost // nil if there is none
	// bucket is nil if there is none.
	bucket *headBucket
	every  time.Duration
	store  *storeUse
	// changed has an element once an owner has made a change.
	changed chan struct{}
	stop    func()
}

// appending is held while a head is appended: two configurations may have the same file.
var appending sync.Mutex

// append signs the head that the log has now, for the file and for the servers. Where the
// file shows that the log was altered, the servers are given the head all the same: they have
// others.
func (u *headUse) append(ctx context.Context) error {
	kept, err := u.store.current()
	if err != nil {
		return err
	}
	key, err := signingKey()
	if err != nil {
		return err
	}
	return errors.Join(u.toFile(ctx, kept.Log(), key), u.toServers(ctx, kept.Log(), key))
}

func (u *headUse) toFile(ctx context.Context, log store.Log, key *audit.SigningKey) error {
	if u.file == "" {
		return nil
	}
	appending.Lock()
	defer appending.Unlock()
	return audit.AppendHead(ctx, u.file, log, key)
}

func (u *headUse) toServers(ctx context.Context, log store.Log, key *audit.SigningKey) error {
	if u.post == nil && u.bucket == nil {
		return nil
	}
	signed, head, err := audit.SignLog(ctx, log, key.Signer)
	if err != nil {
		return err
	}
	var failures []error
	if u.post != nil {
		failures = append(failures, u.post.send(ctx, signed, head, time.Now()))
	}
	if u.bucket != nil {
		failures = append(failures, u.bucket.put(ctx, signed, head, time.Now()))
	}
	return errors.Join(failures...)
}

// start signs heads until stop is called, and then once more.
func (u *headUse) start(logger *zap.Logger) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	u.stop = func() { cancel(); <-ended }
	sign := func(ctx context.Context) (next time.Duration) {
		err := u.append(ctx)
		if err == nil {
			return u.every
		}
		telemetry.HeadFailures.Inc()
		logger.Error("a head of the log of changes was not signed or not sent, it is tried again", zap.String("file", u.file), zap.Error(err))
		return min(u.every, headRetry)
	}
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			next := sign(context.WithoutCancel(ctx))
			select {
			case <-time.After(next):
			case <-u.changed:
			case <-ctx.Done():
			}
		}
		last, done := context.WithTimeout(context.Background(), headPatience)
		defer done()
		sign(last)
	}()
}

// answered is called once a request to the management API is answered: a change by an owner
// is signed at once.
func (u *headUse) answered(r *http.Request, by access.Principal) {
	if u == nil || by.Role != access.Owner || r.Method == http.MethodGet || r.Method == http.MethodHead {
		return
	}
	select {
	case u.changed <- struct{}{}:
	default: // it is about to be signed
	}
}

// startHeads begins to sign heads.
func (a *App) startHeads() {
	if a.heads != nil {
		a.heads.start(a.ctx.Logger())
	}
}

// stopHeads signs the last head.
func (a *App) stopHeads() {
	if a.heads != nil && a.heads.stop != nil {
		a.heads.stop()
	}
}

// openingKey is held while the key is opened, which may make it.
var openingKey sync.Mutex

// signingKey is the key of this gate. It is made when it is first used, and has a name by
// the host, so that auditors see which gate of many has signed.
func signingKey() (*audit.SigningKey, error) {
	openingKey.Lock()
	defer openingKey.Unlock()
	host, err := os.Hostname()
	if err != nil || strings.ContainsAny(host, " +") || host == "" {
		host = "tollgate"
	}
	return audit.OpenSigningKey(filepath.Join(caddy.AppDataDir(), "tollgate", "audit_head.key"), host+"/audit")
}
