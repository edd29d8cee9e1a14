package params

import "strings"

// Effort is the work that reading one request may still take, in steps of about ten
// nanoseconds. It limits what a request can make the gate do before its credential is
// known; legitimate requests need far less. It counts work and not time, so a request is
// refused on every machine or on none.
//
// The prices are measured in the worst case of each step, including the later work on
// its results (`go test -bench Worst ./internal/gate`).
type Effort int

// MostEffort is the effort of one request. It is enough for 4 MiB of JSON with members
// of twenty bytes each, including ten thousand destinations.
const MostEffort Effort = 2_500_000

// The prices, in steps.
const (
	// perText is for each text, with one more step for each bytesPerStep.
	perText      = 10
	bytesPerStep = 16
	// perValue is for each value of a JSON document, such as a text, a number or an
	// object, and perMember for the name of one.
	perValue  = 4
	perMember = 3
	// perPair is for each pair of a form, or line of JSON lines.
	perPair = 9
	// perPart is for each part of a multipart body, and perHeader for each line of
	// its header.
	perPart   = 500
	perHeader = 50
	// perFound is for each wanted parameter.
	perFound = 40
	// perSought is for each byte of a text that is searched for numbers.
	perSought = 2
)

// Spend subtracts steps from the effort. It returns ErrTooMany if too few are left.
func (e *Effort) Spend(steps int) error {
	if *e -= Effort(steps); *e < 0 {
		return ErrTooMany
	}
	return nil
}

// SpendOnText spends the price of reading a text of this many bytes.
func (e *Effort) SpendOnText(length int) error { return e.Spend(perText + length/bytesPerStep) }

// spendOnDecoding spends the price of resolving the escapes of a text, or of checking
// characters outside ASCII.
func (e *Effort) spendOnDecoding(length int) error { return e.SpendOnText(4 * length) }

// Reading says how to read a request: which parameters, and with how much effort. All
// readings of one request share its effort, so the caller passes it on from one to the
// next.
type Reading struct {
	// Wanted are the names that count.
	Wanted Wanted
	// Numbers says that a value counts under any name if it looks like a number
	// (address.LooksLikeNumber).
	Numbers bool
	// FreeText are the members of a JSON document that hold text for people. JSON in
	// them is not read. It may be nil.
	FreeText Wanted
	// Effort is what is left of the request's effort.
	Effort Effort

	// texts has the names and values of a form that had to be decoded: they share its
	// memory, so that one allocation is enough for the few that most requests have.
	texts strings.Builder
}

// add appends a parameter to those found.
func (r *Reading) add(p Parameter, found []Parameter) ([]Parameter, error) {
	if err := r.Effort.Spend(perFound); err != nil {
		return found, err
	}
	return append(found, p), nil
}

// newReading returns a reading with the effort of a whole request.
func newReading(want Wanted) Reading {
	return Reading{Wanted: want, Effort: MostEffort}
}
