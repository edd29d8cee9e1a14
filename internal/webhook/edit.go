package webhook

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/twiml"
)

// Mode is what replaces what is denied.
type Mode string

// The modes.
const (
	// Remove removes the verb, and nothing else: Twilio goes on with the next, as it does
	// where it does not permit a call.
	Remove Mode = "remove"
	// Reject does not pick up a call that is still ringing, and hangs up otherwise.
	Reject Mode = "reject"
	// Say says a text to the caller.
	Say Mode = "say"
	// Redirect goes on with the instructions at a URL.
	Redirect Mode = "redirect"
)

// Modes lists them all, as configurations spell them.
var Modes = []string{string(Remove), string(Reject), string(Say), string(Redirect)}

// Denied is what replaces what is denied. Messages have neither Reject nor Say: what is
// denied in them is removed.
type Denied struct {
	Mode Mode
	// Text that is spoken, or the URL that is redirected to.
	Text string
}

// emptyDocument does nothing. Twilio ends a call, and answers no message.
const emptyDocument = `<?xml version="1.0" encoding="UTF-8"?><Response></Response>`

// verb is the element that replaces a denied one, of a call or a message, or nothing.
func (m Denied) verb(r *Request, calls bool) string {
	switch {
	case m.Mode == Redirect && r.resolve(m.Text) == r.Address:
		return "" // or it would be fetched forever
	case m.Mode == Redirect:
		return "<Redirect>" + escape(m.Text) + "</Redirect>"
	case m.Mode == Say && r.OfCall && calls:
		return "<Say>" + escape(m.Text) + "</Say>"
	case m.Mode == Reject && r.OfCall && calls:
		// In a call that was picked up, there is nothing left to reject
		// (https://www.twilio.com/docs/voice/twiml/reject).
		return "<Hangup/>"
	}
	return ""
}

// document replaces a whole one.
func (m Denied) document(r *Request) string {
	verb := m.verb(r, true)
	if m.Mode == Reject && r.Ringing {
		verb = "<Reject/>"
	}
	return `<?xml version="1.0" encoding="UTF-8"?><Response>` + verb + `</Response>`
}

// instruction replaces one to TaskRouter. An empty one leaves the reservation pending,
// for the API to decide about it or until it times out
// (https://www.twilio.com/docs/api/errors/40005).
func (m Denied) instruction() string {
	if m.Mode == Reject {
		return `{"instruction":"reject"}`
	}
	return `{}`
}

// escape writes a text in ASCII, which is the same in each charset that an answer
// around it may have.
func escape(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer never fails
	var escaped strings.Builder
	for _, c := range b.String() {
		if c < utf8.RuneSelf {
			escaped.WriteRune(c)
		} else {
			fmt.Fprintf(&escaped, "&#%d;", c)
		}
	}
	return escaped.String()
}

// edit is one span and what replaces it.
type edit struct {
	twiml.Span
	text string
}

// apply applies edits to a document. Of spans that overlap, the outer one counts.
func apply(document []byte, edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	var edited []byte
	end := 0
	for _, e := range edits {
		if e.Start < end {
			continue
		}
		edited = append(append(edited, document[end:e.Start]...), e.text...)
		end = e.End
	}
	return append(edited, document[end:]...)
}

// hasElement reports whether an element is left in a document.
func hasElement(document []byte) bool {
	decoder := xml.NewDecoder(bytes.NewReader(document))
	decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		token, err := decoder.Token()
		if err != nil {
			return false
		}
		if _, ok := token.(xml.StartElement); ok {
			return true
		}
	}
}
