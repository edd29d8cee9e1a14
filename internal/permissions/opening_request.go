package permissions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/suggest"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// OpeningRequest is what is asked for, as clients write it.
type OpeningRequest struct {
	Account             string `json:"account" doc:"The account, by the name that the policy gives it." example:"acme"`
	Channel             string `json:"channel" enum:"messaging,voice,whatsapp,rcs" doc:"The channel. Messaging is all messages."`
	To                  string `json:"to" doc:"A territory, a group of them, * for all, or a prefix." example:"ID"`
	Class               string `json:"class,omitempty" enum:"low_risk,high_risk_special,high_risk_tollfraud" doc:"The risk class of calls to a territory. Default: low_risk."`
	From                string `json:"from,omitempty" doc:"When it begins: a date (at 00:00 UTC of that day) or an RFC 3339 time. Default: at once."`
	Until               string `json:"until" doc:"When it ends, written as from is." example:"2026-12-04T18:00:00Z"`
	Reason              string `json:"reason" maxLength:"500" doc:"Why."`
	Ticket              string `json:"ticket,omitempty" maxLength:"100" doc:"Where it was asked for."`
	AcknowledgeHighRisk bool   `json:"acknowledge_high_risk,omitempty" doc:"That you know of the risk. Required where the carrier marks the destination high risk or opens it by request, and of more than one territory."`
}

// RequestOpening asks for an opening. It is in force at once if it needs no approval. The
// document is an OpeningRequest in JSON.
func (s *Service) RequestOpening(ctx context.Context, by Caller, terms Terms, document []byte) (Result, error) {
	var asked OpeningRequest
	if err := decode.JSON(document, &asked, nil); err != nil {
		return Result{}, reload.Invalid{Cause: fmt.Errorf("reading a request for an opening: %w", err)}
	}
	// Before anything is said of the account.
	if err := access.Authorize(by.Principal, access.OpeningRequest, asked.Account); err != nil {
		return Result{}, err
	}
	wanted, err := asked.opening()
	if err != nil {
		return Result{}, err
	}
	opening, _, err := s.Openings.Request(wanted, by.Author(), s.Now(), inForce{s.HighRisk, s.Policy.Current().Snapshot})
	if err != nil {
		return Result{}, invalidOpening(err)
	}
	terms.Match = Match{Absent: true}
	if asked.Reason != "" {
		terms.Reason = asked.Reason
	}
	if asked.Ticket != "" {
		terms.Ticket = asked.Ticket
	}
	o := object{access.OpeningRequest, store.Opening, opening.ID, opening.Account}
	return s.write(ctx, by, terms, o, func(*store.Object) (json.RawMessage, error) {
		if err := s.checkDefined(opening.Account); err != nil {
			return nil, err
		}
		if err := checkServed(s.Policy.Current().Snapshot, opening); err != nil {
			return nil, err
		}
		return openingDocument(opening)
	})
}

// opening reads what is asked for.
func (r *OpeningRequest) opening() (o openings.Opening, err error) {
	var mistakes openings.Mistakes
	wrong := func(member, message string) {
		mistakes = append(mistakes, openings.Mistake{Member: member, Message: message})
	}
	o = openings.Opening{Account: r.Account, Reason: r.Reason, Ticket: r.Ticket, Acknowledged: r.AcknowledgeHighRisk}
	var ok bool
	if o.Channel, ok = policy.ParseChannel(r.Channel); !ok {
		wrong("channel", "must be one of "+strings.Join(policy.ChannelNames, ", "))
	}
	if o.To, err = openings.ParseDestination(r.To); err != nil {
		if hint := suggest.TerritoryHint(r.To); hint != "" {
			err = fmt.Errorf("unknown territory %q%s", r.To, hint)
		}
		wrong("to", err.Error())
	}
	if o.Class, ok = policy.ParseClass(r.Class); r.Class != "" && !ok {
		wrong("class", "must be low_risk, high_risk_special or high_risk_tollfraud")
	}
	at := func(member, text string) (t time.Time) {
		if text == "" {
			return t
		}
		if t, err = config.ParseTime(text); err != nil {
			wrong(member, `must be a date or time, such as "2026-12-01" or "2026-12-01T18:00:00Z"`)
		}
		return t
	}
	o.From, o.Until = at("from", r.From), at("until", r.Until)
	if len(mistakes) > 0 {
		return o, invalidOpening(mistakes)
	}
	return o, nil
}

// invalidOpening names the members of a request that have a mistake.
func invalidOpening(err error) error {
	var mistakes openings.Mistakes
	if !errors.As(err, &mistakes) {
		return err
	}
	var problems decode.Problems
	for _, m := range mistakes {
		problems.Add(decode.Problem{Path: m.Member, Message: m.Message})
	}
	return reload.Invalid{Cause: problems.Err()}
}

// checkServed returns an error if the carrier serves no territory that an opening names:
// nothing lifts that.
func checkServed(snapshot *policy.Snapshot, o *openings.Opening) error {
	unsupported := snapshot.Unsupported(o.Channel)
	for t := range o.To.Territories.All() {
		if !unsupported.Has(t) {
			return nil
		}
	}
	if o.To.Prefix != "" {
		return nil
	}
	return mistake("to", "the carrier does not serve %s, and no opening lifts that", o.To.Text)
}

// openingDocument is an opening as the store keeps it, with what it opens.
func openingDocument(o *openings.Opening) (json.RawMessage, error) {
	request, err := o.Document()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(reload.OpeningDocument{
		InForce: o.IsGranted(), Account: o.Account, Openings: statements(o), Request: request,
	})
	if err != nil {
		return nil, fmt.Errorf("writing opening %s: %w", o.ID, err)
	}
	return text, nil
}

// statements are what an account would state to have an opening: one for each territory, and
// for calls to a prefix one for each class.
func statements(o *openings.Opening) (stated []config.Opening) {
	one := config.Opening{
		Channel: o.Channel.String(), Reason: o.Reason, Ticket: o.Ticket,
		From: o.From.Format(time.RFC3339), Until: o.Until.Format(time.RFC3339), AcknowledgeHighRisk: o.Acknowledged,
	}
	add := func(class policy.Class) {
		if o.Channel == policy.Voice {
			one.Class = class.String()
		}
		stated = append(stated, one)
	}
	if o.To.Prefix == "" {
		for t := range o.To.Territories.All() {
			one.Territory = config.Territory(t.String())
			add(o.Class)
		}
		return stated
	}
	one.Prefix = "+" + o.To.Prefix
	add(policy.LowRisk)
	// Of a prefix without numbers of these classes, the risk was not acknowledged.
	if o.Channel == policy.Voice && o.Acknowledged {
		add(policy.HighRiskSpecial)
		add(policy.HighRiskTollFraud)
	}
	return stated
}

// inForce is what carriers call risky, by the policy in force.
type inForce struct {
	highRisk func(policy.Channel, numbering.Territory) (source string, ok bool)
	snapshot *policy.Snapshot
}

// HighRisk implements openings.Carrier.
func (c inForce) HighRisk(channel policy.Channel, t numbering.Territory) (source string, ok bool) {
	return c.highRisk(channel, t)
}

// ByRequest implements openings.Carrier.
func (c inForce) ByRequest(channel policy.Channel, t numbering.Territory) bool {
	byRequest := c.snapshot.ByRequest()
	return channel == policy.Voice && byRequest.Has(t)
}
