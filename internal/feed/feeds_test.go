package feed

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// rulesOf are rules by which messages to satellites are allowed.
func rulesOf(t *testing.T) *gate.Rules {
	t.Helper()
	satellites, _ := numbering.ParseTerritory("+882")
	snapshot, err := policy.New(policy.Definition{Default: &policy.Permissions{Messaging: &policy.Grant{Set: policy.SetOf(satellites)}}})
	if err != nil {
		t.Fatal(err)
	}
	return &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
}

// Two feeds always have the same list, one that blocks and one that raises. A request that holds
// rules sees no half of an update.
func TestWhoJudgesSeesOneSetOfListsDuringAThousandUpdates(t *testing.T) {
	var round atomic.Int64
	client := &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		list := "8821300\n"
		if round.Load()%2 == 1 {
			list += "8821301\n"
		}
		return &http.Response{StatusCode: 200, ContentLength: int64(len(list)), Body: io.NopCloser(strings.NewReader(list))}, nil
	})}
	blocks, raises := newFeed(t, "https://feeds.example/a", client), newFeed(t, "https://feeds.example/b", client)
	blocks.MaxChange, raises.MaxChange = 100, 100
	raises.Name, raises.Use = "calls", Use{Class: policy.HighRiskTollFraud}
	feeds := New([]*Feed{blocks, raises})
	feeds.Update(t.Context())
	rules := rulesOf(t)

	var done atomic.Bool
	var judging sync.WaitGroup
	judging.Go(func() {
		for !done.Load() {
			in := feeds.Rules(rules)
			subject := in.Snapshot.SubjectOf(policy.CarrierAccount{})
			for digits, always := range map[string]bool{"882130012345": true, "882130112345": false} {
				number := address.Number{Digits: digits, Assignment: in.Plan.Lookup(digits)}
				v := subject.Judge(&policy.Send{Destination: address.Reading{Meaning: address.Numbers, Numbers: address.ListOf(number)}}, time.Now())
				blocked, raised := v.Reason == policy.PrefixBlocked, number.Assignment.Kinds.Has(numbering.RevenueShare)
				if blocked != raised || always && !blocked || !blocked && v.Outcome == policy.Deny {
					t.Errorf("+%s is blocked %v and raised %v within one set: %+v", digits, blocked, raised, v)
				}
			}
		}
	})
	for range 1000 {
		round.Add(1)
		for _, f := range feeds.All() {
			if changed, err := f.Update(t.Context()); !changed || err != nil {
				t.Error("an update:", changed, err)
			}
		}
		feeds.merge()
	}
	done.Store(true)
	judging.Wait()
}

// Who may call as one class what the plan knows as another is not let through by a feed.
func TestAFeedThatRaisesOnlyAddsDenialsAndIsNamedWhereItIsBehindOne(t *testing.T) {
	us, _ := numbering.ParseTerritory("US")
	plan := numbering.Extend(numbering.Default(), []numbering.Range{{Prefix: "1201557", Territory: us, Kinds: numbering.Kinds(numbering.RevenueShare)}}, nil)
	const since = " since 2026-11-30T10:00:00Z"
	for _, c := range []struct {
		name    string
		permits []policy.Class
		raises  policy.Class
		digits  string
		outcome policy.Outcome
		class   policy.Class
		named   string
	}{
		{"low risk alone", []policy.Class{policy.LowRisk}, policy.HighRiskSpecial, "12015550123", policy.Deny, policy.HighRiskSpecial, ", feed special" + since + ", feed calls" + since},
		{"the class of the feed alone", []policy.Class{policy.HighRiskSpecial}, policy.HighRiskSpecial, "12015550123", policy.Deny, policy.LowRisk, ""},
		{"low risk and the class of the feed", []policy.Class{policy.LowRisk, policy.HighRiskSpecial}, policy.HighRiskSpecial, "12015550123", policy.Allow, policy.HighRiskSpecial, ""},
		{"a number that no feed has", []policy.Class{policy.HighRiskSpecial}, policy.HighRiskSpecial, "12015540123", policy.Deny, policy.LowRisk, ""},
		{"a number of a range of the policy that is as long", []policy.Class{policy.LowRisk}, policy.HighRiskTollFraud, "12015570123", policy.Deny, policy.HighRiskTollFraud, ""},
		{"a number of two feeds, denied for the riskier one", []policy.Class{policy.LowRisk, policy.HighRiskSpecial}, policy.HighRiskTollFraud, "12015550123", policy.Deny, policy.HighRiskTollFraud, ", feed calls" + since},
	} {
		t.Run(c.name, func(t *testing.T) {
			var voice [policy.ClassCount]policy.Grant
			for _, class := range c.permits {
				voice[class].Set = policy.SetOf(us)
			}
			snapshot, err := policy.New(policy.Definition{Default: &policy.Permissions{Voice: &voice}})
			if err != nil {
				t.Fatal(err)
			}
			rules := NewSet([]Member{
				{"calls", Use{Class: c.raises}, listOf("1201555", "1201557")},
				{"special", Use{Class: policy.HighRiskSpecial}, listOf("12015550")},
			}).with(&gate.Rules{Snapshot: snapshot, Plan: plan})
			number := address.Number{Digits: c.digits, Assignment: rules.Plan.Lookup(c.digits)}
			subject := rules.Snapshot.SubjectOf(policy.CarrierAccount{})
			v := subject.Judge(&policy.Send{Channel: policy.Voice, Destination: address.Reading{Meaning: address.Numbers, Numbers: address.ListOf(number)}}, time.Now())
			if v.Outcome != c.outcome || v.Class != c.class || strings.TrimPrefix(v.Rule, "default voice") != c.named {
				t.Errorf("it is %s %s for %s by %q", v.Outcome, v.Reason, v.Class, v.Rule)
			}
		})
	}
}

func TestRulesAreMadeAgainOnlyForAnotherListOrPolicy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(file, []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	feed := newFeed(t, file, nil)
	feeds, rules := New([]*Feed{feed}), rulesOf(t)
	empty := feeds.Rules(rules)
	feeds.Update(t.Context())
	loaded := feeds.Rules(rules)
	if loaded == empty || loaded.Snapshot == rules.Snapshot || loaded.Plan != rules.Plan {
		t.Error("another list makes no other rules, or another plan")
	}
	feeds.Update(t.Context())
	if n := testing.AllocsPerRun(10, func() { feeds.Rules(rules) }); n != 0 || feeds.Rules(rules) != loaded {
		t.Errorf("the same list makes other rules, with %v allocations", n)
	}
	if other := feeds.Rules(rulesOf(t)); other == loaded {
		t.Error("another policy makes no other rules")
	}
	if with := feeds.With(rules); with.Snapshot == rules.Snapshot {
		t.Error("other rules are without the lists")
	}
	var none *Feeds
	if none.Rules(rules) != rules || none.With(rules) != rules || none.Set().Len() != 0 || none.Named("iprn") != nil {
		t.Error("without feeds, rules are others")
	}
}

func TestAnotherConfigurationTakesOverTheListOfTheSameSource(t *testing.T) {
	s := newServer(t, text(good))
	before := newFeed(t, s.URL, s.client())
	if _, err := before.Update(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*Feed)
		want   bool
	}{
		"the same":         {func(*Feed) {}, true},
		"with another use": {func(f *Feed) { f.Use = Use{Class: policy.HighRiskTollFraud} }, true},
		"of another place": {func(f *Feed) { f.Source.Address += "/other" }, false},
		"with a key":       {func(f *Feed) { f.Key = "RW" }, false},
	} {
		after := newFeed(t, s.URL, s.client())
		c.change(after)
		if after.Inherit(before) != c.want || (after.List().Len() == 4) != c.want || (after.due() > 50*time.Minute) != c.want {
			t.Errorf("%s: it has %d prefixes and is asked in %s", name, after.List().Len(), after.due())
		}
	}
	if newFeed(t, s.URL, nil).Inherit(nil) || newFeed(t, s.URL, nil).Inherit(newFeed(t, s.URL, nil)) {
		t.Error("a feed without a list is taken over")
	}
}

func TestTheStatusSaysWhatAFeedIsFor(t *testing.T) {
	f := newFeed(t, "https://feeds.example/list", nil)
	voice := policy.Voice
	f.Use.Channel = &voice
	if got := fmt.Sprintf("%+v", f.Status()); got != "{Name:iprn Source:https://feeds.example/list Use:block Channel:voice State:waiting Prefixes:0 Since:0001-01-01 00:00:00 +0000 UTC Confirmed:0001-01-01 00:00:00 +0000 UTC Age:0s Old:false Asked:0001-01-01 00:00:00 +0000 UTC Next:0001-01-01 00:00:00 +0000 UTC Failure:its source was not asked yet MaxChange:50 Signed:false SignedAt:0001-01-01 00:00:00 +0000 UTC}" {
		t.Error(got)
	}
}
