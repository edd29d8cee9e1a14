package redis

import (
	"context"
	_ "embed" // the scripts
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/rueidis"

	"github.com/caddy-tollgate/tollgate/store"
)

//go:embed holds.lua
var writeHoldsLua string

//go:embed hold_changes.lua
var holdChangesLua string

var (
	writeHoldsScript  = rueidis.NewLuaScript(writeHoldsLua)
	holdChangesScript = rueidis.NewLuaScript(holdChangesLua)
)

// errAway is the answer while the server is away.
var errAway = errors.New("the server is away")

// Holds keep on the server what limits hold, for gates that have no other store. Unlike counters,
// they have it in the clear.
func (c *Counters) Holds() store.Holds { return holds{c} }

type holds struct{ counters *Counters }

func (s *server) holdsKey(name string) string { return s.prefix + hashTag + "holds:" + name }
func (s *server) holdKey(id string) string    { return s.holdsKey("hold:" + id) }

// askWithin asks the server while there is someone who waits: a client may wait for longer, while it
// connects. A server that is late is not taken to be away: sends find that out.
func askWithin[T any](ctx context.Context, c *Counters, ask func(context.Context, *server) (T, error)) (T, error) {
	type result struct {
		answer T
		err    error
	}
	s := c.server.Load()
	if s == nil {
		return result{}.answer, errAway
	}
	answered := make(chan result, 1)
	go func() {
		answer, err := ask(ctx, s)
		answered <- result{answer, err}
	}()
	select {
	case got := <-answered:
		return got.answer, got.err
	case <-ctx.Done():
		return result{}.answer, ctx.Err()
	}
}

// Write implements store.Holds. The server lets go of those that are over by itself.
func (h holds) Write(ctx context.Context, now time.Time, list []store.KeptHold) error {
	kept := slices.DeleteFunc(slices.Clone(list), func(k store.KeptHold) bool { return !k.Over.IsZero() && !now.Before(k.Over) })
	_, err := askWithin(ctx, h.counters, func(ctx context.Context, s *server) (struct{}, error) {
		for part := range slices.Chunk(kept, batch) {
			if err := s.writeHolds(ctx, part); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	if err != nil {
		return fmt.Errorf("writing holds to Redis: %w", err)
	}
	return nil
}

func (s *server) writeHolds(ctx context.Context, list []store.KeptHold) error {
	keys, arguments := []string{s.holdsKey("number"), s.holdsKey("order")}, []string(nil)
	for i := range list {
		k, over := &list[i], ""
		if !k.Over.IsZero() {
			over = strconv.FormatInt(k.Over.UnixMilli()+1, 10)
		}
		keys = append(keys, s.holdKey(k.ID))
		arguments = append(arguments, k.ID, changedText(k.Changed), over, string(k.Document))
	}
	return writeHoldsScript.Exec(ctx, s.client, keys, arguments).Error()
}

// changedDigits is the length of a time in what is kept of a hold, which is before its document.
const changedDigits = 20

func changedText(at time.Time) string { return fmt.Sprintf("%0*d", changedDigits, at.UnixNano()) }

// heldThere is what the server has.
type heldThere struct {
	last int64
	list []store.KeptHold
}

// Changes implements store.Holds. The number is read first: what is written meanwhile is read again
// the next time.
func (h holds) Changes(ctx context.Context, after int64, yield func(store.KeptHold) error) (last int64, err error) {
	found, err := askWithin(ctx, h.counters, func(ctx context.Context, s *server) (heldThere, error) { return s.holdsAfter(ctx, after) })
	if err != nil {
		return 0, fmt.Errorf("reading holds from Redis: %w", err)
	}
	for i := range found.list {
		if err := yield(found.list[i]); err != nil {
			return 0, err
		}
	}
	return found.last, nil
}

func (s *server) holdsAfter(ctx context.Context, after int64) (found heldThere, err error) {
	numbers, err := s.client.Do(ctx, s.client.B().Hgetall().Key(s.holdsKey("number")).Build()).AsIntMap()
	if found.last = numbers["last"]; err != nil || found.last == after {
		return found, err
	}
	order := s.holdsKey("order")
	ids, err := s.client.Do(ctx, s.client.B().Zrangebyscore().Key(order).Min("("+strconv.FormatInt(after, 10)).Max("+inf").Build()).AsStrSlice()
	if err != nil {
		return found, err
	}
	for part := range slices.Chunk(ids, batch) {
		keys := []string{order}
		for _, id := range part {
			keys = append(keys, s.holdKey(id))
		}
		texts, err := holdChangesScript.Exec(ctx, s.client, keys, part).AsStrSlice()
		if err != nil {
			return found, err
		}
		for i, text := range texts {
			if text == "" {
				continue // it is over
			}
			k, err := readHold(part[i], text)
			if err != nil {
				return found, err
			}
			found.list = append(found.list, k)
		}
	}
	return found, nil
}

func readHold(id, text string) (store.KeptHold, error) {
	if len(text) < changedDigits {
		return store.KeptHold{}, fmt.Errorf("what it has of a hold is cut off: %q", text)
	}
	changed, err := strconv.ParseInt(text[:changedDigits], 10, 64)
	if err != nil {
		return store.KeptHold{}, fmt.Errorf("reading when a hold changed: %w", err)
	}
	return store.KeptHold{ID: id, Document: []byte(text[changedDigits:]), Changed: time.Unix(0, changed).UTC()}, nil
}

// Secret implements store.Holds.
func (h holds) Secret(ctx context.Context, proposed []byte) ([]byte, error) {
	secret, err := askWithin(ctx, h.counters, func(ctx context.Context, s *server) (string, error) {
		return secretLua.Exec(ctx, s.client, []string{s.holdsKey("secret")}, []string{string(proposed)}).ToString()
	})
	if err != nil {
		return nil, fmt.Errorf("reading the secret of holds from Redis: %w", err)
	}
	return []byte(secret), nil
}
