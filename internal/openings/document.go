package openings

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/policy"
)

// document is an opening as the store keeps it. Times are RFC 3339, in UTC. A person who
// answers for an author is named if that is not the author.
type document struct {
	ID              string             `json:"id"`
	Account         string             `json:"account"`
	Channel         string             `json:"channel"`
	To              string             `json:"to"`
	Class           string             `json:"class,omitzero"`
	From            string             `json:"from"`
	Until           string             `json:"until"`
	Reason          string             `json:"reason"`
	Ticket          string             `json:"ticket,omitzero"`
	RequestedBy     string             `json:"requested_by"`
	RequestedPerson string             `json:"requested_person,omitzero"`
	RequestedAt     string             `json:"requested_at"`
	Marks           []string           `json:"marks,omitzero"`
	Acknowledged    bool               `json:"acknowledged_high_risk,omitzero"`
	Needed          int                `json:"approvals_needed,omitzero"`
	Approvals       []approvalDocument `json:"approvals,omitzero"`
	EndedAt         string             `json:"ended_at,omitzero"`
	EndedBy         string             `json:"ended_by,omitzero"`
}

type approvalDocument struct {
	By     string `json:"by"`
	Person string `json:"person,omitzero"`
	At     string `json:"at"`
}

// Document writes the opening for the store.
func (o *Opening) Document() (json.RawMessage, error) {
	d := document{
		ID: o.ID, Account: o.Account, Channel: o.Channel.String(), To: o.To.Text,
		From: written(o.From), Until: written(o.Until), Reason: o.Reason, Ticket: o.Ticket,
		RequestedBy: o.Requested.Name, RequestedPerson: otherPerson(o.Requested),
		RequestedAt: written(o.RequestedAt), Acknowledged: o.Acknowledged, Needed: o.Needed,
		EndedAt: written(o.EndedAt), EndedBy: o.EndedBy,
	}
	if o.Channel == policy.Voice && o.To.Prefix == "" {
		d.Class = o.Class.String()
	}
	for _, mark := range o.Marks {
		d.Marks = append(d.Marks, string(mark))
	}
	for _, approval := range o.Approvals {
		d.Approvals = append(d.Approvals, approvalDocument{approval.By.Name, otherPerson(approval.By), written(approval.At)})
	}
	text, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("writing an opening: %w", err)
	}
	return text, nil
}

// Parse reads an opening that the store keeps, strictly. How long it may last, and how many
// approvals it needs, was decided when it was requested.
func Parse(text []byte) (*Opening, error) {
	var d document
	if err := decode.JSON(text, &d, nil); err != nil {
		return nil, fmt.Errorf("reading an opening: %w", err)
	}
	o := &Opening{
		ID: d.ID, Account: d.Account, Reason: d.Reason, Ticket: d.Ticket,
		Requested: author(d.RequestedBy, d.RequestedPerson), Acknowledged: d.Acknowledged,
		Needed: d.Needed, EndedBy: d.EndedBy,
	}
	var mistakes Mistakes
	o.readWords(&d, &mistakes)
	o.readTimes(&d, &mistakes)
	o.readApprovals(d.Approvals, &mistakes)
	if o.ID == "" {
		mistakes.add("id", "must name the opening")
	}
	if o.Requested.Name == "" {
		mistakes.add("requested_by", "must name who requested it")
	}
	if o.Needed < 0 {
		mistakes.add("approvals_needed", "must be 0 or more")
	}
	if o.EndedAt.IsZero() != (o.EndedBy == "") {
		mistakes.add("ended_by", "stands with ended_at")
	}
	if len(o.Marks) > 0 && !o.Acknowledged {
		mistakes.add("acknowledged_high_risk", "must be true: the opening is "+markWords(o.Marks))
	}
	o.check(&mistakes)
	if err := mistakes.err(); err != nil {
		return nil, fmt.Errorf("reading an opening: %w", err)
	}
	return o, nil
}

// readWords reads what has words of its own.
func (o *Opening) readWords(d *document, mistakes *Mistakes) {
	var ok bool
	if o.Channel, ok = policy.ParseChannel(d.Channel); !ok {
		o.Channel = policy.ChannelCount // check names it
	}
	o.To, _ = ParseDestination(d.To) // check names it
	if d.Class != "" {
		if o.Class, ok = policy.ParseClass(d.Class); !ok {
			o.Class = policy.ClassCount // check names it
		}
	}
	for i, word := range d.Marks {
		mark := Mark(word)
		if !slices.Contains(Marks, mark) || slices.Contains(o.Marks, mark) {
			mistakes.add(fmt.Sprintf("marks[%d]", i), "must be high_risk, by_request or wide, each once")
		}
		o.Marks = append(o.Marks, mark)
	}
}

// readTimes reads the times. Only that of an end by hand may be absent.
func (o *Opening) readTimes(d *document, mistakes *Mistakes) {
	o.From = readTime("from", d.From, mistakes)
	o.Until = readTime("until", d.Until, mistakes)
	o.RequestedAt = readTime("requested_at", d.RequestedAt, mistakes)
	if d.EndedAt != "" {
		o.EndedAt = readTime("ended_at", d.EndedAt, mistakes)
	}
}

// readApprovals reads the approvals. One that was not permitted does not count as one: the
// document is refused.
func (o *Opening) readApprovals(approvals []approvalDocument, mistakes *Mistakes) {
	for i, approval := range approvals {
		member := fmt.Sprintf("approvals[%d]", i)
		by := author(approval.By, approval.Person)
		if by.Name == "" {
			mistakes.add(member+".by", "must name who approved it")
		} else if err := access.CheckApproval(o.Requested, o.approvers(), by); err != nil {
			mistakes.add(member+".by", err.Error())
		}
		o.Approvals = append(o.Approvals, Approval{by, readTime(member+".at", approval.At, mistakes)})
	}
}

func author(name, person string) access.Author {
	if person == "" {
		person = name
	}
	return access.Author{Name: name, Person: person}
}

// otherPerson is the person who answers for an author, if that is another name.
func otherPerson(a access.Author) string {
	if a.Person == a.Name {
		return ""
	}
	return a.Person
}

func readTime(member, text string, mistakes *Mistakes) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	t = t.UTC().Truncate(time.Second)
	if err != nil || t.Unix() <= 0 || t.Year() > 9999 {
		mistakes.add(member, `must be a time such as "2026-12-01T18:00:00Z"`)
	}
	return t
}

// written is a time as documents have it; a zero one is left out.
func written(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
