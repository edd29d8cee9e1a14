package permissions

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
)

// Blocks returns the prefix rules over all accounts that the store keeps, the oldest first.
func (s *Service) Blocks(ctx context.Context, by Caller) ([]store.Object, error) {
	return s.list(ctx, by, store.Block)
}

// Block returns one of them.
func (s *Service) Block(ctx context.Context, by Caller, id string) (store.Object, error) {
	return s.read(ctx, by, store.Block, id, "")
}

// AddBlock adds a prefix rule over all accounts, which may block or allow. The document is a
// prefix rule of the policy document, in JSON. The result has the ID that it was given.
func (s *Service) AddBlock(ctx context.Context, by Caller, terms Terms, document []byte) (Result, error) {
	o := object{action: access.BlockAdd, kind: store.Block, id: orderedID(s.Now())}
	rule, text, err := blockDocument(document)
	if err != nil {
		return Result{}, err
	}
	// One that is over would be in force for no request, and no one would see that.
	if until, err := config.ParseTime(rule.Until); rule.Until != "" && err == nil && !until.After(s.Now()) {
		return Result{}, mistake("until", "must be in the future: leave it out for a rule without an end")
	}
	terms.Match = Match{Absent: true}
	return s.write(ctx, by, terms.because(rule.Reason), o, func(*store.Object) (json.RawMessage, error) {
		return text, nil
	})
}

// DeleteBlock deletes a prefix rule, for a reason.
func (s *Service) DeleteBlock(ctx context.Context, by Caller, terms Terms, id string) (Result, error) {
	return s.remove(ctx, by, terms, object{action: access.BlockDelete, kind: store.Block, id: id})
}

// blockDocument reads a prefix rule, and writes it in the one form that is stored. What it
// says is checked as it is compiled.
func blockDocument(document []byte) (rule config.Prefix, text json.RawMessage, err error) {
	if err := config.DecodeJSON(document, &rule); err != nil {
		return rule, nil, reload.Invalid{Cause: fmt.Errorf("reading a prefix rule: %w", err)}
	}
	if text, err = json.Marshal(&rule); err != nil {
		return rule, nil, fmt.Errorf("writing a prefix rule: %w", err)
	}
	return rule, text, nil
}

// orderedID makes an ID: 16 digits and letters whose order is that of the milliseconds in which
// they were made. 32 of its 80 bits are random.
func orderedID(now time.Time) string {
	var id [10]byte
	for i, ms := 5, now.UnixMilli(); i >= 0; i, ms = i-1, ms>>8 {
		id[i] = byte(ms)
	}
	_, _ = rand.Read(id[6:]) // never fails
	return strings.ToLower(base32.HexEncoding.EncodeToString(id[:]))
}
