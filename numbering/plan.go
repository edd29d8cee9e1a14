package numbering

// A Plan knows whose number an E.164 number is. Implementations are safe for
// concurrent use and always answer the same for the same number.
type Plan interface {
	// Lookup returns the assignment of an E.164 number, given as 1 to 15 digits
	// without "+", first digit not zero. Digits are all it may hold.
	//
	// A number of a calling code that is not assigned yields an Assignment without
	// territories.
	Lookup(digits string) Assignment

	// Provenance says how Lookup came to the assignment of the same digits. It is for
	// people and may take its time.
	Provenance(digits string) Provenance
}

// Provenance is how a plan came to an assignment.
type Provenance struct {
	// CallingCode that the number begins with, without "+", empty where no
	// such code is assigned.
	CallingCode string

	// Matched are the leading digits that decided: every listed number that
	// begins with them has the same assignment. Of an unlisted number, the longest
	// beginning that some listed number has too.
	Matched string

	// Source names the data that decided, in words for people.
	Source string
}

// Assignment is whose number a number is: not the subscriber, but the territory and the
// kind of service that its range is assigned to.
type Assignment struct {
	// Territories that the number belongs to; empty if its calling code is
	// not assigned. There is more than one where the plan cannot
	// tell them apart (see Any).
	Territories []Territory

	// Any says that permission for one of the Territories is enough, as for
	// toll-free numbers of +1. Otherwise permission for all of them is needed.
	Any bool

	// Kinds of service that answer at the number; exactly one for a listed
	// number, every kind that it could be for an unlisted one.
	Kinds KindSet

	// Listed is false for a number that no known pattern accepts: a range
	// opened since the metadata was made, or not a number at all.
	Listed bool

	// Impossible says why no such number can exist, of one that is not listed; zero
	// where one may, in a range opened since the metadata was made.
	Impossible Impossibility
}

// Assigned reports whether the calling code of the number is assigned.
func (o Assignment) Assigned() bool { return len(o.Territories) > 0 }
