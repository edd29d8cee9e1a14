package operations

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/twiml"
	"github.com/caddy-tollgate/tollgate/policy"
)

// reader looks for destinations and senders in one place: in a request's query and body,
// or in a document in a parameter.
type reader struct {
	fields    []field
	senders   []string
	channel   *channelTable
	tentative bool
	// anywhere says that whatever looks like a number counts in every parameter.
	anywhere bool

	// wanted reports which parameters the reader looks for, and wantedWithURLs the same
	// for requests that may set instruction URLs.
	wanted, wantedWithURLs params.Wanted
}

// freeTexts are members of JSON documents that hold text for people, and the values for
// its placeholders. JSON in them is text: a message may quote some. All other texts that
// hold an object or a list are read again: a destination counts at any depth, whatever
// the objects around it are named, and text in place of an object is one more layer. An
// application's own data, such as a customer record in a worker's attributes, is refused
// only if it has a member that is named like a destination of the operation and holds a
// number that is not enabled. Only these exact names are exempt.
var freeTexts = map[string]bool{
	"body": true, "Body": true, "text": true, "title": true, "subtitle": true, "subject": true,
	"html": true, "caption": true,
	"content_variables": true, "contentVariables": true, "ContentVariables": true, "variables": true,
}

// reading returns how to read the parameters that the reader looks for.
func (r *reader) reading(effort params.Effort) params.Reading {
	reading := params.Reading{Wanted: r.wanted, Numbers: r.anywhere, Effort: effort}
	if !r.anywhere {
		reading.FreeText = isFreeText
	}
	return reading
}

func isFreeText(member string) bool { return freeTexts[member] }

// newReader derives which parameters a reader looks for: its own columns, the other names
// given and, where URLs make a difference, every instruction URL.
func newReader(r reader, others, everyURL []string) reader {
	names := slices.Concat(others, fieldNames(r.fields), r.senders)
	if r.channel != nil {
		names = append(names, r.channel.parameter, r.channel.inner)
	}
	r.wanted = r.wants(names)
	r.wantedWithURLs = r.wants(slices.Concat(names, everyURL))
	return r
}

// wants matches the names and, if any parameter may be a number, every name that says
// phone.
func (r *reader) wants(names []string) params.Wanted {
	set := newNameSet(names)
	if r.anywhere {
		return func(name string) bool { return set.has(name) || namesPhone(name) }
	}
	return set.has
}

// read adds the contents of the parameters to the intent. A field inside a sender, such
// as the address of {"from": {"address": …}}, is a sender too. Numbers and TwiML inside
// an instruction URL count, whether Twilio requests it at once or stores it.
func (r *reader) read(found []params.Parameter, urls []string, effort *params.Effort, intent *carrier.Intent) error {
	var channels []policy.Channel
	if r.channel != nil {
		channels = r.channel.of(found)
	}
	var documents documents
	hasSender := false
	for i := range found {
		p := &found[i]
		if contains(r.senders, p.Name) {
			intent.Senders = append(intent.Senders, p.Value)
			hasSender = true
		}
		named := false
		for _, f := range r.fields {
			if !sameName(f.name, p.Name) {
				continue
			}
			named = true
			switch {
			case r.within(p) && f.via != byTask:
				intent.Senders = append(intent.Senders, p.Value)
			case f.via == inTwiML:
				document, err := twiml.ReadWithin([]byte(p.Value), effort)
				if err != nil {
					return params.In(f.name, err)
				}
				documents.add(document, f.name, intent)
			case f.via == bySupervisor && sid.Is(strings.TrimSpace(p.Value)):
				intent.Stored = true
			default:
				if err := effort.Spend(perFurtherNumber * furtherNumbers(p.Value)); err != nil {
					return err
				}
				r.add(f.via, p.Value, channels, intent)
				intent.Senderless = intent.Senderless || f.via == byTask
			}
		}
		for _, name := range urls {
			if !sameName(name, p.Name) {
				continue
			}
			document, err := twiml.ReadURLWithin(p.Value, effort)
			if err != nil {
				return params.In(name, err)
			}
			documents.add(document, name, intent)
			break
		}
		if r.anywhere && !named {
			addNumbers(p, intent)
		}
	}
	intent.Senderless = intent.Senderless || documents.senderless && !hasSender
	if documents.toCaller {
		r.addCalled(found, intent)
	}
	return nil
}

// perFurtherNumber is the price of each number after the first in one destination, in
// steps of params.Effort. A list is read number by number, and each number in every way.
const perFurtherNumber = 1000

// furtherNumbers counts the numbers that a destination may hold after the first.
func furtherNumbers(value string) int {
	const longest = 40 // of one number, including any text around it
	if len(value) <= longest {
		return 0
	}
	return max(len(address.Mentions(value))-1, 0)
}

// within reports whether a member is inside an object that is a sender. The object's
// name must be an exact one, up to letter case.
func (r *reader) within(p *params.Parameter) bool {
	return p.Parent != "" && slices.ContainsFunc(r.senders, func(s string) bool { return equalFold(s, p.Parent) })
}

// add adds the sends that one value requests.
func (r *reader) add(v via, value string, channels []policy.Channel, intent *carrier.Intent) {
	switch v {
	case byMessage:
		channels = messagingOnly
	case byCall, byTask, bySupervisor:
		channels = voiceOnly
	case byEither:
		channels = allChannels
	}
	tentative := r.tentative || v == bySupervisor
	addSend(intent, channels, carrier.Send{To: value, Tentative: tentative})
}

// documents sums up the TwiML documents of one request: whether they message the other
// end of the call, and whether they send without naming a sender.
type documents struct{ toCaller, senderless bool }

func (d *documents) add(document *twiml.Document, parameter string, intent *carrier.Intent) {
	d.toCaller = addDocument(document, intent) || d.toCaller
	isSenderless := func(s twiml.Send) bool { return len(s.Senders) == 0 }
	d.senderless = d.senderless || slices.ContainsFunc(document.Sends, isSenderless)
	addURLs(document, parameter, intent)
}

// addDocument adds the sends of a TwiML document, and reports whether it messages the
// other end of the call.
func addDocument(document *twiml.Document, intent *carrier.Intent) (toCaller bool) {
	for _, s := range document.Sends {
		intent.Senders = append(intent.Senders, s.Senders...)
		if s.ToCaller {
			toCaller = true
			continue
		}
		send := s.Carrier()
		send.Instructed = true
		intent.Sends = append(intent.Sends, send)
	}
	return toCaller
}

// addURLs adds the instruction URLs of a TwiML document in a parameter.
func addURLs(document *twiml.Document, parameter string, intent *carrier.Intent) {
	for _, u := range document.URLs {
		if u.TwiML {
			intent.URLs = append(intent.URLs, carrier.URL{Parameter: parameter, Address: u.Address})
		}
	}
}

// addCalled adds messages to the other end of the call: to the number that the request
// calls. Only the carrier knows the other end of a call in progress.
func (r *reader) addCalled(found []params.Parameter, intent *carrier.Intent) {
	known := false
	for i := range found {
		for _, f := range r.fields {
			if sameName(f.name, found[i].Name) && (f.via == byCall || f.via == byEither) {
				r.add(byMessage, found[i].Value, nil, intent)
				known = true
			}
		}
	}
	intent.Stored = intent.Stored || !known
}

// addNumbers adds what looks like a number in a parameter of unknown meaning.
func addNumbers(p *params.Parameter, intent *carrier.Intent) {
	for _, number := range address.NumbersIn(p.Value) {
		addSend(intent, allChannels, carrier.Send{To: number, Tentative: true})
	}
	if number := internationalDigits(p.Value); number != "" && namesPhone(p.Name) {
		addSend(intent, allChannels, carrier.Send{To: number, Tentative: true, Listed: true})
	}
}

func equalFold(a, b string) bool {
	return len(a) == len(b) && (a == b || strings.EqualFold(a, b))
}
