package webhook

import (
	"bytes"
	"errors"
	"net/http"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/taskrouter"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/twiml"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// instructions are what an answer tells Twilio to do. Each has the place to remove so that
// it is not done.
type instructions struct {
	list   []gate.Instruction
	places []place
}

// place is where a document says something.
type place struct {
	// verb is the span of the verb; it is empty if it cannot be removed.
	verb twiml.Span
	// noun is the span of the noun in a <Dial> that has as many nouns; it is empty if the
	// verb is removed only as a whole.
	noun  twiml.Span
	nouns int
}

func (i *instructions) add(instruction gate.Instruction, at place) {
	i.list = append(i.list, instruction)
	i.places = append(i.places, at)
}

// read finds what an answer tells Twilio to do, or why it cannot be read. The text is its
// decoded body.
func (r *Request) read(a *Answer, text []byte) (*instructions, policy.Reason) {
	found := new(instructions)
	if a.Status == http.StatusNotModified {
		// The request was not conditional. What Twilio would find in its cache was judged
		// by another policy.
		return nil, carrier.BodyUnreadable
	}
	if a.isRedirect() {
		for _, address := range a.Header.Values("Location") {
			document, err := twiml.ReadURL(address)
			if err != nil {
				return nil, reasonOf(err)
			}
			r.addDocument(found, document)
			found.add(gate.Instruction{Address: r.resolve(address)}, place{})
		}
	}
	as, err := bodyKindsOf(a.Header)
	if err != nil && len(text) > 0 {
		return nil, carrier.ContentTypeDenied
	}
	if taskrouter.LooksLikeJSON(text) {
		if reason := r.addInstruction(found, text); reason != "" {
			return nil, reason
		}
		if r.isOfTaskAlone() {
			return found, ""
		}
	} else if r.isOfTaskAlone() && taskrouter.MentionsInstruction(text) {
		return nil, carrier.BodyUndecodable
	}
	document, err := twiml.Read(text)
	switch {
	case err == nil:
		r.addDocument(found, document)
	case as.asTwiML || looksLikeMarkup(text):
		return nil, reasonOf(err)
	}
	isReply := as.asText && !r.OfCall && !r.isOfTaskAlone() || as.asMedia && r.OfMessage
	if isReply && len(bytes.TrimSpace(text)) > 0 {
		r.addReply(found, nil, place{})
	}
	return found, ""
}

// addInstruction adds what a text that looks like JSON tells TaskRouter to do, or returns
// why it cannot be read. A text that names an instruction is one, whatever the request
// and the type of the answer. Answers to other requests need not be JSON.
func (r *Request) addInstruction(found *instructions, text []byte) policy.Reason {
	instruction, err := taskrouter.ReadInstruction(text)
	switch {
	case err != nil && (r.OfTask || r.Unidentified != ""):
		return reasonOf(err)
	case err != nil || !r.OfTask && !instruction.Named:
		return ""
	}
	add := func(i gate.Instruction) {
		i.Senders = instruction.Senders
		found.add(i, place{})
	}
	for _, to := range instruction.Called {
		add(gate.Instruction{Send: carrier.Send{Channel: policy.Voice, To: to}})
	}
	for _, supervisor := range instruction.Supervisors {
		if sid.Is(strings.TrimSpace(supervisor)) {
			add(gate.Instruction{Stored: true})
		} else {
			add(gate.Instruction{Send: carrier.Send{Channel: policy.Voice, To: supervisor, Tentative: true}})
		}
	}
	if instruction.ReachesWorker {
		for _, to := range r.Dialled {
			add(gate.Instruction{Send: carrier.Send{Channel: policy.Voice, To: to}})
		}
		if len(instruction.Called)+len(r.Dialled) == 0 {
			add(gate.Instruction{Stored: true})
		}
	}
	for _, address := range instruction.Addresses {
		document, err := twiml.ReadURL(address)
		if err != nil {
			return reasonOf(err)
		}
		r.addDocument(found, document)
		add(gate.Instruction{Address: r.resolve(address)})
	}
	return ""
}

// addDocument adds what a document tells Twilio to do.
func (r *Request) addDocument(found *instructions, document *twiml.Document) {
	for i := range document.Sends {
		s := &document.Sends[i]
		at := place{s.Span, s.Noun, s.Nouns}
		if s.ToCaller {
			r.addReply(found, s.Senders, at)
			continue
		}
		found.add(gate.Instruction{Send: r.send(s), Senders: s.Senders}, at)
	}
	for _, u := range document.URLs {
		if u.TwiML {
			found.add(gate.Instruction{Address: r.resolve(u.Address)}, place{})
		}
	}
}

// send is a send of a document. Where that names no sender, it is by the number that
// was called or written to: Twilio says so of messages, and of calls it is assumed.
func (r *Request) send(s *twiml.Send) carrier.Send {
	send := s.Carrier()
	if len(send.Senders) > 0 {
		return send
	}
	if send.Senders = r.ownSenders(s.Channel); len(send.Senders) > 0 {
		send.International = false
	}
	return send
}

// ownSenders are the account's own ends of the call or message that may send.
func (r *Request) ownSenders(channel policy.Channel) (senders []string) {
	for _, end := range r.OwnEnds {
		end = strings.TrimSpace(end)
		if channel == policy.Messaging && end != "" || strings.HasPrefix(end, "+") {
			senders = append(senders, end)
		}
	}
	return senders
}

// addReply adds a message to the other end of the call or message, by the account's own
// end where no sender is named. Its recipient is unknown where the request names none.
func (r *Request) addReply(found *instructions, senders []string, at place) {
	ends := r.OtherEnds
	if len(ends) == 0 {
		ends = []string{unknownEnd}
	}
	by := senders
	if len(by) == 0 {
		by = r.ownSenders(policy.Messaging)
	}
	for _, end := range ends {
		found.add(gate.Instruction{Send: carrier.Send{Channel: policy.Messaging, To: end, Senders: by}, Senders: senders}, at)
	}
}

// unknownEnd stands for an end that the request does not name. It cannot be read as a
// number.
const unknownEnd = "unknown"

// reasonOf is why a document cannot be read.
func reasonOf(err error) policy.Reason {
	if errors.Is(err, params.ErrTooMany) {
		return carrier.BodyTooLarge
	}
	return carrier.BodyUndecodable
}
