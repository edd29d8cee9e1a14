package console

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	// LinkLifetime is how long a link may be followed.
	LinkLifetime = 5 * time.Minute
	// sessionLifetime is how long a client that followed one is known.
	sessionLifetime = 12 * time.Hour
	// mostIssued bounds how many links, and how many sessions, are remembered: the oldest go.
	mostIssued = 100
)

// Links are those by which clients sign in that no authentication names: each can be used once,
// and begins a session. Both are random, only their digests are kept, and only in memory. All
// methods may be called at once.
type Links struct {
	// Now is the clock.
	Now func() time.Time

	mu              sync.Mutex
	links, sessions issued
}

// issued are secrets by their digests, the oldest first, with their ends.
type issued []struct {
	digest [sha256.Size]byte
	end    time.Time
}

// Issue makes a link. It returns what the query of the sign-in page has as link.
func (l *Links) Issue() (secret string, end time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	end = l.Now().Add(LinkLifetime)
	return l.links.add(end), end
}

// begin begins a session by a link, which cannot be used again.
func (l *Links) begin(link string) (session string, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.Now()
	if !l.links.has(link, now) {
		return "", false
	}
	l.links.remove(link)
	return l.sessions.add(now.Add(sessionLifetime)), true
}

// IsSession reports whether a request is one of a session.
func (l *Links) IsSession(r *http.Request) bool {
	cookie, err := r.Cookie(cookieName(r))
	if err != nil {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sessions.has(cookie.Value, l.Now())
}

// end ends the session of a request.
func (l *Links) end(r *http.Request) {
	cookie, err := r.Cookie(cookieName(r))
	if err != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sessions.remove(cookie.Value)
}

// add makes a secret of 256 bits.
func (s *issued) add(end time.Time) (secret string) {
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails
	secret = base64.RawURLEncoding.EncodeToString(random)
	if len(*s) >= mostIssued {
		*s = slices.Delete(*s, 0, 1)
	}
	*s = append(*s, struct {
		digest [sha256.Size]byte
		end    time.Time
	}{sha256.Sum256([]byte(secret)), end})
	return secret
}

// has reports whether a secret is one that has not ended. What is compared is digests, of which
// the time that it takes says nothing.
func (s *issued) has(secret string, now time.Time) bool {
	digest := sha256.Sum256([]byte(secret))
	for _, i := range *s {
		if i.digest == digest {
			return now.Before(i.end)
		}
	}
	return false
}

func (s *issued) remove(secret string) {
	digest := sha256.Sum256([]byte(secret))
	for i := range *s {
		if (*s)[i].digest == digest {
			*s = slices.Delete(*s, i, i+1)
			return
		}
	}
}

// cookieName is that of the session's cookie. Browsers send the cookies of a host to all its ports,
// so the port is in the name: two gates on one machine have a session each. Under TLS, browsers see
// to it that no other host has set a cookie of that name.
func cookieName(r *http.Request) string {
	name := "tollgate-console"
	if _, port, err := net.SplitHostPort(r.Host); err == nil && port != "" {
		name += "-" + port
	}
	if r.TLS != nil {
		name = "__Host-" + name
	}
	return name
}

// cookie is that of a session; an empty one is deleted.
func (c *Console) cookie(r *http.Request, session string) *http.Cookie {
	cookie := &http.Cookie{
		Name: cookieName(r), Value: session, Path: c.path, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		MaxAge: int(sessionLifetime / time.Second), Secure: r.TLS != nil,
	}
	if cookie.Secure {
		cookie.Path = "/" // as __Host- needs it
	}
	if session == "" {
		cookie.MaxAge = -1
	}
	return cookie
}
