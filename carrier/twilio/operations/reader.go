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

// reader looks for destinations and senders in one place: in a request's query
// and body, or in a document that stands in a parameter.
type reader struct {
	fields    []field
	senders   []string
	channel   *channelTable
	tentative bool
	// anywhere says that what looks like a number counts in every parameter.
	anywhere bool

	names []string
	// wanted tells which parameters are looked for, and wantedWithURLs where URLs make
	// a difference.
	wanted, wantedWithURLs params.Wanted
}

// freeTexts are members of JSON documents that hold text for people, and the values that
// are put into it. JSON in them is text: a message may quote some. All other texts are
// read again where they hold an object or a list: a destination counts at any
// depth, whatever the objects around it are called, and a text in place of an object is
// one more layer. What an application keeps there for itself, such as the record of a
// customer in a worker's attributes, is harmed only if a member of it is called as the
// operation's destinations are, and is a number that is not enabled.
// They are let off only where they are called so to the letter.
var freeTexts = map[string]bool{
	"body": true, "Body": true, "text": true, "title": true, "subtitle": true, "subject": true, "html": true, "caption": true,
	"content_variables": true, "contentVariables": true, "ContentVariables": true, "variables": true,
}

// reading is how the parameters are read that the reader looks for.
func (r *reader) reading(effort params.Effort) params.Reading {
	reading := params.Reading{Wanted: r.wanted, Numbers: r.anywhere, Effort: effort}
	if !r.anywhere {
		reading.FreeText = isFreeText
	}
	return reading
}

func isFreeText(member string) bool { return freeTexts[member] }

// prepare derives what reading needs: the names of all that is looked for, others
// included.
func (r *reader) prepare(others []string) {
	r.names = append(r.names, others...)
	r.names = append(r.names, fieldNames(r.fields)...)
	r.names = append(r.names, r.senders...)
	if r.channel != nil {
		r.names = append(r.names, r.channel.parameter, r.channel.inner)
	}
	r.wanted = r.wants(r.names)
	r.wantedWithURLs = r.wants(slices.Concat(r.names, everyObeyed))
}

// wants wants the names, and where any parameter may be a number, whatever is called a
// phone.
func (r *reader) wants(names []string) params.Wanted {
	set := newNameSet(names)
	if r.anywhere {
		return func(name string) bool { return set.has(name) || namesPhone(name) }
	}
	return set.has
}

// read adds what stands in the parameters to the intent. A field within a
// sender, such as the address of {"from": {"address": …}}, is a sender too. What is
// obeyed is a URL: what it carries along counts, whether Twilio asks there at once or
// keeps it for later.
func (r *reader) read(found []params.Parameter, obeyed []string, effort *params.Effort, intent *carrier.Intent) error {
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
					return err
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
		for _, name := range obeyed {
			if !sameName(name, p.Name) {
				continue
			}
			document, err := twiml.ReadURLWithin(p.Value, effort)
			if err != nil {
				return err
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

// perFurtherNumber is the price of each number but the first in one destination, in steps
// of params.Effort. Lists are read as the numbers in them, each of them in every way.
const perFurtherNumber = 1000

// furtherNumbers is how many numbers a destination may be besides the first.
func furtherNumbers(value string) int {
	const longest = 40 // of one number, with whatever may stand around it
	if len(value) <= longest {
		return 0
	}
	return max(len(address.Mentions(value))-1, 0)
}

// within tells whether a member stands in an object that is a sender. What is
// let off as a sender's must be called so in plain words.
func (r *reader) within(p *params.Parameter) bool {
	return p.Parent != "" && slices.ContainsFunc(r.senders, func(s string) bool { return equalFold(s, p.Parent) })
}

// add adds the sends that one value asks for.
func (r *reader) add(v via, value string, channels []policy.Channel, intent *carrier.Intent) {
	switch v {
	case byMessage:
		channels = messagingOnly
	case byCall, byTask, bySupervisor:
		channels = voiceOnly
	case byEither:
		channels = allChannels
	}
	for _, channel := range channels {
		intent.Sends = append(intent.Sends, carrier.Send{Channel: channel, To: value, Tentative: r.tentative || v == bySupervisor})
	}
}

// documents is what all documents of TwiML in one place ask for: a message to the other
// end of the call, or something for which they name no sender.
type documents struct{ toCaller, senderless bool }

func (d *documents) add(document *twiml.Document, parameter string, intent *carrier.Intent) {
	d.toCaller = addDocument(document, intent) || d.toCaller
	d.senderless = d.senderless || slices.ContainsFunc(document.Sends, func(s twiml.Send) bool { return len(s.Senders) == 0 })
	addURLs(document, parameter, intent)
}

// addDocument adds what a TwiML document asks for, and tells whether it sends a
// message to the other end of the call.
func addDocument(document *twiml.Document, intent *carrier.Intent) (toCaller bool) {
	for _, s := range document.Sends {
		intent.Senders = append(intent.Senders, s.Senders...)
		if s.ToCaller {
			toCaller = true
			continue
		}
		intent.Sends = append(intent.Sends, s.Carrier())
	}
	return toCaller
}

// addURLs adds where a TwiML document leads to that stands in a parameter.
func addURLs(document *twiml.Document, parameter string, intent *carrier.Intent) {
	for _, u := range document.URLs {
		if u.TwiML {
			intent.URLs = append(intent.URLs, carrier.URL{Parameter: parameter, Address: u.Address})
		}
	}
}

// addCalled adds messages to the other end of the call: to whom the request
// calls. Who is at the other end of a call that is under way, only the carrier
// knows.
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

// addNumbers adds what looks like a number in a parameter that can be anything.
func addNumbers(p *params.Parameter, intent *carrier.Intent) {
	for _, number := range address.NumbersIn(p.Value) {
		for _, channel := range allChannels {
			intent.Sends = append(intent.Sends, carrier.Send{Channel: channel, To: number, Tentative: true})
		}
	}
	if number := internationalDigits(p.Value); number != "" && namesPhone(p.Name) {
		for _, channel := range allChannels {
			intent.Sends = append(intent.Sends, carrier.Send{Channel: channel, To: number, Tentative: true, Listed: true})
		}
	}
}

func equalFold(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }
