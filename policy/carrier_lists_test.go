package policy_test

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// What is listed as built in is what denies under a policy that enables
// everything and states no list of its own, and nothing else does.
func TestBuiltinRestrictionsAreThoseInForce(t *testing.T) {
	listed := make(map[policy.Channel]map[numbering.Territory]policy.Reason)
	for channel := range policy.ChannelCount {
		listed[channel] = make(map[numbering.Territory]policy.Reason)
	}
	for _, list := range policy.BuiltinRestrictions() {
		if list.Source == "" {
			t.Errorf("%s %s has no source", list.Reason, list.Channel)
		}
		for territory := range list.Territories.All() {
			listed[list.Channel][territory] = list.Reason
		}
	}
	if len(listed[policy.Messaging]) == 0 || len(listed[policy.Voice]) == 0 {
		t.Fatalf("nothing is listed: %v", listed)
	}
	all := places("*")
	everything := book{def: &all}
	for territory := range numbering.AllTerritories() {
		somewhere := number{digits: "5550100", territories: []string{territory.String()}}
		for channel, in := range map[policy.Channel]intent{policy.Messaging: sms(somewhere), policy.Voice: call(somewhere)} {
			v := judge(t, everything, in)
			want := listed[channel][territory]
			if denied := v.Outcome == policy.Deny; denied != (want != "") || denied && v.Reason != want {
				t.Errorf("%s to %s: %s %s, listed is %q", channel, territory, v.Outcome, v.Reason, want)
			}
		}
	}
}
