package twiml

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/taskrouter"
	"github.com/caddy-tollgate/tollgate/policy"
)

// maxReadings is how many addresses one element's text may be read as.
const maxReadings = 20

// texts are the texts of an element as different readers combine them: a comment, an
// instruction or another element may be in the middle of a number, and only some readers
// continue after it.
type texts struct {
	// own is directly in the element.
	own []byte
	// whole also has the text of nested elements that are not destinations themselves;
	// pieces are its parts between markup. An address has no such nested destinations.
	whole  []byte
	pieces []string
	// all has the text of every nested element.
	all []byte
}

// text reads the text, at the span, of an element that closes.
func (r *reader) text(e *element, span Span) error {
	own := strings.TrimSpace(string(e.own))
	if e.row.text == destination {
		r.destination(e, own)
		return nil
	}
	if e.row.text == instructions {
		if err := r.leads(e, own, span); err != nil || e.exact {
			return err
		}
	}
	if own == "" {
		return nil
	}
	switch e.row.text {
	case resource:
		return r.url(e, URL{Address: own, Span: span})
	case attributes:
		return r.task(e, own)
	case free:
		if e.exact {
			return nil
		}
	case identifier:
		if !isSID(own) {
			r.mention(e, own)
		}
		return nil
	case nothing, destination, instructions:
	}
	if e.dialler < 0 {
		for _, m := range address.Mentions(own) {
			r.mention(e, m.Text)
		}
	}
	if isURL(own) && e.row.text != instructions {
		return r.url(e, URL{Address: own, TwiML: true, Span: span})
	}
	return nil
}

// destination adds what an element dials: its text and, if markup splits it, its other
// possible readings.
func (r *reader) destination(e *element, own string) {
	whole := strings.TrimSpace(string(e.whole))
	if whole == "" {
		return
	}
	r.send(e, Send{Channel: policy.Voice, To: whole})
	for _, other := range append(e.pieces, own, string(bytes.TrimSpace(e.all))) {
		if other = strings.TrimSpace(other); other != "" && other != whole {
			r.send(e, Send{Channel: policy.Voice, To: other, Tentative: true})
		}
	}
}

// leads adds the address in an element's text and, if markup splits it, its other
// possible readings.
func (r *reader) leads(e *element, own string, span Span) error {
	var seen []string
	for _, address := range append([]string{own, string(e.all)}, e.pieces...) {
		if address = strings.TrimSpace(address); slices.Contains(seen, address) {
			continue
		}
		seen = append(seen, address)
		if len(seen) > maxReadings {
			return fmt.Errorf("%w: an address in pieces", params.ErrTooMany)
		}
		if err := r.url(e, URL{Address: address, TwiML: true, Span: span}); err != nil {
			return err
		}
	}
	return nil
}

// mention adds a text that may be a number, in an element that may call or message it.
func (r *reader) mention(e *element, text string) {
	r.send(e, Send{Channel: policy.Voice, To: text, Tentative: true})
	r.send(e, Send{Channel: policy.Messaging, To: text, Tentative: true})
}

// task reads the attributes of a task, some of which Twilio dials.
func (r *reader) task(e *element, text string) error {
	if err := r.effort.Spend(perTask); err != nil {
		return err
	}
	reading := params.Reading{Wanted: taskrouter.IsDialled, Effort: r.effort}
	members, err := reading.Document(text, nil)
	r.effort = reading.Effort
	if err != nil {
		return err
	}
	for _, m := range members {
		r.send(e, Send{Channel: policy.Voice, To: m.Value})
	}
	return nil
}

// isSID reports whether a text is two letters and 32 hexadecimal digits, the form of
// Twilio's identifiers (https://www.twilio.com/docs/glossary/what-is-a-sid).
func isSID(text string) bool {
	text = strings.TrimSpace(text)
	if len(text) != 34 {
		return false
	}
	for i := range len(text) {
		c := text[i]
		isHex := '0' <= c && c <= '9' || 'a' <= c && c <= 'f'
		if i < 2 && (c < 'A' || c > 'Z') || i >= 2 && !isHex {
			return false
		}
	}
	return true
}
