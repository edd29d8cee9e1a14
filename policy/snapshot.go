package policy

import (
	"slices"
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

	// accounts by their own IDs.
	accounts map[string]*account
	carriers []carrierAccounts // a few: no map finds one sooner
	// credentials are API keys, OAuth clients and digests of tokens.
	credentials map[string]*account
	isService   func(sender string) bool // nil if none is
	// sendersMatter reports whether a verdict can depend on who sends: an account
	// has sets for a sender, or services without are denied.
	sendersMatter bool
	rulings       [topicCount]ruling
	urlHosts      *hostList // nil if none are stated
	timed         []Timed
	// urlsMatter reports whether some list of hosts may deny a URL.
	urlsMatter bool
}

// carrierAccounts are the accounts at a carrier by their ids there.
type carrierAccounts struct {
	carrier  string
	accounts map[string]*account
}

// account is an Account with what a verdict needs looked up beforehand.
type account struct {
	// What each verdict reads comes first, in few lines of the processor's cache.
	parent    *account
	rules     level
	senders   map[string]*permissionSet
	trial     bool
	home      numbering.Territory
	suspended *Switch // nil if it is not, nor was
	set       permissionSet

	// id is its own name, or its id at its one carrier.
	id        string
	at        []CarrierAccount
	label     string
	verified  map[string]bool
	monitor   *Switch // nil if it is not, nor was
	approved  Set
	approvals map[numbering.Territory]string // the reason of each
	verify    *permissionSet                 // the set for verifications, nil if there are none
	controls  []Control                      // nil if none are stated
	rulings   *[topicCount]ruling            // nil if none are stated
	urlHosts  *hostList                      // nil if none are stated
}

// New compiles a definition. It fails on one that has a conflict or a host that is none:
// the verdict of such a policy would depend on the order of its accounts. All else it
// trusts; config.Compile has checked it.
func New(d Definition) (*Snapshot, error) {
	if conflicts := d.Conflicts(nil); len(conflicts) > 0 {
		return nil, conflicts[0]
	}
	s := &Snapshot{
		revision:       d.Revision,
		observe:        d.Observe,
		nationalStrict: d.NationalStrict,
		national:       d.National,
		operator:       newLevel("operator", d.Rules),
		unsupported:    newUnsupportedLists(&d),
		byRequest:      d.ByRequest,
		byRequestBy:    "operator",
		accounts:       make(map[string]*account, len(d.Accounts)),
		credentials:    make(map[string]*account),
		verify:         newVerifySet("default", d.Verify),
		rulings:        newRulings("operator", d.Choices),
		isService:      d.IsService,
		sendersMatter:  d.UnscopedService == Denied,
		timed:          d.timed(),
		apart:          d.apart(),
	}
	var err error
	if s.urlHosts, err = s.newHostList("operator", d.URLHosts); err != nil {
		return nil, err
	}
	if s.byRequest == nil {
		s.byRequest, s.byRequestBy = &d.Restrictions.ByRequest, builtIn
	}
	if d.Default != nil {
		g := newPermissionSet("default", *d.Default)
		s.defaults = &g
	}
	for i := range d.Accounts {
		if err := s.addAccount(&d.Accounts[i]); err != nil {
			return nil, err
		}
	}
	for i := range d.Accounts {
		s.link(&d.Accounts[i])
	}
	return s, nil
}

func (s *Snapshot) addAccount(a *Account) error {
	id := a.ID
	compiled := &account{
		id:        id,
		at:        a.At,
		label:     a.Label,
		set:       newPermissionSet("account "+id, a.Permissions),
		home:      a.Home,
		trial:     a.Trial,
		suspended: a.Suspended.stated(),
		monitor:   a.Monitor.stated(),
		rules:     newLevel("account "+id, a.Rules),
		verify:    newVerifySet("account "+id, a.Verify),
		controls:  a.Controls,
	}
	if a.Choices != (Choices{}) {
		rulings := newRulings("account "+id, a.Choices)
		compiled.rulings = &rulings
	}
	var err error
	if compiled.urlHosts, err = s.newHostList("account "+id, a.URLHosts); err != nil {
		return err
	}
	s.timed = append(s.timed, a.timed()...)
	compiled.set.stateHome(a.Home)
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
	if len(a.Senders) > 0 || a.UnscopedService == Denied {
		s.sendersMatter = true
	}
	if len(a.Senders) > 0 {
		compiled.senders = make(map[string]*permissionSet, len(a.Senders))
		for _, sender := range a.Senders {
			g := newPermissionSet("sender "+sender.ID, sender.Permissions)
			compiled.senders[sender.ID] = &g
		}
	}
	for _, credential := range slices.Concat(a.Keys, a.Credentials) {
		s.credentials[credential] = compiled
	}
	s.accounts[id] = compiled
	for _, at := range a.At {
		if s.at(at.Carrier) == nil {
			s.carriers = append(s.carriers, carrierAccounts{at.Carrier, make(map[string]*account)})
		}
		s.at(at.Carrier)[at.ID] = compiled
	}
	return nil
}

// link connects a subaccount to its parent.
func (s *Snapshot) link(a *Account) {
	if a.Parent != "" {
		s.accounts[a.ID].parent = s.accounts[a.Parent]
	}
}

// Revision names the policy in logs.
func (s *Snapshot) Revision() string { return s.revision }

// Observe reports whether nothing is to be refused, whatever the verdict.
func (s *Snapshot) Observe(now time.Time) bool { return s.observe.Holds(now) }

// NationalStrict says how numbers without "+" are to be read.
func (s *Snapshot) NationalStrict() bool { return s.nationalStrict }

// National is the country of senders whose own is unknown, if one is stated.
func (s *Snapshot) National() numbering.Territory { return s.national }

// SendersMatter reports whether the senders of a request can make a difference.
func (s *Snapshot) SendersMatter() bool { return s.sendersMatter }

// Names reports whether the policy names an account.
func (s *Snapshot) Names(a CarrierAccount) bool { return s.account(a) != nil }

func (s *Snapshot) account(a CarrierAccount) *account { return s.at(a.Carrier)[a.ID] }

// at are the accounts that the policy names at a carrier, by their ids there.
func (s *Snapshot) at(carrier string) map[string]*account {
	for i := range s.carriers {
		if s.carriers[i].carrier == carrier {
			return s.carriers[i].accounts
		}
	}
	return nil
}

// At returns the ids at carriers of the account that the policy defines by this ID.
func (s *Snapshot) At(id string) (ids []CarrierAccount, defined bool) {
	a := s.accounts[id]
	if a == nil {
		return nil, false
	}
	return a.at, true
}

// IDAt returns the id at a carrier of the account that the policy defines by this ID, or
// "" if it has none there.
func (s *Snapshot) IDAt(carrier, id string) string {
	if a := s.accounts[id]; a != nil {
		return a.idAt(carrier)
	}
	return ""
}

// idAt is the id of an account at a carrier, or empty.
func (a *account) idAt(carrier string) string {
	for i := range a.at {
		if a.at[i].Carrier == carrier {
			return a.at[i].ID
		}
	}
	return ""
}

// ownName is the name of its own that an account has, or empty.
func (a *account) ownName() string {
	for i := range a.at {
		if a.at[i].ID == a.id {
			return ""
		}
	}
	return a.id
}

// OwnName returns the name of its own that the policy gives an account, or "".
func (s *Snapshot) OwnName(a CarrierAccount) string {
	if named := s.account(a); named != nil {
		return named.ownName()
	}
	return ""
}

// OwnNames lists the names of their own that the policy gives accounts.
func (s *Snapshot) OwnNames() []string {
	var names []string
	for _, a := range s.accounts {
		if name := a.ownName(); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Label returns what people call the account that the policy defines by this ID, or "".
func (s *Snapshot) Label(id string) string {
	if a := s.accounts[id]; a != nil {
		return a.label
	}
	return ""
}

// Unsupported is the set of territories that the carrier does not serve.
func (s *Snapshot) Unsupported(channel Channel) Set { return *s.unsupported[channel].territories }

// Apart has the channels by which the verdict on a message may differ from that on the same
// message by their base, since the policy states something of the channel itself.
func (s *Snapshot) Apart() ChannelSet { return s.apart }

// ByRequest is the set of voice territories that the carrier opens on request.
func (s *Snapshot) ByRequest() Set { return *s.byRequest }
