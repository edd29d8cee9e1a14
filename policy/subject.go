package policy

// Claim is what a request says of whose it is. Its identifiers are canonical
// (Identifiers).
type Claim struct {
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
	// known says that the policy names the account, or the one above it.
	known bool
	// credential is the account that the credential belongs to, or empty.
	credential string
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
	a, known := s.resolve(account, credential)
	var identityError Reason
	switch {
	case account == "":
		identityError = CredentialUnknown
	case c.Account != "" && credential != c.Account && !s.reaches(credential, a):
		identityError = CredentialForeign
	}
	return Subject{s, a, known, credential, identityError}
}

// SubjectOf is an account by itself, whatever it authenticates with. The empty one is
// any account that the policy does not name.
func (s *Snapshot) SubjectOf(account string) Subject {
	a, known := s.resolve(account, "")
	return Subject{snapshot: s, account: a, known: known}
}

// resolve finds an account. One that the policy does not name is made up, and states
// nothing: a child of the credential's account, or an unknown one under the default.
func (s *Snapshot) resolve(id, credential string) (a *account, known bool) {
	if a := s.account(id); a != nil {
		return a, true
	}
	parent := s.account(credential)
	return &account{id: id, parent: parent, monitor: parent != nil && parent.monitor}, parent != nil
}

// reaches reports whether an account may act for another, as far as the policy names both:
// an account reaches itself and its children.
func (s *Snapshot) reaches(id string, other *account) bool {
	a := s.account(id)
	return a == nil || a == other || a == other.parent || !s.names(other)
}

// names reports whether the policy names an account, and did not make it up.
func (s *Snapshot) names(a *account) bool { return s.accounts[a.id] == a }

// Unidentified is the subject where it is not known whose the request is, for a reason
// that the policy cannot see.
func (s Subject) Unidentified(reason Reason) Subject {
	s.identityError = reason
	return s
}

// Account is the account that pays, or empty.
func (s *Subject) Account() string { return s.account.id }

// HasCredential reports whether the credential belongs to an account, known or not.
func (s *Subject) HasCredential() bool { return s.credential != "" }

// IsCovered reports whether the policy says anything of the account: it names that, or the
// one of the credential, or it has a default for accounts that it does not name. The
// default is for no account whose name is not of the form that the carrier's accounts have.
func (s *Subject) IsCovered(wellFormed bool) bool {
	return s.known || s.hasDefault() && (s.account.id == "" || wellFormed)
}

// hasDefault reports whether there is a default for accounts that the policy does not
// name.
func (s *Subject) hasDefault() bool { return s.snapshot.defaults != nil }

// holder is the account that a credential belongs to, or empty. A token's digest
// names that very token, so it counts more than the client's id.
func (s *Snapshot) holder(c *Claim) string {
	if owner, ok := s.AccountOfCredential(c.Token); ok {
		return owner
	}
	if c.Holder != "" {
		return c.Holder
	}
	owner, _ := s.AccountOfCredential(c.Credential)
	return owner
}

// AccountOfCredential returns the account that an API key, an OAuth client or a
// token belongs to.
func (s *Snapshot) AccountOfCredential(credential string) (id string, ok bool) {
	if credential == "" {
		return "", false
	}
	if a := s.credentials[credential]; a != nil {
		return a.id, true
	}
	return "", false
}

// judge denies a request of which it is not known whose it is, and one of an account that
// is suspended, or whose parent is.
func (s *Subject) judge(trace *trace) Verdict {
	if s.identityError != "" {
		trace.unidentified(s)
		return s.denyUnidentified()
	}
	for i := s.account; i != nil; i = i.parent {
		trace.suspension(s, i)
		if i.suspended {
			return deny(AccountSuspended, "account "+i.id)
		}
	}
	return Verdict{}
}

func (s *Subject) denyUnidentified() Verdict {
	if s.identityError == CredentialForeign {
		return deny(s.identityError, "credential of account "+s.credential)
	}
	return deny(s.identityError, "")
}

// isUnknown reports whether the account may send nowhere, since the policy neither names
// it nor has a default.
func (s *Subject) isUnknown() bool { return !s.known && !s.hasDefault() }

// downgradeIfMonitored turns a denial into a record of it where the account is monitored.
func (s *Subject) downgradeIfMonitored(v Verdict) Verdict {
	if v.Outcome == Deny && s.account.monitor && !alwaysEnforced[v.Reason] {
		v.Outcome = Monitor
	}
	return v
}

// observed turns a denial into a record of it where nothing is refused.
func (s *Subject) observed(v Verdict) Verdict {
	if v.Outcome == Deny && s.snapshot.observe {
		v.Outcome = Monitor
	}
	return v
}
