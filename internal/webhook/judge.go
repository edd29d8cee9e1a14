package webhook

import (
	"net/http"
	"slices"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/twiml"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Judge judges the answers of web servers. It is safe for concurrent use.
type Judge struct {
	Gate *gate.Gate
	// Denied is what replaces what is denied.
	Denied Denied
	// MaxSize of an answer, in bytes.
	MaxSize int
}

// Result is what became of an answer.
type Result struct {
	Decision *gate.Decision
	// Body that replaces the answer's, in UTF-8 and without an encoding; nil if the
	// answer passes as it came.
	Body []byte
	// Whole says that Body is a document of our own, and nothing of the answer is left;
	// Type is its content type.
	Whole bool
	Type  string
	// Unlogged says that the decision could not be recorded: the answer is not sent, and
	// Twilio asks its fallback.
	Unlogged bool
}

// Request judges a request by itself, for a reason to refuse it.
func (j *Judge) Request(r *Request, reason policy.Reason) *gate.Decision {
	d := j.Gate.DenyMalformed(r.Account, reason)
	setCode(d)
	return d
}

// Answer judges an answer to a request. What replaces something denied is read and judged
// again, as Twilio would read it.
func (j *Judge) Answer(r *Request, a *Answer) *Result {
	j = j.pinned()
	text, reason := a.text(j.MaxSize)
	result := j.judge(r, a, text, reason)
	j.limitCalls(r, result, text)
	return result
}

// judge judges an answer with a text, or one that has none for a reason.
func (j *Judge) judge(r *Request, a *Answer, text []byte, reason policy.Reason) *Result {
	var found *instructions
	if reason == "" {
		found, reason = r.read(a, text)
	}
	if reason != "" {
		result := &Result{Decision: j.Request(r, reason)}
		if result.Decision.Outcome == policy.Deny {
			j.replace(result, r)
		}
		return result
	}
	d, denied := j.Gate.JudgeInstructions(r.Account, r.Unidentified, found.list)
	result := &Result{Decision: d}
	j.settle(result, r, a, text, found, denied)
	setCode(d)
	return result
}

// pinned is a copy with the rules that are in force now: an answer is judged by one
// policy.
func (j *Judge) pinned() *Judge {
	pinned, g := *j, *j.Gate
	rules := g.Rules()
	g.Rules = func() *gate.Rules { return rules }
	pinned.Gate = &g
	return &pinned
}

// edited is the text of an answer without what is denied in it, or nil if there is no
// such text, and which instructions are left in it. A denied noun is taken out of a <Dial> that
// has others; what the text is then read as is judged again, and if it does not pass, the whole
// <Dial> is replaced.
func (j *Judge) edited(r *Request, a *Answer, text []byte, found *instructions, denied []bool) (edited []byte, left []bool) {
	verbs := found.deniedVerbs(denied)
	if edited := j.without(r, a, text, found, denied, verbs); edited != nil {
		return edited, found.left(denied, verbs)
	}
	return j.without(r, a, text, found, denied, nil), found.left(denied, nil)
}

// deniedVerbs are the verbs that are replaced as a whole: of a <Dial>, all nouns are denied,
// or something that no noun names. The nil map stands for every verb with something denied.
func (i *instructions) deniedVerbs(denied []bool) map[twiml.Span]bool {
	verbs := make(map[twiml.Span]bool)
	nouns := make(map[twiml.Span]map[twiml.Span]bool)
	for n, at := range i.places {
		if !denied[n] {
			continue
		}
		if nouns[at.verb] == nil {
			nouns[at.verb] = make(map[twiml.Span]bool)
		}
		nouns[at.verb][at.noun] = true
		if at.noun == (twiml.Span{}) || len(nouns[at.verb]) >= at.nouns {
			verbs[at.verb] = true
		}
	}
	return verbs
}

// without is the text without what is denied: each of the verbs given is replaced, and of
// any other the denied nouns are cut.
func (j *Judge) without(r *Request, a *Answer, text []byte, found *instructions, denied []bool, verbs map[twiml.Span]bool) []byte {
	var edits, cuts []edit
	calls := make(map[twiml.Span]bool)
	isWhole := func(at place) bool { return verbs == nil || verbs[at.verb] }
	for i, instruction := range found.list {
		if at := found.places[i]; denied[i] && instruction.Channel == policy.Voice && isWhole(at) {
			if j.Denied.Mode == Reject && r.Ringing {
				return nil
			}
			calls[at.verb] = true
		}
	}
	for i, at := range found.places {
		switch {
		case !denied[i]:
			continue
		case at.verb == (twiml.Span{}):
			return nil
		case !isWhole(at):
			edits = append(edits, edit{Span: at.noun})
			cuts = append(cuts, edit{Span: at.noun})
			continue
		}
		edits = append(edits, edit{at.verb, j.Denied.verb(r, calls[at.verb])})
		cuts = append(cuts, edit{Span: at.verb})
	}
	if !hasElement(apply(text, cuts)) {
		return nil // the outermost element is denied itself
	}
	edited := apply(text, edits)
	if !j.passes(r, &Answer{Status: http.StatusOK, Header: a.Header}, edited) {
		return nil
	}
	return edited
}

// replace replaces the whole answer by a document of our own.
func (j *Judge) replace(result *Result, r *Request) {
	result.Whole, result.Type = true, TwiMLType
	if r.isOfTaskAlone() {
		result.Body, result.Type = []byte(j.Denied.instruction()), InstructionType
		return
	}
	result.Body = []byte(j.Denied.document(r))
	if !j.passes(r, &Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {TwiMLType}}}, result.Body) {
		result.Body = []byte(emptyDocument)
	}
}

// The content types of documents of our own.
const (
	TwiMLType       = "text/xml; charset=utf-8"
	InstructionType = "application/json"
)

// passes reports whether nothing in a text is denied. The policy does not judge the URL
// that the operator redirects to.
func (j *Judge) passes(r *Request, a *Answer, text []byte) bool {
	found, reason := r.read(a, text)
	if reason != "" {
		return false
	}
	list := found.list
	if j.Denied.Mode == Redirect {
		own := r.resolve(j.Denied.Text)
		list = slices.DeleteFunc(list, func(i gate.Instruction) bool { return i.Address == own })
	}
	_, denied := j.Gate.JudgeInstructions(r.Account, r.Unidentified, list)
	return !slices.Contains(denied, true)
}
