package twilio

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// dialling are the TwiML elements whose text is a destination, in lower case
// (https://www.twilio.com/docs/voice/twiml/dial, /refer, /messaging/twiml).
var dialling = map[string]bool{
	"dial":     true,
	"number":   true,
	"sip":      true,
	"refersip": true,
	"whatsapp": true,
}

// nouns are the other elements that stand in a <Dial>, whose text is a name.
// What is neither is no TwiML, and its text may count for what it stands in.
var nouns = map[string]bool{
	"application":    true,
	"applicationsid": true,
	"client":         true,
	"conference":     true,
	"identity":       true,
	"parameter":      true,
	"queue":          true,
	"sim":            true,
}

// twimlSends adds a send for everything in a TwiML document that looks like a
// number, wherever it stands: until TwiML is read verb by verb, a document is
// refused for a number that may not be called even if it is only spoken.
func twimlSends(sends []carrier.Send, document string) ([]carrier.Send, error) {
	if strings.TrimSpace(document) == "" {
		return sends, nil
	}
	decoder := xml.NewDecoder(strings.NewReader(document))
	var open []element // outermost first
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return sends, nil
		}
		if err != nil {
			return sends, fmt.Errorf("%w: TwiML: %v", carrier.ErrUndecodable, err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return sends, fmt.Errorf("%w: TwiML with a document type", carrier.ErrUndecodable)
		case xml.StartElement:
			name := strings.ToLower(t.Name.Local)
			open = append(open, element{
				dials:  dialling[name],
				inDial: len(open) > 0 && (open[len(open)-1].dials || open[len(open)-1].inDial) && !nouns[name],
			})
			for _, a := range t.Attr {
				if sends, err = twimlAttribute(sends, a); err != nil {
					return sends, err
				}
			}
		case xml.CharData:
			if len(open) > 0 {
				e := &open[len(open)-1]
				e.text = append(e.text, t...)
			}
		case xml.EndElement:
			e := open[len(open)-1]
			open = open[:len(open)-1]
			text := strings.TrimSpace(string(e.text))
			switch {
			case e.dials && text != "":
				sends = append(sends, carrier.Send{Channel: policy.Voice, To: text})
			case e.inDial:
				// No TwiML, so its text may be taken for part of the number.
				outer := &open[len(open)-1]
				outer.text = append(outer.text, e.text...)
			case !e.dials:
				if sends, err = textSends(sends, text); err != nil {
					return sends, err
				}
			}
		}
	}
}

// element is an element of a TwiML document that is open.
type element struct {
	text []byte
	// dials tells whether the text is a destination.
	dials bool
	// inDial tells whether the element stands in one that dials, and is not
	// known to.
	inDial bool
}

// twimlAttribute adds the sends of an attribute. "to" is where <Sms> and
// <Message> go.
func twimlAttribute(sends []carrier.Send, a xml.Attr) ([]carrier.Send, error) {
	if strings.EqualFold(a.Name.Local, "to") {
		return append(sends, carrier.Send{Channel: policy.Messaging, To: a.Value}), nil
	}
	return textSends(sends, a.Value)
}

// textSends adds the sends of a text that is no destination itself: of the
// document at a URL, or of the digits in anything else.
func textSends(sends []carrier.Send, text string) ([]carrier.Send, error) {
	if scheme, _, ok := strings.Cut(text, "://"); ok && strings.HasPrefix(strings.ToLower(strings.TrimSpace(scheme)), "http") {
		return urlSends(sends, text)
	}
	return digitRuns(sends, text), nil
}

// digitRun is digits and separators that are long enough for a number, with
// what stands before and after them.
var digitRun = regexp.MustCompile(`(^|[^0-9])(\+?[0-9](?:[ .()-]*[0-9]){6,})($|[^0-9])`)

// digitRuns adds a tentative call to every run of digits. One that touches a
// letter is part of a name, such as a SID.
func digitRuns(sends []carrier.Send, text string) []carrier.Send {
	for _, match := range digitRun.FindAllStringSubmatch(text, -1) {
		before, run, after := match[1], match[2], match[3]
		if isLetter(before) || isLetter(after) {
			continue
		}
		sends = append(sends, carrier.Send{Channel: policy.Voice, To: run, Tentative: true})
	}
	return sends
}

func isLetter(text string) bool {
	return text != "" && ('a' <= text[0]|0x20 && text[0]|0x20 <= 'z' || text[0] == '_')
}

// twimlets is Twilio's own host of ready-made TwiML: whatever number stands in
// the address of a document there is dialled.
const twimlets = "twimlets.com"

// urlSends adds the sends of a URL that carries its TwiML along. What any other
// URL answers with cannot be seen from here.
func urlSends(sends []carrier.Send, address string) ([]carrier.Send, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return sends, nil // no carrier can fetch it either
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	everything := host == twimlets || strings.HasSuffix(host, "."+twimlets)
	found, err := carrier.Form(u.RawQuery, func(name string) bool { return everything || strings.EqualFold(name, "Twiml") }, nil)
	if err != nil {
		return sends, err
	}
	for _, p := range found {
		if strings.EqualFold(p.Name, "Twiml") {
			if sends, err = twimlSends(sends, p.Value); err != nil {
				return sends, err
			}
			continue
		}
		sends = digitRuns(sends, p.Value)
	}
	return sends, nil
}
