package app

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"
	"golang.org/x/time/rate"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/internal/counters"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/holds"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/limits/redis"
)

// Counters say where it is counted how much was sent, for limits.
type Counters struct {
	// The engine: `memory`, of this gate alone, `store`, the same but kept over a restart in a
	// store of `sqlite`, or `redis`, for several gates. Default: `memory`.
	Engine string `json:"engine,omitzero"`

	// Where `redis` is, a Redis or Valkey server: `host:port`, or a URL, such as
	// `rediss://user:password@host:port` for TLS; write a placeholder, such as
	// `{env.TOLLGATE_REDIS}`, in place of a password.
	Address string `json:"address,omitzero"`

	// What all keys in `redis` begin with. Gates that count together have the same. Default:
	// `tollgate:`.
	Prefix string `json:"prefix,omitzero"`

	// How long a request waits for `redis` at most. Default: `50ms`.
	Timeout string `json:"timeout,omitzero"`

	// What becomes of requests that limits count while `redis` is away: `local`, each gate
	// counts for itself, or `deny`, they are answered 503. Default: `local`.
	OnUnavailable string `json:"on_unavailable,omitzero"`
}

// The engines of counters.
const (
	engineMemory = "memory"
	engineStore  = "store"
	engineRedis  = "redis"
)

// What becomes of requests while counters are away.
const (
	countLocally = "local"
	denyCounted  = "deny"
)

const (
	defaultCounterPrefix  = "tollgate:"
	defaultCounterTimeout = 50 * time.Millisecond
	// longestCounterTimeout is one that a client still waits for.
	longestCounterTimeout = 5 * time.Second
)

// check finds mistakes that show before placeholders are resolved.
func (c *Counters) check() error {
	shown := *c
	for _, text := range []*string{&shown.Engine, &shown.Prefix, &shown.Timeout, &shown.OnUnavailable} {
		if placeholder.Is(*text) {
			*text = ""
		}
	}
	if strings.Contains(shown.Address, "{") { // a part may be one
		shown.Address = "localhost:6379"
	}
	if c.Engine != "" && shown.Engine == "" {
		shown.Engine = engineRedis
	}
	_, err := shown.options()
	return err
}

// options are those of counters of several gates, and nil of those in memory.
func (c *Counters) options() (*redis.Options, error) {
	switch c.Engine {
	case "", engineMemory, engineStore:
		if c.Address != "" || c.Prefix != "" || c.Timeout != "" || c.OnUnavailable != "" {
			return nil, fmt.Errorf("%s has no options: name redis to count with other gates", cmp.Or(c.Engine, engineMemory))
		}
		return nil, nil
	case engineRedis:
	default:
		return nil, fmt.Errorf("unknown engine %q: write memory, store or redis", c.Engine)
	}
	o := &redis.Options{Address: c.Address, Prefix: defaultCounterPrefix, Timeout: defaultCounterTimeout}
	if c.Address == "" {
		return nil, errors.New("redis needs an address, such as {env.TOLLGATE_REDIS}")
	}
	if _, err := redis.ReadAddress(c.Address); err != nil {
		return nil, fmt.Errorf("address: %w", err)
	}
	if c.Prefix != "" {
		o.Prefix = c.Prefix
	}
	if strings.ContainsAny(o.Prefix, "{}") {
		return nil, fmt.Errorf("prefix %q has braces, by which a cluster places keys: leave them out", o.Prefix)
	}
	if c.Timeout != "" {
		var err error
		if o.Timeout, err = caddy.ParseDuration(c.Timeout); err != nil || o.Timeout <= 0 || o.Timeout > longestCounterTimeout {
			return nil, fmt.Errorf("timeout %q is not a time up to %s to wait: write one such as 50ms", c.Timeout, longestCounterTimeout)
		}
	}
	switch c.OnUnavailable {
	case "", countLocally:
	case denyCounted:
		o.Deny = true
	default:
		return nil, fmt.Errorf("on_unavailable %q: write local or deny", c.OnUnavailable)
	}
	return o, nil
}

// countersInUse has how much was sent, for the limits of all configurations: a reload forgets
// nothing.
var countersInUse = caddy.NewUsagePool()

// holdsInUse has what is held, by engine: whatever else is stated of counters, such as a timeout,
// keys are the same.
var holdsInUse = caddy.NewUsagePool()

// openHolds are holds that several configurations may use, and the messages that may be confirmed.
type openHolds struct {
	*limits.Holds
	sent *gate.SentMessages
}

// Destruct implements caddy.Destructor.
func (openHolds) Destruct() error { return nil }

// openCounters are counters that several configurations may use.
type openCounters struct {
	gate.Counters
	shared *redis.Counters // nil of those of one gate
	kept   *counters.Kept  // nil of those that no store keeps
}

// Destruct implements caddy.Destructor.
func (o openCounters) Destruct() error {
	if o.shared != nil {
		o.shared.Close()
	}
	return nil
}

// provisionCounters begins the use of the counters by this configuration. It needs no network.
func (a *App) provisionCounters() error {
	var stated Counters
	if a.Counters != nil {
		stated = *a.Counters
	}
	for _, text := range []*string{&stated.Engine, &stated.Address, &stated.Prefix, &stated.Timeout, &stated.OnUnavailable} {
		var err error
		if *text, err = placeholder.Replace(*text); err != nil {
			return err
		}
	}
	options, err := stated.options()
	if err != nil {
		return err
	}
	engine, key := cmp.Or(stated.Engine, engineMemory), engineMemory
	switch {
	case options != nil:
		key = fmt.Sprintf("%+v", *options)
	case engine == engineStore && (a.store == nil || a.store.engine != engineSQLite):
		return errors.New("store keeps what one gate counts in a store of its own: state store sqlite, or name redis for gates that share one")
	case engine == engineStore:
		key = engineStore + " " + a.store.key()
	}
	value, _, err := countersInUse.LoadOrNew(key, func() (caddy.Destructor, error) {
		switch engine {
		case engineMemory:
			return openCounters{Counters: limits.New(time.Now())}, nil
		case engineStore:
			kept := counters.New(time.Now())
			return openCounters{Counters: kept, kept: kept}, nil
		}
		options.Asked = func(took time.Duration) { counterDuration.Observe(took.Seconds()) }
		options.Changed = newCountersLog(options.Deny).changed
		shared, err := redis.New(*options)
		return openCounters{Counters: shared, shared: shared}, err
	})
	if err != nil {
		return err
	}
	opened := value.(openCounters)
	a.countersKey, a.counters, a.sharedCounters, a.keptCounters = key, opened.Counters, opened.shared, opened.kept
	if a.keptCounters != nil {
		a.store.opening = a.restoreCounters
	}
	held, _, _ := holdsInUse.LoadOrNew(engine, func() (caddy.Destructor, error) {
		return openHolds{limits.NewHolds(), gate.NewSentMessages()}, nil
	})
	a.holdsKey, a.holds, a.sent = engine, held.(openHolds).Holds, held.(openHolds).sent
	a.heldByAll = &holds.Exchange{Held: a.holds, Counters: a.counters}
	return nil
}

// startCounters connects to those that several gates share.
func (a *App) startCounters() {
	if a.sharedCounters != nil {
		a.sharedCounters.Start()
	}
}

// releaseCounters ends it.
func (a *App) releaseCounters() error {
	if a.counters == nil {
		return nil
	}
	_, err := countersInUse.Delete(a.countersKey)
	_, errHolds := holdsInUse.Delete(a.holdsKey)
	return errors.Join(err, errHolds)
}

// LimitCounters are those of the limits that the policy states.
func (a *App) LimitCounters() gate.Counters { return a.counters }

// Holds are those of these limits.
func (a *App) Holds() *limits.Holds { return a.holds }

// SentMessages are those that may be confirmed.
func (a *App) SentMessages() *gate.SentMessages { return a.sent }

// countersLog says when counters are away and when they are back, and not for each of many times.
type countersLog struct {
	limit *rate.Limiter
	deny  bool
	// away says that it was said, and not that they are back.
	away bool
}

func newCountersLog(deny bool) *countersLog {
	return &countersLog{limit: rate.NewLimiter(repeatRate, 1), deny: deny}
}

// changed logs that counters are away and why, or, without an error, that they are back. It is
// called by one goroutine.
func (l *countersLog) changed(err error) {
	logger := caddy.Log().Named("tollgate")
	switch {
	case err == nil && l.away:
		l.away = false
		logger.Info("the counters of limits are back")
	case err == nil || !l.limit.Allow():
	case l.deny:
		l.away = true
		logger.Error("the counters of limits are away: what limits count is not sent", zap.Error(err))
	default:
		l.away = true
		logger.Warn("the counters of limits are away: this gate counts for itself", zap.Error(err))
	}
}
