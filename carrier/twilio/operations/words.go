package operations

import "github.com/caddy-tollgate/tollgate/carrier"

// Words is the wording in which a group of operations is refused.
type Words uint8

const (
	MessageWords Words = iota
	CallWords
	VerifyWords
	// StandardWords are MessageWords in the shape of Twilio's API Standards v1.0.
	StandardWords
)

// WordsOf returns the wording of an operation's refusals. An operation without a row has
// that of messages.
func WordsOf(op *carrier.Operation) Words {
	if row, ok := op.Row.(*operation); ok {
		return row.words
	}
	return MessageWords
}

// IsLegacy reports whether an operation is one of the API of 2010, the only one that
// answers in XML: by its row or, without a row, by the account in its path.
func IsLegacy(op *carrier.Operation) bool {
	if row, ok := op.Row.(*operation); ok && row.product != "" {
		return row.product == "api"
	}
	return op.Product == "api" && op.Account != ""
}
