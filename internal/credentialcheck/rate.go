package credentialcheck

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// Rate allows a number of checks in a time, all of them at once if need be.
type Rate struct {
	Count int
	Per   time.Duration
}

// errRate is a text that is not a rate.
var errRate = errors.New(`is not a rate: write how many in how long, such as "60/1m"`)

// ParseRate reads a rate such as "60/1m".
func ParseRate(text string) (Rate, error) {
	count, per, _ := strings.Cut(text, "/")
	n, err := strconv.Atoi(count)
	if err != nil || n <= 0 {
		return Rate{}, fmt.Errorf("%q %w", text, errRate)
	}
	d, err := time.ParseDuration(per)
	if err != nil || d <= 0 {
		return Rate{}, fmt.Errorf("%q %w", text, errRate)
	}
	return Rate{Count: n, Per: d}, nil
}

func (r Rate) limiter() *rate.Limiter {
	return rate.NewLimiter(rate.Limit(float64(r.Count)/r.Per.Seconds()), r.Count)
}

// limits bound how often the carrier is asked: for each client, and for all clients
// together.
type limits struct {
	perClient Rate
	clients   *lru.Cache[netip.Prefix, *rate.Limiter]
	total     *rate.Limiter
}

// maxClients is how many clients have a limiter. A client whose limiter was evicted
// starts again with a full one; the total limit still holds.
const maxClients = 4096

func newLimits(perClient, total Rate) limits {
	clients, _ := lru.New[netip.Prefix, *rate.Limiter](maxClients) // fails only for sizes below 1
	return limits{perClient: perClient, clients: clients, total: total.limiter()}
}

// allow reports whether the carrier may be asked once more for a client.
func (l *limits) allow(client netip.Addr, now time.Time) bool {
	key := clientOf(client)
	limiter, ok := l.clients.Get(key)
	if !ok {
		limiter = l.perClient.limiter()
		if earlier, found, _ := l.clients.PeekOrAdd(key, limiter); found {
			limiter = earlier
		}
	}
	return limiter.AllowN(now, 1) && l.total.AllowN(now, 1)
}

// clientOf is what counts as one client: an IPv4 address, or the network of 64 bits
// that one site gets of IPv6 (RFC 6177). All clients without an address are one.
func clientOf(client netip.Addr) netip.Prefix {
	client = client.Unmap()
	bits := 64
	if client.Is4() {
		bits = 32
	}
	prefix, _ := client.WithZone("").Prefix(bits) // the zero value has none, and is one
	return prefix
}
