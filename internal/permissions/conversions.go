package permissions

import (
	"strings"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// Convert takes back what an account's sends to a number have of limits of the unverified, since an
// application says that the number was verified. It returns how many sends that were. No
// permission changes: it is counted, and not in the log of changes.
func (s *Service) Convert(by Caller, name, number string) (freed int64, err error) {
	rules := &s.Policy.Current().Rules
	account, err := s.readable(by, rules.Snapshot, name)
	if err != nil {
		return 0, err
	}
	id := name
	if own, defined := rules.Snapshot.IDOf(account); defined {
		id = own
	}
	if err := access.Authorize(by.Principal, access.ConversionAdd, id); err != nil {
		return 0, err
	}
	ok := strings.HasPrefix(number, "+")
	if ok {
		freed, ok = s.Explainer(rules)(account.Carrier).Convert(gate.Conversion{Account: account.ID, Number: number, Of: gate.MessagesAndVerifications})
	}
	if !ok {
		return 0, reload.Invalid{Cause: decode.Problem{Path: "number", Message: "it is not a number in E.164: write, for example, +12025550123"}}
	}
	if s.CountConversion != nil {
		s.CountConversion(freed)
	}
	return freed, nil
}
