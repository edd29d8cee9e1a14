package review

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Query asks for the verdicts on some destinations, by a command or
// through the admin endpoint.
type Query struct {
	// The account that would send, or one of its API keys.
	Account string `json:"account"`
	// `messaging` or `voice`.
	Channel string `json:"channel"`
	// Whether the carrier itself would send a code.
	Verification bool `json:"verification,omitempty"`
	// The senders that the request would name.
	From []string `json:"from,omitempty"`
	// When, as a date or an RFC 3339 time. Default: now.
	At           string   `json:"at,omitempty"`
	Destinations []string `json:"destinations"`
}

// Question checks the query and returns what it asks of each destination.
func (q *Query) Question(ids policy.Identifiers) (gate.Question, error) {
	account, err := ParseAccount(ids, q.Account)
	if err != nil {
		return gate.Question{}, err
	}
	for _, sender := range q.From {
		if err := config.CheckSender(ids, sender); err != nil {
			return gate.Question{}, err
		}
	}
	channel, ok := policy.ParseChannel(q.Channel)
	if !ok {
		return gate.Question{}, fmt.Errorf("unknown channel %q%s", q.Channel,
			config.DidYouMean(q.Channel, policy.ChannelNames))
	}
	at, err := ParseAt(q.At)
	if err != nil {
		return gate.Question{}, err
	}
	return gate.Question{Account: account, Channel: channel, Verification: q.Verification, Senders: q.From, At: at}, nil
}

// ParseAccount reads an account, or an API key that stands for one.
func ParseAccount(ids policy.Identifiers, text string) (id string, err error) {
	if text == "" {
		return "", errors.New("no account given: whose messages or calls are they?")
	}
	if id, ok := ids.Canonical(policy.AccountID, text); ok {
		return id, nil
	}
	if id, ok := ids.Canonical(policy.KeyID, text); ok {
		return id, nil
	}
	form := ids.Form(policy.AccountID)
	if key := ids.Form(policy.KeyID); key != "" {
		form += ", or " + key + " for an API key"
	}
	return "", fmt.Errorf("%q is not an account: write %s", text, form)
}

// ParseAt reads a date, a time, or seconds since 1970 as Caddy's logs have them;
// empty is now.
func ParseAt(text string) (time.Time, error) {
	if text == "" {
		return time.Now(), nil
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds > 0 && seconds < maxSeconds {
		return time.UnixMilli(int64(seconds * 1000)).UTC(), nil
	}
	return config.ParseTime(text)
}

// maxSeconds is the year 5138: no log has a later time.
const maxSeconds = 1e11

// Ended lists the rules that have ended by a time, in words: they do nothing, and their
// author may not know.
func Ended(d *policy.Definition, at time.Time) (words []string) {
	add := func(owner string, rules []policy.Rule) {
		for _, r := range rules {
			if r.Until.IsZero() || at.Before(r.Until) {
				continue
			}
			verb := "allow"
			if r.Block {
				verb = "block"
			}
			words = append(words, fmt.Sprintf("%s %s +%s %q, %s", owner, verb, r.Prefix, r.Reason, r.Until.UTC().Format(time.RFC3339)))
		}
	}
	add("operator", d.Rules)
	for i := range d.Accounts {
		add("account "+d.Accounts[i].ID, d.Accounts[i].Rules)
	}
	return words
}
