package app

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// Caddy starts its apps in any order: a request may come before the servers have been
// checked.
func TestARequestThatComesBeforeTheCheckWaitsForItAndNotForEver(t *testing.T) {
	for _, c := range []struct {
		name   string
		settle func(readiness)
		after  time.Duration
		judged bool
	}{
		{"it waits until the check is done", func(r readiness) { <-time.After(time.Second); r.settle(true) }, time.Second, true},
		{"it ends when the configuration is not to be used", func(r readiness) { <-time.After(time.Second); r.settle(false) }, time.Second, false},
		{"it ends when the check never comes", func(readiness) {}, longestStart, false},
		{"what was not to be used stays so", func(r readiness) { r.settle(false); r.settle(true) }, 0, false},
		{"a server that stops goes on judging", func(r readiness) { r.settle(true); r.settle(false) }, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, began := newReadiness(), time.Now()
				go c.settle(r)
				synctest.Wait()
				if judged := r.wait(context.Background()); judged != c.judged || time.Since(began) != c.after {
					t.Errorf("judged %t after %s", judged, time.Since(began))
				}
			})
		})
	}
}
