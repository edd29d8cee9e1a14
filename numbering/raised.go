package numbering

// RaisedKinds are ranges whose numbers count as of a riskier kind than a plan says, such as lists
// that others keep. They are safe for concurrent use and always answer the same.
type RaisedKinds interface {
	// RaisedKind is the riskiest kind of the ranges that a number is in and that are longer than so
	// many digits, if there are any.
	RaisedKind(digits string, longerThan int) (kind Kind, raised bool)
	// RaisedSource names the ranges that say so, in words for people.
	RaisedSource(digits string, longerThan int) string
}

// Raise returns a plan in which numbers may be of the kinds that they are raised to, besides those
// that they are of: who may not reach them as these does not reach them as riskier ones. A range of
// an extended plan stays as it is for ranges that are not longer. A number of kind RevenueShare
// remains one, and an unassigned number stays unassigned.
func Raise(p Plan, kinds RaisedKinds) *RaisedPlan { return &RaisedPlan{p, kinds} }

// RaisedPlan is a plan with ranges whose numbers are raised.
type RaisedPlan struct {
	plan  Plan
	kinds RaisedKinds
}

// Lookup implements Plan.
func (r *RaisedPlan) Lookup(digits string) Assignment {
	assignment := r.plan.Lookup(digits)
	if kind, raised := r.raised(digits, &assignment); raised {
		assignment.Kinds |= Kinds(kind)
	}
	return assignment
}

// raised is the kind that a number is raised to, if it is.
func (r *RaisedPlan) raised(digits string, assignment *Assignment) (kind Kind, raised bool) {
	if !assignment.Assigned() || assignment.Kinds == Kinds(RevenueShare) {
		return 0, false
	}
	return r.kinds.RaisedKind(digits, r.known(digits))
}

// known is how many digits the range of an extended plan has that a number is in, 0 if there is none.
func (r *RaisedPlan) known(digits string) (length int) {
	if e, ok := r.plan.(*extended); ok {
		_, length = e.ranges.Longest(digits)
	}
	return length
}

// RaisedBy is the kind that a number is raised to and the ranges that say so, if it is raised.
func (r *RaisedPlan) RaisedBy(digits string) (kind Kind, words string, raised bool) {
	assignment := r.plan.Lookup(digits)
	if kind, raised = r.raised(digits, &assignment); raised {
		words = r.kinds.RaisedSource(digits, r.known(digits))
	}
	return kind, words, raised
}

// Provenance implements Plan.
func (r *RaisedPlan) Provenance(digits string) Provenance {
	origin := r.plan.Provenance(digits)
	if _, words, raised := r.RaisedBy(digits); raised {
		origin.Source += "; the class by " + words
	}
	return origin
}
