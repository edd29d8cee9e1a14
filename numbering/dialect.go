package numbering

// A Dialect is how one carrier's API reads an address: what it accepts beside
// plain numbers. A carrier's own table fills it.
type Dialect struct {
	// Schemes by name, lower case, without the colon. An address in a scheme
	// that does not stand here is unreadable.
	Schemes map[string]Scheme

	// SIPHosts are domains whose SIP addresses this or another carrier turns
	// into calls to numbers. The longest matching suffix counts.
	SIPHosts []SIPHost

	// TestPrefixes are digits, without "+", under which all numbers are the
	// carrier's own test numbers: nothing rings there.
	TestPrefixes []string

	// Emergency numbers, which a call reaches without any toll.
	Emergency []string
}

// Scheme is what stands behind a scheme such as "whatsapp:".
type Scheme uint8

// The kinds of schemes.
const (
	// NumberScheme is followed by a number ("whatsapp:+14155550100").
	NumberScheme Scheme = iota + 1
	// OtherScheme is followed by something that is no number and costs no
	// toll ("client:alice").
	OtherScheme
	// SIPScheme is followed by a SIP address ("sip:alice@example.com").
	SIPScheme
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
)

// Reader reads addresses in one dialect over one numbering plan.
type Reader struct {
	Plan    Plan
	Dialect *Dialect

	// NationalStrict keeps every reading of a number without "+". Otherwise
	// what has the shape of a US number is one and nothing else, as Twilio's
	// REST API takes it.
	NationalStrict bool

	// International leaves a number without "+" unread: only the carrier knows
	// whose country it would put before it.
	International bool
}
