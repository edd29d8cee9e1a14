package twilio

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
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
	anywhere  bool

	names []string
	// wanted tells which parameters are looked for.
	wanted carrier.Wanted
}

// prepare derives what reading needs: the names of all that is looked for, others
// included.
func (r *reader) prepare(others []string) {
	r.names = append(r.names, others...)
	r.names = append(r.names, fieldNames(r.fields)...)
	r.names = append(r.names, r.senders...)
	if r.channel != nil {
		r.names = append(r.names, r.channel.parameter, r.channel.inner)
	}
	names := r.names
	r.wanted = func(name string) bool { return contains(names, name) }
	if r.anywhere {
		r.wanted = func(string) bool { return true }
	}
}

// read adds what stands in the parameters to the intent. A field within a
// sender, such as the address of {"from": {"address": …}}, is a sender too. What is
// obeyed is a URL: what it carries along counts, whether Twilio asks there at once or
// keeps it for later.
func (r *reader) read(found []carrier.Parameter, obeyed []string, intent *carrier.Intent) error {
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
				document, err := twiml.Read([]byte(p.Value))
				if err != nil {
					return err
				}
				documents.add(document, f.name, intent)
			case f.via == bySupervisor && policy.IsSID(strings.TrimSpace(p.Value)):
				intent.Stored = true
			default:
				r.add(f.via, p.Value, channels, intent)
				intent.Senderless = intent.Senderless || f.via == byTask
			}
		}
		for _, name := range obeyed {
			if !sameName(name, p.Name) {
				continue
			}
			document, err := twiml.ReadURL(p.Value)
			if err != nil {
				return err
			}
			documents.add(document, name, intent)
			break
		}
		if r.anywhere && !named {
			addMentions(p.Value, intent)
		}
	}
	intent.Senderless = intent.Senderless || documents.senderless && !hasSender
	if documents.toCaller {
		r.addCalled(found, intent)
	}
	return nil
}

// within tells whether a member stands in an object that is a sender. What is
// let off as a sender's must be called so in plain words.
func (r *reader) within(p *carrier.Parameter) bool {
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
func (r *reader) addCalled(found []carrier.Parameter, intent *carrier.Intent) {
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

// addMentions adds the numbers behind a plus sign in any text.
func addMentions(text string, intent *carrier.Intent) {
	for _, m := range carrier.Mentions(text) {
		if !m.Plus {
			continue
		}
		for _, channel := range allChannels {
			intent.Sends = append(intent.Sends, carrier.Send{Channel: channel, To: m.Text, Tentative: true})
		}
	}
}

func equalFold(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }
