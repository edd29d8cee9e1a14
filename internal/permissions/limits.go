package permissions

import (
	"fmt"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/policy"
)

// LimitQuery asks for the limits of an account. Number and Sender say for what dimensions stand;
// they may be empty.
type LimitQuery struct{ Account, Number, Sender string }

// Limits returns the limits in force for an account, and how much of each is used by this gate's
// counters, as far as the query says of what.
func (s *Service) Limits(by Caller, q LimitQuery) ([]gate.LimitUse, error) {
	account, err := review.ParseAccount(s.Carriers, q.Account)
	if err != nil {
		return nil, reload.Invalid{Cause: err}
	}
	rules := &s.Policy.Current().Rules
	found, err := s.readable(by, rules.Snapshot, account)
	if err != nil {
		return nil, err
	}
	question := gate.Question{Account: found.ID, Channel: policy.Messaging, To: q.Number, At: s.Now()}
	if q.Sender != "" {
		if err := config.CheckSender(s.Carriers, q.Sender); err != nil {
			return nil, reload.Invalid{Cause: err}
		}
		question.Senders = []string{q.Sender}
	}
	list, ok := s.Explainer(rules)(found.Carrier).LimitsInUse(&question)
	if !ok {
		return nil, reload.Invalid{Cause: decode.Problem{Path: "number", Message: fmt.Sprintf("%q is not a number: write it as +12025550123", q.Number)}}
	}
	return list, nil
}
