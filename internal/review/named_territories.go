package review

import (
	"fmt"
	"maps"
	"slices"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// namedList is a list of territories of a permission set, and where it is stated.
type namedList struct {
	path    string
	channel policy.Channel
	// words name the list in a warning: "messaging", "voice high_risk_special".
	words string
	list  config.Territories
	// account that states it, an index into the document; -1 for the default.
	account int
	// sender says that the set is a sender's, and verify that it is for verifications.
	sender, verify bool
}

// namedLists are all lists of a document that a permission set is made of.
func namedLists(d *config.Document) (lists []namedList) {
	if d.Default != nil {
		lists = appendLists(lists, namedList{path: "default", account: -1}, &d.Default.Permissions)
		lists = appendVerify(lists, namedList{path: "default", account: -1}, d.Default.Verify)
	}
	for i := range d.Accounts {
		a, of := &d.Accounts[i], namedList{path: pathOf("accounts", i), account: i}
		lists = appendLists(lists, of, &a.Permissions)
		lists = appendVerify(lists, of, a.Verify)
		for _, name := range slices.Sorted(maps.Keys(a.Senders)) {
			sender := a.Senders[name]
			lists = appendLists(lists, namedList{path: of.path + ".senders." + name, account: i, sender: true}, &sender)
		}
	}
	return lists
}

func appendVerify(lists []namedList, of namedList, verify *config.Verify) []namedList {
	if verify == nil {
		return lists
	}
	of.path, of.verify = of.path+".verify", true
	return appendLists(lists, of, (*config.Permissions)(verify))
}

func appendLists(lists []namedList, of namedList, p *config.Permissions) []namedList {
	add := func(channel policy.Channel, name, words string, list config.Territories) {
		l := of
		l.path, l.channel, l.words, l.list = of.path+"."+name, channel, words, list
		if of.verify {
			l.words = "verify " + words
		}
		lists = append(lists, l)
	}
	add(policy.Messaging, "messaging", "messaging", p.Messaging)
	add(policy.WhatsApp, "whatsapp", "whatsapp", p.WhatsApp)
	add(policy.RCS, "rcs", "rcs", p.RCS)
	if p.Voice != nil {
		add(policy.Voice, "voice.low_risk", "voice", p.Voice.LowRisk)
		add(policy.Voice, "voice.high_risk_special", "voice high_risk_special", p.Voice.HighRiskSpecial)
		add(policy.Voice, "voice.high_risk_tollfraud", "voice high_risk_tollfraud", p.Voice.HighRiskTollFraud)
	}
	return lists
}

// namedWarning is a warning about a territory that a list names, and what it is about
// wherever it is stated.
type namedWarning struct {
	Remark
	about string
}

// NamedTerritories warns of territories that permission sets name, one by one, where that
// has no effect or opens what a carrier calls risky, and of "rcs none". "*" names none.
func (s *Reviewed) NamedTerritories() []Remark {
	var remarks []Remark
	for _, w := range s.named() {
		remarks = append(remarks, w.Remark)
	}
	return remarks
}

func (s *Reviewed) named() (warnings []namedWarning) {
	lists := namedLists(&s.Document)
	heirs := s.heirs()
	for i := range lists {
		l := &lists[i]
		if s.closesServices(l) {
			warnings = append(warnings, namedWarning{Remark{
				Code: RCSNone, Place: s.place(l.path),
				Text: "rcs none" + s.of(l) + " closes every plain number to messages by a messaging service, which may send them by RCS: " +
					"leave it out unless the account has an RCS sender",
			}, s.owner(l.account) + " " + string(RCSNone)})
		}
		for n, code := range l.list {
			t, ok := numbering.ParseTerritory(code)
			if !ok {
				continue // "*", a placeholder or a group
			}
			if remark, ok := s.remarkOn(l, t, heirs); ok {
				remark.Place = s.place(pathOf(l.path, n))
				remark.Text = l.words + " " + t.String() + s.of(l) + remark.Text
				warnings = append(warnings, namedWarning{remark, s.owner(l.account) + " " + l.path[len(s.root(l)):] + " " + t.String() + " " + string(remark.Code)})
			}
		}
	}
	return warnings
}

// closesServices reports whether a list is an "rcs none" that closes more than RCS: a
// message by a messaging service to a number needs RCS as well.
func (s *Reviewed) closesServices(l *namedList) bool {
	if l.channel != policy.RCS || l.sender || l.verify || !isNone(l.list) {
		return false
	}
	if l.account < 0 {
		return !isNone(s.Document.Default.Messaging)
	}
	return !isNone(s.Document.Accounts[l.account].Messaging)
}

// isNone reports whether a list is stated as "none".
func isNone(list config.Territories) bool { return list != nil && len(list) == 0 }

// root is the path of the account or default that states a list.
func (s *Reviewed) root(l *namedList) string {
	if l.account < 0 {
		return "default"
	}
	return pathOf("accounts", l.account)
}

// owner names the account that states a list, or the default.
func (s *Reviewed) owner(account int) string {
	if account < 0 {
		return "default"
	}
	return "account " + s.Document.Accounts[account].ID
}

// of says in a warning whose list it is.
func (s *Reviewed) of(l *namedList) string {
	if l.account < 0 {
		return " of the default"
	}
	if l.sender {
		return " of a sender of " + s.owner(l.account)
	}
	return " of " + s.owner(l.account)
}

// remarkOn is what there is to say of a territory that a list names.
func (s *Reviewed) remarkOn(l *namedList, t numbering.Territory, heirs map[string]int) (Remark, bool) {
	if unsupported := s.Snapshot.Unsupported(l.channel); unsupported.Has(t) {
		return Remark{Code: NotServed, Text: " has no effect: the carrier does not serve " + t.Name() + " (unsupported)"}, true
	}
	if byRequest := s.Snapshot.ByRequest(); l.channel == policy.Voice && byRequest.Has(t) && !l.sender {
		switch {
		case l.account < 0:
			return Remark{Code: NotApproved, Text: " opens it to no account: the carrier opens " + t.Name() +
				" by request, account by account; name it in an account's own set, or state that it is approved"}, true
		case heirs[l.path] > 0:
			return Remark{Code: NotApproved, Text: fmt.Sprintf(" opens it to that account alone, and not to %s that inherit the set: "+
				"the carrier opens %s by request, account by account", subaccounts(heirs[l.path]), t.Name())}, true
		}
	}
	if s.HighRisk != nil && !l.sender {
		if source, risky := s.HighRisk(l.channel, t); risky {
			return Remark{Code: RiskyTerritory, Text: " opens what the carrier calls high risk (" + source + ")"}, true
		}
	}
	return Remark{}, false
}

func subaccounts(n int) string {
	if n == 1 {
		return "1 subaccount"
	}
	return fmt.Sprintf("%d subaccounts", n)
}

// heirs are, by the path of a voice list, how many subaccounts inherit it from the account
// that states it, and have no approval of their own for any territory.
func (s *Reviewed) heirs() map[string]int {
	parents := make(map[string]int)
	for i := range s.Compiled.Definition.Accounts {
		parents[s.Compiled.Definition.Accounts[i].ID] = i
	}
	heirs := make(map[string]int)
	for i := range s.Compiled.Definition.Accounts {
		a := &s.Compiled.Definition.Accounts[i]
		parent, ok := parents[a.Parent]
		if !ok || a.Voice != nil || a.Home != 0 || len(a.Approved) > 0 {
			continue
		}
		for _, class := range config.Classes() {
			heirs[pathOf("accounts", parent)+".voice."+class]++
		}
	}
	return heirs
}
