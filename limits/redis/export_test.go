package redis

import (
	"context"
	"errors"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

// SetClock has the server count by a clock of the test's, after the counters have begun to ask it.
func (c *Counters) SetClock(now func() time.Time) {
	s := *c.server.Load()
	s.now = func() int64 { return now().UnixMicro() }
	c.server.Store(&s)
}

// Keys are all keys that the server has, except that of the secret.
func (c *Counters) Keys() ([]string, error) {
	s := c.server.Load()
	all, err := s.client.Do(context.Background(), s.client.B().Keys().Pattern("*").Build()).AsStrSlice()
	var keys []string
	for _, key := range all {
		if key != s.secretKey() {
			keys = append(keys, key)
		}
	}
	return keys, err
}

// Counted are the keys of which something is counted: how often a key was cleared is not.
func (c *Counters) Counted() (counted []string, err error) {
	keys, err := c.Keys()
	s := c.server.Load()
	for _, key := range keys {
		all, errOf := s.client.Do(context.Background(), s.client.B().Hkeys().Key(key).Build()).AsStrSlice()
		if errOf != nil { // it has items
			all, errOf = s.client.Do(context.Background(), s.client.B().Zrange().Key(key).Min("0").Max("-1").Build()).AsStrSlice()
		}
		if err = errors.Join(err, errOf); len(all) > 1 || len(all) == 1 && all[0] != "-1" {
			counted = append(counted, key)
		}
	}
	return counted, err
}

// Flush has the server forget all it has.
func (c *Counters) Flush() error {
	s := c.server.Load()
	return s.client.Do(context.Background(), s.client.B().Flushall().Build()).Error()
}

// LocalLen is how many keys this process has for itself.
func (c *Counters) LocalLen() int { return c.local.Len() }

// Demand is one of these counters.
func Demand(window time.Duration, limit int64, name string, values ...string) limits.Demand {
	var h limits.Hasher
	return limits.Demand{Key: h.Key(name, values...), Window: window, Limit: limit, Amount: 1}
}
