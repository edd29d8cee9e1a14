//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"
)

// version is a policy that was in force.
type version struct {
	allows bool
	// written is from when on it may have been in force.
	written time.Time
	// replaced is when the next one was seen to be in force. It is zero for the last one.
	replaced time.Time
}

// swaps are the policies that were in force, one after another.
type swaps struct {
	mu       sync.Mutex
	versions []version
	judged   []judged
}

// judged is what became of a request that the policy of the moment decides.
type judged struct {
	number       uint32
	allowed      bool
	began, ended time.Time
}

// write puts a policy in the place of the one before, as a whole.
func (s *swaps) write(file string, allows bool) error {
	if err := os.WriteFile(file+".new", []byte(policyText(allows)), 0o600); err != nil {
		return err
	}
	s.mu.Lock()
	s.versions = append(s.versions, version{allows: allows, written: time.Now()})
	s.mu.Unlock()
	return os.Rename(file+".new", file)
}

// confirm notes that the last policy is in force.
func (s *swaps) confirm() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.versions); n > 1 {
		s.versions[n-2].replaced = time.Now()
	}
}

// run writes one policy after another, until the context ends. Each stays for a second from
// when it is seen to be in force.
func (s *swaps) run(ctx context.Context, g *gate, report *report) {
	last, err := g.revision(ctx)
	if err != nil {
		report.fail(checkGate, "asking for the policy: %v", err)
		return
	}
	for allows := true; ; allows = !allows {
		if !pause(ctx, time.Second) {
			return
		}
		if err := s.write(g.policy(), allows); err != nil {
			report.fail(checkGate, "writing a policy: %v", err)
			return
		}
		for written := time.Now(); ; {
			if !pause(ctx, 100*time.Millisecond) {
				return
			}
			// The endpoint is not there while a configuration is loaded.
			if revision, err := g.revision(ctx); err == nil && revision != last {
				last = revision
				s.confirm()
				break
			}
			if time.Since(written) > patience {
				report.fail(checkGate, "a policy that was written is not in force after %v", patience)
				return
			}
		}
	}
}

// pause waits, and reports whether the context is still there.
func pause(ctx context.Context, duration time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(duration):
		return true
	}
}

func (s *swaps) add(j judged) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.judged = append(s.judged, j)
}

// check holds each request against the policies that may have been in force while it was
// there: one of them must have judged as it was judged. It counts those that only one
// verdict was right for.
func (s *swaps) check(report *report) (certain int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range s.judged {
		var could [2]bool
		for _, v := range s.versions {
			if v.written.Before(j.ended) && (v.replaced.IsZero() || v.replaced.After(j.began)) {
				could[index(v.allows)] = true
			}
		}
		if could[0] != could[1] {
			certain++
		}
		if !could[index(j.allowed)] {
			report.fail(checkPolicy, "%s was judged by no policy that was in force: allowed %v, from %s to %s (%s)",
				letters(j.number), j.allowed, clock(j.began), clock(j.ended), s.around(j.began))
		}
	}
	return certain
}

// around shows the policies about a moment.
func (s *swaps) around(moment time.Time) string {
	text := ""
	for _, v := range s.versions {
		if v.written.Sub(moment).Abs() < 4*time.Second {
			text += fmt.Sprintf("; allows %v, written %s, replaced %s", v.allows, clock(v.written), clock(v.replaced))
		}
	}
	return text
}

func clock(t time.Time) string { return t.UTC().Format("15:04:05.000000") }

func index(b bool) int {
	if b {
		return 1
	}
	return 0
}
