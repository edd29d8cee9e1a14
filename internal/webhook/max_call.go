package webhook

import (
	"bytes"
	"slices"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/twiml"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// limitCalls writes into an answer that is TwiML how long its calls last, where calls of the
// account are limited. No <Dial> that calls for help is, nor one in a call for help.
func (j *Judge) limitCalls(r *Request, result *Result, text []byte) {
	most := j.Gate.MaxCall(r.Account)
	isForHelp := func(to string) bool { return j.isForHelp(r, carrier.Send{Channel: policy.Voice, To: to}, nil) }
	if most == 0 || r.isOfTaskAlone() || slices.ContainsFunc(r.Called, isForHelp) {
		return
	}
	if result.Body != nil {
		text = result.Body
	}
	document, err := twiml.Read(text)
	if err != nil {
		return // what is not TwiML calls no one
	}
	limited, err := twiml.LimitDials(text, most, j.callsForHelp(r, document)...)
	switch {
	case err != nil: // it would be too large
		result.Decision.GiveBack()
		result.Decision = j.Request(r, reasonOf(err))
		j.replace(result, r)
	case !bytes.Equal(limited, text):
		result.Body, result.Decision.TimeLimit = limited, most
	}
}

// callsForHelp are the spans of each <Dial> of a document that calls for help, whatever else
// the document does.
func (j *Judge) callsForHelp(r *Request, document *twiml.Document) (spans []twiml.Span) {
	for i := range document.Sends {
		s := &document.Sends[i]
		if s.Channel == policy.Voice && s.Verb == "Dial" && j.isForHelp(r, r.send(s), s.Senders) {
			spans = append(spans, s.Span)
		}
	}
	return spans
}

// isForHelp reports whether a send is a call for help.
func (j *Judge) isForHelp(r *Request, send carrier.Send, senders []string) bool {
	d, _ := j.Gate.JudgeInstructions(r.Account, r.Unidentified, []gate.Instruction{{Send: send, Senders: senders}})
	return d.IsCallForHelp()
}
