package policy

import (
	"slices"
	"time"
)

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

// JudgeControl is the verdict on a change of the carrier's protection. An account may
// change what it states, or where it states nothing, what its parent does.
func (s *Subject) JudgeControl(control Control, now time.Time) Verdict {
	if v := s.judge(now, nil); v.Outcome == Deny {
		return s.observed(v, now)
	}
	a := s.account
	if owner := a.statesControls(); owner != nil && slices.Contains(owner.controls, control) {
		return Verdict{Outcome: Allow, Reason: ControlAllowed, Rule: "account " + owner.id + " control " + string(control)}
	}
	needs := "needs control " + string(control)
	if s.snapshot.names(a) { // any other name is whatever a caller wrote
		needs = "account " + a.id + " " + needs
	}
	return s.observed(s.downgradeIfMonitored(deny(ControlDenied, needs), now), now)
}

// Controls returns what an account may change, whether it or its parent states that.
func (s *Snapshot) Controls(account CarrierAccount) []Control {
	subject := s.SubjectOf(account)
	if owner := subject.account.statesControls(); owner != nil {
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

// JudgeStored is the verdict on a send to a destination that was stored before, and that
// the request does not name.
func (s *Subject) JudgeStored(now time.Time) Verdict {
	if v := s.judge(now, nil); v.Outcome == Deny {
		return s.observed(v, now)
	}
	if s.isUnknown() {
		return s.observed(deny(AccountUnknown, "no default"), now)
	}
	if s.isPanicked() { // where such a send goes is unknown
		return s.observed(deny(PanicClosed, panicWords), now)
	}
	if r, _ := s.ruling(aboutStored); r.choice == Denied {
		return s.observed(s.downgradeIfMonitored(deny(StoredDenied, r.words), now), now)
	}
	return Verdict{Outcome: Allow, Reason: StoredTarget}
}
