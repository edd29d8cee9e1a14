package permissions

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
)

// errReason is a change without a reason that needs one.
var errReason = errors.New("a reason is required: say why in the parameter reason")

// requireReason returns an error unless the terms say why.
func requireReason(terms Terms) error {
	if strings.TrimSpace(terms.Reason) == "" {
		return reload.Invalid{Cause: errReason}
	}
	return nil
}

// because returns the terms with a reason that the body states, if they have none.
func (t Terms) because(reason string) Terms {
	if strings.TrimSpace(t.Reason) == "" {
		t.Reason = reason
	}
	return t
}

// mistake is an error about one member of a body.
func mistake(member, format string, arguments ...any) error {
	return reload.Invalid{Cause: decode.Problem{Path: member, Message: fmt.Sprintf(format, arguments...)}}
}

// existing deletes an object, unless it does not exist.
func existing(o object) func(*store.Object) (json.RawMessage, error) {
	return func(before *store.Object) (json.RawMessage, error) {
		if before == nil {
			return nil, fmt.Errorf("deleting %s %s: %w", o.kind, o.id, ErrNotFound)
		}
		return nil, nil
	}
}
