package webhook

import (
	"bytes"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/twiml"
)

// limitCalls writes into an answer that is TwiML how long its calls last, where calls of the
// account are limited. No call for help is.
func (j *Judge) limitCalls(r *Request, result *Result, text []byte) {
	most := j.Gate.MaxCall(r.Account)
	if most == 0 || r.isOfTaskAlone() || result.Decision.IsCallForHelp() {
		return
	}
	if result.Body != nil {
		text = result.Body
	}
	if _, err := twiml.Read(text); err != nil {
		return // what is not TwiML calls no one
	}
	limited, err := twiml.LimitDials(text, most)
	switch {
	case err != nil: // it would be too large
		result.Decision = j.Request(r, reasonOf(err))
		j.replace(result, r)
	case !bytes.Equal(limited, text):
		result.Body, result.Decision.TimeLimit = limited, most
	}
}
