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

// maxHops is how many documents may be nested in each other's URLs.
const maxHops = 4

// template is a domain of Twilio's own that fills in documents from the query of the
// URL.
type template struct {
	domain string
	// messages says that numbers in the query may be messaged as well as called.
	messages bool
	source   string
}

// templates are all of them. URLs at Twilio's other hosts have no parameters.
var templates = []template{
	// Ready-made TwiML that calls: forward, simulring, findme, menu and others.
	{"twimlets.com", false, "https://www.twilio.com/labs/twimlets"},
	// The customer's functions.
	{"twil.io", true, "https://www.twilio.com/docs/serverless/functions-assets/functions/invocation"},
	// handler.twilio.com has TwiML bins, with parameters in their text ({{To}}), and
	// webhooks.twilio.com has the flows of Studio, which use them as variables.
	{"twilio.com", true, "https://www.twilio.com/docs/serverless/twiml-bins"},
}

// ReadURL finds the sends inside a URL that answers with TwiML: those of a document in
// the parameter Twiml and, at a host of Twilio's own that fills in documents, the numbers
// in the query. Their spans are empty. The answers of all other URLs are unknown here.
// The errors are those of Read.
func ReadURL(address string) (*Document, error) {
	effort := params.MostEffort
	return ReadURLWithin(address, &effort)
}

// ReadURLWithin is ReadURL for a URL of a request that has this much effort left.
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

// address reads a URL that may contain TwiML, as leniently as any reader of URLs: a
// mistake in one part does not hide another. A pair of the query that does not decode is
// refused if it could be TwiML; otherwise only the other server reads it.
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
			return &params.Fault{Kind: params.ErrUndecodable, Text: `the query of the URL cannot be decoded; write "%" as "%25"`}
		}
		for _, p := range found {
			if err := r.pair(p, messages); err != nil {
				return err
			}
		}
	}
	return nil
}

// pair reads a query parameter that may be TwiML, or a value for a document that may
// send messages.
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
		r.result.URLs = append(r.result.URLs, URL{Address: p.Value, TwiML: true}) // a redirect, or a recording to play
		return r.address(p.Value)
	case isSID(p.Value):
	default:
		r.fillIn(p, messages)
	}
	return nil
}

// fillsIn reports whether some reader could find a host that fills in documents in the
// part of a URL before the query, and whether its documents may send messages. Readers
// convert hosts outside ASCII differently, so those count as well.
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

// isURL reports whether some reader could accept a text as a URL with a host.
func isURL(text string) bool {
	text = plainly(text)
	for _, beginning := range []string{"http:", "https:", "//"} {
		if strings.HasPrefix(text, beginning) {
			return true
		}
	}
	return false
}

// plainly writes a URL as browsers do, in lower case: without blanks and control
// characters, and with slashes for backslashes
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

// decoded resolves the percent-encoding of a text, and leaves invalid escapes
// unchanged.
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
