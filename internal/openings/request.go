package openings

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/policy"
)

// ErrState is something that cannot be done to an opening any more, or not yet.
var ErrState = errors.New("the state of the opening does not permit it")

// idLength is how many letters and digits name an opening: 50 random bits. Short enough to
// be typed, and never the same as another.
const idLength = 10

// longestAhead is how long before its beginning an opening can be requested.
const longestAhead = 365 * 24 * time.Hour

// Request makes an opening as it is asked for: account, channel, destination, class, times,
// reason, ticket and acknowledgement. One that would begin before now, or states no
// beginning, begins now. The findings are why it is risky. An error is Mistakes, by the members of the request. Whether the
// author may request openings is for access.Authorize.
func (r *Rules) Request(asked Opening, by access.Author, now time.Time, carrier Carrier) (*Opening, []Finding, error) {
	now = now.UTC().Truncate(time.Second)
	o := &Opening{
		ID:      strings.ToLower(rand.Text()[:idLength]),
		Account: asked.Account, Channel: asked.Channel, To: asked.To, Class: asked.Class,
		From: asked.From.UTC().Truncate(time.Second), Until: asked.Until.UTC().Truncate(time.Second),
		Reason: asked.Reason, Ticket: asked.Ticket, Acknowledged: asked.Acknowledged,
		Requested: by, RequestedAt: now,
	}
	if o.From.Before(now) {
		o.From = now
	}
	var mistakes Mistakes
	if by.Name == "" || by.Person == "" {
		mistakes.add("requested_by", "must name who requests it")
	}
	if o.Until.Sub(o.From) > r.Max {
		mistakes.add("until", "must be at most "+inWords(r.Max)+" after the beginning")
	}
	if o.From.Sub(now) > longestAhead {
		mistakes.add("from", "must be within a year")
	}
	o.check(&mistakes)
	if o.Channel >= policy.ChannelCount || o.To.Text == "" {
		return nil, nil, mistakes.err()
	}
	findings := Assess(o, carrier)
	for _, f := range findings {
		o.Marks = append(o.Marks, f.Mark)
	}
	o.Needed = r.needed(o.Marks)
	if len(o.Marks) > 0 && !o.Acknowledged {
		mistakes.add("acknowledge_high_risk", "must be true: the opening is "+markWords(o.Marks))
	}
	if err := mistakes.err(); err != nil {
		return nil, findings, err
	}
	return o, findings, nil
}

// Approve returns the opening with one more approval. Whether the author may approve openings
// is for access.Authorize; that no one approves what they requested is checked here.
func (o *Opening) Approve(by access.Author, now time.Time) (*Opening, error) {
	if state := o.StateAt(now); state != Pending {
		return nil, fmt.Errorf("approving opening %s: %w: it is %s", o.ID, ErrState, state)
	}
	if by.Name == "" || by.Person == "" {
		return nil, fmt.Errorf("approving opening %s: %w", o.ID, access.ErrNoAccess)
	}
	if err := access.CheckApproval(o.Requested, o.approvers(), by); err != nil {
		return nil, fmt.Errorf("approving opening %s: %w", o.ID, err)
	}
	approved := o.clone()
	approved.Approvals = append(approved.Approvals, Approval{by, now.UTC().Truncate(time.Second)})
	return approved, nil
}

// approvers are those who approved it, in order.
func (o *Opening) approvers() []access.Author {
	authors := make([]access.Author, len(o.Approvals))
	for i, approval := range o.Approvals {
		authors[i] = approval.By
	}
	return authors
}

// End returns the opening as it is when it was ended by hand, or its request taken back.
func (o *Opening) End(by access.Author, now time.Time) (*Opening, error) {
	if by.Name == "" {
		return nil, fmt.Errorf("ending opening %s: %w", o.ID, access.ErrNoAccess)
	}
	if state := o.StateAt(now); state == Ended || state == Expired {
		return nil, fmt.Errorf("ending opening %s: %w: it is %s", o.ID, ErrState, state)
	}
	ended := o.clone()
	ended.EndedAt, ended.EndedBy = now.UTC().Truncate(time.Second), by.Name
	return ended, nil
}
