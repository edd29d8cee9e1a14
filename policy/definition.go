package policy

import (
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Definition is a whole policy as it was stated, read and checked. Its identifiers are
// canonical (Identifiers).
type Definition struct {
	// Revision names this policy in logs.
	Revision string

	// Observe lets everything through and only records what would have been
	// refused, for all accounts.
	Observe Switch

	// NationalStrict keeps every reading of a number without "+", even where
	// it has the shape of a US number.
	NationalStrict bool

	// National is the country of senders whose own is unknown, such as messaging
	// services: numbers without "+" that they send to are of that country. The zero
	// value is none: such numbers are unreadable.
	National numbering.Territory

	// Default is in force where neither an account nor its parent states a
	// permission set. Without one, an account that the policy does not name is denied.
	Default *Permissions

	// Verify is the permission set of verifications where neither an account
	// nor its parent states one. What it does not state either, verifications
	// have in common with all other sends.
	Verify Permissions

	Choices

	// URLHosts are the hosts of URLs whose answers the carrier follows, as
	// ParseURLHost reads them, for accounts that state none. Nil is not stated:
	// any host will do. Empty is none.
	URLHosts []string

	// Limits of how much all accounts send, each by itself unless its dimensions say otherwise.
	Limits []Limit

	// MaxCall is how long calls may last, for accounts that do not state it; 0 is not limited.
	MaxCall time.Duration
	// PriceLimit refuses sends that cost more. Without one, any price will do.
	PriceLimit *PriceLimit

	// Rules of the operator, over all accounts.
	Rules []Rule

	// Restrictions are the carrier's own.
	Restrictions Restrictions

	// Unsupported holds, per channel, the territories that the carrier does
	// not serve at all. A nil set stands for the carrier's own, which of WhatsApp and RCS
	// is that of Messaging, stated or not, with the carrier's prefixes.
	Unsupported [ChannelCount]*Set

	// ByRequest holds the voice territories that the carrier opens to each
	// account on request only. A nil set stands for the carrier's own.
	ByRequest *Set

	Accounts []Account
	// Attached is what is attached to accounts.
	Attached []Attachment

	// IsService reports whether a sender, as address.Reader.ReadSender names it, is a
	// messaging service: a pool of numbers that only the carrier sees. Nil if the carrier
	// has none.
	IsService func(sender string) bool
}

// Permissions are an account's or a sender's permission sets. A nil set is one
// that was not stated: it is inherited.
type Permissions struct {
	Messaging *Grant
	// Voice has a set for each class; classes not stated are empty.
	Voice *[ClassCount]Grant
	// WhatsApp and RCS go as Messaging where they are not stated anywhere up to the default.
	WhatsApp, RCS *Grant
}

// Grant is a set of territories, and which of them were named.
type Grant struct {
	Set Set
	// Outright holds the territories that were named one by one and not by
	// "*". Only being named outright counts as an approval where the carrier
	// opens a territory by request.
	Outright Set
}

// CarrierAccount names an account by its id at a carrier: what a request says.
type CarrierAccount struct {
	Carrier, ID string
}

// Account is one account's own statements.
type Account struct {
	// ID is the account's own name, or where it has none its id at its one carrier. No two
	// accounts of a definition have the same.
	ID string
	// At are its ids at carriers, one a carrier at most. Without any, no request is its.
	At []CarrierAccount
	// Label for people, or empty.
	Label string
	// Parent is the ID of the account this one is a subaccount of, or empty.
	Parent string

	Permissions

	// Verify is the account's own permission set for verifications.
	Verify Permissions

	Choices

	// URLHosts are the account's own, as with those of the operator. Nil is not
	// stated: those of its parent are in force, or of the operator.
	URLHosts []string

	// Limits of the account's own, and in place of those that it would have by their names.
	Limits []Limit

	// MaxCall is how long calls of the account may last. 0 is not stated: as those of its parent,
	// or as the operator states.
	MaxCall time.Duration

	// PriceLimit refuses sends of the account, and of its subaccounts, that cost more. Those of its
	// parent and of the operator are asked as well.
	PriceLimit *PriceLimit

	// Controls that the account may change. Nil is not stated: what its parent
	// may change, it may. Empty is none.
	Controls []Control

	// Home is the one territory that a new account starts with: it is the
	// permission set of each channel that Permissions does not state.
	Home numbering.Territory

	// Trial accounts reach low-risk numbers at home and, by voice, only the
	// Verified ones.
	Trial bool
	// Verified numbers of a trial account, as E.164 digits.
	Verified []string

	// Suspended accounts, and their children, send nothing.
	Suspended Switch
	// Monitor records most denials of this account and lets the send through.
	Monitor Switch

	// Keys are API keys of the account.
	Keys []string
	// Credentials are other credentials of the account: OAuth clients and digests of
	// tokens, as TokenDigest writes them.
	Credentials []string

	Rules []Rule

	// Openings of what the set in force lacks, each with an end.
	Openings []Opening

	// Approved are voice territories that the carrier has opened to this
	// account on its request.
	Approved []Approval

	// Senders with narrower permission sets of their own.
	Senders []Sender
}

// Approval records that the carrier opened a territory on request.
type Approval struct {
	Territory numbering.Territory
	Reason    string
}

// Sender is one sender's own permission sets. They narrow what the account
// may do and never widen it; a set not stated does not narrow.
type Sender struct {
	// ID is the sender in the canonical form of address.Reader.ReadSender.
	ID string
	Permissions
}

// Rule opens or closes a prefix of E.164 numbers.
type Rule struct {
	// Block closes the prefix; otherwise the rule opens it.
	Block bool
	// Prefix is E.164 digits without "+". A full number is a long prefix.
	Prefix string
	// Except are longer prefixes within Prefix. The rule does not match their numbers:
	// what else is stated decides these.
	Except []string
	// Channel the rule is for; nil means all. Messaging is all messages.
	Channel *Channel
	Reason  string
	// From is when the rule begins; the zero time is long past.
	From time.Time
	// Until is when the rule ends; the zero time never comes.
	Until time.Time
}

// apart returns the channels of which something is stated for all accounts that does not
// hold for their base: a set, a rule or a list of unsupported territories.
func (d *Definition) apart() ChannelSet {
	apart := d.Verify.apart() | apartRules(d.Rules)
	if d.Default != nil {
		apart |= d.Default.apart()
	}
	for channel, set := range d.Unsupported {
		if c := Channel(channel); set != nil && c != c.Base() {
			apart |= Channels(c)
		}
	}
	return apart
}

// apart returns the channels of which an account states what does not hold for their base.
func (a *Account) apart() ChannelSet {
	apart := a.Permissions.apart() | a.Verify.apart() | apartRules(a.Rules) | apartOpenings(a.Openings)
	for i := range a.Senders {
		apart |= a.Senders[i].apart()
	}
	return apart
}

func (p *Permissions) apart() (apart ChannelSet) {
	if p.WhatsApp != nil {
		apart |= Channels(WhatsApp)
	}
	if p.RCS != nil {
		apart |= Channels(RCS)
	}
	return apart
}

func apartOpenings(openings []Opening) (apart ChannelSet) {
	for i := range openings {
		if c := openings[i].Channel; c != nil && *c != c.Base() {
			apart |= Channels(*c)
		}
	}
	return apart
}

func apartRules(rules []Rule) (apart ChannelSet) {
	for i := range rules {
		if c := rules[i].Channel; c != nil && *c != c.Base() {
			apart |= Channels(*c)
		}
	}
	return apart
}
