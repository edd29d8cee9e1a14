package twilio

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Bounds of a TwiML document. Twilio takes 4,000 characters in a parameter
// (https://www.twilio.com/docs/voice/api/call-resource#twiml).
const (
	maxTwiML = 64 << 10
	maxDepth = 64
	// maxHops is how many documents may stand in each other's URLs.
	maxHops = 4
)

// twimlReader finds the destinations in TwiML: in a document, or in a URL that
// carries one along. Until TwiML is read verb by verb, whatever looks like a
// number in it counts as one that is called.
type twimlReader struct {
	sends []carrier.Send
	hops  int
}

// element is an element of a TwiML document that is open.
type element struct {
	name string
	// dialler is the closest element around it, itself included, whose text is
	// a destination; -1 if there is none. Text in an element that is no TwiML
	// may be taken for part of that destination.
	dialler int
	text    []byte
}

// document reads a whole document.
func (t *twimlReader) document(text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if len(text) > maxTwiML {
		return fmt.Errorf("%w: TwiML of %d bytes", carrier.ErrTooMany, len(text))
	}
	decoder := xml.NewDecoder(strings.NewReader(text))
	var open []element // outermost first
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: TwiML: %v", carrier.ErrUndecodable, err)
		}
		switch token := token.(type) {
		case xml.Directive:
			return fmt.Errorf("%w: TwiML with a document type", carrier.ErrUndecodable)
		case xml.StartElement:
			if len(open) == maxDepth {
				return fmt.Errorf("%w: TwiML nested too deep", carrier.ErrUndecodable)
			}
			e := element{name: strings.ToLower(token.Name.Local), dialler: -1}
			switch {
			case dialling[e.name]:
				e.dialler = len(open)
			case !silent[e.name] && len(open) > 0:
				e.dialler = open[len(open)-1].dialler
			}
			open = append(open, e)
			for _, a := range token.Attr {
				if err := t.attribute(e.name, a); err != nil {
					return err
				}
			}
		case xml.CharData:
			if len(open) == 0 {
				continue
			}
			e := &open[len(open)-1]
			if e.dialler >= 0 {
				e = &open[e.dialler]
			}
			e.text = append(e.text, token...)
		case xml.EndElement:
			e := open[len(open)-1]
			open = open[:len(open)-1]
			if err := t.text(e.name, strings.TrimSpace(string(e.text))); err != nil {
				return err
			}
		}
	}
}

// text reads the text of an element.
func (t *twimlReader) text(name, text string) error {
	switch {
	case text == "":
		return nil
	case dialling[name]:
		t.sends = append(t.sends, carrier.Send{Channel: policy.Voice, To: text})
		return nil
	}
	return t.mention(text, silent[name])
}

// attribute reads an attribute of an element. "to" is where <Sms> and <Message>
// go; "callerId" and "from" are senders.
func (t *twimlReader) attribute(element string, a xml.Attr) error {
	switch strings.ToLower(a.Name.Local) {
	case "to":
		t.sends = append(t.sends, carrier.Send{Channel: policy.Messaging, To: a.Value})
		return nil
	case "callerid", "from":
		return nil
	}
	return t.mention(a.Value, silent[element] || dialling[element])
}

// mention reads a text that is no destination itself: a URL, or anything else
// that may name a number. Where digits are common, in what is spoken or passed
// on, only those behind a plus sign count.
func (t *twimlReader) mention(text string, onlyPlus bool) error {
	if scheme, _, ok := strings.Cut(text, "://"); ok && strings.HasPrefix(strings.ToLower(strings.TrimSpace(scheme)), "http") {
		return t.url(text)
	}
	for _, run := range digitRuns(text) {
		if run.plus || !onlyPlus && !run.inWord {
			t.call(run.text)
		}
	}
	return nil
}

func (t *twimlReader) call(to string) {
	t.sends = append(t.sends, carrier.Send{Channel: policy.Voice, To: to, Tentative: true})
}

// twimlets is Twilio's own host of ready-made TwiML: whatever number stands in
// the address of a document there is dialled.
const twimlets = "twimlets.com"

// url reads a URL that carries its TwiML along. What any other URL answers with
// cannot be seen from here.
func (t *twimlReader) url(address string) error {
	if t.hops++; t.hops > maxHops {
		return fmt.Errorf("%w: TwiML within TwiML's URLs", carrier.ErrTooMany)
	}
	defer func() { t.hops-- }()
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return nil // no carrier can fetch it either
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	everything := host == twimlets || strings.HasSuffix(host, "."+twimlets)
	// A query that does not decode is the other server's to read.
	found, _ := carrier.Form(u.RawQuery, func(name string) bool { return everything || strings.EqualFold(name, "Twiml") }, nil)
	for _, p := range found {
		switch {
		case strings.EqualFold(p.Name, "Twiml"):
			err = t.document(p.Value)
		case strings.Contains(p.Value, "://"):
			err = t.url(p.Value)
		default:
			for _, run := range digitRuns(p.Value) {
				t.call(run.text)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}
