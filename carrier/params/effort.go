package params

// Effort is the work that reading one request may still take, in steps of about ten
// nanoseconds. It bounds what a request can make the gate do before anybody knows who
// asks; no honest one comes near it. It counts work, and not time: a request is refused
// on any machine or on none.
//
// The prices are what each step was measured to take where it takes most, with what is
// done afterwards with what was found (`go test -bench Worst ./internal/gate`).
type Effort int

// MostEffort is the effort of one request. It is enough for 4 MiB of JSON whose members
// take twenty bytes each, with ten thousand destinations among them.
const MostEffort Effort = 2_500_000

// The prices, in steps.
const (
	// perText is for each text that is read, and one step more for each bytesPerStep.
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
	// perSought is for each byte of a text that numbers are looked for in.
	perSought = 2
)

// Spend takes steps from the effort. It returns ErrTooMany if there are not as many.
func (e *Effort) Spend(steps int) error {
	if *e -= Effort(steps); *e < 0 {
		return ErrTooMany
	}
	return nil
}

// SpendOnText takes what it costs to read a text of this many bytes.
func (e *Effort) SpendOnText(length int) error { return e.Spend(perText + length/bytesPerStep) }

// spendOnDecoding takes what it costs to resolve the escapes of a text, or to look at
// characters of other scripts.
func (e *Effort) spendOnDecoding(length int) error { return e.SpendOnText(4 * length) }

// Reading is how a request is read: what is looked for, and what that may take. All
// that is read of one request shares its effort: who reads on hands it over.
type Reading struct {
	// Wanted are the names that count.
	Wanted Wanted
	// Numbers says that a value counts, under whatever name, if it looks like a
	// number (LooksLikeNumber).
	Numbers bool
	// FreeText are the members of a JSON document that hold text for people. They are
	// not read again where they hold JSON. It may be nil.
	FreeText Wanted
	// Effort is what is left of that of the request.
	Effort Effort
}

// add appends a parameter to those found.
func (r *Reading) add(p Parameter, found []Parameter) ([]Parameter, error) {
	if err := r.Effort.Spend(perFound); err != nil {
		return found, err
	}
	return append(found, p), nil
}

// newReading looks for what is wanted, with the effort of a request of its own.
func newReading(want Wanted) Reading {
	return Reading{Wanted: want, Effort: MostEffort}
}
