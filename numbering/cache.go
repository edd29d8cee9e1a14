package numbering

import (
	"strings"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
)

// defaultCacheSize is how many answers Default keeps.
const defaultCacheSize = 65_536

// Default returns the plan of the process: NewLibrary with a cache before it,
// made on first use.
func Default() Plan { return defaultPlan() }

var defaultPlan = sync.OnceValue(func() Plan {
	return NewCached(NewLibrary(), defaultCacheSize)
})

// cached remembers the answers that were asked for last.
type cached struct {
	plan    Plan
	answers *lru.Cache[string, Owner]
}

// NewCached returns a plan that answers as p does and remembers the answers to
// the last size numbers. With a size of 0 or less it is p itself.
func NewCached(p Plan, size int) Plan {
	answers, err := lru.New[string, Owner](size)
	if err != nil {
		return p
	}
	return &cached{p, answers}
}

// Lookup implements Plan.
func (c *cached) Lookup(digits string) Owner {
	if owner, ok := c.answers.Get(digits); ok {
		return owner
	}
	owner := c.plan.Lookup(digits)
	if len(digits) <= e164Digits {
		// A copy of the digits, or the cache would keep the whole request in
		// memory that they are part of.
		c.answers.Add(strings.Clone(digits), owner)
	}
	return owner
}

// Origin implements Plan.
func (c *cached) Origin(digits string) Origin { return c.plan.Origin(digits) }
