package geo_test

import (
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// What is listed is what denies under a policy that enables everything and states no
// list of its own, and nothing else does.
func TestTheListedRestrictionsAreThoseInForce(t *testing.T) {
	listed := make(map[policy.Channel]map[numbering.Territory]policy.Reason)
	for channel := range policy.ChannelCount {
		listed[channel] = make(map[numbering.Territory]policy.Reason)
	}
	for _, list := range geo.RestrictionLists() {
		if list.Source == "" {
			t.Errorf("%s %s has no source", list.Reason, list.Channel)
		}
		for territory := range list.Territories.All() {
			listed[list.Channel][territory] = list.Reason
		}
	}
	listed[policy.RCS] = listed[policy.Messaging]
	if len(listed[policy.Messaging]) == 0 || len(listed[policy.Voice]) == 0 {
		t.Fatalf("nothing is listed: %v", listed)
	}
	everywhere := policy.Grant{Set: policy.SetOf()}
	for territory := range numbering.AllTerritories() {
		everywhere.Set.Add(territory)
	}
	snapshot, err := policy.New(policy.Definition{
		Restrictions: geo.Restrictions(),
		Default: &policy.Permissions{
			Messaging: &everywhere,
			Voice:     &[policy.ClassCount]policy.Grant{everywhere, everywhere, everywhere},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	subject := snapshot.SubjectOf(policy.CarrierAccount{Carrier: "twilio", ID: "x"})
	for territory := range numbering.AllTerritories() {
		for channel := range policy.ChannelCount {
			assignment := numbering.Assignment{Territories: []numbering.Territory{territory}, Listed: true}
			v := subject.Judge(&policy.Send{Channel: channel, Destination: address.Reading{
				Meaning: address.Numbers, Numbers: address.ListOf(address.Number{Digits: codeOf(territory) + "5550100", Assignment: assignment}),
			}}, time.Now())
			want := listed[channel][territory]
			if denied := v.Outcome == policy.Deny; denied != (want != "") || denied && v.Reason != want {
				t.Errorf("%s to %s: %s %s, listed is %q", channel, territory, v.Outcome, v.Reason, want)
			}
		}
	}
}

// codeOf is a calling code of a territory, or nothing if it has none.
func codeOf(t numbering.Territory) string {
	for _, code := range t.CallingCodes() {
		return code
	}
	return ""
}
