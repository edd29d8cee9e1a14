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
)

// AuditHead is where the gate states, with its signature, how the log of changes is.
type AuditHead struct {
	// The file that heads are appended to. Each gate has its own.
	File string `json:"file"`

	// How often a head is signed if there are new changes: a duration. Changes by an owner,
	// and a stop, do not wait. Default: `10m`.
	Every string `json:"every,omitzero"`
}

const (
	// headInterval is how often a head is signed where nothing is stated.
	headInterval = 10 * time.Minute
	// shortestHeadInterval keeps the file from growing with each change.
	shortestHeadInterval = time.Second
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

// provision returns what signs heads, nil if that is not stated.
func (h *AuditHead) provision(store *storeUse) (*headUse, error) {
	if h == nil {
		return nil, nil
	}
	if h.File == "" {
		return nil, errors.New("head needs a file that heads are appended to")
	}
	every, err := h.interval()
	if err != nil {
		return nil, err
	}
	file, err := placeholder.Replace(h.File)
	if err != nil {
		return nil, fmt.Errorf("reading head: %w", err)
	}
	return &headUse{file: file, every: every, store: store, changed: make(chan struct{}, 1)}, nil
}

// headUse signs heads for one configuration.
type headUse struct {
	file  string
	every time.Duration
	store *storeUse
	// changed has an element once an owner has made a change.
	changed chan struct{}
	stop    func()
}

// appending is held while a head is appended: two configurations may have the same file.
var appending sync.Mutex

// append signs the head that the log has now.
func (u *headUse) append(ctx context.Context) error {
	kept, err := u.store.current()
	if err != nil {
		return err
	}
	key, err := signingKey()
	if err != nil {
		return err
	}
	appending.Lock()
	defer appending.Unlock()
	return audit.AppendHead(ctx, u.file, kept.Log(), key)
}

// start signs heads until stop is called, and then once more.
func (u *headUse) start(logger *zap.Logger) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	u.stop = func() { cancel(); <-ended }
	sign := func(ctx context.Context) {
		if err := u.append(ctx); err != nil {
			telemetry.HeadFailures.Inc()
			logger.Error("no head of the log of changes was signed, it is tried again", zap.String("file", u.file), zap.Error(err))
		}
	}
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			sign(context.WithoutCancel(ctx))
			select {
			case <-time.After(u.every):
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
