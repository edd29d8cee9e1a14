package twiml

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Read finds what a document would dial or message, and which URLs it leads to. A
// document without any element does nothing. It returns params.ErrUndecodable, wrapped,
// for a document that two readers could understand differently, and params.ErrTooMany
// for one that is too large.
func Read(document []byte) (*Document, error) {
	effort := params.MostEffort
	return ReadWithin(document, &effort)
}

// ReadWithin is Read for a document of a request that has this much effort left.
func ReadWithin(document []byte, effort *params.Effort) (*Document, error) {
	r := reader{result: &Document{}, effort: *effort}
	err := r.document(document)
	*effort = r.effort
	if err != nil {
		return nil, err
	}
	return r.result, nil
}

// Prices of reading TwiML, in steps of params.Effort.
const (
	// perToken is for each tag, text or comment, and perAttribute for each attribute.
	perToken     = 40
	perAttribute = 40
	// perByte is for each byte of a document and of an address.
	perByte = 2
	// perAddress is for each URL that is read, and perTask for each task.
	perAddress = 80
	perTask    = 400
	// perSend is for each destination, and perLevel for each destination in each element
	// around it.
	perSend  = 60
	perLevel = 2
)

// reader reads a document, and the documents in its URLs.
type reader struct {
	result *Document
	open   []element // outermost first
	// hops is how many URLs led to the document.
	hops int
	// effort is what is left of the request's effort.
	effort params.Effort
}

// element is an open element.
type element struct {
	*row
	// written is its name in the document, and exact reports whether that is exactly the
	// row's.
	written string
	exact   bool
	start   int
	// dialler is the closest element, itself included, whose destination includes its
	// text; -1 if there is none.
	dialler int
	// sends is how many sends were found before it opened, and sent says that the
	// element itself added some.
	sends int
	sent  bool
	// nouns is how many nouns have closed in it, if it is a <Dial>.
	nouns int
	// named are the senders in its attributes.
	named []string
	// textStart is where its content begins.
	textStart int
	texts
}

func (r *reader) document(document []byte) error {
	tokens, err := newTokens(document)
	if err != nil {
		return err
	}
	if err := r.effort.Spend(perByte * len(document)); err != nil {
		return err
	}
	for {
		token, err := tokens.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := r.effort.Spend(perToken); err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			err = r.enter(token, tokens)
		case xml.CharData:
			err = r.read(token)
		case xml.EndElement:
			err = r.leave(tokens.span)
		}
		if err != nil {
			return err
		}
		if len(r.result.Sends) > maxSends || len(r.result.URLs) > maxSends {
			return fmt.Errorf("%w: TwiML with more than %d destinations", params.ErrTooMany, maxSends)
		}
	}
	slices.SortStableFunc(r.result.Sends, func(a, b Send) int { return cmp.Compare(a.start, b.start) })
	return nil
}

// enter opens an element.
func (r *reader) enter(token xml.StartElement, tokens *tokens) error {
	if len(r.open) == maxDepth {
		return undecodable("the elements are nested too deep")
	}
	e := element{
		row: &unknown, written: token.Name.Local, dialler: -1,
		start: tokens.span.Start, textStart: tokens.span.End, sends: len(r.result.Sends),
	}
	if known := exactly[token.Name.Local]; known != nil && token.Name.Space == "" {
		e.row, e.exact = known, true
	} else if known := loosely[fold(token.Name.Local)]; known != nil {
		e.row = known
	}
	if e.row.text == instructions && slices.ContainsFunc(r.open, func(o element) bool { return o.row.text == instructions }) {
		// Both would have the whole address, and a document in it would be read twice.
		return undecodable("an element with an address is in another one; write one after the other")
	}
	if len(r.open) > 0 {
		e.dialler = r.open[len(r.open)-1].dialler
	}
	switch {
	case e.row.text == destination:
		e.dialler = len(r.open)
	case e.dialler >= 0 && e.dialler == len(r.open)-1 && r.open[e.dialler].verb && e.noun && e.exact:
		e.dialler = -1
	}
	r.open = append(r.open, e)
	opened := &r.open[len(r.open)-1]

	if err := r.effort.Spend(perAttribute * len(token.Attr)); err != nil {
		return err
	}
	values := tokens.values()
	if opened.row.name == dialVerb {
		r.result.dials = append(r.result.dials, newDial(token, tokens, values))
	}
	isAddressed := false
	for i, a := range token.Attr {
		if a.Name.Space == "" && a.Name.Local == "to" && strings.TrimSpace(a.Value) != "" {
			isAddressed = true
		}
		if err := r.attribute(opened, a, values[i]); err != nil {
			return err
		}
	}
	if opened.messages && !isAddressed {
		r.send(opened, Send{Channel: policy.Messaging, ToCaller: true})
	}
	return nil
}

// read adds a text to the elements around it.
func (r *reader) read(text xml.CharData) error {
	if len(r.open) == 0 {
		return nil
	}
	innermost := &r.open[len(r.open)-1]
	innermost.own = append(innermost.own, text...)
	for i := range r.open {
		isLeading := r.open[i].row.text == instructions
		if r.open[i].row.text != destination && !isLeading {
			continue
		}
		if err := r.effort.SpendOnText(len(text)); err != nil {
			return err
		}
		r.open[i].all = append(r.open[i].all, text...)
		if i == innermost.dialler || isLeading {
			r.open[i].whole = append(r.open[i].whole, text...)
			r.open[i].pieces = append(r.open[i].pieces, string(text))
		}
	}
	return nil
}

// leave closes the innermost element, whose end tag is at the span.
func (r *reader) leave(endTag Span) error {
	e := &r.open[len(r.open)-1]
	if bytes.Contains(e.own, []byte("]]>")) {
		// Without an element between them, these texts would become one that XML does
		// not allow.
		return undecodable(`a text has "]]>"; write "]]&gt;"`)
	}
	if err := r.text(e, Span{e.textStart, max(e.textStart, endTag.Start)}); err != nil {
		return err
	}
	if err := r.effort.Spend(perLevel * (len(r.result.Sends) - e.sends)); err != nil {
		return err
	}
	isNoun := r.isInDial(e)
	if isNoun {
		r.open[len(r.open)-2].nouns++
	}
	whole := Span{e.start, endTag.End}
	for i := e.sends; i < len(r.result.Sends); i++ {
		s := &r.result.Sends[i]
		s.Senders = append(s.Senders, e.named...)
		if e.verb || e.sent {
			s.Verb, s.Span = e.written, whole
		}
		switch {
		case isNoun:
			s.Noun = whole
		case e.isDial() && s.Nouns == 0: // the innermost
			s.Nouns = e.nouns
		case e.verb || e.sent:
			s.Noun, s.Nouns = Span{}, 0
		}
	}
	r.open = r.open[:len(r.open)-1]
	return nil
}

// isDial reports whether an element is a <Dial>, under exactly that name.
func (e *element) isDial() bool { return e.exact && e.row.name == dialVerb }

// isInDial reports whether the innermost element is a noun that is directly in a <Dial>.
func (r *reader) isInDial(e *element) bool {
	isNoun := e.exact && (e.noun || e.row.text == destination) && !e.verb
	return isNoun && len(r.open) > 1 && r.open[len(r.open)-2].isDial()
}

// send adds a send of an element.
func (r *reader) send(e *element, s Send) {
	s.To, s.start = strings.TrimSpace(s.To), e.start
	e.sent = true
	r.effort -= perSend // the next Spend fails if too little is left
	r.result.Sends = append(r.result.Sends, s)
}

// schemaInstance is the namespace of attributes about a document's schema
// (https://www.w3.org/TR/xmlschema-1/#xsi.schemaLocation).
const (
	schemaInstance   = "http://www.w3.org/2001/XMLSchema-instance"
	schemaAttributes = "schemaLocation noNamespaceSchemaLocation type nil"
)

// attribute reads an attribute with a value at the span. Only exact names make
// exceptions.
func (r *reader) attribute(e *element, a xml.Attr, value Span) error {
	name := a.Name.Local
	switch isExact := e.exact && a.Name.Space == ""; {
	case fold(name) == "to":
		r.addressed(e, a.Value)
		return nil
	case a.Name.Space == "xmlns" || a.Name.Space == "" && name == "xmlns" || a.Name.Space == schemaInstance && lists(schemaAttributes, name):
		return nil
	case isExact && lists(e.senders, name):
		if a.Value != "" {
			e.named = append(e.named, a.Value)
		}
		return nil
	case isExact && lists(e.instructions, name):
		return r.url(e, URL{Address: a.Value, Attribute: name, TwiML: true, Span: value})
	case isExact && lists(e.resources, name):
		return r.url(e, URL{Address: a.Value, Attribute: name, Span: value})
	case isExact && (lists(e.free, name) || settings[name]):
		return nil
	}
	if isURL(a.Value) || leading[fold(name)] {
		if err := r.url(e, URL{Address: a.Value, Attribute: name, TwiML: true, Span: value}); err != nil || isURL(a.Value) {
			return err
		}
	}
	for _, m := range address.Mentions(a.Value) {
		if m.Plus || !m.InWord {
			r.mention(e, m.Text)
		}
	}
	return nil
}

// addressed reads the attribute "to".
func (r *reader) addressed(e *element, value string) {
	if strings.TrimSpace(value) == "" || isSID(value) {
		return // the caller, or an error of the carrier's; a SIM
	}
	r.send(e, Send{Channel: policy.Messaging, To: value})
	if !e.messages {
		r.send(e, Send{Channel: policy.Voice, To: value})
	}
}

// url adds a URL, and the sends inside it.
func (r *reader) url(e *element, u URL) error {
	u.Address = strings.TrimSpace(u.Address)
	if u.Address == "" {
		return nil
	}
	u.Verb = e.written
	r.result.URLs = append(r.result.URLs, u)
	carried := reader{result: &Document{}, hops: r.hops, effort: r.effort}
	err := carried.address(u.Address)
	if r.effort = carried.effort; err != nil {
		return err
	}
	for _, s := range carried.result.Sends {
		r.send(e, s)
	}
	for _, inner := range carried.result.URLs {
		inner.Span = u.Span
		r.result.URLs = append(r.result.URLs, inner)
	}
	return nil
}
