package policy

import "slices"

// Control is a part of the carrier's own protection, of what the customer has set up
// there, or of who may use an account, that a request can change.
type Control string

// The controls. An account may change those that it is allowed to.
const (
	// ControlRiskCheck is a carrier's check for fraud, turned off for one send.
	ControlRiskCheck Control = "risk_check"
	// ControlSafeList is the list of numbers that a carrier's checks pass over.
	ControlSafeList Control = "safe_list"
	// ControlPermissions is a carrier's own geographic permissions and their
	// inheritance.
	ControlPermissions Control = "permissions"
	// ControlKeys is API keys, auth tokens and applications that hold them.
	ControlKeys Control = "keys"
	// ControlAccounts is accounts and subaccounts themselves.
	ControlAccounts Control = "accounts"
	// ControlTrunks is SIP trunks, domains and the lists of who may use them:
	// equipment that is let in there dials past the gate.
	ControlTrunks Control = "trunks"
	// ControlSafeguards is what the customer has set up at the carrier: limits and
	// alarms of its own, and how its web servers know that it is the carrier who asks.
	ControlSafeguards Control = "safeguards"
)

// Controls lists all controls.
var Controls = []Control{ControlRiskCheck, ControlSafeList, ControlPermissions, ControlKeys, ControlAccounts, ControlTrunks, ControlSafeguards}

// JudgeControl is the verdict on a change of the carrier's protection by the
// account of a send, which has no destination. An account may change what it
// states, or where it states nothing, what its parent does.
func (s *Snapshot) JudgeControl(send *Send, control Control) Verdict {
	a, _ := s.resolve(send)
	if v := send.refused(a); v.Outcome == Deny {
		return s.observed(v)
	}
	if owner := a.statesControls(); owner != nil && slices.Contains(owner.controls, control) {
		return Verdict{Outcome: Allow, Reason: ControlAllowed, Rule: "account " + owner.id + " control " + string(control)}
	}
	needs := "needs control " + string(control)
	if s.accounts[a.id] == a { // any other name is whatever a caller wrote
		needs = "account " + a.id + " " + needs
	}
	return s.observed(a.softly(deny(ControlDenied, needs)))
}

// Controls returns what an account may change, whoever states it.
func (s *Snapshot) Controls(account string) []Control {
	a, _ := s.resolve(&Send{Account: account})
	if owner := a.statesControls(); owner != nil {
		return owner.controls
	}
	return nil
}

// statesControls is the account that states what this one may change: itself or
// the nearest above it, nil if none does.
func (a *account) statesControls() *account {
	for i := a; i != nil; i = i.parent {
		if i.controls != nil {
			return i
		}
	}
	return nil
}

// JudgeStored is the verdict on a send to whoever was stored before: the send
// has no destination.
func (s *Snapshot) JudgeStored(send *Send) Verdict {
	a, known := s.resolve(send)
	if v := send.refused(a); v.Outcome == Deny {
		return s.observed(v)
	}
	if !known && s.defaults == nil {
		return s.observed(deny(AccountUnknown, "no default"))
	}
	if r, _ := s.ruling(a, aboutStored); r.choice == Denied {
		return s.observed(a.softly(deny(StoredDenied, r.words)))
	}
	return Verdict{Outcome: Allow, Reason: StoredTarget}
}

// refused denies what nobody knows whose it is, and what an account does that is
// suspended, or whose parent is.
func (send *Send) refused(a *account) Verdict {
	if v := send.doubted(); v.Outcome == Deny {
		return v
	}
	for ; a != nil; a = a.parent {
		if a.suspended {
			return deny(AccountSuspended, "account "+a.id)
		}
	}
	return Verdict{}
}

// observed turns a denial into a record of it where nothing is refused.
func (s *Snapshot) observed(v Verdict) Verdict {
	if v.Outcome == Deny && s.observe {
		v.Outcome = Monitor
	}
	return v
}
