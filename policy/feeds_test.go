package policy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// listed are feeds that block or raise the numbers with one prefix.
type listed struct{ blocks, raises string }

func (l listed) Blocks(digits string, channel policy.Channel) int {
	if l.blocks != "" && channel == policy.Voice && strings.HasPrefix(digits, l.blocks) {
		return len(l.blocks)
	}
	return 0
}

func (l listed) BlockedBy(string, policy.Channel) string {
	return "feed iprn since 2026-11-30T10:00:00Z"
}

func (l listed) RaisedBy(digits string, class policy.Class) string {
	if l.raises != "" && class == policy.HighRiskTollFraud && strings.HasPrefix(digits, l.raises) {
		return "feed calls since 2026-11-30T10:00:00Z"
	}
	return ""
}

func TestAFeedBlocksLikeTheOperator(t *testing.T) {
	us := policy.SetOf(territory("US"))
	grant := policy.Grant{Set: us, Outright: us}
	voice := [policy.ClassCount]policy.Grant{policy.LowRisk: grant}
	define := func(rules ...policy.Rule) policy.Definition {
		return policy.Definition{
			Accounts: []policy.Account{{ID: company, At: []policy.CarrierAccount{{Carrier: "twilio", ID: company}}, Permissions: policy.Permissions{Messaging: &grant, Voice: &voice}}},
			Rules:    rules,
		}
	}
	allow := func(prefix string) policy.Rule { return policy.Rule{Prefix: prefix, Reason: "customer"} }
	ofAccount := define()
	ofAccount.Accounts[0].Rules = []policy.Rule{allow("12015550123")}
	monitored := define()
	monitored.Accounts[0].Monitor = policy.Switch{On: true}
	feed := listed{blocks: "1201555"}
	for _, c := range []struct {
		name       string
		definition policy.Definition
		feeds      policy.Feeds
		channel    policy.Channel
		kind       numbering.Kind
		outcome    policy.Outcome
		reason     policy.Reason
		rule       string
	}{
		{"no feeds", define(), nil, policy.Voice, numbering.FixedLine, policy.Allow, policy.Enabled, "account " + company + " voice"},
		{"a number that no feed has", define(), listed{blocks: "1202"}, policy.Voice, numbering.FixedLine, policy.Allow, policy.Enabled, "account " + company + " voice"},
		{"a number of a feed", define(), feed, policy.Voice, numbering.FixedLine, policy.Deny, policy.PrefixBlocked, "feed iprn since 2026-11-30T10:00:00Z"},
		{"a number of a feed, on a channel that it does not block", define(), feed, policy.Messaging, numbering.FixedLine, policy.Allow, policy.Enabled, "account " + company + " messaging"},
		{"an account that is monitored", monitored, feed, policy.Voice, numbering.FixedLine, policy.Deny, policy.PrefixBlocked, "feed iprn since 2026-11-30T10:00:00Z"},
		{"an allow rule of the operator that is longer", define(allow("12015550123")), feed, policy.Voice, numbering.FixedLine, policy.Allow, policy.AllowRule, "operator allow +12015550123"},
		{"an allow rule of the operator that is as long", define(allow("1201555")), feed, policy.Voice, numbering.FixedLine, policy.Allow, policy.AllowRule, "operator allow +1201555"},
		{"an allow rule of the operator that is shorter", define(allow("120155")), feed, policy.Voice, numbering.FixedLine, policy.Deny, policy.PrefixBlocked, "feed iprn since 2026-11-30T10:00:00Z"},
		{"an allow rule of the account", ofAccount, feed, policy.Voice, numbering.FixedLine, policy.Deny, policy.PrefixBlocked, "feed iprn since 2026-11-30T10:00:00Z"},
		{"a number that a feed raised", define(), listed{raises: "1201"}, policy.Voice, numbering.RevenueShare, policy.Deny, policy.ClassNotEnabled, "account " + company + " voice, feed calls since 2026-11-30T10:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			snapshot, err := policy.New(c.definition)
			if err != nil {
				t.Fatal(err)
			}
			if c.feeds != nil {
				snapshot = snapshot.WithFeeds(c.feeds)
			}
			subject := snapshot.SubjectOf(policy.CarrierAccount{Carrier: "twilio", ID: company})
			send := policy.Send{Channel: c.channel, Destination: address.Reading{Meaning: address.Numbers, Numbers: address.ListOf(address.Number{
				Digits:     "12015550123",
				Assignment: numbering.Assignment{Territories: []numbering.Territory{territory("US")}, Kinds: numbering.Kinds(c.kind), Listed: true},
			})}}
			now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
			v := subject.Judge(&send, now)
			if v.Outcome != c.outcome || v.Reason != c.reason || v.Rule != c.rule {
				t.Errorf("it is %s %s by %q", v.Outcome, v.Reason, v.Rule)
			}
			explained, steps := subject.Explain(&send, now)
			if explained != v {
				t.Errorf("explained, it is %+v", explained)
			}
			for _, step := range steps {
				if step.Decides && step.Outcome == policy.Denies && v.Outcome != policy.Deny {
					t.Errorf("the step that decides is %+v", step)
				}
			}
		})
	}
}
