package twilio

import (
	"fmt"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Read implements carrier.Carrier. Parameters count wherever they stand, in
// query and body, and however often.
func (Twilio) Read(r *carrier.Request, op *carrier.Operation, body []byte) (carrier.Intent, error) {
	intent := carrier.Intent{Account: op.Account}
	row, ok := op.Row.(*operation)
	if !ok {
		return intent, nil
	}
	if err := row.read(r, body, &intent); err != nil {
		return intent, fmt.Errorf("reading %s: %w", row.name, err)
	}
	return intent, nil
}

// read adds what a request wants to the intent.
func (o *operation) read(r *carrier.Request, body []byte, intent *carrier.Intent) error {
	if o.looksIn() {
		if err := o.readParameters(r, body, intent); err != nil {
			return err
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
		return nil
	}
	if o.verification {
		for i := range intent.Sends {
			intent.Sends[i].Verification = true
		}
	}
	return readCredential(r.Header.Get("Authorization"), intent)
}

// readParameters adds what stands in query and body to the intent.
func (o *operation) readParameters(r *carrier.Request, body []byte, intent *carrier.Intent) error {
	wanted, obeyed := o.reader.wanted, o.obeyedOf(r)
	if r.AnyProduct && len(obeyed) > 0 {
		wanted = o.wantedAnywhere
	}
	var buffer [8]carrier.Parameter
	found, err := carrier.Form(r.RawQuery, wanted, buffer[:0])
	for i := range found {
		found[i].Doubtful = true // nobody has said that Twilio reads these
	}
	if err == nil {
		found, err = carrier.Body(r.Header.Get("Content-Type"), body, o.accepts, wanted, found)
	}
	if err != nil {
		return err
	}
	if err := o.reader.read(found, obeyed, intent); err != nil {
		return err
	}
	for i := range found {
		p := &found[i]
		if equalFold(p.Name, carrier.MethodParameter) {
			return carrier.ErrMethodOverride
		}
		if err := o.readDocuments(p, obeyed, intent); err != nil {
			return err
		}
		addURL(obeyed, p, intent)
		o.readTriggers(p, &o.reader, intent)
		if len(intent.Sends) > o.mostSends() {
			return carrier.ErrTooMany
		}
	}
	return nil
}

// readDocuments adds what stands in a parameter that holds a JSON document. In
// an operation that no row knows, such a parameter may be something else.
func (o *operation) readDocuments(p *carrier.Parameter, obeyed []string, intent *carrier.Intent) error {
	for i := range o.documents {
		d := &o.documents[i]
		if !sameName(d.name, p.Name) || strings.TrimSpace(p.Value) == "" {
			continue
		}
		members, err := carrier.JSON([]byte(p.Value), d.reader.wanted, nil)
		if err != nil && o.kind != carrier.Unlisted {
			return err
		}
		if err := d.reader.read(members, obeyed, intent); err != nil {
			return err
		}
		for j := range members {
			o.readTriggers(&members[j], &d.reader, intent)
			addURL(obeyed, &members[j], intent)
		}
		if p.Doubtful && !isComposite(p.Value) {
			// "Participant[address]" may be a member, and not the document.
			for _, channel := range allChannels {
				intent.Sends = append(intent.Sends, carrier.Send{Channel: channel, To: p.Value, Tentative: true})
			}
		}
	}
	return nil
}

// isComposite tells whether a JSON document is an object or an array.
func isComposite(document string) bool {
	document = strings.TrimSpace(document)
	return strings.HasPrefix(document, "{") || strings.HasPrefix(document, "[")
}

// readTriggers adds what a parameter, or a member of a document, turns off, and
// whether it names who was stored before.
func (o *operation) readTriggers(p *carrier.Parameter, r *reader, intent *carrier.Intent) {
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

// mostSends bounds the destinations of one request.
func (o *operation) mostSends() int {
	if o.kind != carrier.Unlisted && o.maxBody > smallBody {
		return bulkSends
	}
	return fewSends
}

// isPulled tells whether a parameter pulls the trigger, in a path of the account given.
func (t trigger) isPulled(p *carrier.Parameter, account string) bool {
	if !sameName(t.name, p.Name) {
		return false
	}
	value := strings.TrimSpace(p.Value)
	if t.value != "" {
		return strings.EqualFold(t.value, value)
	}
	if t.unless == accountSid {
		t.unless, value = policy.CanonicalSID(account), policy.CanonicalSID(value)
	}
	return value != "" && (t.unless == "" || !strings.EqualFold(t.unless, value))
}
