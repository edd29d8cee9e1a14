package numbering

// RaisedKinds are ranges whose numbers count as of a riskier kind than a plan says, such as lists
// that others keep. They are safe for concurrent use and always answer the same.
type RaisedKinds interface {
	// RaisedKind is the riskiest kind of the ranges that a number is in and that are longer than so
	// many digits, if there are any.
	RaisedKind(digits string, longerThan int) (kind Kind, raised bool)
	// RaisedSource names the ranges that a number is in, in words for people.
	RaisedSource(digits string) string
}

// Raise returns a plan in which numbers are of the kinds that they are raised to. A range of an
// extended plan stays as it is for ranges that are not longer. A number of kind RevenueShare
// remains one, and an unassigned number stays unassigned.
func Raise(p Plan, kinds RaisedKinds) Plan { return &raisedPlan{p, kinds} }

type raisedPlan struct {
	plan  Plan
	kinds RaisedKinds
}

// Lookup implements Plan.
func (r *raisedPlan) Lookup(digits string) Assignment {
	assignment := r.plan.Lookup(digits)
	if kind, raised := r.raised(digits, &assignment); raised {
		assignment.Kinds = Kinds(kind)
	}
	return assignment
}

// raised is the kind that a number is raised to, if it is.
func (r *raisedPlan) raised(digits string, assignment *Assignment) (kind Kind, raised bool) {
	if !assignment.Assigned() || assignment.Kinds == Kinds(RevenueShare) {
		return 0, false
	}
	known := 0
	if e, ok := r.plan.(*extended); ok {
		_, known = e.ranges.Longest(digits)
	}
	return r.kinds.RaisedKind(digits, known)
}

// Provenance implements Plan.
func (r *raisedPlan) Provenance(digits string) Provenance {
	origin, assignment := r.plan.Provenance(digits), r.plan.Lookup(digits)
	if _, raised := r.raised(digits, &assignment); raised {
		origin.Source += "; the class by " + r.kinds.RaisedSource(digits)
	}
	return origin
}
