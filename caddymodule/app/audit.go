package app

import (
	"errors"
	"fmt"
	"time"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/internal/suggest"
)

// Audit is how refusals, and denials that are only monitored, get into the store.
type Audit struct {
	// When a refusal is answered: `batched` does not wait for the disk, which has it within a
	// second; `strict` waits until it is there. Default: `batched`.
	Mode string `json:"mode,omitzero"`

	// For how long refusals are kept: a duration, such as `30d`, or `forever`. Default: `90d`.
	// Changes are kept forever.
	RetainDenials string `json:"retain_denials,omitzero"`

	// The folder in which refusals wait while the store is away. Each gate has its own.
	// Default: `tollgate/refusals` in Caddy's data directory.
	Spool string `json:"spool,omitzero"`

	// The file that signed heads of the log of changes are appended to.
	Head *AuditHead `json:"head,omitempty"`
}

// The modes of an audit.
const (
	auditBatched = "batched"
	auditStrict  = "strict"
)

var auditModes = []string{auditBatched, auditStrict}

// retainDenials is for how long refusals are kept where nothing is stated.
const retainDenials = 90 * 24 * time.Hour

// forever is for how long something is kept that is never deleted.
const forever = "forever"

// retained is for how long refusals are kept, 0 if forever.
func (a *Audit) retained() (time.Duration, error) {
	switch a.RetainDenials {
	case "":
		return retainDenials, nil
	case forever:
		return 0, nil
	}
	kept, err := caddy.ParseDuration(a.RetainDenials)
	if err != nil || kept <= 0 {
		return 0, fmt.Errorf("denials cannot be kept for %q: write a duration, such as 90d, or forever", a.RetainDenials)
	}
	return kept, nil
}

// provision returns the use of a writer of refusals, nil without a store.
func (a *Audit) provision(store *storeUse) (*refusalUse, error) {
	if store == nil {
		if a != nil {
			return nil, errors.New("audit needs a store: write store into the global tollgate block, or audit_log for a log of lines")
		}
		return nil, nil
	}
	if a == nil {
		a = new(Audit)
	}
	if a.Mode != "" && a.Mode != auditBatched && a.Mode != auditStrict {
		return nil, fmt.Errorf("audit: unknown mode %q%s", a.Mode, suggest.DidYouMean(a.Mode, auditModes, nil))
	}
	use := &refusalUse{strict: a.Mode == auditStrict, store: store, folder: defaultSpool()}
	var err error
	if use.retain, err = a.retained(); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	if a.Spool != "" {
		if use.folder, err = placeholder.Replace(a.Spool); err != nil {
			return nil, fmt.Errorf("audit: reading spool: %w", err)
		}
	}
	return use, nil
}
