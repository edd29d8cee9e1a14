package webhook

import (
	"bytes"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/twiml"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// limitCalls writes into an answer that is TwiML how long its calls last, where calls of the
// account are limited. No <Dial> that calls for help is.
func (j *Judge) limitCalls(r *Request, result *Result, text []byte) {
	most := j.Gate.MaxCall(r.Account)
	if most == 0 || r.isOfTaskAlone() {
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
		if s.Channel != policy.Voice || s.Verb != "Dial" {
			continue
		}
		one := []gate.Instruction{{Send: r.send(s), Senders: s.Senders}}
		if d, _ := j.Gate.JudgeInstructions(r.Account, r.Unidentified, one); d.IsCallForHelp() {
			spans = append(spans, s.Span)
		}
	}
	return spans
}
