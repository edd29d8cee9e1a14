package permissions

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/suggest"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// Verb is how a list of territories is changed. Two who add at once both do.
type Verb string

// The verbs.
const (
	Add     Verb = "add"
	Remove  Verb = "remove"
	Replace Verb = "replace"
)

// TerritoryList names a list of territories of an account, and what it is changed by.
type TerritoryList struct {
	Channel      string
	Class        string // of calls; empty is low_risk
	Verification bool   // the list for verifications
	Sender       string // whose list it is, empty for the account's own
	Territories  config.Territories
}

// ChangeTerritories adds territories to a list of an account, removes some, or replaces it.
// A list that is not stated is inherited: to add to it would close what is inherited, so that
// is refused.
func (s *Service) ChangeTerritories(ctx context.Context, by Caller, terms Terms, id string, verb Verb, change TerritoryList) (Result, error) {
	id = s.canonical(id)
	o := object{access.AccountPatch, store.Account, id, id}
	return s.write(ctx, by, terms, o, func(before *store.Object) (json.RawMessage, error) {
		if before == nil {
			return nil, fmt.Errorf("changing account %s: %w", id, ErrNotFound)
		}
		var a config.Account
		if err := config.DecodeJSON(before.Document, &a); err != nil {
			return nil, fmt.Errorf("reading account %s: %w", id, err)
		}
		if err := change.apply(&a, verb); err != nil {
			return nil, reload.Invalid{Cause: fmt.Errorf("changing account %s: %w", id, err)}
		}
		text, err := json.Marshal(&a)
		if err != nil {
			return nil, fmt.Errorf("writing account %s: %w", id, err)
		}
		return s.accountDocument(id, text)
	})
}

// apply changes the list in an account.
func (c *TerritoryList) apply(a *config.Account, verb Verb) error {
	if err := c.check(verb); err != nil {
		return err
	}
	sets, err := c.sets(a, verb)
	if err != nil {
		return err
	}
	channel, class, err := c.where()
	if err != nil {
		return err
	}
	list := listIn(sets, channel, class, verb == Replace)
	if verb != Replace && (list == nil || *list == nil && channel != policy.Voice) {
		return c.notStated()
	}
	changed, err := verb.of(*list, c.Territories)
	if err != nil {
		return err
	}
	*list = changed
	if c.Sender != "" {
		a.Senders[c.Sender] = *sets
	}
	return nil
}

// check finds mistakes in the territories.
func (c *TerritoryList) check(verb Verb) error {
	if len(c.Territories) == 0 && verb != Replace {
		return decode.Problem{Path: "territories", Message: "a territory is missing: name those to " + string(verb)}
	}
	for i, code := range c.Territories {
		_, isTerritory := numbering.ParseTerritory(code)
		if !isTerritory && !config.IsGroup(code) && code != "*" {
			return decode.Problem{Path: fmt.Sprintf("territories[%d]", i),
				Message: fmt.Sprintf("unknown territory %q%s", code, suggest.TerritoryHint(code))}
		}
	}
	return nil
}

// where reads the channel and the class.
func (c *TerritoryList) where() (policy.Channel, policy.Class, error) {
	channel, ok := policy.ParseChannel(c.Channel)
	if !ok {
		return 0, 0, decode.Problem{Path: "channel", Message: fmt.Sprintf("unknown channel %q%s", c.Channel, config.DidYouMean(c.Channel, policy.ChannelNames))}
	}
	if c.Class == "" {
		return channel, policy.LowRisk, nil
	}
	class, ok := policy.ParseClass(c.Class)
	switch {
	case !ok:
		return 0, 0, decode.Problem{Path: "class", Message: fmt.Sprintf("unknown class %q", c.Class)}
	case channel != policy.Voice:
		return 0, 0, decode.Problem{Path: "class", Message: "only calls have classes: leave it out"}
	}
	return channel, class, nil
}

// sets are the permission sets that have the list.
func (c *TerritoryList) sets(a *config.Account, verb Verb) (*config.Permissions, error) {
	switch {
	case c.Sender != "" && c.Verification:
		return nil, decode.Problem{Path: "sender", Message: "senders have no sets for verifications"}
	case c.Sender != "":
		sets, stated := a.Senders[c.Sender]
		if !stated && verb != Replace {
			return nil, c.notStated()
		}
		if a.Senders == nil {
			a.Senders = make(config.Senders)
		}
		return &sets, nil
	case !c.Verification:
		return &a.Permissions, nil
	case a.Verify == nil && verb != Replace:
		return nil, c.notStated()
	case a.Verify == nil:
		a.Verify = new(config.Verify)
	}
	return (*config.Permissions)(a.Verify), nil
}

func (c *TerritoryList) notStated() error {
	whose := "the account"
	if c.Sender != "" {
		whose = "sender " + c.Sender
	}
	return decode.Problem{Path: "channel", Message: fmt.Sprintf("%s states no territories of %s here, and inherits them: "+
		"replace the list to state them all", whose, c.Channel)}
}

// listIn is the list of a channel and a class. It is nil if no class of calls is stated,
// unless they are to be: one class that is stated states them all.
func listIn(sets *config.Permissions, channel policy.Channel, class policy.Class, state bool) *config.Territories {
	switch channel {
	case policy.Messaging:
		return &sets.Messaging
	case policy.WhatsApp:
		return &sets.WhatsApp
	case policy.RCS:
		return &sets.RCS
	}
	switch {
	case sets.Voice == nil && !state:
		return nil
	case sets.Voice == nil:
		sets.Voice = new(config.Voice)
	}
	return map[policy.Class]*config.Territories{
		policy.LowRisk:           &sets.Voice.LowRisk,
		policy.HighRiskSpecial:   &sets.Voice.HighRiskSpecial,
		policy.HighRiskTollFraud: &sets.Voice.HighRiskTollFraud,
	}[class]
}

// of is what a verb makes of a list. A territory in it by its own name means more than in a
// group: where the carrier opens it by request, the name says that it did. So a group is never
// taken apart.
func (verb Verb) of(list, change config.Territories) (config.Territories, error) {
	has := func(list config.Territories, code string) bool {
		return slices.ContainsFunc(list, func(other string) bool { return strings.EqualFold(other, code) })
	}
	switch verb {
	case Replace:
		return append(config.Territories{}, change...), nil
	case Add:
		for _, code := range change {
			if !has(list, code) {
				list = append(list, strings.ToUpper(code))
			}
		}
		return list, nil
	}
	list = slices.DeleteFunc(list, func(code string) bool { return has(change, code) })
	for i, code := range change {
		if t, ok := numbering.ParseTerritory(code); ok {
			if group, ok := groupWith(list, t); ok {
				return nil, decode.Problem{Path: fmt.Sprintf("territories[%d]", i),
					Message: fmt.Sprintf("%s stays open by %q: replace the list with the territories that are meant", t, group)}
			}
		}
	}
	return list, nil
}

// groupWith finds a group in a list that has a territory.
func groupWith(list config.Territories, t numbering.Territory) (name string, ok bool) {
	for _, code := range list {
		if group, ok := numbering.ParseGroup(code); code == "*" || ok && slices.Contains(group.Members(), t) {
			return code, true
		}
	}
	return "", false
}
