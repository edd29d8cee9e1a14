package twilio

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
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
// sender, such as the address of {"from": {"address": …}}, is a sender too.
func (r *reader) read(found []carrier.Parameter, intent *carrier.Intent) error {
	var channels []policy.Channel
	if r.channel != nil {
		channels = r.channel.of(found)
	}
	for i := range found {
		p := &found[i]
		if contains(r.senders, p.Name) {
			intent.Senders = append(intent.Senders, p.Value)
		}
		named := false
		for _, f := range r.fields {
			if !sameName(f.name, p.Name) {
				continue
			}
			named = true
			if r.within(p) {
				intent.Senders = append(intent.Senders, p.Value)
			} else if err := r.add(f.via, p.Value, channels, intent); err != nil {
				return err
			}
		}
		if r.anywhere && !named {
			addMentions(p.Value, intent)
		}
	}
	return nil
}

// within tells whether a member stands in an object that is a sender. What is
// let off as a sender's must be called so in plain words.
func (r *reader) within(p *carrier.Parameter) bool {
	return p.Parent != "" && slices.ContainsFunc(r.senders, func(s string) bool { return equalFold(s, p.Parent) })
}

// add adds the sends that one value asks for.
func (r *reader) add(v via, value string, channels []policy.Channel, intent *carrier.Intent) error {
	switch v {
	case byMessage:
		channels = messagingOnly
	case byCall:
		channels = voiceOnly
	case byEither:
		channels = allChannels
	case inTwiML:
		t := twimlReader{sends: intent.Sends}
		err := t.document(value)
		intent.Sends = t.sends
		return err
	case inURL:
		t := twimlReader{sends: intent.Sends}
		err := t.url(value)
		intent.Sends = t.sends
		return err
	}
	for _, channel := range channels {
		intent.Sends = append(intent.Sends, carrier.Send{Channel: channel, To: value, Tentative: r.tentative})
	}
	return nil
}

// addMentions adds the numbers behind a plus sign in any text.
func addMentions(text string, intent *carrier.Intent) {
	for _, run := range digitRuns(text) {
		if !run.plus {
			continue
		}
		for _, channel := range allChannels {
			intent.Sends = append(intent.Sends, carrier.Send{Channel: channel, To: run.text, Tentative: true})
		}
	}
}

func equalFold(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }
