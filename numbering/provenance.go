package numbering

import (
	"fmt"
	"slices"
	"sync"
)

// Provenance implements Plan.
func (a *automaton) Provenance(digits string) Provenance {
	code := a.callingCode(digits)
	if code == "" {
		return Provenance{}
	}
	origin := Provenance{CallingCode: code, Source: a.source(digits, code)}
	node, depth := a.walk(digits)
	origin.Matched = digits[:depth]
	if !a.Lookup(digits).Listed {
		for !a.leadsToListed(origin.Matched) {
			origin.Matched = origin.Matched[:len(origin.Matched)-1]
		}
		origin.Matched = digits[:max(len(origin.Matched), len(code))]
		return origin
	}
	shortest := len(code)
	if area, _, ok := areaOf(digits, code, a.here(node)); ok {
		shortest += len(area)
	}
	for n := shortest; n < depth; n++ {
		node, _ := a.walk(digits[:n])
		if a.common()[node].isOne {
			origin.Matched = digits[:n]
			break
		}
	}
	return origin
}

// callingCode returns the calling code that digits begin with, or nothing.
// Before its last digit, a number is not assigned.
func (a *automaton) callingCode(digits string) string {
	for n := 1; n <= len(digits); n++ {
		node, depth := a.walk(digits[:n])
		if depth < n {
			break
		}
		if a.here(node).Assigned() {
			return digits[:n]
		}
	}
	return ""
}

// source names the data that say whose a number is.
func (a *automaton) source(digits, code string) string {
	library := "libphonenumber " + a.metadata.Version
	assignment := a.Lookup(digits)
	if !assignment.Listed {
		library = "no range of " + library + " has it"
	}
	if digits, area, ok := areaOf(digits, code, &assignment); ok {
		source := fmt.Sprintf("area code %s, %s", digits, area.Place)
		if assignment.Listed && (area.Service != 0 || slices.Contains(a.metadata.Ahead, digits)) {
			return source // the table knows it alone
		}
		return source + "; " + library
	}
	if assignment.Listed {
		return library
	}
	node, _ := a.walk(code)
	if all := a.here(node).Territories; !slices.Equal(assignment.Territories, all) {
		return library + ", but its leading digits are only used there"
	}
	for shared, reason := range SharedCodes() {
		if shared == code {
			return library + ": " + reason
		}
	}
	return library + ", and the calling code is of this territory alone"
}

// areaOf returns the area code that says whose a number of +1 is, if one does.
func areaOf(digits, code string, assignment *Assignment) (string, AreaCode, bool) {
	if code != NANPCode || len(digits) < len(code)+areaDigits {
		return "", AreaCode{}, false
	}
	national := digits[len(code):]
	if assignment.Listed && len(national) != NANPDigits {
		// Not every number has an area code: +1 310 1234 is a Canadian one.
		return "", AreaCode{}, false
	}
	area, ok := FindAreaCode(national[:areaDigits])
	return national[:areaDigits], area, ok
}

// outcome is what the listed numbers have in common that a node leads to.
type outcome struct {
	// first is one of their assignments, the zero Assignment where there is none.
	first Assignment
	// isOne says that they all have this one.
	isOne bool
}

// newOutcomes works out the outcome of every node, when they are first asked for.
func (a *automaton) newOutcomes() func() []outcome {
	return sync.OnceValue(func() []outcome {
		list := make([]outcome, len(a.nodes))
		asked := make([]bool, len(a.nodes))
		var ask func(node uint16) outcome
		ask = func(node uint16) outcome {
			if asked[node] {
				return list[node]
			}
			asked[node] = true
			var o outcome
			if here := a.here(node); here.Listed {
				o = outcome{*here, true}
			}
			for _, next := range a.nodes[node].links {
				if next != 0 {
					o = o.and(ask(next))
				}
			}
			list[node] = o
			return o
		}
		ask(0)
		return list
	})
}

// and returns what two outcomes have in common.
func (o outcome) and(other outcome) outcome {
	switch {
	case !other.first.Listed:
		return o
	case !o.first.Listed:
		return other
	}
	o.isOne = o.isOne && other.isOne && same(o.first, other.first)
	return o
}

// same reports whether two owners are.
func same(a, b Assignment) bool {
	return a.Any == b.Any && a.Kinds == b.Kinds && a.Listed == b.Listed && slices.Equal(a.Territories, b.Territories)
}

// leadsToListed reports whether a listed number begins with the digits.
func (a *automaton) leadsToListed(digits string) bool {
	node, depth := a.walk(digits)
	return digits == "" || depth == len(digits) && a.common()[node].first.Listed
}
