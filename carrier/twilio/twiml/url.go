package twiml

import (
	"fmt"
	"net/url"
	"strings"

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
	r := reader{result: &Document{}}
	if err := r.address(strings.TrimSpace(address)); err != nil {
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

// address reads a URL that carries its TwiML along.
func (r *reader) address(address string) error {
	if r.hops++; r.hops > maxHops {
		return fmt.Errorf("%w: TwiML within TwiML's URLs", carrier.ErrTooMany)
	}
	defer func() { r.hops-- }()
	u, err := url.Parse(address)
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
			inner := reader{result: &Document{}, hops: r.hops}
			err = inner.document([]byte(p.Value))
			r.result.Sends = append(r.result.Sends, inner.result.Sends...)
			r.result.URLs = append(r.result.URLs, inner.result.URLs...)
		case strings.Contains(p.Value, "://"):
			r.result.URLs = append(r.result.URLs, URL{Address: p.Value, TwiML: true}) // the twimlet redirects there, or plays it
			err = r.address(p.Value)
		default:
			for _, m := range carrier.Mentions(p.Value) {
				r.result.Sends = append(r.result.Sends, Send{Channel: policy.Voice, To: m.Text, Tentative: true})
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isURL tells whether a text is the address of something that can be fetched.
func isURL(text string) bool {
	scheme, _, found := strings.Cut(strings.ToLower(strings.TrimSpace(text)), "://")
	return found && (scheme == "http" || scheme == "https")
}
