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

// NewSend begins a send by whoever a claim says. The account in the path
// decides; of a request that has none there, the credential does, and where
// nobody knows that, the site's account. It is in doubt whose a request is that
// none of them tells, or whose credential belongs to an account that cannot
// reach the one in the path: an account reaches itself and its children.
func (s *Snapshot) NewSend(c Claim) Send {
	send := Send{Account: c.Account, Credential: s.holder(&c)}
	switch {
	case c.Account == "" && send.Credential != "":
		send.Account = send.Credential
	case c.Account == "" && c.Site != "":
		send.Account = c.Site
	case c.Account == "":
		send.Doubt = CredentialUnknown
	case send.Credential != c.Account:
		a, holder := s.account(c.Account), s.account(send.Credential)
		if a != nil && holder != nil && holder != a && holder != a.parent {
			send.Doubt = CredentialForeign
		}
	}
	return send
}

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

// doubted denies what nobody knows whose it is.
func (send *Send) doubted() Verdict {
	switch send.Doubt {
	case "":
		return Verdict{}
	case CredentialForeign:
		return deny(send.Doubt, "credential of account "+send.Credential)
	}
	return deny(send.Doubt, "")
}
