package policy_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

// atTwilio is an account that states nothing, with an id at Twilio.
func atTwilio(name string, n int) policy.Account {
	return policy.Account{ID: name, At: []policy.CarrierAccount{{Carrier: "twilio", ID: accountID(n)}}}
}

// suspends reports whether a snapshot suspends the account with an id at Twilio.
func suspends(s *policy.Snapshot, n int) bool {
	subject := s.SubjectOf(policy.CarrierAccount{Carrier: "twilio", ID: accountID(n)})
	return subject.JudgeStored(noon).Reason == policy.AccountSuspended
}

func TestASuspensionIsAttachedToAnAccount(t *testing.T) {
	child := atTwilio("child", 2)
	child.Parent = "acme"
	suspended := atTwilio("acme", 1)
	suspended.Suspended.On = true
	on := policy.Attachment{Account: "acme", Suspended: policy.Switch{On: true, Reason: "fraud"}}
	ended := policy.Attachment{Account: "acme", Suspended: policy.Switch{On: true, Until: noon}}
	off := policy.Attachment{Account: "acme"}
	for says, c := range map[string]struct {
		updates []policy.Update
		want    bool
	}{
		"by default nothing is":                            {nil, false},
		"whatever states the account":                      {[]policy.Update{{Attached: []policy.Attachment{on}}}, true},
		"until its end":                                    {[]policy.Update{{Attached: []policy.Attachment{ended}}}, false},
		"until it is replaced by none":                     {[]policy.Update{{Attached: []policy.Attachment{on}}, {Attached: []policy.Attachment{off}}}, false},
		"and remains when the account is replaced":         {[]policy.Update{{Attached: []policy.Attachment{on}}, {Accounts: []policy.Account{atTwilio("acme", 1)}}}, true},
		"unless the replacement has another":               {[]policy.Update{{Attached: []policy.Attachment{on}}, {Accounts: []policy.Account{atTwilio("acme", 1)}, Attached: []policy.Attachment{off}}}, false},
		"and remains when the account is added again":      {[]policy.Update{{Attached: []policy.Attachment{on}}, {Removed: []string{"acme", "child"}}, {Accounts: []policy.Account{atTwilio("acme", 1), child}}}, true},
		"beside its own that holds though the other ended": {[]policy.Update{{Accounts: []policy.Account{suspended}, Attached: []policy.Attachment{ended}}}, true},
		"beside its own that holds without the other":      {[]policy.Update{{Accounts: []policy.Account{suspended}, Attached: []policy.Attachment{off}}}, true},
	} {
		s, err := policy.New(policy.Definition{Accounts: []policy.Account{child, atTwilio("acme", 1), atTwilio("other", 3)}})
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range c.updates {
			if s, err = s.With(u); err != nil {
				t.Fatalf("%s: %v", says, err)
			}
		}
		for name, s := range map[string]*policy.Snapshot{"the overlay": s, "the folded": s.Folded()} {
			if suspends(s, 1) != c.want || suspends(s, 2) != c.want || suspends(s, 3) {
				t.Errorf("%s: by %s acme is suspended: %t, its child: %t, another: %t; want %t and no other",
					says, name, suspends(s, 1), suspends(s, 2), suspends(s, 3), c.want)
			}
		}
	}
}

func TestManyChangesAreFolded(t *testing.T) {
	s, err := policy.New(policy.Definition{Accounts: []policy.Account{atTwilio("acme", 0)}})
	if err != nil {
		t.Fatal(err)
	}
	const most = 1024
	for n := 1; n <= most+1; n++ {
		if s, err = s.With(policy.Update{Accounts: []policy.Account{atTwilio(fmt.Sprintf("customer-%d", n), n)}}); err != nil {
			t.Fatal(err)
		}
		if want := n % (most + 1); s.Changed() != want {
			t.Fatalf("after %d changes %d accounts are in the overlay, want %d", n, s.Changed(), want)
		}
	}
	for n := 1; n <= most+1; n++ {
		if id, ok := s.IDOf(policy.CarrierAccount{Carrier: "twilio", ID: accountID(n)}); !ok || id != fmt.Sprintf("customer-%d", n) {
			t.Fatalf("%s is the id of %q, want customer-%d", accountID(n), id, n)
		}
	}
}

// Updates of one snapshot share memory, which the race detector watches.
func TestASnapshotIsUpdatedByManyAtOnce(t *testing.T) {
	s, err := policy.New(policy.Definition{Accounts: []policy.Account{atTwilio("acme", 0)}})
	if err != nil {
		t.Fatal(err)
	}
	if s, err = s.With(policy.Update{Accounts: []policy.Account{atTwilio("first", 1)}}); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for n := 2; n < 50; n++ {
		group.Go(func() {
			added := atTwilio(fmt.Sprintf("customer-%d", n), n)
			added.Label = "Customer"
			next, err := s.With(policy.Update{Accounts: []policy.Account{added}})
			if err != nil {
				t.Error(err)
				return
			}
			if got := next.Label(added.ID); got != "Customer" || s.Changed() != 1 || next.Changed() != 2 {
				t.Errorf("label %q, and %d changes after %d", got, next.Changed(), s.Changed())
			}
		})
	}
	group.Wait()
}

func TestASeriesOfLargeUpdatesIsFoldedSeldom(t *testing.T) {
	const size, updates = 2048, 32
	s, err := policy.New(policy.Definition{})
	if err != nil {
		t.Fatal(err)
	}
	folded := 0
	for n := range updates {
		u := policy.Update{}
		for i := range size {
			u.Accounts = append(u.Accounts, atTwilio(fmt.Sprintf("customer-%d", n*size+i), n*size+i))
		}
		if s, err = s.With(u); err != nil {
			t.Fatal(err)
		}
		if s.Changed() == 0 {
			folded++
		}
	}
	if folded > updates/2 {
		t.Errorf("%d of %d updates were folded", folded, updates)
	}
	if s = s.Folded(); s.Changed() != 0 {
		t.Errorf("after folding, the overlay has %d accounts", s.Changed())
	}
}
