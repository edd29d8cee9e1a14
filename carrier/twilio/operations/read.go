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

// Read reads what a request wants, but for whom it authenticates as, which counts only
// where there is something to judge. Parameters count wherever they stand, in query and
// body, and however often.
func Read(r *carrier.Request, op *carrier.Operation, body []byte) (intent carrier.Intent, judged bool, err error) {
	intent = carrier.Intent{Account: sid.Canonical(op.Account)}
	row, ok := op.Row.(*operation)
	if !ok {
		return intent, false, nil
	}
	judged, err = row.read(r, body, &intent)
	if err != nil {
		return intent, false, fmt.Errorf("reading %s: %w", row.name, err)
	}
	return intent, judged, nil
}

// read adds what a request wants to the intent, and reports whether any of it is to be
// judged.
func (o *operation) read(r *carrier.Request, body []byte, intent *carrier.Intent) (judged bool, err error) {
	if o.looksIn() {
		if err := o.readParameters(r, body, intent); err != nil {
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

// readParameters adds what stands in query and body to the intent.
func (o *operation) readParameters(r *carrier.Request, body []byte, intent *carrier.Intent) error {
	reading, obeyed := o.reader.reading(params.MostEffort), o.obeyedOf(r)
	if r.AnyProduct && len(obeyed) > 0 {
		reading.Wanted = o.reader.wantedWithURLs
	}
	var buffer [8]params.Parameter
	found, err := reading.Form(r.RawQuery, buffer[:0])
	for i := range found {
		found[i].Doubtful = true // nobody has said that Twilio reads these
	}
	if err == nil {
		found, err = reading.Body(r.Header.Get("Content-Type"), body, o.accepts, found)
	}
	if err != nil {
		return err
	}
	if o.anywhere {
		found = appendSegments(found, r.Path)
	}
	effort := reading.Effort
	if err := o.reader.read(found, obeyed, &effort, intent); err != nil {
		return err
	}
	for i := range found {
		p := &found[i]
		if equalFold(p.Name, params.MethodParameter) {
			return params.ErrMethodOverride
		}
		if err := o.readDocuments(p, obeyed, &effort, intent); err != nil {
			return err
		}
		addURL(obeyed, p, intent)
		o.readTriggers(p, &o.reader, intent)
	}
	if reached(intent.Sends) > o.mostDestinations() {
		return params.ErrTooMany
	}
	return nil
}

// appendSegments adds the segments of a path that look like a number.
func appendSegments(found []params.Parameter, path string) []params.Parameter {
	for path != "" {
		var segment string
		segment, path, _ = strings.Cut(path, "/")
		decoded, err := url.PathUnescape(segment)
		if err == nil && address.LooksLikeNumber(decoded) {
			found = append(found, params.Parameter{Value: decoded, Doubtful: true})
		}
	}
	return found
}

// reached counts the destinations of sends. One that may be reached by two channels is
// two sends.
func reached(sends []carrier.Send) int {
	var count [policy.ChannelCount]int
	for i := range sends {
		count[sends[i].Channel]++
	}
	return max(count[policy.Messaging], count[policy.Voice])
}

// perDocument is the price of each document, besides what stands in it, in steps of
// params.Effort.
const perDocument = 50

// readDocuments adds what stands in a parameter that holds a JSON document. In
// an operation that no row knows, any may, and such a text may be something else.
func (o *operation) readDocuments(p *params.Parameter, obeyed []string, effort *params.Effort, intent *carrier.Intent) error {
	for i := range o.documents {
		d := &o.documents[i]
		if d.name == anyDocument && !params.BeginsJSON(p.Value) || d.name != anyDocument && !sameName(d.name, p.Name) || strings.TrimSpace(p.Value) == "" {
			continue
		}
		if err := effort.Spend(perDocument); err != nil {
			return err
		}
		reading := d.reader.reading(*effort)
		if len(obeyed) > 0 {
			reading.Wanted = d.reader.wantedWithURLs
		}
		text := p.Value
		if d.name == anyDocument {
			text = params.TrimJSON(text)
		}
		var members []params.Parameter
		var err error
		if p.Doubtful && !params.BeginsJSON(p.Value) {
			// "Participant[address]" may be a member, and not the document.
			for _, channel := range allChannels {
				intent.Sends = append(intent.Sends, carrier.Send{Channel: channel, To: p.Value, Tentative: true})
			}
			members, err = reading.JSON([]byte(text), nil)
		} else {
			members, err = reading.Document(text, nil)
		}
		*effort = reading.Effort
		if err != nil && (d.name != anyDocument || !errors.Is(err, params.ErrUndecodable)) {
			return err
		}
		if err := d.reader.read(members, obeyed, effort, intent); err != nil {
			return err
		}
		for j := range members {
			o.readTriggers(&members[j], &d.reader, intent)
			addURL(obeyed, &members[j], intent)
		}
	}
	return nil
}

// readTriggers adds what a parameter, or a member of a document, turns off, and
// whether it names who was stored before.
func (o *operation) readTriggers(p *params.Parameter, r *reader, intent *carrier.Intent) {
	for _, t := range o.storedBy {
		intent.Stored = intent.Stored || t.isPulled(p, intent.Account) && !r.within(p)
	}
	for _, t := range o.programs {
		intent.Instructs = intent.Instructs || t.isPulled(p, intent.Account)
	}
	for _, s := range o.switches {
		if s.isPulled(p, intent.Account) {
			intent.Controls = append(intent.Controls, s.control)
		}
	}
}

// mostDestinations bounds the destinations of one request.
func (o *operation) mostDestinations() int {
	if o.kind != carrier.Unlisted && o.maxBody > smallBody {
		return bulkDestinations
	}
	return fewDestinations
}

// isPulled reports whether a parameter pulls the trigger, in a path of the account given.
func (t trigger) isPulled(p *params.Parameter, account string) bool {
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
	return !strings.EqualFold(t.unless, value) // an empty one may be taken for any
}
