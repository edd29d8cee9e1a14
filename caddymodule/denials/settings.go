package denials

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/credentialcheck"
)

// Strangers says what becomes of denials to credentials that the carrier has not
// been seen to accept. It is asked first, with a request that reaches nobody, and
// whoever it rejects gets its answer in place of the denial.
type Strangers struct {
	// Off shows denials to everyone.
	Off bool `json:"off,omitempty"`

	// How long a credential counts as accepted. Default: `5m`.
	Good caddy.Duration `json:"good,omitempty"`

	// How long it counts as rejected. Default: `30s`.
	Bad caddy.Duration `json:"bad,omitempty"`

	// How long the carrier may take to answer. Default: `5s`.
	Timeout caddy.Duration `json:"timeout,omitempty"`

	// How many checks may be made for one client, an IPv4 address or an IPv6
	// network of 64 bits, and in how long. Beyond that, it is answered as the
	// carrier answers an unknown credential. Default: `60/1m`.
	PerClient string `json:"per_client,omitempty"`

	// The same for all clients of this handler together. Default: `600/1m`.
	Overall string `json:"overall,omitempty"`

	// What is answered if the carrier cannot be reached: `deny`, the denial, except
	// at an edge or a region that the client chose, or `401`, what an unknown
	// credential gets. Default: `deny`.
	Unreachable string `json:"unreachable,omitempty"`
}

var unreachableModes = []string{"deny", "401"}

// errNegative is a time that no answer can count for.
var errNegative = errors.New("good, bad and timeout must be positive")

// options are the settings with their defaults.
func (s *Strangers) options() (credentialcheck.Options, error) {
	options := credentialcheck.Options{
		Good:      orDefault(s.Good, credentialcheck.DefaultGood),
		Bad:       orDefault(s.Bad, credentialcheck.DefaultBad),
		Timeout:   orDefault(s.Timeout, credentialcheck.DefaultTimeout),
		PerClient: credentialcheck.DefaultPerClient,
		Overall:   credentialcheck.DefaultOverall,
		Now:       time.Now,
	}
	if min(options.Good, options.Bad, options.Timeout) < 0 {
		return options, errNegative
	}
	var err error
	if s.PerClient != "" {
		if options.PerClient, err = credentialcheck.ParseRate(s.PerClient); err != nil {
			return options, fmt.Errorf("per_client: %w", err)
		}
	}
	if s.Overall != "" {
		if options.Overall, err = credentialcheck.ParseRate(s.Overall); err != nil {
			return options, fmt.Errorf("overall: %w", err)
		}
	}
	if s.Unreachable != "" && !slices.Contains(unreachableModes, s.Unreachable) {
		return options, fmt.Errorf("unreachable cannot be %q%s", s.Unreachable, config.DidYouMean(s.Unreachable, unreachableModes))
	}
	return options, nil
}

func orDefault(stated caddy.Duration, otherwise time.Duration) time.Duration {
	if stated == 0 {
		return otherwise
	}
	return time.Duration(stated)
}

// Provision makes the settings ready for use; nil stands for the defaults. There is
// no door where they are off, as by default where the carrier's credentials cannot be
// checked.
func (s *Strangers) Provision(ctx context.Context, h Handler) (*Door, error) {
	var stated Strangers
	if s != nil {
		stated = *s
	}
	options, err := stated.options()
	if err != nil {
		return nil, fmt.Errorf("strangers: %w", err)
	}
	switch {
	case stated.Off:
		return nil, nil
	case h.Prober == nil && s != nil:
		return nil, fmt.Errorf("credential_check cannot be used with the carrier %q: no request of its API is known by which a credential can be checked; "+
			"leave it out, or state that it is off, and denials are shown to every client", h.Gate.Carrier.Name())
	case h.Prober == nil:
		h.Logger.Warn("denials are shown to every client: no request of the carrier's API is known by which a credential can be checked",
			zap.String("carrier", h.Gate.Carrier.Name()))
		return nil, nil
	}
	return &Door{
		handler:  h,
		register: credentialcheck.New(ctx, options),
		strict:   stated.Unreachable == "401",
	}, nil
}
