package webhook

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/twiml"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// maxRefused is how often limits may refuse something of one answer. One of which they refuse more
// is replaced as a whole: each time, all that is left is read and asked again.
const maxRefused = 16

// settle finds what is left of an answer: without what the policy denies, and then without what
// limits refuse. All that is left is reserved together, and nothing else is.
func (j *Judge) settle(result *Result, r *Request, a *Answer, text []byte, found *instructions, denied []bool) {
	left := make([]bool, len(denied))
	for i := range left {
		left[i] = true
	}
	for refusals := 0; ; refusals++ {
		if slices.Contains(denied, true) {
			if refusals <= maxRefused {
				result.Body, left = j.edited(r, a, text, found, denied)
			}
			if refusals > maxRefused || result.Body == nil {
				j.replace(result, r)
				return
			}
		}
		if r.Unidentified != "" {
			return // it is not known for whom to count
		}
		refused := j.Gate.CountInstructions(result.Decision, gate.Counting{
			Instructions: found.list, Passes: left, Call: r.Call, Signed: r.Signed, Again: refusals > 0,
		})
		if len(refused) == 0 {
			return
		}
		for _, i := range refused {
			denied[i] = true
		}
	}
}

// left says which instructions are left of a document without what is denied, each of the verbs
// given as a whole: the nil map stands for every verb with something denied.
func (i *instructions) left(denied []bool, verbs map[twiml.Span]bool) []bool {
	gone := make(map[twiml.Span]bool)
	for n, at := range i.places {
		if !denied[n] {
			continue
		}
		if verbs == nil || verbs[at.verb] {
			gone[at.verb] = true
		} else {
			gone[at.noun] = true
		}
	}
	left := make([]bool, len(denied))
	for n, at := range i.places {
		isGone := at.verb != (twiml.Span{}) && gone[at.verb] || at.noun != (twiml.Span{}) && gone[at.noun]
		left[n] = !denied[n] && !isGone
	}
	return left
}
