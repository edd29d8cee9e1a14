package policy_test

import (
	"slices"
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

func TestWhatBeginsOrEndsIsListed(t *testing.T) {
	voice, later := policy.Voice, noon.AddDate(0, 1, 0)
	ends := policy.Switch{On: true, Reason: "first week", Until: later}
	s, err := policy.New(policy.Definition{
		Observe: ends,
		Rules:   []policy.Rule{{Block: true, Prefix: "1", Reason: "for good"}, {Prefix: "49", Reason: "fair", From: noon, Until: later}},
		Accounts: []policy.Account{{ID: "acme", Suspended: policy.Switch{On: true}, Monitor: ends, Rules: []policy.Rule{
			{Block: true, Prefix: "998", Channel: &voice, Reason: "pumping", Until: later}},
			Openings: []policy.Opening{{Prefix: "62811", Reason: "launch", From: noon, Until: later}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []policy.Timed{
		{Kind: "observe", Words: "operator observe", Reason: "first week", Until: later},
		{Kind: "allow", Words: "operator allow +49", Reason: "fair", From: noon, Until: later},
		{Account: "acme", Kind: "monitor", Words: "account acme monitor", Reason: "first week", Until: later},
		{Account: "acme", Kind: "block", Words: "account acme block +998 voice", Reason: "pumping", Until: later},
		{Account: "acme", Kind: "opening", Words: "account acme opening +62811", Reason: "launch", From: noon, Until: later},
	}
	if got := s.Timed(); !slices.Equal(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}
