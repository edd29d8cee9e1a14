package twiml

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// maxHops is how many documents may stand in each other's URLs.
const maxHops = 4

// twimlets is Twilio's own host of ready-made TwiML: whatever number stands in
// the address of a document there is dialled
// (https://www.twilio.com/labs/twimlets).
const twimlets = "twimlets.com"

// ReadURL finds what a URL carries along that answers with TwiML: a document in
// a parameter of that name, or the numbers of a twimlet. The spans of what it
// finds are empty. What any other URL answers with cannot be seen from here. The
// errors are those of Read.
func ReadURL(address string) (*Document, error) {
	effort := carrier.MostEffort
	return ReadURLWithin(address, &effort)
}

// ReadURLWithin is ReadURL for a URL of a request that has so much effort left.
func ReadURLWithin(address string, effort *carrier.Effort) (*Document, error) {
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
		return fmt.Errorf("%w: TwiML within TwiML's URLs", carrier.ErrTooMany)
	}
	defer func() { r.hops-- }()
	if err := r.effort.Spend(perAddress + perByte*len(address)); err != nil {
		return err
	}
	address, _, _ = strings.Cut(address, "#")
	place, query, _ := strings.Cut(address, "?")
	everything := mayBeTwimlet(place)
	wanted := func(name string) bool { return everything || strings.EqualFold(name, "Twiml") }
	for pair := range strings.SplitSeq(query, "&") {
		reading := carrier.Reading{Wanted: wanted, Effort: r.effort}
		found, err := reading.Form(pair, nil)
		r.effort = reading.Effort
		if errors.Is(err, carrier.ErrTooMany) {
			return err
		}
		if err != nil && (everything || strings.Contains(plainly(decoded(pair)), "twiml")) {
			return undecodable("a URL whose query does not decode")
		}
		for _, p := range found {
			if err := r.pair(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// pair reads a parameter of a URL that may be TwiML, or a twimlet's.
func (r *reader) pair(p carrier.Parameter) error {
	switch {
	case strings.EqualFold(p.Name, "Twiml"):
		inner := reader{result: &Document{}, hops: r.hops, effort: r.effort}
		err := inner.document([]byte(p.Value))
		if r.effort = inner.effort; err != nil {
			return err
		}
		r.result.Sends = append(r.result.Sends, inner.result.Sends...)
		r.result.URLs = append(r.result.URLs, inner.result.URLs...)
	case isURL(p.Value) || strings.Contains(p.Value, "://"):
		r.result.URLs = append(r.result.URLs, URL{Address: p.Value, TwiML: true}) // the twimlet redirects there, or plays it
		return r.address(p.Value)
	default:
		for _, m := range carrier.Mentions(p.Value) {
			r.result.Sends = append(r.result.Sends, Send{Channel: policy.Voice, To: m.Text, Tentative: true})
		}
	}
	return nil
}

// mayBeTwimlet tells whether some reader finds the host of twimlets in what stands
// before the query of a URL. What a host in other letters than ASCII becomes depends
// on the reader.
func mayBeTwimlet(place string) bool {
	place = plainly(decoded(place))
	if strings.Contains(place, twimlets) {
		return true
	}
	_, authority, _ := strings.Cut(place, "//")
	authority, _, _ = strings.Cut(authority, "/")
	return strings.ContainsFunc(authority, func(c rune) bool { return c >= utf8.RuneSelf })
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
