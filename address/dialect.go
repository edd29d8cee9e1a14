package address

import (
	"net/netip"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// A Dialect is how one carrier's API reads an address: what it accepts beside
// plain numbers. A carrier's own table fills it.
type Dialect struct {
	// Schemes by name, lower case, without the colon. An address in a scheme
	// that is not among them is unreadable.
	Schemes map[string]Scheme

	// SIPHosts are domains whose SIP addresses this or another carrier turns
	// into calls to numbers. The longest matching suffix counts.
	SIPHosts []SIPHost

	// SIPNetworks are addresses of the carrier's, at which SIP addresses are dialled
	// as numbers.
	SIPNetworks []netip.Prefix

	// SIPParameters are those of a SIP address, in lower case, that say nothing of
	// where it leads.
	SIPParameters []string

	// TestPrefixes are digits, without "+", under which all numbers are the
	// carrier's own test numbers: nothing rings there.
	TestPrefixes []string

	// Emergency are emergency numbers, as digits: as they are dialled within their
	// country, and also after its calling code. The whole of what is dialled must be one.
	Emergency map[string]bool

	// MessagingService reads the identifier of a messaging service, a pool of senders
	// that only the carrier sees, and returns it in its canonical spelling. Nil if the
	// carrier has none.
	MessagingService func(text string) (id string, ok bool)

	// ServiceSchemes are schemes in which a messaging service may also send to a number
	// that is written without one.
	ServiceSchemes []string

	// Services are short numbers that a call reaches within a country without a toll
	// abroad, as digits.
	Services map[string]bool
}

// Scheme is what follows a scheme such as "whatsapp:".
type Scheme uint8

// The kinds of schemes.
const (
	// NumberScheme is followed by a number ("whatsapp:+14155550100").
	NumberScheme Scheme = iota + 1
	// OtherScheme is followed by something that is not a number and costs no
	// toll ("client:alice").
	OtherScheme
	// SIPScheme is followed by a SIP address ("sip:alice@example.com").
	SIPScheme
	// TelephoneScheme is followed by what is dialled, which may be an emergency number
	// ("tel:+14155550100").
	TelephoneScheme
	// UserScheme is followed by a number, or by a user who shows none
	// ("whatsapp:US.13491208655302741918").
	UserScheme
	// SIDScheme is followed by two letters and 32 hexadecimal digits.
	SIDScheme
)

// SIPHost is a domain at which SIP addresses can stand for numbers.
type SIPHost struct {
	// Suffix of the host name, lower case, without a leading dot.
	Suffix string
	// Dials says that every address there is dialled as a number. Otherwise
	// only those are that look like one; the others are registered devices.
	Dials bool
}

// Medium is what an address is read for; the same text can mean other things
// to a message and to a call.
type Medium uint8

// The media.
const (
	// ForMessage knows short codes: 3 to 6 digits.
	ForMessage Medium = iota
	// ForCall knows keypad letters and emergency numbers.
	ForCall
	// ForMention is a call to what need not be a destination: it knows emergency
	// numbers, and takes letters for no keys.
	ForMention
)

// isCall reports whether a call for help can be placed there.
func (m Medium) isCall() bool { return m != ForMessage }

// Reader reads addresses in one dialect over one numbering plan.
type Reader struct {
	Plan    numbering.Plan
	Dialect *Dialect

	// From are the countries of the senders (see Countries): a number without "+" is
	// read as one of theirs. Empty stands for +1.
	From []Country

	// NationalStrict keeps every reading of a number without "+". Otherwise
	// what has the shape of a US number, or is in the plan of a sender's country, is
	// that and nothing else, as Twilio's REST API takes it.
	NationalStrict bool

	// International leaves a number without "+" unread: only the carrier knows
	// which calling code it would put before it.
	International bool
}
