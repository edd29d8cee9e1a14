package denials

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// CheckCounted finds out whether the carrier accepts the credential of a request that limits
// count. Where the carrier cannot be asked, one request of an account at a time is taken for
// accepted, until release is called: its own answer says what its credential is. Others wait for
// it, and are inconclusive if that takes too long.
//
// A credential that was accepted once is so until the carrier rejects it: that answer comes as
// soon as one is used that was revoked.
func (s *Disclosure) CheckCounted(r *http.Request, d *gate.Decision, next caddyhttp.Handler) (status carrier.Status, release func()) {
	authorization := r.Header.Get("Authorization")
	key := keyOf(authorization, d)
	switch {
	case authorization == "":
		return carrier.Rejected, nil
	case s.checker.AcceptedLast(key):
		return carrier.Accepted, nil
	}
	found, result := s.examine(r, d, next)
	switch {
	case found == accepted:
		return carrier.Accepted, nil
	case result.Status == carrier.Rejected && result.Answer != nil && result.Answer.Status == http.StatusUnauthorized:
		return carrier.Rejected, nil
	}
	release, ok := s.turns.take(r.Context(), d.Account, maxTurn)
	if !ok {
		return carrier.Inconclusive, nil
	}
	if s.checker.AcceptedLast(key) {
		release()
		return carrier.Accepted, nil
	}
	return carrier.Accepted, release
}

// IsAccepted reports whether the carrier has accepted the credential of a request before. It asks no
// one.
func (s *Disclosure) IsAccepted(r *http.Request, d *gate.Decision) bool {
	authorization := r.Header.Get("Authorization")
	return authorization != "" && s.checker.AcceptedLast(keyOf(authorization, d))
}

// maxTurn is how long a request waits for its turn.
const maxTurn = 10 * time.Second

// turns let one request of each account go on at a time.
type turns struct {
	mutex sync.Mutex
	taken map[string]*turn
}

// turn is that of the requests of one account.
type turn struct {
	// free has one value while no request has the turn.
	free chan struct{}
	// users are the requests that have it or wait for it.
	users int
}

// take waits until no other request of an account has the turn. Where ok, it is this one's until
// release is called.
func (t *turns) take(ctx context.Context, account string, atMost time.Duration) (release func(), ok bool) {
	one := t.join(account)
	late := time.NewTimer(atMost)
	defer late.Stop()
	select {
	case <-one.free:
		return sync.OnceFunc(func() {
			one.free <- struct{}{}
			t.leave(account, one)
		}), true
	case <-ctx.Done():
	case <-late.C:
	}
	t.leave(account, one)
	return nil, false
}

func (t *turns) join(account string) *turn {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	one := t.taken[account]
	if one == nil {
		if t.taken == nil {
			t.taken = map[string]*turn{}
		}
		one = &turn{free: make(chan struct{}, 1)}
		one.free <- struct{}{}
		t.taken[account] = one
	}
	one.users++
	return one
}

func (t *turns) leave(account string, one *turn) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if one.users--; one.users == 0 {
		delete(t.taken, account)
	}
}
