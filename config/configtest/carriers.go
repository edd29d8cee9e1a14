package configtest

import (
	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Carriers are those of a test: Twilio, but with senders as Read reads them.
type Carriers struct {
	sid.Identifiers
	Read func(text string) []string
}

// Restrictions implements config.Carriers.
func (Carriers) Restrictions() policy.Restrictions { return geo.Restrictions() }

// Names implements config.Carriers.
func (Carriers) Names() []string { return []string{"twilio"} }

// Only implements config.Carriers.
func (c Carriers) Only(...string) config.Carriers { return c }

// ReadSender implements config.Carriers.
func (c Carriers) ReadSender(_, text string) []string { return c.Read(text) }

// IsEmergency implements config.Carriers.
func (Carriers) IsEmergency(digits string) bool { return digits == "112" || digits == "911" }

// Operations implements keys.Carriers.
func (Carriers) Operations(string) []string {
	return []string{"calls.create", "calls.update", "conversations.actions.create", "messages.create", "messages.update", "read"}
}

// AsWritten are carriers to which a sender has one name: what is written.
var AsWritten = Carriers{Read: func(text string) []string { return []string{text} }}
