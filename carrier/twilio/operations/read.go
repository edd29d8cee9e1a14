package operations

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Read reads what a request wants, except its credential, which matters only if there is
// something to judge. Parameters count in query and body, and each time they occur.
func Read(r *carrier.Request, op *carrier.Operation, body []byte) (intent carrier.Intent, judged bool, err error) {
	intent = r.NewIntent()
	intent.Account = sid.Canonical(op.Account)
	o, ok := op.Row.(*operation)
	if !ok {
		return intent, false, nil
	}
	judged, err = o.read(r, body, &intent)
	if err != nil {
		return intent, false, fmt.Errorf("reading %s: %w", o.name, err)
	}
	return intent, judged, nil
}

// read adds what a request wants to the intent, and reports whether any of it must be
// judged.
func (o *operation) read(r *carrier.Request, body []byte, intent *carrier.Intent) (judged bool, err error) {
	if o.readsParameters() {
		if err := o.readParameters(r, body, intent); err != nil {
			return false, err
		}
	}
	if r.SeesSize && len(intent.Sends) > 0 {
		if err := o.readSize(r, body, intent); err != nil {
			return false, err
		}
	}
	if o.control != "" && !o.onlyNarrows(r, body) {
		intent.Controls = append(intent.Controls, o.control)
	}
	intent.Stored = intent.Stored || o.stored
	if !r.SeesURLs {
		intent.URLs = nil
	}
	if len(intent.Sends) == 0 && len(intent.Controls) == 0 && !intent.Stored && len(intent.URLs) == 0 {
		return false, nil
	}
	if o.verification {
		for i := range intent.Sends {
			intent.Sends[i].Verification = true
		}
	}
	return true, nil
}

// readParameters adds the parameters of query and body to the intent.
func (o *operation) readParameters(r *carrier.Request, body []byte, intent *carrier.Intent) error {
	reading, urls := o.reader.reading(params.MostEffort), api.urlsOf(o, r)
	if r.AnyProduct && len(urls) > 0 {
		reading.Wanted = o.reader.wantedWithURLs
	}
	var buffer [8]params.Parameter
	found, err := reading.Form(r.RawQuery, buffer[:0])
	for i := range found {
		found[i].Uncertain = true // Twilio is not documented to read these
	}
	if err == nil {
		found, err = reading.Body(r.Field("Content-Type"), body, o.accepts, found)
	}
	if err != nil {
		return err
	}
	if o.anywhere {
		found = appendSegments(found, r.Path)
	}
	effort := reading.Effort
	if err := o.reader.read(found, urls, &effort, intent); err != nil {
		return err
	}
	for i := range found {
		p := &found[i]
		if equalFold(p.Name, params.MethodParameter) {
			return params.ErrMethodOverride
		}
		if err := o.readDocuments(p, urls, &effort, intent); err != nil {
			return err
		}
		addURL(urls, p, intent)
		o.readTriggers(p, &o.reader, intent)
	}
	if reached(intent.Sends) > o.mostDestinations() {
		return params.ErrTooMany
	}
	return nil
}

// appendSegments adds the path segments that look like a number.
func appendSegments(found []params.Parameter, path string) []params.Parameter {
	for path != "" {
		var segment string
		segment, path, _ = strings.Cut(path, "/")
		decoded, err := url.PathUnescape(segment)
		if err == nil && address.LooksLikeNumber(decoded) {
			found = append(found, params.Parameter{Value: decoded, Uncertain: true})
		}
	}
	return found
}

// reached counts the destinations of sends. A destination with two possible channels is
// two sends.
func reached(sends []carrier.Send) int {
	calls := 0
	for i := range sends {
		if sends[i].Channel == policy.Voice {
			calls++
		}
	}
	return max(calls, len(sends)-calls)
}

// perDocument is the price of each document in steps of params.Effort, without its
// contents.
const perDocument = 50

// readDocuments adds the contents of a parameter that holds a JSON document. In an
// unknown operation any parameter may hold one, or text that only looks like one.
func (o *operation) readDocuments(
	p *params.Parameter, urls []string, effort *params.Effort, intent *carrier.Intent,
) error {
	for i := range o.documentReaders {
		d := &o.documentReaders[i]
		if !d.isIn(p) || strings.TrimSpace(p.Value) == "" {
			continue
		}
		if err := effort.Spend(perDocument); err != nil {
			return err
		}
		reading := d.reader.reading(*effort)
		if len(urls) > 0 {
			reading.Wanted = d.reader.wantedWithURLs
		}
		text := p.Value
		if d.name == anyDocument {
			text = params.TrimJSON(text)
		}
		var members []params.Parameter
		var err error
		if p.Uncertain && !params.BeginsJSON(p.Value) {
			// "Participant[address]" may be a member, and not the document.
			addSend(intent, allChannels, carrier.Send{To: p.Value, Tentative: true})
			members, err = reading.JSON([]byte(text), nil)
		} else {
			members, err = reading.Document(text, nil)
		}
		*effort = reading.Effort
		if err != nil && (d.name != anyDocument || !errors.Is(err, params.ErrUndecodable)) {
			return params.In(d.name, err)
		}
		if err := d.reader.read(members, urls, effort, intent); err != nil {
			return err
		}
		for j := range members {
			o.readTriggers(&members[j], &d.reader, intent)
			addURL(urls, &members[j], intent)
		}
	}
	return nil
}

// isIn reports whether a parameter holds the document.
func (d *document) isIn(p *params.Parameter) bool {
	if d.name == anyDocument {
		return params.BeginsJSON(p.Value)
	}
	return sameName(d.name, p.Name)
}

// readTriggers adds what a parameter, or a member of a document, switches off, and
// whether it reaches stored destinations.
func (o *operation) readTriggers(p *params.Parameter, r *reader, intent *carrier.Intent) {
	for _, t := range o.storedBy {
		intent.Stored = intent.Stored || t.matches(p, intent.Account) && !r.within(p)
	}
	for _, t := range o.programs {
		intent.Instructs = intent.Instructs || t.matches(p, intent.Account)
	}
	for _, s := range o.switches {
		if s.matches(p, intent.Account) {
			intent.Controls = append(intent.Controls, s.control)
		}
	}
}

// mostDestinations limits the destinations of one request.
func (o *operation) mostDestinations() int {
	if o.kind != carrier.UnknownOperation && o.maxBody > smallBody {
		return bulkDestinations
	}
	return fewDestinations
}

// matches reports whether a parameter has the trigger's value, in a path of the given
// account.
func (t trigger) matches(p *params.Parameter, account string) bool {
	if !sameName(t.name, p.Name) {
		return false
	}
	value := strings.TrimSpace(p.Value)
	if t.value != "" {
		return strings.EqualFold(t.value, value)
	}
	switch t.unless {
	case "":
		return value != ""
	case AccountSid:
		return value != "" && sid.Canonical(value) != account
	}
	return !strings.EqualFold(t.unless, value) // an empty value may mean any value
}
