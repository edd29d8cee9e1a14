package numbering

// A Plan knows whose number an E.164 number is. Implementations are safe for
// concurrent use and always answer the same for the same number.
type Plan interface {
	// Lookup returns the owner of an E.164 number, given as 1 to 15 digits
	// without "+", first digit not zero. Digits are all it may hold.
	//
	// A number of a calling code that nobody has yields an Owner without
	// territories.
	Lookup(digits string) Owner

	// Origin says how Lookup came to the owner of the same digits. It is for
	// people and may take its time.
	Origin(digits string) Origin
}

// Origin is how a plan came to an owner.
type Origin struct {
	// CallingCode that the number begins with, without "+", empty where nobody
	// has such a code.
	CallingCode string

	// Matched are the leading digits that decided: every listed number that
	// begins with them has the same owner. Of an unlisted number, the longest
	// beginning that some listed number has too.
	Matched string

	// Source names the data that decided, in words for people.
	Source string
}

// Owner is whose number a number is.
type Owner struct {
	// Territories that the number belongs to; empty if its calling code is
	// assigned to nobody. More than one stands here where the plan cannot
	// tell them apart (see Any).
	Territories []Territory

	// Any says that permission for one of the Territories is enough, as for
	// toll-free numbers of +1. Otherwise permission for all of them is needed.
	Any bool

	// Kinds of service that answer at the number; exactly one for a listed
	// number, every kind that it could be for an unlisted one.
	Kinds KindSet

	// Listed is false for a number that no known pattern accepts: a range
	// opened since the metadata was made, or no number at all.
	Listed bool
}

// Assigned tells whether the calling code of the number is anyone's.
func (o Owner) Assigned() bool { return len(o.Territories) > 0 }
