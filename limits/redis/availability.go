package redis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/rueidis"
)

const (
	// firstPause and longestPause are how long it is waited until a server that is away is asked
	// again; each pause is twice as long as the one before.
	firstPause   = 50 * time.Millisecond
	longestPause = time.Second
)

// Start begins to connect, and waits until the server has answered, or for a timeout at most.
// It may be called again.
func (c *Counters) Start() {
	c.started.Do(func() {
		c.wait.Go(c.follow)
		select {
		case <-c.first:
		case <-time.After(connectTimeout):
		}
	})
}

// Close ends the connections.
func (c *Counters) Close() {
	c.stop()
	c.wait.Wait()
}

// Available reports whether the server can be asked.
func (c *Counters) Available() bool { return c.server.Load() != nil }

// follow connects, again and again while the server is away, and tells of it.
func (c *Counters) follow() {
	var client rueidis.Client
	defer func() {
		if client != nil {
			client.Close()
		}
	}()
	pause := time.Duration(0) // a server that is away since just now may be back
	for {
		found, err := c.ask(&client)
		if err == nil {
			c.owed.clear(c.ended, found) // before it is asked of them
			c.server.Store(found)
			c.owed.clear(c.ended, found) // what was added since
			c.owed.pay(c.ended, found)
			c.changed(nil)
		}
		c.tell.Do(func() { close(c.first) })
		if err == nil {
			select {
			case err = <-c.lost:
				c.changed(err)
				pause = 0
			case <-c.ended.Done():
				c.server.Store(nil)
				return
			}
		} else {
			c.changed(err)
			pause = min(max(2*pause, firstPause), longestPause)
		}
		select {
		case <-time.After(pause):
		case <-c.ended.Done():
			return
		}
	}
}

// ask asks the server for its secret, in time.
func (c *Counters) ask(client *rueidis.Client) (*server, error) {
	var err error
	if *client == nil {
		if *client, err = rueidis.NewClient(c.option); err != nil {
			return nil, fmt.Errorf("connecting: %w", err)
		}
	}
	ctx, cancel := context.WithTimeout(c.ended, connectTimeout)
	defer cancel()
	s := &server{client: *client, prefix: c.Prefix}
	began := time.Now()
	if err := s.readSecret(ctx); err != nil {
		if refusal := (*rueidis.RedisError)(nil); errors.As(err, &refusal) {
			// It answers, so its connections stay. Its name may lead to another one by now: after a
			// failover, what was the master is a replica.
			s.client.Close()
			*client = nil
		}
		return nil, fmt.Errorf("reading the secret that keys are hashed by: %w", err)
	}
	if took := time.Since(began); took > c.Timeout {
		return nil, fmt.Errorf("answering took %s, longer than the timeout of %s", took.Round(time.Millisecond), c.Timeout)
	}
	return s, nil
}

// lose notes that a server did not answer: it is not asked again until it does.
func (c *Counters) lose(s *server, err error) {
	if c.server.CompareAndSwap(s, nil) {
		c.lost <- err
	}
}
