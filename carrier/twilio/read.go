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
	if !ok || len(row.fields) == 0 {
		return intent, nil
	}
	var buffer [8]carrier.Parameter
	found, err := carrier.Form(r.RawQuery, row.wanted, buffer[:0])
	for i := range found {
		found[i].Doubtful = true // nobody has said that Twilio reads these
	}
	if err == nil {
		found, err = carrier.Body(r.Header.Get("Content-Type"), body, row.accepts, row.wanted, found)
	}
	if err == nil {
		found, err = row.openJSON(found)
	}
	if err != nil {
		return intent, fmt.Errorf("reading %s: %w", row.name, err)
	}
	channels := verifyChannelsOf(found)
	limit := fewSends
	if row.kind == carrier.Sending && row.maxBody > smallBody {
		limit = bulkSends
	}
	for _, p := range found {
		if strings.EqualFold(p.Name, carrier.MethodParameter) {
			return intent, fmt.Errorf("reading %s: %w", row.name, carrier.ErrMethodOverride)
		}
		for _, sender := range row.senders {
			if strings.EqualFold(sender, p.Name) {
				intent.Senders = append(intent.Senders, p.Value)
			}
		}
		for _, f := range row.fields {
			if strings.EqualFold(f.name, p.Name) {
				if intent.Sends, err = row.sends(intent.Sends, f, p.Value, channels); err != nil {
					return intent, fmt.Errorf("reading %s: %w", row.name, err)
				}
				if len(intent.Sends) > limit {
					return intent, fmt.Errorf("reading %s: %w", row.name, carrier.ErrTooMany)
				}
			}
		}
	}
	if len(intent.Sends) > 0 {
		if intent.Credential, err = carrier.BasicUser(r.Header.Get("Authorization")); err != nil {
			return intent, fmt.Errorf("reading %s: %w", row.name, err)
		}
	}
	return intent, nil
}

// openJSON adds what stands in the parameters that hold JSON documents. In an
// operation that no row knows, such a parameter may be something else.
func (o *operation) openJSON(found []carrier.Parameter) ([]carrier.Parameter, error) {
	for _, p := range found {
		for _, name := range o.json {
			if !strings.EqualFold(name, p.Name) || strings.TrimSpace(p.Value) == "" {
				continue
			}
			var err error
			if found, err = carrier.JSON([]byte(p.Value), o.memberWanted, found); err != nil && o.kind != carrier.Unlisted {
				return found, err
			}
		}
	}
	return found, nil
}

// memberWanted tells whether a member of a JSON document names a destination.
// In documents the "messaging_binding.address" of the form is an "address".
func (o *operation) memberWanted(name string) bool {
	for _, f := range o.fields {
		if strings.EqualFold(f.name, name) {
			return true
		}
	}
	return false
}

// sends adds the sends that one value of a field asks for.
func (o *operation) sends(sends []carrier.Send, f field, value string, channels []policy.Channel) ([]carrier.Send, error) {
	add := func(channel policy.Channel) {
		sends = append(sends, carrier.Send{Channel: channel, To: value, Tentative: o.tentative})
	}
	switch f.via {
	case byMessage:
		add(policy.Messaging)
	case byCall:
		add(policy.Voice)
	case byEither:
		add(policy.Messaging)
		add(policy.Voice)
	case byVerify:
		for _, channel := range channels {
			add(channel)
		}
	case inTwiML:
		t := twimlReader{sends: sends}
		err := t.document(value)
		return t.sends, err
	case inURL:
		t := twimlReader{sends: sends}
		err := t.url(value)
		return t.sends, err
	}
	return sends, nil
}

// verifyChannelsOf is how the verification that a request asks for reaches its
// destination. Unless it names a channel beyond doubt, it can be the default.
func verifyChannelsOf(found []carrier.Parameter) []policy.Channel {
	var reached [policy.ChannelCount]bool
	stated := false
	for _, p := range found {
		if !strings.EqualFold(p.Name, channelParameter) {
			continue
		}
		stated = stated || p.Name == channelParameter && !p.Doubtful
		for _, channel := range verifyChannels(p.Value) {
			reached[channel] = true
		}
	}
	if !stated {
		reached[policy.Messaging] = true
	}
	var channels []policy.Channel
	for channel := range policy.ChannelCount {
		if reached[channel] {
			channels = append(channels, channel)
		}
	}
	return channels
}

// verifyChannels is how a verification by a channel of Verify's reaches its
// destination: none for those that carry no toll. A channel that is not known
// could be anything.
func verifyChannels(channel string) []policy.Channel {
	switch strings.ToLower(strings.TrimSpace(channel)) {
	case "sms", "whatsapp", "rcs", "auto", "":
		return []policy.Channel{policy.Messaging}
	case "call":
		return []policy.Channel{policy.Voice}
	case "email", "sna":
		return nil
	}
	return []policy.Channel{policy.Messaging, policy.Voice}
}
