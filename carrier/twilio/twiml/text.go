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

// maxReadings is how many addresses the text of one element may be.
const maxReadings = 20

// texts are the texts of an element as different readers put them together: a
// comment, an instruction or another element may stand in the middle of a number,
// and there are readers that go on behind it, and readers that do not.
type texts struct {
	// own stands directly in the element.
	own []byte
	// whole has that of elements in it as well which are no destinations of
	// their own; pieces are its parts between markup. Of an address, there are none
	// of their own.
	whole  []byte
	pieces []string
	// all has that of every element in it.
	all []byte
}

// text reads the text of an element that closes, which stands at the span.
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

// destination adds what an element dials: its text, and where that is taken
// apart by markup, whatever else can be read of it.
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

// leads adds the address that is the text of an element, and what else can be read
// of it where markup takes it apart.
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

// mention adds a text that may be a number, in an element that may call it or
// write to it.
func (r *reader) mention(e *element, text string) {
	r.send(e, Send{Channel: policy.Voice, To: text, Tentative: true})
	r.send(e, Send{Channel: policy.Messaging, To: text, Tentative: true})
}

// task reads the attributes of a task, some of which are called.
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

// isSID tells whether a text is two letters and 32 hexadecimal digits, which is
// what Twilio calls things by (https://www.twilio.com/docs/glossary/what-is-a-sid).
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
