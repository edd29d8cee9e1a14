package notify

import (
	"context"
	"slices"
	"sync"

	"go.uber.org/zap"
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
func (s *Sender) Use(targets []Target) {
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
		q.end()
	}
}

// Send has each target told that is to be told of such a change. It waits for no one.
func (s *Sender) Send(n *Notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.queues {
		if events := q.target.Load().Events; len(events) == 0 || slices.Contains(events, string(n.Kind)) {
			q.put(n)
		}
	}
}

// Stop ends what was begun. What is not delivered by then is dropped.
func (s *Sender) Stop() { s.Use(nil) }
