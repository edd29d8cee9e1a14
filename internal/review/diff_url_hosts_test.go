package review_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/policy"
)

// urlHosts is a list of hosts that is often absent, and sometimes none or all.
func (g generator) urlHosts() []string {
	if g.one(2) {
		return nil
	}
	list := []string{}
	for _, host := range []string{"a.example", "*.a.example", "b.example:8443", "*"} {
		if g.one(3) {
			list = append(list, host)
		}
	}
	return list
}

var worldURLs = []string{"https://a.example/", "https://b.a.example/", "https://b.example:8443/", "https://c.example/"}

// Every account whose URLs may lead elsewhere is listed, in that direction.
func TestAChangeOfWhereURLsMayLeadIsReported(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	listed := 0
	for i := range uint64(300) {
		g := generator{rand.New(rand.NewPCG(seed, i)), t}
		before := compile(t, config.Compiled{Definition: g.definition()})
		after := compile(t, config.Compiled{Definition: g.altered(before.Compiled.Definition)})
		changes := review.Diff(before, after, night).Changes
		for _, account := range append(slices.Clone(worldAccounts), review.Unnamed) {
			if account != review.Unnamed && !names(before, account) && !names(after, account) {
				continue
			}
			for _, address := range worldURLs {
				was, is := leads(t, before, account, address), leads(t, after, account, address)
				if was == is {
					continue
				}
				direction := review.Closes
				if is {
					direction = review.Opens
				}
				if !slices.ContainsFunc(changes, func(c review.Change) bool {
					return c.What == review.URLHosts && c.Account == account && c.Direction == direction
				}) {
					t.Fatalf("seed %d, pair %d: nothing %s %s for %s\n%+v\n%+v", seed, i, direction, address, account, before.Compiled, after.Compiled)
				}
				listed++
			}
		}
	}
	if listed < 100 {
		t.Errorf("only %d changes: this tests little", listed)
	}
}

// leads reports whether an account's URL may lead to an address, whatever else there is
// against the account.
func leads(t *testing.T, p review.Side, account, address string) bool {
	d := p.Compiled.Definition
	d.Default, d.Observe = new(policy.Permissions), policy.Switch{}
	d.Accounts = slices.Clone(d.Accounts)
	for i := range d.Accounts {
		d.Accounts[i].Suspended, d.Accounts[i].Monitor = policy.Switch{}, policy.Switch{}
	}
	s := compile(t, config.Compiled{Definition: d}).Snapshot
	subject := s.SubjectOf(at(account))
	return subject.JudgeURL(address, night).Outcome == policy.Allow
}
