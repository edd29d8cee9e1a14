package review_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// TestATerritoryIsReportedExactlyIfTheVerdictOnItChanges holds Diff against
// asking every question that there is.
func TestATerritoryIsReportedExactlyIfTheVerdictOnItChanges(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	moved := 0
	for i := range uint64(80) {
		g := generator{rand.New(rand.NewPCG(seed, i)), t}
		before := compile(t, config.Compiled{Definition: g.definition()})
		after := compile(t, config.Compiled{Definition: g.named(g.altered(before.Compiled.Definition))})

		got := make(map[string]bool)
		for _, c := range review.Diff(before, after, night).Changes {
			if c.What != review.Territories {
				continue
			}
			for _, code := range c.Territories {
				key := fmt.Sprint(c.Direction, " ", c.Account, c.Sender, " ", c.Channel, " ", c.Class, " ", code)
				if got[key] {
					t.Errorf("seed %d, pair %d: %s is reported twice", seed, i, key)
				}
				got[key] = true
			}
		}
		want := everyMove(before, after)
		followBase(want, got)
		moved += len(want)
		for key := range want {
			if !got[key] {
				t.Fatalf("seed %d, pair %d: %s is not reported\n%+v\n%+v", seed, i, key, before.Compiled, after.Compiled)
			}
			delete(got, key)
		}
		for key := range got {
			t.Fatalf("seed %d, pair %d: %s is reported\n%+v\n%+v", seed, i, key, before.Compiled, after.Compiled)
		}
		for _, p := range []review.Side{before, after} {
			if d := review.Diff(p, p, night); len(d.Changes) > 0 {
				t.Fatalf("seed %d, pair %d: a policy differs from itself: %+v", seed, i, d.Changes)
			}
		}
	}
	if moved < 1000 {
		t.Errorf("only %d territories moved: this tests little", moved)
	}
}

// followBase leaves out of the moves by an app those that the difference lists by messaging
// alone: it may list none by the app where all are the same.
func followBase(moves, got map[string]bool) {
	byMessaging := func(keys map[string]bool, channel policy.Channel) map[string][]string {
		groups := make(map[string][]string)
		for key := range keys {
			words := strings.Split(key, " ")
			if i := slices.Index(words, channel.String()); i >= 0 {
				words[i] = policy.Messaging.String()
				group := strings.Join(words[1:i+1], " ")
				groups[group] = append(groups[group], strings.Join(words, " "))
			}
		}
		return groups
	}
	for _, channel := range []policy.Channel{policy.WhatsApp, policy.RCS} {
		listed, base := byMessaging(got, channel), byMessaging(moves, policy.Messaging)
		for group, keys := range byMessaging(moves, channel) {
			slices.Sort(keys)
			if len(listed[group]) > 0 || !slices.Equal(keys, slices.Sorted(slices.Values(base[group]))) {
				continue
			}
			for _, key := range keys {
				delete(moves, strings.Replace(key, " "+policy.Messaging.String()+" ", " "+channel.String()+" ", 1))
			}
		}
	}
}

// everyMove asks for the verdict on every territory, for every account that either policy
// names and for one that neither names.
func everyMove(before, after review.Side) map[string]bool {
	moves := make(map[string]bool)
	for _, account := range append(slices.Clone(worldAccounts), review.Unnamed) {
		if account != review.Unnamed && !names(before, account) && !names(after, account) {
			continue
		}
		for channel := range policy.ChannelCount {
			send := policy.Send{Channel: channel}
			everyMoveOf(account, &send, before, after, moves)
			for _, sender := range worldSenders {
				if matters(before, after, account, sender, channel) {
					send.Senders = []string{sender}
					everyMoveOf(account, &send, before, after, moves)
				}
			}
			if verifies(before, account, channel) || verifies(after, account, channel) {
				send.Senders, send.Verification = nil, true
				everyMoveOf(account, &send, before, after, moves)
			}
		}
	}
	return moves
}

// everyMoveOf asks about one account, sender and channel.
func everyMoveOf(account string, send *policy.Send, before, after review.Side, moves map[string]bool) {
	subjectBefore, subjectAfter := before.Snapshot.SubjectOf(at(account)), after.Snapshot.SubjectOf(at(account))
	where := send.Channel.String()
	if send.Verification {
		where = "verify " + where
	}
	for class := range policy.ClassCount {
		className := class.String()
		if send.Channel != policy.Voice {
			if className = ""; class != policy.LowRisk {
				continue
			}
		}
		for territory := range numbering.AllTerritories() {
			was := subjectBefore.JudgeTerritory(*send, class, territory, night).Outcome == policy.Allow
			is := subjectAfter.JudgeTerritory(*send, class, territory, night).Outcome == policy.Allow
			direction := review.Opens
			if was {
				direction = review.Closes
			}
			if was != is {
				moves[fmt.Sprint(direction, " ", account, strings.Join(send.Senders, ""), " ", where, " ", className, " ", territory)] = true
			}
		}
	}
}

func names(p review.Side, account string) bool {
	return slices.ContainsFunc(p.Compiled.Definition.Accounts, func(a policy.Account) bool { return isOf(&a, account) })
}

// isOf reports whether an account is called so, or has that id.
func isOf(a *policy.Account, account string) bool {
	return a.ID == account || slices.Contains(a.At, at(account))
}

// matters reports whether a sender may reach less than its account, by either policy: it
// has a set of its own, or is a service that is denied for having none for the channel.
func matters(before, after review.Side, account, sender string, channel policy.Channel) bool {
	named, matters := false, false
	for _, p := range []review.Side{before, after} {
		line := lineOf(p, account)
		for _, a := range line {
			named = named || slices.ContainsFunc(a.Senders, func(s policy.Sender) bool { return s.ID == sender })
		}
		matters = matters || narrows(line, sender, channel) || isService(sender) && deniesUnscoped(p, line)
	}
	return named && matters
}

// lineOf is an account and its parent, if they are named.
func lineOf(p review.Side, account string) (line []policy.Account) {
	for _, a := range p.Compiled.Definition.Accounts {
		if isOf(&a, account) {
			return append([]policy.Account{a}, lineOf(p, a.Parent)...)
		}
	}
	return nil
}

// narrows reports whether a sender has a set of its own, by the first account of a line
// that names it.
func narrows(line []policy.Account, sender string, channel policy.Channel) bool {
	for _, a := range line {
		for _, s := range a.Senders {
			if s.ID == sender {
				return statesFor(s.Permissions, channel)
			}
		}
	}
	return false
}

func isService(sender string) bool { return strings.HasPrefix(sender, "MG") }

func deniesUnscoped(p review.Side, line []policy.Account) bool {
	for _, a := range line {
		if a.UnscopedService != policy.Unstated {
			return a.UnscopedService == policy.Denied
		}
	}
	return p.Compiled.Definition.UnscopedService == policy.Denied
}

// verifies reports whether a set for verifications is in force.
func verifies(p review.Side, account string, channel policy.Channel) bool {
	return statesFor(p.Compiled.Definition.Verify, channel) ||
		slices.ContainsFunc(lineOf(p, account), func(a policy.Account) bool { return statesFor(a.Verify, channel) })
}

// statesFor reports whether a set is stated for a channel or its base.
func statesFor(p policy.Permissions, channel policy.Channel) bool {
	return states(p, channel) || states(p, channel.Base())
}

func states(p policy.Permissions, channel policy.Channel) bool {
	switch channel {
	case policy.Voice:
		return p.Voice != nil
	case policy.WhatsApp:
		return p.WhatsApp != nil
	case policy.RCS:
		return p.RCS != nil
	}
	return p.Messaging != nil
}

var (
	worldAccounts    = []string{acme, brazil, trial, other}
	worldSenders     = []string{"acme", "+14155550100", "MG33333333333333333333333333333333"}
	worldTerritories = "US CA GB DE SG TW SO IR CU +881"
)

// generator makes small policies in which statements often meet.
type generator struct {
	*rand.Rand
	t *testing.T
}

func (g generator) one(n int) bool { return g.IntN(n) == 0 }

func (g generator) set() policy.Set {
	var set policy.Set
	for _, territory := range territories(g.t, worldTerritories) {
		if g.one(3) {
			set.Add(territory)
		}
	}
	return set
}

func (g generator) grant() policy.Grant {
	grant := policy.Grant{Set: g.set()}
	if g.one(2) {
		grant.Outright = grant.Set
	}
	return grant
}

func (g generator) permissions() (p policy.Permissions) {
	if g.one(2) {
		grant := g.grant()
		p.Messaging = &grant
	}
	if g.one(2) {
		p.Voice = &[policy.ClassCount]policy.Grant{g.grant(), g.grant(), g.grant()}
	}
	if g.one(4) {
		grant := g.grant()
		p.WhatsApp = &grant
	}
	if g.one(4) {
		grant := g.grant()
		p.RCS = &grant
	}
	return p
}

func (g generator) verify() policy.Permissions {
	if g.one(3) {
		return g.permissions()
	}
	return policy.Permissions{}
}

// turned is a switch that is on once in n times, some of them until a time that is past.
func (g generator) turned(n int) policy.Switch {
	s := policy.Switch{On: g.one(n)}
	if s.On && g.one(3) {
		s.Until = night.Add(time.Duration(g.IntN(3)-1) * time.Hour)
	}
	return s
}

func (g generator) choices() policy.Choices {
	choose := func() policy.Choice { return policy.Choice(g.IntN(3)) }
	unallocated := func() policy.Choice { return policy.Choice(g.IntN(4)) }
	return policy.Choices{Stored: choose(), UnscopedService: choose(), MessagingSpecial: choose(),
		Unallocated: [policy.ChannelCount]policy.Choice{unallocated(), unallocated()}}
}

// named gives some accounts names of their own.
func (g generator) named(d policy.Definition) policy.Definition {
	d.Accounts = slices.Clone(d.Accounts)
	for i := range d.Accounts {
		a := &d.Accounts[i]
		if name := "a" + a.ID[2:4]; g.one(2) {
			for k := range d.Accounts {
				if d.Accounts[k].Parent == a.ID {
					d.Accounts[k].Parent = name
				}
			}
			a.ID, a.At = name, []policy.CarrierAccount{at(a.ID)}
		}
	}
	return d
}

func (g generator) account(id string) policy.Account {
	a := policy.Account{ID: id, Permissions: g.permissions(), Suspended: g.turned(10), Monitor: g.turned(5), Trial: g.one(6)}
	a.Verify, a.Choices = g.verify(), g.choices()
	if g.one(2) {
		a.Controls = policy.Controls[:g.IntN(3)]
	}
	if a.Trial || g.one(6) {
		a.Home = territories(g.t, worldTerritories)[g.IntN(10)]
	}
	if id != acme && g.one(2) {
		a.Parent = acme
	}
	if g.one(3) {
		a.Approved = []policy.Approval{{Territory: territories(g.t, "SG")[0]}}
	}
	for _, sender := range worldSenders {
		if g.one(3) {
			a.Senders = append(a.Senders, policy.Sender{ID: sender, Permissions: g.permissions()})
		}
	}
	a.URLHosts = g.urlHosts()
	if g.one(3) {
		a.Rules = []policy.Rule{{Block: g.one(2), Prefix: "1", Reason: "because"}}
	}
	return a
}

func (g generator) definition() policy.Definition {
	d := policy.Definition{IsService: isService, Restrictions: geo.Restrictions(), Observe: g.turned(10), Verify: g.verify(), Choices: g.choices(), URLHosts: g.urlHosts()}
	if g.one(2) {
		p := g.permissions()
		d.Default = &p
	}
	if g.one(4) {
		set := g.set()
		d.Unsupported[g.IntN(int(policy.ChannelCount))] = &set
	}
	if g.one(4) {
		set := g.set()
		d.ByRequest = &set
	}
	for _, id := range worldAccounts {
		if id == acme || !g.one(4) {
			d.Accounts = append(d.Accounts, g.account(id))
		}
	}
	return d
}

// altered is another policy that has much in common with the one given.
func (g generator) altered(d policy.Definition) policy.Definition {
	other := g.definition()
	if g.one(2) {
		other.Default = d.Default
	}
	if g.one(2) {
		other.Unsupported, other.ByRequest = d.Unsupported, d.ByRequest
	}
	for i := range other.Accounts {
		for k := range d.Accounts {
			if d.Accounts[k].ID == other.Accounts[i].ID && g.one(2) {
				other.Accounts[i] = d.Accounts[k]
			}
		}
	}
	return other
}
