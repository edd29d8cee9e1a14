package policy

// IdentifierKind is what an identifier of a carrier's names.
type IdentifierKind uint8

// The kinds of identifiers.
const (
	AccountID IdentifierKind = iota
	// KeyID names an API key, which stands for an account.
	KeyID
	// ClientID names an OAuth client, to which the carrier gives tokens.
	ClientID
	// ServiceID names a messaging service: a pool of senders that only the carrier sees.
	ServiceID

	IdentifierKindCount
)

// Identifiers knows how a carrier writes the identifiers of accounts and credentials.
// A policy compares them as they are: code that reads one from outside, in a document,
// a request or an argument, first makes it canonical.
type Identifiers interface {
	// Canonical returns an identifier in the one spelling in which identifiers are
	// compared. It is false for a text that is not an identifier of that kind.
	Canonical(kind IdentifierKind, text string) (id string, ok bool)

	// Form describes the identifiers of a kind, such as "AC and 32 hexadecimal
	// digits". It is empty if the carrier has none of that kind.
	Form(kind IdentifierKind) string

	// IsMistyped reports whether a sender looks like an identifier that is not one of
	// a sender: one of the wrong length or kind.
	IsMistyped(sender string) bool

	// NewKey makes the identifier of a key that the gate issues for an account. The
	// carrier's libraries must accept it as one of the carrier's own. It is false if the
	// account is not one of the carrier's, or the carrier has no keys.
	NewKey(account string) (id string, ok bool)
}
