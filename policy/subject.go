package policy

import "time"

// Claim is what a request says of whose it is. Its identifiers are canonical
// (Identifiers).
type Claim struct {
	// Carrier that the request is to. All accounts here are named by their ids there.
	Carrier string
	// Account that the request names, in its path, or empty.
	Account string
	// Holder is the account that it authenticates as, if it does so with the account's
	// own credential.
	Holder string
	// Credential is the API key, or the client of a token, that it authenticates with
	// instead. Empty where there is none.
	Credential string
	// Token is the digest of a token, as policies write it, or empty.
	Token string
	// Site is the account of requests that name none and whose credential is
	// not known, where there is one.
	Site string
}

// Subject is whose a request is, by one policy: it is resolved once, and all that the
// request would do is judged by it.
type Subject struct {
	snapshot *Snapshot
	// account is never nil: one that the policy does not name is made up.
	account *account
	// id of the account at the carrier that the request is to, or empty.
	id string
	// known says that the policy names the account, or the one above it.
	known bool
	// credential is the id there of the account that the credential belongs to, or empty.
	credential string
	// holder is that account where it is a foreign one, and so the policy names it.
	holder *account
	// identityError is why it is not known whose the request is, or empty.
	identityError Reason
}

// Subject resolves a claim. The account in the path decides; of a request that has none
// there, the credential does, and where that is not known, the site's account. A request
// is unidentified if none of them says whose it is, or if its credential belongs to an
// account that cannot reach the one in the path: an account reaches itself and its
// children.
func (s *Snapshot) Subject(c Claim) Subject {
	credential := s.holder(&c)
	account := c.Account
	if account == "" {
		account = credential
	}
	if account == "" {
		account = c.Site
	}
	named := s.at(c.Carrier)
	subject := Subject{snapshot: s, id: account, credential: credential}
	subject.account, subject.known = resolve(named, account, credential)
	switch {
	case account == "":
		subject.identityError = CredentialUnknown
	case c.Account != "" && credential != c.Account:
		if holder := named.find(credential); !s.reaches(holder, subject.account) {
			subject.holder, subject.identityError = holder, CredentialForeign
		}
	}
	return subject
}

// SubjectOf is an account by itself, whatever it authenticates with. The empty one is
// any account that the policy does not name.
func (s *Snapshot) SubjectOf(account CarrierAccount) Subject {
	a, known := resolve(s.at(account.Carrier), account.ID, "")
	return Subject{snapshot: s, account: a, id: account.ID, known: known}
}

// resolve finds an account among those that the policy names at a carrier. Any other is
// made up, and states nothing: a child of the credential's account, or an unknown one under
// the default.
func resolve(named accountsAt, id, credential string) (a *account, known bool) {
	if a := named.find(id); a != nil {
		return a, true
	}
	parent := named.find(credential)
	var monitor *Switch
	if parent != nil {
		monitor = parent.monitor
	}
	return &account{id: id, parent: parent, monitor: monitor, set: noSet, rules: &noRules, details: &noDetails}, parent != nil
}

// reaches reports whether an account may act for another, as far as the policy names both:
// an account reaches itself and its children. One that the policy does not name is nil.
func (s *Snapshot) reaches(a, other *account) bool {
	return a == nil || a == other || a == other.parent || !s.names(other)
}

// names reports whether the policy names an account, and did not make it up.
func (s *Snapshot) names(a *account) bool { return s.defined(a.id) == a }

// Unidentified is the subject where it is not known whose the request is, for a reason
// that the policy cannot see.
func (s Subject) Unidentified(reason Reason) Subject {
	s.identityError, s.holder = reason, nil
	return s
}

// IdentityError is why it is not known whose the request is, or empty.
func (s *Subject) IdentityError() Reason { return s.identityError }

// Account is the account that pays, by its id at the carrier, or empty.
func (s *Subject) Account() string { return s.id }

// Name is the name of its own that the policy gives the account, or empty.
func (s *Subject) Name() string {
	if !s.snapshot.names(s.account) {
		return ""
	}
	return s.account.ownName()
}

// StatedAccount is the ID of the account that the policy states and whose sends these are: of one
// that it does not state, its parent's. It is empty if it states neither.
func (s *Subject) StatedAccount() string {
	for i := s.account; i != nil; i = i.parent {
		if s.snapshot.names(i) {
			return i.id
		}
	}
	return ""
}

// IsSuspended reports whether the account sends nothing, since it is suspended, or its parent is.
func (s *Subject) IsSuspended(now time.Time) bool {
	for i := s.account; i != nil; i = i.parent {
		if i.isSuspended(now) {
			return true
		}
	}
	return false
}

// IsStated reports whether the policy states the account itself.
func (s *Subject) IsStated() bool { return s.snapshot.names(s.account) }

// IsSubaccountOf reports whether the policy states the account, and states another as its parent.
func (s *Subject) IsSubaccountOf(parent CarrierAccount) bool {
	stated := s.snapshot.account(parent)
	return stated != nil && s.IsStated() && s.account.parent == stated
}

// Label is what people call the account, or empty.
func (s *Subject) Label() string { return s.account.label }

// HasCredential reports whether the credential belongs to an account, known or not.
func (s *Subject) HasCredential() bool { return s.credential != "" }

// IsCovered reports whether the policy says anything of the account: it names that, or the
// one of the credential, or it has a default for accounts that it does not name. The
// default is for no account whose name is not of the form that the carrier's accounts have.
func (s *Subject) IsCovered(wellFormed bool) bool {
	return s.known || s.hasDefault() && (s.id == "" || wellFormed)
}

// hasDefault reports whether there is a default for accounts that the policy does not
// name.
func (s *Subject) hasDefault() bool { return s.snapshot.defaults != nil }

// holder is the account that a credential belongs to, by its id at the carrier, or empty.
// A token's digest names that very token, so it counts more than the client's id.
func (s *Snapshot) holder(c *Claim) string {
	if owner, ok := s.AccountOfCredential(c.Carrier, c.Token); ok {
		return owner
	}
	if c.Holder != "" {
		return c.Holder
	}
	owner, _ := s.AccountOfCredential(c.Carrier, c.Credential)
	return owner
}

// AccountOfCredential returns the id at a carrier of the account that an API key, an OAuth
// client or a token belongs to. A credential of an account that is not at the carrier is
// unknown there.
func (s *Snapshot) AccountOfCredential(carrier, credential string) (id string, ok bool) {
	if credential == "" {
		return "", false
	}
	if a := s.holderOf(credential); a != nil {
		id = s.idAt(carrier, a)
	}
	return id, id != ""
}

// judge denies a request of which it is not known whose it is, and one of an account that
// is suspended, or whose parent is.
func (s *Subject) judge(now time.Time, trace *trace) Verdict {
	if s.identityError != "" {
		trace.unidentified(s)
		return s.denyUnidentified()
	}
	for i := s.account; i != nil; i = i.parent {
		trace.suspension(s, i, now)
		if i.isSuspended(now) {
			return deny(AccountSuspended, "account "+i.id)
		}
	}
	return Verdict{}
}

func (s *Subject) denyUnidentified() Verdict {
	if s.holder != nil {
		return deny(s.identityError, "credential of account "+s.holder.id)
	}
	return deny(s.identityError, "")
}

// isUnknown reports whether the account may send nowhere, since the policy neither names
// it nor has a default.
func (s *Subject) isUnknown() bool { return !s.known && !s.hasDefault() }

// downgradeIfMonitored turns a denial into a record of it where the account is monitored.
func (s *Subject) downgradeIfMonitored(v Verdict, now time.Time) Verdict {
	if v.Outcome == Deny && s.isMonitored(v.Reason, now) {
		v.Outcome = Monitor
	}
	return v
}

// isMonitored reports whether a denial for a reason is only recorded, since the account is
// monitored.
func (s *Subject) isMonitored(reason Reason, now time.Time) bool {
	return s.account.monitor.Holds(now) && !alwaysEnforced[reason]
}

// observed turns a denial into a record of it where nothing is refused.
func (s *Subject) observed(v Verdict, now time.Time) Verdict {
	if v.Outcome == Deny && s.snapshot.observe.Holds(now) {
		v.Outcome = Monitor
	}
	return v
}
