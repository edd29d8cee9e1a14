package review

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/suggest"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Query asks for the verdicts on some destinations, by a command or
// through the admin endpoint.
type Query struct {
	// The account that would send, by its name in the policy or its id at the carrier, or
	// one of its API keys.
	Account string `json:"account"`
	// `messaging`, `voice`, `whatsapp` or `rcs`.
	Channel string `json:"channel"`
	// Whether the carrier itself would send a code.
	Verification bool `json:"verification,omitempty"`
	// The senders that the request would name.
	From []string `json:"from,omitempty"`
	// Headers that the request would have, which limits tell requests apart by.
	Header map[string]string `json:"header,omitempty"`
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
	if q.Channel == "verify" { // as limits call it
		return gate.Question{}, errors.New(`a verification has the channel by which its code is sent: ask for "messaging" or "voice", and for a verification (--verification)`)
	}
	if !ok {
		return gate.Question{}, fmt.Errorf("unknown channel %q%s", q.Channel,
			config.DidYouMean(q.Channel, policy.ChannelNames))
	}
	at, err := ParseAt(q.At)
	if err != nil {
		return gate.Question{}, err
	}
	header := make(http.Header, len(q.Header))
	for name, value := range q.Header {
		header.Set(name, value)
	}
	return gate.Question{Account: account, Channel: channel, Verification: q.Verification, Senders: q.From, Header: header, At: at}, nil
}

// ParseAccount reads an account, by an id at a carrier or the name that a policy gives it,
// or an API key that stands for one.
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
	if config.IsAccountName(ids, text) {
		return text, nil
	}
	form := ids.Form(policy.AccountID) + ", or the name that the policy gives it"
	if key := ids.Form(policy.KeyID); key != "" {
		form += ", or " + key + " for an API key"
	}
	return "", fmt.Errorf("%q is not an account: write %s", text, form)
}

// ResolveAccounts finds the accounts that a text names as ParseAccount returns it, which
// may be one account at several carriers. One that the policy does not name is of the
// carrier whose identifiers have its form.
func ResolveAccounts(carriers config.Carriers, s *policy.Snapshot, text string) (found []policy.CarrierAccount, err error) {
	if at, defined := s.At(text); defined {
		return at, nil
	}
	if config.IsAccountName(carriers, text) {
		hint := ""
		if near, ok := suggest.Word(text, s.OwnNames(), nil); ok {
			hint = fmt.Sprintf(", did you mean %q?", near)
		}
		return nil, fmt.Errorf("account %s is not in the policy%s", text, hint)
	}
	var unnamed []policy.CarrierAccount
	for _, carrier := range config.CarriersOf(carriers, policy.KeyID, text) {
		unnamed = append(unnamed, policy.CarrierAccount{Carrier: carrier, ID: text})
		if id, ok := s.AccountOfCredential(carrier, text); ok {
			found = append(found, policy.CarrierAccount{Carrier: carrier, ID: id})
		}
	}
	for _, carrier := range config.CarriersOf(carriers, policy.AccountID, text) {
		account := policy.CarrierAccount{Carrier: carrier, ID: text}
		unnamed = append(unnamed, account)
		if s.Names(account) {
			found = append(found, account)
		}
	}
	switch {
	case len(found) > 0:
		return found, nil
	case len(unnamed) > 0:
		return unnamed[:1], nil
	}
	return nil, fmt.Errorf("no carrier has an account %q", text)
}

// LabelHint says which accounts a text is the label of, where it is not an account: nil if
// it is the label of none.
func LabelHint(d *policy.Definition, text string) error {
	var labelled []string
	for i := range d.Accounts {
		if text != "" && strings.EqualFold(d.Accounts[i].Label, text) {
			labelled = append(labelled, d.Accounts[i].ID)
		}
	}
	if len(labelled) == 0 {
		return nil
	}
	return fmt.Errorf("%q is the label of %s: name the account by that", text, strings.Join(labelled, " and "))
}

// ResolveAccount is ResolveAccounts where only one is meant.
func ResolveAccount(carriers config.Carriers, s *policy.Snapshot, text string) (policy.CarrierAccount, error) {
	found, err := ResolveAccounts(carriers, s, text)
	if err != nil {
		return policy.CarrierAccount{}, err
	}
	if len(found) > 1 {
		ids := make([]string, len(found))
		for i := range found {
			ids[i] = found[i].ID + " (" + found[i].Carrier + ")"
		}
		return policy.CarrierAccount{}, fmt.Errorf("account %s is at several carriers: name it by its id at one, %s", text, strings.Join(ids, " or "))
	}
	return found[0], nil
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
