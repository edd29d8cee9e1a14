package twiml

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// maxHops is how many documents may stand in each other's URLs.
const maxHops = 4

// template is a domain of Twilio's own where a document is filled in from the query
// of its address.
type template struct {
	domain string
	// messages says that what stands in the query may be written to as well as called.
	messages bool
	source   string
}

// templates are all of them. Hosts below Twilio's own domain that take no parameters
// have none in their addresses.
var templates = []template{
	// Ready-made TwiML that calls: forward, simulring, findme, menu and others.
	{"twimlets.com", false, "https://www.twilio.com/labs/twimlets"},
	// Functions of the customer's.
	{"twil.io", true, "https://www.twilio.com/docs/serverless/functions-assets/functions/invocation"},
	// handler.twilio.com has TwiML bins, which name parameters in their text
	// ({{To}}), and webhooks.twilio.com the flows of Studio, which have them as
	// variables.
	{"twilio.com", true, "https://www.twilio.com/docs/serverless/twiml-bins"},
}

// ReadURL finds what a URL carries along that answers with TwiML: a document in
// a parameter of that name, or at a host of Twilio's own that fills in a document, the
// numbers in its query. The spans of what it finds are empty. What any other URL answers with cannot be seen from here. The
// errors are those of Read.
func ReadURL(address string) (*Document, error) {
	effort := params.MostEffort
	return ReadURLWithin(address, &effort)
}

// ReadURLWithin is ReadURL for a URL of a request that has so much effort left.
func ReadURLWithin(address string, effort *params.Effort) (*Document, error) {
	r := reader{result: &Document{}, effort: *effort}
	err := r.address(strings.TrimSpace(address))
	if *effort = r.effort; err != nil {
		return nil, err
	}
	for i := range r.result.Sends {
		r.result.Sends[i].Span = Span{}
	}
	for i := range r.result.URLs {
		r.result.URLs[i].Span = Span{}
	}
	return r.result, nil
}

// address reads a URL that carries its TwiML along, as leniently as any reader of
// URLs: no mistake in one part of it hides another. A pair of the query that does
// not decode is refused where it could be TwiML, and is otherwise the other
// server's to read.
func (r *reader) address(address string) error {
	if r.hops++; r.hops > maxHops {
		return fmt.Errorf("%w: TwiML within TwiML's URLs", params.ErrTooMany)
	}
	defer func() { r.hops-- }()
	if err := r.effort.Spend(perAddress + perByte*len(address)); err != nil {
		return err
	}
	address, _, _ = strings.Cut(address, "#")
	place, query, _ := strings.Cut(address, "?")
	everything, messages := fillsIn(place)
	wanted := func(name string) bool { return everything || strings.EqualFold(name, "Twiml") }
	for pair := range strings.SplitSeq(query, "&") {
		reading := params.Reading{Wanted: wanted, Effort: r.effort}
		found, err := reading.Form(pair, nil)
		r.effort = reading.Effort
		if errors.Is(err, params.ErrTooMany) {
			return err
		}
		if err != nil && (everything || strings.Contains(plainly(decoded(pair)), "twiml")) {
			return undecodable("a URL whose query does not decode")
		}
		for _, p := range found {
			if err := r.pair(p, messages); err != nil {
				return err
			}
		}
	}
	return nil
}

// pair reads a parameter of a URL that may be TwiML, or of a host that fills in a
// document, which may send messages.
func (r *reader) pair(p params.Parameter, messages bool) error {
	switch {
	case strings.EqualFold(params.CanonicalName(p.Name), "Twiml"):
		inner := reader{result: &Document{}, hops: r.hops, effort: r.effort}
		err := inner.document([]byte(p.Value))
		if r.effort = inner.effort; err != nil {
			return err
		}
		r.result.Sends = append(r.result.Sends, inner.result.Sends...)
		r.result.URLs = append(r.result.URLs, inner.result.URLs...)
	case isURL(p.Value) || strings.Contains(p.Value, "://"):
		r.result.URLs = append(r.result.URLs, URL{Address: p.Value, TwiML: true}) // redirected to there, or played
		return r.address(p.Value)
	case isSID(p.Value):
	default:
		r.fillIn(p, messages)
	}
	return nil
}

// fillsIn reports whether some reader finds a host that fills in a document in what
// stands before the query of a URL, and whether the document may send messages. What
// a host in other letters than ASCII becomes depends on the reader.
func fillsIn(place string) (fills, messages bool) {
	place = plainly(decoded(place))
	for i := range templates {
		if t := &templates[i]; strings.Contains(place, t.domain) {
			fills, messages = true, messages || t.messages
		}
	}
	if fills {
		return true, messages
	}
	_, authority, _ := strings.Cut(place, "//")
	authority, _, _ = strings.Cut(authority, "/")
	isForeign := strings.ContainsFunc(authority, func(c rune) bool { return c >= utf8.RuneSelf })
	return isForeign, isForeign
}

// isURL tells whether some reader takes a text for the address of something that
// can be fetched from a host that stands in it.
func isURL(text string) bool {
	text = plainly(text)
	for _, beginning := range []string{"http:", "https:", "//"} {
		if strings.HasPrefix(text, beginning) {
			return true
		}
	}
	return false
}

// plainly writes a URL as browsers do, in small letters: without blanks and control
// characters, and with the slashes that backslashes stand for
// (https://url.spec.whatwg.org/#url-parsing).
func plainly(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c) || unicode.IsControl(c) || unicode.Is(unicode.Cf, c):
			return -1
		case c == '\\':
			return '/'
		}
		return unicode.ToLower(c)
	}, text)
}

// decoded resolves what is percent-encoded in a text, and leaves what is not encoded
// well as it stands.
func decoded(text string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "%")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if c, err := url.PathUnescape("%" + after[:min(2, len(after))]); err == nil {
			b.WriteString(c)
			text = after[2:]
		} else {
			b.WriteByte('%')
			text = after
		}
	}
}
