package policy

import (
	"iter"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Revision names the policy in logs.
func (s *Snapshot) Revision() string { return s.revision }

// Observe reports whether nothing is to be refused, whatever the verdict.
func (s *Snapshot) Observe(now time.Time) bool { return s.observe.Holds(now) }

// Monitored lists the accounts whose denials are only recorded, by their own IDs.
func (s *Snapshot) Monitored(now time.Time) (ids []string) {
	for _, a := range s.monitored {
		if a.monitor.Holds(now) && !s.overlay.changes(a.id) {
			ids = append(ids, a.id)
		}
	}
	for _, c := range s.overlay.inOrder() {
		if c.account.monitor.Holds(now) {
			ids = append(ids, c.account.id)
		}
	}
	return ids
}

// NationalStrict says how numbers without "+" are to be read.
func (s *Snapshot) NationalStrict() bool { return s.nationalStrict }

// National is the country of senders whose own is unknown, if one is stated.
func (s *Snapshot) National() numbering.Territory { return s.national }

// SendersMatter reports whether the senders of a request can make a difference.
func (s *Snapshot) SendersMatter() bool { return s.sendersMatter }

// Names reports whether the policy names an account.
func (s *Snapshot) Names(a CarrierAccount) bool { return s.account(a) != nil }

func (s *Snapshot) account(a CarrierAccount) *account { return s.at(a.Carrier).find(a.ID) }

// defined is the account of an own ID, nil if there is none.
func (s *Snapshot) defined(id string) *account {
	if c, changed := s.overlay.change(id); changed {
		return c.account
	}
	if number, ok := s.number(id); ok {
		return &s.accounts[number]
	}
	return nil
}

// number is that of the account of an own ID among those that were compiled at once.
func (s *Snapshot) number(id string) (number int, ok bool) {
	for p := s.byName.find(id); ; {
		number, ok := p.next()
		if !ok {
			return 0, false
		}
		if s.accounts[number].isID(id) {
			return number, true
		}
	}
}

// holderOf is the account that a credential belongs to, nil if there is none.
func (s *Snapshot) holderOf(text string) *account {
	if a := s.overlay.holderOf(text); a != nil {
		return a
	}
	for p := s.holders.find(text); ; {
		number, ok := p.next()
		if !ok {
			return nil
		}
		if c := &s.credentials[number]; c.text == text {
			return s.overlay.current(c.account)
		}
	}
}

// all yields all accounts.
func (s *Snapshot) all() iter.Seq[*account] {
	return func(yield func(*account) bool) {
		for i := range s.accounts {
			if a := &s.accounts[i]; !s.overlay.changes(a.id) && !yield(a) {
				return
			}
		}
		for _, c := range s.overlay.inOrder() {
			if !yield(c.account) {
				return
			}
		}
	}
}

// IDOf returns the own ID of the account that has an id at a carrier.
func (s *Snapshot) IDOf(a CarrierAccount) (id string, defined bool) {
	if named := s.account(a); named != nil {
		return named.id, true
	}
	return "", false
}

// At returns the ids at carriers of the account that the policy defines by this ID.
func (s *Snapshot) At(id string) (ids []CarrierAccount, defined bool) {
	a := s.defined(id)
	if a == nil {
		return nil, false
	}
	if a.carrier != noCarrier {
		return []CarrierAccount{{s.carriers[a.carrier-1], a.id}}, true
	}
	return a.at, true
}

// IDAt returns the id at a carrier of the account that the policy defines by this ID, or
// "" if it has none there.
func (s *Snapshot) IDAt(carrier, id string) string {
	if a := s.defined(id); a != nil {
		return s.idAt(carrier, a)
	}
	return ""
}

// OwnName returns the name of its own that the policy gives an account, or "".
func (s *Snapshot) OwnName(a CarrierAccount) string {
	if named := s.account(a); named != nil {
		return named.ownName()
	}
	return ""
}

// OwnNames lists the names of their own that the policy gives accounts.
func (s *Snapshot) OwnNames() []string {
	var names []string
	for a := range s.all() {
		if name := a.ownName(); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Label returns what people call the account that the policy defines by this ID, or "".
func (s *Snapshot) Label(id string) string {
	if a := s.defined(id); a != nil {
		return a.label
	}
	return ""
}

// Unsupported is the set of territories that the carrier does not serve.
func (s *Snapshot) Unsupported(channel Channel) Set { return *s.unsupported[channel].territories }

// Apart has the channels by which the verdict on a message may differ from that on the same
// message by their base, since the policy states something of the channel itself.
func (s *Snapshot) Apart() ChannelSet { return s.apart }

// ByRequest is the set of voice territories that the carrier opens on request.
func (s *Snapshot) ByRequest() Set { return *s.byRequest }
