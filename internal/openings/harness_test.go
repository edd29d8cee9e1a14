package openings_test

import (
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// twilio has the lists of the one carrier that has some.
type twilio struct{}

func (twilio) HighRisk(channel policy.Channel, t numbering.Territory) (source string, ok bool) {
	return geo.HighRisk(channel, t)
}

func (twilio) ByRequest(channel policy.Channel, t numbering.Territory) bool {
	restrictions := geo.Restrictions()
	return channel == policy.Voice && restrictions.ByRequest.Has(t)
}

var (
	now   = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	alice = access.Author{Name: "alice", Person: "alice"}
	bob   = access.Author{Name: "bob", Person: "bob"}
	carol = access.Author{Name: "carol", Person: "carol"}
)

const day = 24 * time.Hour

func to(t *testing.T, text string) openings.Destination {
	t.Helper()
	destination, err := openings.ParseDestination(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return destination
}

// asked is what is asked for: three days of voice to Indonesia, if nothing is changed.
func asked(t *testing.T, change func(*openings.Opening)) openings.Opening {
	t.Helper()
	o := openings.Opening{
		Account: "acme", Channel: policy.Voice, To: to(t, "ID"), Until: now.Add(3 * day),
		Reason: "Customer's launch", Ticket: "OPS-1",
	}
	if change != nil {
		change(&o)
	}
	return o
}

func rules(t *testing.T, s openings.Settings) openings.Rules {
	t.Helper()
	r, err := s.Rules()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// requested is an opening that alice requested, with risk or without.
func requested(t *testing.T, r openings.Rules, isRisky bool) *openings.Opening {
	t.Helper()
	o, _, err := r.Request(asked(t, func(o *openings.Opening) {
		if isRisky {
			o.To, o.Acknowledged = to(t, "LV"), true
		}
		o.From = now.Add(day)
	}), alice, now, twilio{})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// byRequest opens territories of voice on request only.
type byRequest struct{ restrictions policy.Restrictions }

func (byRequest) HighRisk(policy.Channel, numbering.Territory) (source string, ok bool) {
	return "", false
}

func (b byRequest) ByRequest(channel policy.Channel, t numbering.Territory) bool {
	return channel == policy.Voice && b.restrictions.ByRequest.Has(t)
}
