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

// CredentialCheck says how a credential is checked before a denial is shown to it. The
// carrier is asked first, with a request that sends nothing, and a client that the
// carrier rejects gets its answer in place of the denial.
type CredentialCheck struct {
	// Off shows denials to every client.
	Off bool `json:"off,omitempty"`

	// How long a credential counts as accepted. Default: `5m`.
	AcceptedTTL caddy.Duration `json:"accepted_ttl,omitempty"`

	// How long it counts as rejected. Default: `30s`.
	RejectedTTL caddy.Duration `json:"rejected_ttl,omitempty"`

	// How long the carrier may take to answer. Default: `5s`.
	Timeout caddy.Duration `json:"timeout,omitempty"`

	// How many checks may be made for one client, an IPv4 address or an IPv6
	// network of 64 bits, and in how long. Beyond that, the client is answered as the
	// carrier answers an unknown credential. Default: `60/1m`.
	PerClient string `json:"per_client,omitempty"`

	// The same for all clients of this handler together. Default: `600/1m`.
	Total string `json:"total,omitempty"`

	// What is answered if the carrier cannot be reached: `deny`, the denial, except
	// at an edge or a region that the client chose, or `401`, what an unknown
	// credential gets. Default: `deny`.
	OnUnreachable string `json:"on_unreachable,omitempty"`
}

var onUnreachableModes = []string{"deny", "401"}

// errNegative is a time that no answer can count for.
var errNegative = errors.New("accepted_ttl, rejected_ttl and timeout must be positive")

// options are the settings with their defaults.
func (c *CredentialCheck) options() (credentialcheck.Options, error) {
	options := credentialcheck.Options{
		AcceptedTTL: orDefault(c.AcceptedTTL, credentialcheck.DefaultAcceptedTTL),
		RejectedTTL: orDefault(c.RejectedTTL, credentialcheck.DefaultRejectedTTL),
		Timeout:     orDefault(c.Timeout, credentialcheck.DefaultTimeout),
		PerClient:   credentialcheck.DefaultPerClient,
		Total:       credentialcheck.DefaultTotal,
		Now:         time.Now,
	}
	if min(options.AcceptedTTL, options.RejectedTTL, options.Timeout) < 0 {
		return options, errNegative
	}
	var err error
	if c.PerClient != "" {
		if options.PerClient, err = credentialcheck.ParseRate(c.PerClient); err != nil {
			return options, fmt.Errorf("per_client: %w", err)
		}
	}
	if c.Total != "" {
		if options.Total, err = credentialcheck.ParseRate(c.Total); err != nil {
			return options, fmt.Errorf("total: %w", err)
		}
	}
	if c.OnUnreachable != "" && !slices.Contains(onUnreachableModes, c.OnUnreachable) {
		return options, fmt.Errorf("on_unreachable cannot be %q%s", c.OnUnreachable, config.DidYouMean(c.OnUnreachable, onUnreachableModes))
	}
	return options, nil
}

func orDefault(stated caddy.Duration, otherwise time.Duration) time.Duration {
	if stated == 0 {
		return otherwise
	}
	return time.Duration(stated)
}

// Provision makes the settings ready for use; nil stands for the defaults. It returns
// nil where every client is shown its denials, as by default where the carrier's
// credentials cannot be checked.
func (c *CredentialCheck) Provision(ctx context.Context, h Handler) (*Disclosure, error) {
	var stated CredentialCheck
	if c != nil {
		stated = *c
	}
	options, err := stated.options()
	if err != nil {
		return nil, fmt.Errorf("credential_check: %w", err)
	}
	switch {
	case stated.Off:
		return nil, nil
	case h.Prober == nil && c != nil:
		return nil, fmt.Errorf("credential_check cannot be used with the carrier %q: "+
			"the gate knows no request of its API that checks a credential; "+
			"leave it out, or turn it off to show denials to every client", h.Gate.Carrier.Name())
	case h.Prober == nil:
		h.Logger.Warn("denials are shown to every client: the gate knows no request of the carrier's API that checks a credential",
			zap.String("carrier", h.Gate.Carrier.Name()))
		return nil, nil
	}
	return &Disclosure{
		handler: h,
		checker: credentialcheck.New(ctx, options),
		strict:  stated.OnUnreachable == "401",
	}, nil
}
