package twilio

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// dialling are the TwiML elements whose text is a destination, in lower case
// (https://www.twilio.com/docs/voice/twiml/dial, /refer, /messaging/twiml).
var dialling = map[string]policy.Channel{
	"dial":     policy.Voice,
	"number":   policy.Voice,
	"sip":      policy.Voice,
	"refersip": policy.Voice,
	"whatsapp": policy.Voice,
}

// fewestDigits is how many digits in a row look like a number.
const fewestDigits = 7

// twimlSends adds a send for everything in a TwiML document that looks like a
// number, wherever it stands: until TwiML is read verb by verb, a document is
// refused for a number that may not be called even if it is only spoken.
func twimlSends(sends []carrier.Send, document string) ([]carrier.Send, error) {
	if strings.TrimSpace(document) == "" {
		return sends, nil
	}
	decoder := xml.NewDecoder(strings.NewReader(document))
	var texts []strings.Builder // of the open elements, outermost first
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
			texts = append(texts, strings.Builder{})
			for _, a := range t.Attr {
				sends = twimlAttribute(sends, a)
			}
		case xml.CharData:
			if len(texts) > 0 {
				texts[len(texts)-1].Write(t)
			}
		case xml.EndElement:
			text := strings.TrimSpace(texts[len(texts)-1].String())
			texts = texts[:len(texts)-1]
			channel, dials := dialling[strings.ToLower(t.Name.Local)]
			switch {
			case text == "":
			case dials:
				sends = append(sends, carrier.Send{Channel: channel, To: text})
			default:
				sends = digitRuns(sends, text)
			}
		}
	}
}

// twimlAttribute adds the sends of an attribute. "to" is where <Sms> and
// <Message> go.
func twimlAttribute(sends []carrier.Send, a xml.Attr) []carrier.Send {
	if strings.EqualFold(a.Name.Local, "to") {
		return append(sends, carrier.Send{Channel: policy.Messaging, To: a.Value})
	}
	return digitRuns(sends, a.Value)
}

// digitRuns adds a tentative call to every run of digits and separators that
// is long enough for a number.
func digitRuns(sends []carrier.Send, text string) []carrier.Send {
	isPart := func(c rune) bool { return strings.ContainsRune("+0123456789 -.()", c) }
	for run := range strings.FieldsFuncSeq(text, func(c rune) bool { return !isPart(c) }) {
		digits := strings.Count(run, "") - 1 - strings.Count(run, " ") - strings.Count(run, "-") -
			strings.Count(run, ".") - strings.Count(run, "(") - strings.Count(run, ")") - strings.Count(run, "+")
		if digits >= fewestDigits {
			sends = append(sends, carrier.Send{Channel: policy.Voice, To: strings.TrimSpace(run), Tentative: true})
		}
	}
	return sends
}
