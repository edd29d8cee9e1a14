package holds

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/store"
)

// Exchange is how a gate and others with the same store tell each other what is held.
type Exchange struct {
	Held *limits.Holds
	// Counters are those of the limits.
	Counters limits.Clearer

	turn sync.Mutex
	// heard is the number up to which the store's holds are known.
	heard int64
	// named says that holds have their IDs by the store's secret.
	named  bool
	secret atomic.Pointer[[]byte]
}

// Secret is the one of the store, which all gates have that have the store; nil as long as it was
// not read. Keys for other things are derived from it.
func (e *Exchange) Secret() []byte {
	if secret := e.secret.Load(); secret != nil {
		return *secret
	}
	return nil
}

// Run writes what the store does not have, and adopts what is new in it. What the store does not
// take is given to it again the next time, and keeps nothing from being adopted.
func (e *Exchange) Run(ctx context.Context, with store.Holds, now time.Time) error {
	e.turn.Lock()
	defer e.turn.Unlock()
	if err := e.name(ctx, with); err != nil {
		return err
	}
	unwritten := e.write(ctx, with, now)
	var unread error
	last, err := with.Changes(ctx, e.heard, func(k store.KeptHold) error {
		unread = cmp.Or(e.hear(&k, now), unread) // one that cannot be read keeps no other away
		return nil
	})
	if err != nil {
		return errors.Join(unwritten, err)
	}
	if last < e.heard {
		// It was put back from a backup, or lost what it had: what it has is read again, and what it
		// may lack is told again.
		last = 0
		e.Held.TellAgain()
	}
	// Nothing shows that a store without a hold has lost its secret.
	e.heard, e.named = last, last > 0
	return errors.Join(unwritten, unread)
}

// name has holds named as all gates name them that have the store.
func (e *Exchange) name(ctx context.Context, with store.Holds) error {
	if e.named {
		return nil
	}
	secret, err := with.Secret(ctx, limits.NewHoldSecret())
	if err != nil {
		return err
	}
	e.Held.UseSecret(secret)
	e.secret.Store(&secret)
	e.named = true
	return nil
}

func (e *Exchange) write(ctx context.Context, with store.Holds, now time.Time) error {
	list := e.Held.Tell(now)
	if len(list) == 0 {
		return nil
	}
	kept := make([]store.KeptHold, len(list))
	for i := range list {
		t := &list[i]
		text, err := json.Marshal(t)
		if err != nil {
			return fmt.Errorf("writing a hold of limit %s: %w", t.Subject.Limit, err)
		}
		kept[i] = store.KeptHold{ID: t.StoreID(), Document: text, Changed: t.Changed, Over: t.Forgotten()}
	}
	if err := with.Write(ctx, now, kept); err != nil {
		return err
	}
	e.Held.WasTold(list, e.Counters)
	return nil
}

func (e *Exchange) hear(k *store.KeptHold, now time.Time) error {
	var t limits.Told
	if err := json.Unmarshal(k.Document, &t); err != nil {
		return fmt.Errorf("reading a hold: %w", err)
	}
	e.Held.Hear(now, t, e.Counters)
	return nil
}
