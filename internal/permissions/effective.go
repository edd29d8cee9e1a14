package permissions

import (
	"context"
	"errors"
	"fmt"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Effective answers where an account may send by the policy in force, and by which rule.
func (s *Service) Effective(by Caller, query review.Query, class string) (*review.Effective, error) {
	question, err := query.Question(s.Carriers)
	if err != nil {
		return nil, reload.Invalid{Cause: err}
	}
	rules := &s.Policy.Current().Rules
	account, err := s.readable(by, rules.Snapshot, question.Account)
	if err != nil {
		return nil, err
	}
	q := review.EffectiveQuery{Account: account, Send: policy.Send{Channel: question.Channel, Verification: question.Verification, Senders: question.Senders}, At: question.At}
	if query.At == "" {
		q.At = s.Now()
	}
	if class != "" {
		of, ok := policy.ParseClass(class)
		switch {
		case !ok:
			return nil, reload.Invalid{Cause: decode.Problem{Path: "class", Message: fmt.Sprintf("unknown class %q", class)}}
		case question.Channel != policy.Voice:
			return nil, reload.Invalid{Cause: decode.Problem{Path: "class", Message: "only calls have classes: leave it out"}}
		}
		q.Class = &of
	}
	return q.Effective(rules), nil
}

// Judge says what the verdict on a send would be by the policy in force, and how it is come
// to, with where each step is stated. The query has one destination.
func (s *Service) Judge(ctx context.Context, by Caller, query review.Query) (*review.Explanation, error) {
	question, err := query.Question(s.Carriers)
	if err != nil {
		return nil, reload.Invalid{Cause: err}
	}
	rules := &s.Policy.Current().Rules
	account, err := s.readable(by, rules.Snapshot, question.Account)
	if err != nil {
		return nil, err
	}
	question.Account, question.To = account.ID, query.Destinations[0]
	if query.At == "" {
		question.At = s.Now()
	}
	e := review.Explain(s.Explainer(rules)(account.Carrier), &question)
	return e, s.addStated(ctx, by, rules.Snapshot, e)
}

// readable finds an account that a caller may read, by a name of it. One who is limited to
// certain accounts is told nothing of others, not even whether there are any.
func (s *Service) readable(by Caller, snapshot *policy.Snapshot, name string) (policy.CarrierAccount, error) {
	account, failure := review.ResolveAccount(s.Carriers, snapshot, name)
	id := name
	if own, defined := snapshot.IDOf(account); failure == nil && defined {
		id = own
	}
	err := access.Authorize(by.Principal, access.Read, id)
	switch {
	case errors.Is(err, access.ErrDenied):
		return account, fmt.Errorf("%w: %s may not read account %s", access.ErrDenied, by.Identity, name)
	case err != nil:
		return account, err
	case failure != nil:
		return account, reload.Invalid{Cause: failure}
	}
	return account, nil
}
