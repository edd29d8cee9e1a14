package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/internal/incident"
)

// Receiver is what a notice can be delivered to.
type Receiver interface {
	Deliver(ctx context.Context, n *Notice) error
}

// Target is a receiver with what it is told.
type Target struct {
	Receiver
	// Key is the same as long as it is the same target, whatever else is set.
	Key string
	// Way is what metrics count it by, one of Ways, and Name what logs call it.
	Way, Name string
	// Events are the kinds of changes that it is told. Without any, it is told all.
	Events []string
}

// ID is the same as long as it is the same target, and says nothing of its key, which may have a
// secret.
func (t *Target) ID() string {
	sum := sha256.Sum256([]byte(t.Key))
	return hex.EncodeToString(sum[:8])
}

func (t *Target) wants(kind incident.Kind) bool {
	return len(t.Events) == 0 || slices.Contains(t.Events, string(kind))
}

// The ways that notices go.
const (
	ByWebhook = "webhook"
	BySlack   = "slack"
	ByEmail   = "email"
)

// Ways are all of them.
var Ways = []string{ByWebhook, BySlack, ByEmail}

// Sender sends notices to targets, which may be replaced by others.
type Sender struct {
	logger func() *zap.Logger
	count  func(way, outcome string)

	mu     sync.Mutex
	queues map[string]*queue // by the key of the target
}

// NewSender returns a sender without targets. One function is the logger in force, the other
// counts what becomes of notices.
func NewSender(logger func() *zap.Logger, count func(way, outcome string)) *Sender {
	return &Sender{logger: logger, count: count, queues: make(map[string]*queue)}
}

// Use replaces the targets. What waits for one that stays is delivered by its new settings, and
// what waits for one that goes is dropped.
func (s *Sender) Use(targets []Target) { s.use(targets, false) }

func (s *Sender) use(targets []Target, stops bool) {
	s.mu.Lock()
	gone := s.queues
	s.queues = make(map[string]*queue)
	for i := range targets {
		target := &targets[i]
		q, ok := gone[target.Key]
		if ok {
			q.use(target)
			delete(gone, target.Key)
		} else {
			q = newQueue(target, s.logger, s.count)
		}
		s.queues[target.Key] = q
	}
	s.mu.Unlock()
	for _, q := range gone {
		q.end(stops)
	}
}

// Targets are the IDs of those that are told of a kind of change.
func (s *Sender) Targets(kind incident.Kind) (ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.queues {
		if target := q.target.Load(); target.wants(kind) {
			ids = append(ids, target.ID())
		}
	}
	return ids
}

// Send has each target told that is to be told of such a change. It waits for no one.
func (s *Sender) Send(n *Notice) { s.SendKept(n, nil, nil) }

// SendKept is Send of a notice that is kept elsewhere until the function was called with the ID of
// each target: it is delivered, or will not be. Targets that have had it are left out.
func (s *Sender) SendKept(n *Notice, had []string, settled func(target string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.queues {
		if target := q.target.Load(); target.wants(n.Kind) && !slices.Contains(had, target.ID()) {
			q.put(delivery{n, settled})
		}
	}
}

// Stop ends what was begun. What is not delivered by then, and not kept elsewhere, is dropped.
func (s *Sender) Stop() { s.use(nil, true) }
