package carriers

import (
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Registered are the carriers that are registered as modules, in the order of their
// names. One policy may be for accounts of all of them.
type Registered []carrier.Carrier

// All returns the carriers that are registered by now: every one, once the program runs.
func All() Registered {
	var all Registered
	for _, info := range caddy.GetModules(carrierNamespace) {
		if module, ok := info.New().(carrierModule); ok {
			all = append(all, module.Carrier())
		}
	}
	return all
}

// Of returns the carrier of an account or a key: the first one if its identifier is none
// that any carrier has, and nil if none is registered.
func (r Registered) Of(id string) carrier.Carrier {
	for _, kind := range []policy.IdentifierKind{policy.AccountID, policy.KeyID} {
		for _, c := range r {
			if _, ok := c.Identifiers().Canonical(kind, id); ok {
				return c
			}
		}
	}
	return r.first()
}

// Named returns the carrier of that name, and the first one if there is none.
func (r Registered) Named(name string) carrier.Carrier {
	for _, c := range r {
		if c.Name() == name {
			return c
		}
	}
	return r.first()
}

func (r Registered) first() carrier.Carrier {
	if len(r) == 0 {
		return nil
	}
	return r[0]
}

// Names implements config.Carriers.
func (r Registered) Names() []string {
	names := make([]string, len(r))
	for i, c := range r {
		names[i] = c.Name()
	}
	return names
}

// Only implements config.Carriers.
func (r Registered) Only(names ...string) config.Carriers {
	var only Registered
	for _, c := range r {
		if slices.Contains(names, c.Name()) {
			only = append(only, c)
		}
	}
	return only
}

// Canonical implements policy.Identifiers.
func (r Registered) Canonical(kind policy.IdentifierKind, text string) (id string, ok bool) {
	for _, c := range r {
		if id, ok := c.Identifiers().Canonical(kind, text); ok {
			return id, true
		}
	}
	return "", false
}

// Form implements policy.Identifiers.
func (r Registered) Form(kind policy.IdentifierKind) string {
	var forms []string
	for _, c := range r {
		if form := c.Identifiers().Form(kind); form != "" && !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	return strings.Join(forms, ", or ")
}

// IsMistyped implements policy.Identifiers.
func (r Registered) IsMistyped(sender string) bool {
	if _, ok := r.Canonical(policy.ServiceID, sender); ok {
		return false
	}
	return slices.ContainsFunc(r, func(c carrier.Carrier) bool { return c.Identifiers().IsMistyped(sender) })
}

// NewKey implements policy.Identifiers.
func (r Registered) NewKey(account string) (id string, ok bool) {
	if len(r) == 0 {
		return "", false
	}
	return r.Of(account).Identifiers().NewKey(account)
}

// Restrictions implements config.Carriers: what one of the carriers does not serve, a
// policy for all of them does not permit, unless it states lists of its own.
func (r Registered) Restrictions() policy.Restrictions {
	var all policy.Restrictions
	for _, c := range r {
		its := c.Restrictions()
		for channel := range its.Unsupported {
			for t := range its.Unsupported[channel].All() {
				all.Unsupported[channel].Add(t)
			}
		}
		for t := range its.ByRequest.All() {
			all.ByRequest.Add(t)
		}
		for channel, prefixes := range its.UnsupportedPrefixes {
			all.UnsupportedPrefixes[channel] = append(all.UnsupportedPrefixes[channel], prefixes...)
		}
	}
	return all
}

// ReadSender implements config.Carriers: as a gate of the carrier, without ranges of its
// own, reads the senders of requests.
func (r Registered) ReadSender(name, text string) []string {
	if len(r) == 0 {
		return nil
	}
	reader := address.Reader{Plan: numbering.Default(), Dialect: r.Named(name).Dialect()}
	return reader.ReadSender(text)
}

// IsEmergency implements config.Carriers.
func (r Registered) IsEmergency(digits string) bool {
	for _, c := range r {
		if c.Dialect().Emergency[digits] {
			return true
		}
	}
	return false
}

// Operations implements keys.Carriers.
func (r Registered) Operations(name string) []string {
	if lister, ok := r.Named(name).(carrier.OperationLister); ok {
		return lister.OperationNames()
	}
	return nil
}

// NamesDestination reports whether a destination can stand in a parameter of that name at
// one of the carriers.
func (r Registered) NamesDestination(parameter string) bool {
	return slices.ContainsFunc(r, func(c carrier.Carrier) bool {
		params, ok := c.(carrier.DestinationParams)
		return ok && params.NamesDestination(parameter)
	})
}

// NamesSender reports the same of senders.
func (r Registered) NamesSender(parameter string) bool {
	return slices.ContainsFunc(r, func(c carrier.Carrier) bool {
		params, ok := c.(carrier.DestinationParams)
		return ok && params.NamesSender(parameter)
	})
}

// Interface guards
var (
	_ config.Carriers           = Registered(nil)
	_ carrier.DestinationParams = Registered(nil)
)
