package policy

import (
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// Snapshot is a compiled policy. It never changes: a request that is judged by one is
// judged by one policy, whatever is loaded meanwhile.
type Snapshot struct {
	revision       string
	observe        Switch
	nationalStrict bool
	national       numbering.Territory

	defaults    *permissionSet
	verify      *permissionSet // the default for verifications, nil if there is none
	operator    level
	unsupported [ChannelCount]unsupportedList
	byRequest   *Set
	byRequestBy string // whose list that is, in words for people
	// apart has the channels of which something is stated that is not of their base too.
	apart ChannelSet

	// accounts in the order of the definition, and by their own IDs and those at carriers.
	accounts []account
	byName   index
	// parents are the numbers of accounts that have subaccounts.
	parents numberSet
	// overlay has what changed since those were compiled, nil if nothing has.
	overlay *overlay
	// attached has what is attached to accounts, by their own IDs.
	attached map[string]*Attachment
	// panicked is the panic in force, nil if there is none.
	panicked *panicked
	// carriers where accounts have ids, by carrierNumber less one.
	carriers []string
	// credentials are API keys, OAuth clients and digests of tokens.
	credentials []credential
	holders     index
	// monitored are the accounts whose denials are only recorded, or were.
	monitored []*account
	isService func(sender string) bool // nil if none is
	// sendersMatter reports whether a verdict can depend on who sends: an account
	// has sets for a sender, or services without are denied.
	sendersMatter bool
	rulings       [topicCount]ruling
	urlHosts      *hostList // nil if none are stated
	limits        []StatedLimit
	// limited says that there may be limits.
	limited bool
	// unverified says that there may be limits of what is unverified.
	unverified bool
	// priceLimit is the operator's, nil if there is none. accountsPriced says that an account may
	// state one, and spendMatters that there may be limits of spend.
	priceLimit                   *StatedPriceLimit
	accountsPriced, spendMatters bool
	// feeds are lists of others, nil without any.
	feeds   Feeds
	maxCall time.Duration // 0 if none is stated
	// callsLimited says that someone may state how long calls last.
	callsLimited bool
	// timed are the statements of the accounts, and timedOperator those of the operator.
	timed, timedOperator []Timed
	// restricted is the number of accounts with a list of hosts that may deny a URL.
	restricted int
}

// credential is one that belongs to an account.
type credential struct {
	text    string
	account *account
}

// New compiles a definition. It fails on one that has a conflict or a host that is none:
// the verdict of such a policy would depend on the order of its accounts. All else it
// trusts; config.Compile has checked it.
func New(d Definition) (*Snapshot, error) {
	if conflicts := d.Conflicts(nil); len(conflicts) > 0 {
		return nil, conflicts[0]
	}
	interner := newInterner()
	names, credentials := d.count()
	s := &Snapshot{
		revision:    d.Revision,
		accounts:    make([]account, len(d.Accounts)),
		byName:      newIndex(names),
		parents:     newNumberSet(len(d.Accounts)),
		attached:    attachedTo(nil, d.Attached),
		credentials: make([]credential, 0, credentials),
		holders:     newIndex(credentials),
	}
	if err := s.stateOperator(&d, interner); err != nil {
		return nil, err
	}
	for i := range d.Accounts {
		if err := s.addAccount(i, &d.Accounts[i], interner); err != nil {
			return nil, err
		}
	}
	for i := range d.Accounts {
		if parent := d.Accounts[i].Parent; parent != "" {
			s.setParent(i, parent)
		}
	}
	return s, nil
}

// stateOperator compiles what is stated for all accounts, in place of what was. What only
// saves work, such as sendersMatter, may remain true.
func (s *Snapshot) stateOperator(d *Definition, interner *interner) (err error) {
	s.observe, s.nationalStrict, s.national = d.Observe, d.NationalStrict, d.National
	s.operator = *newLevel("operator", d.Rules)
	s.unsupported = newUnsupportedLists(d)
	s.byRequest, s.byRequestBy = d.ByRequest, "operator"
	if s.byRequest == nil {
		list := d.Restrictions.ByRequest // a copy: the snapshot keeps no part of the definition
		s.byRequest, s.byRequestBy = &list, builtIn
	}
	s.defaults, s.verify = nil, interner.newVerifySet("default", d.Verify)
	if d.Default != nil {
		g := interner.newPermissionSet(newGrants(*d.Default), "default")
		s.defaults = &g
	}
	s.rulings = newRulings("operator", d.Choices)
	s.isService = d.IsService
	s.sendersMatter = s.sendersMatter || d.UnscopedService == Denied
	s.timedOperator = d.timed()
	s.apart |= d.apart()
	for i := range d.Attached {
		s.apart |= apartOpenings(d.Attached[i].Openings)
	}
	s.limits = newLimits("operator", d.Limits)
	s.countLimits(d.Limits)
	s.priceLimit = newPriceLimit("operator", d.PriceLimit)
	s.maxCall = s.stateMaxCall(d.MaxCall)
	s.urlHosts, err = newHostList("operator", d.URLHosts)
	return err
}

// count counts the names of accounts, own ones and ids at carriers, and the credentials.
func (d *Definition) count() (names, credentials int) {
	for i := range d.Accounts {
		a := &d.Accounts[i]
		names += 1 + len(a.At)
		if a.isAtOwnID() {
			names--
		}
		credentials += len(a.Keys) + len(a.Credentials)
	}
	return names, credentials
}

// isAtOwnID reports whether the ID of an account is its id at its one carrier.
func (a *Account) isAtOwnID() bool {
	return len(a.At) == 1 && a.At[0].ID == a.ID && a.At[0].Carrier != ""
}

// addAccount compiles the account of a number in the definition.
func (s *Snapshot) addAccount(number int, a *Account, interner *interner) error {
	if err := s.compile(&s.accounts[number], a, interner); err != nil {
		return err
	}
	s.timed = append(s.timed, a.timed()...)
	s.indexAccount(number)
	for _, list := range [][]string{a.Keys, a.Credentials} {
		for _, text := range list {
			s.addCredential(interner.text(text), number)
		}
	}
	return nil
}

// indexAccount makes the account of a number one that is found by its names.
func (s *Snapshot) indexAccount(number int) {
	a := &s.accounts[number]
	s.byName.add(a.id, number)
	for _, at := range a.at {
		if at.ID != a.id {
			s.byName.add(at.ID, number)
		}
	}
	if a.monitor != nil {
		s.monitored = append(s.monitored, a)
	}
}

// addCredential adds a credential of the account of a number.
func (s *Snapshot) addCredential(text string, number int) {
	s.holders.add(text, len(s.credentials))
	s.credentials = append(s.credentials, credential{text, &s.accounts[number]})
}

// setParent makes the account of a number a subaccount of the one that is compiled with it
// under an own ID.
func (s *Snapshot) setParent(number int, parent string) {
	if of, ok := s.number(parent); ok {
		s.accounts[number].parent = &s.accounts[of]
		s.parents.add(of)
	}
}

// compile compiles what an account states, and what is attached to it. Its parent is not
// known yet.
func (s *Snapshot) compile(into *account, a *Account, interner *interner) error {
	set := interner.newPermissionSet(a.grants(), ownerPrefix, a.ID)
	*into = account{
		key:     newKey(a.ID),
		id:      interner.idWithin(set.text, a.ID),
		set:     set,
		rules:   &noRules,
		label:   interner.text(a.Label),
		monitor: a.Monitor.stated(),
		details: &noDetails,
	}
	if len(a.Rules) > 0 {
		into.rules = newLevel("account "+a.ID, a.Rules)
	}
	details, err := s.newDetails(a, interner)
	if err != nil {
		return err
	}
	if a.isAtOwnID() {
		into.carrier = s.addCarrier(a.At[0].Carrier)
	}
	if into.carrier == noCarrier {
		details.at = a.At
	}
	if !details.isNothing() {
		into.details = details
	}
	if into.urlHosts.restricts() {
		s.restricted++
	}
	s.sendersMatter = s.sendersMatter || len(a.Senders) > 0 || a.UnscopedService == Denied
	s.apart |= a.apart()
	return nil
}

// ownerPrefix begins the words of what an account states, before its ID.
const ownerPrefix = "account "

// idWithin is the ID of an account, in the memory of the words of its set if it has one.
func (n *interner) idWithin(words, id string) string {
	if words == "" {
		return n.text(id)
	}
	return words[len(ownerPrefix):][:len(id)]
}

// grants are those that an account states, or its home in their place.
func (a *Account) grants() grants {
	g := newGrants(a.Permissions)
	g.stateHome(a.Home)
	return g
}

// newDetails compiles what few accounts state, and has what is attached to them.
func (s *Snapshot) newDetails(a *Account, interner *interner) (*details, error) {
	owner := "account " + a.ID
	compiled := &details{
		home:      a.Home,
		trial:     a.Trial,
		suspended: a.Suspended.stated(),
		attached:  s.attached[a.ID],
		verify:    interner.newVerifySet(owner, a.Verify),
		controls:  a.Controls,
		openings:  s.attached[a.ID].openings(a.ID, newOpenings(owner, a.Openings)),

		statedOpenings: len(a.Openings),
	}
	if a.Choices != (Choices{}) {
		rulings := newRulings(owner, a.Choices)
		compiled.rulings = &rulings
	}
	var err error
	if compiled.urlHosts, err = newHostList(owner, a.URLHosts); err != nil {
		return nil, err
	}
	if len(a.Limits) > 0 {
		compiled.limits = newLimits(owner, a.Limits)
		s.countLimits(a.Limits)
	}
	compiled.maxCall = s.stateMaxCall(a.MaxCall)
	compiled.priceLimit = newPriceLimit(owner, a.PriceLimit)
	s.accountsPriced = s.accountsPriced || a.PriceLimit != nil
	if len(a.Approved) > 0 {
		compiled.approvals = make(map[numbering.Territory]string, len(a.Approved))
		for _, approval := range a.Approved {
			compiled.approved.Add(approval.Territory)
			compiled.approvals[approval.Territory] = approval.Reason
		}
	}
	if len(a.Verified) > 0 {
		compiled.verified = make(map[string]bool, len(a.Verified))
		for _, digits := range a.Verified {
			compiled.verified[digits] = true
		}
	}
	if len(a.Senders) > 0 {
		compiled.senders = make(map[string]*permissionSet, len(a.Senders))
		for _, sender := range a.Senders {
			g := interner.newPermissionSet(newGrants(sender.Permissions), "sender ", sender.ID)
			compiled.senders[sender.ID] = &g
		}
	}
	return compiled, nil
}
