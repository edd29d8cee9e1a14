package review

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Query asks for the verdicts on some destinations, by a command or
// through the admin endpoint.
type Query struct {
	// The account that would send, or an API key of its.
	Account string `json:"account"`
	// `messaging` or `voice`.
	Channel string `json:"channel"`
	// The senders that the request would name.
	From []string `json:"from,omitempty"`
	// When, as a date or an RFC 3339 time. Default: now.
	At           string   `json:"at,omitempty"`
	Destinations []string `json:"destinations"`
}

// Question checks the query and returns what it asks of each destination.
func (q *Query) Question() (gate.Question, error) {
	if q.Account == "" {
		return gate.Question{}, errors.New("no account given: whose messages or calls are they?")
	}
	channel, ok := policy.ParseChannel(q.Channel)
	if !ok {
		return gate.Question{}, fmt.Errorf("unknown channel %q%s", q.Channel,
			config.DidYouMean(q.Channel, []string{policy.Messaging.String(), policy.Voice.String()}))
	}
	at, err := ParseAt(q.At)
	if err != nil {
		return gate.Question{}, err
	}
	return gate.Question{Account: q.Account, Channel: channel, Senders: q.From, At: at}, nil
}

// ParseAt reads a date or a time; empty is now.
func ParseAt(text string) (time.Time, error) {
	if text == "" {
		return time.Now(), nil
	}
	return config.ParseTime(text)
}

// WriteJSONLine writes an explanation as one line of JSON.
func WriteJSONLine(w io.Writer, e *gate.Explanation) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(e)
}
