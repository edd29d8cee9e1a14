package tail_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/internal/tail"
)

func event(account, reason, outcome string) tail.Event {
	return tail.Event{Refusal: refusals.Refusal{Account: account, Reason: reason, Outcome: outcome}, Sends: 1}
}

func anyAccount(string) bool { return true }

func follow(t *testing.T, of *tail.Tail, f tail.Filter) *tail.Follower {
	t.Helper()
	if f.Reaches == nil {
		f.Reaches = anyAccount
	}
	follower, err := of.Follow(f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(follower.Close)
	return follower
}

func TestAFollowerIsToldOfWhatItAskedFor(t *testing.T) {
	events := []tail.Event{
		event("a", "blocked", "deny"), event("a", "limit_exceeded", "monitor"), event("a", "", "allow"), event("b", "blocked", "deny"),
	}
	for _, c := range []struct {
		says   string
		filter tail.Filter
		want   []int
	}{
		{"refusals, without what was let through", tail.Filter{}, []int{0, 1, 3}},
		{"what was let through too", tail.Filter{Sends: true}, []int{0, 1, 2, 3}},
		{"one account", tail.Filter{Account: "a", Sends: true}, []int{0, 1, 2}},
		{"one reason", tail.Filter{Reason: "blocked", Sends: true}, []int{0, 3}},
		{"the accounts that it may be told of", tail.Filter{Reaches: func(a string) bool { return a == "b" }}, []int{3}},
	} {
		var of tail.Tail
		f := follow(t, &of, c.filter)
		for _, e := range events {
			of.Tell(e)
		}
		if got := len(f.Events()); got != len(c.want) {
			t.Errorf("%s: %d events and not %d", c.says, got, len(c.want))
			continue
		}
		for _, i := range c.want {
			if got := <-f.Events(); got != events[i] {
				t.Errorf("%s: %+v and not %+v", c.says, got, events[i])
			}
		}
	}
}

func TestWhatIsTooMuchForAFollowerIsSkippedAndCounted(t *testing.T) {
	var of tail.Tail
	slow, other := follow(t, &of, tail.Filter{}), follow(t, &of, tail.Filter{Account: "b"})
	const told = 5000
	for range told {
		of.Tell(event("a", "blocked", "deny"))
	}
	of.Tell(event("b", "blocked", "deny"))
	if waiting, skipped := len(slow.Events()), slow.Skipped(); waiting == 0 || int64(waiting)+skipped != told+1 {
		t.Errorf("%d wait and %d were skipped of %d", waiting, skipped, told+1)
	}
	if len(other.Events()) != 1 || other.Skipped() != 0 || slow.Skipped() != 0 {
		t.Error("a follower has what another one skipped")
	}
}

func TestNothingIsWantedWithoutAFollower(t *testing.T) {
	var of tail.Tail
	if of.Wants(true) || of.Wants(false) {
		t.Error("without a follower something is wanted")
	}
	f := follow(t, &of, tail.Filter{})
	if of.Wants(true) || !of.Wants(false) {
		t.Error("a follower of refusals wants other than these")
	}
	all := follow(t, &of, tail.Filter{Sends: true})
	if !of.Wants(true) {
		t.Error("a follower of sends wants none")
	}
	f.Close()
	f.Close()
	all.Close()
	if of.Wants(false) {
		t.Error("those who left want something")
	}
	if allocated := testing.AllocsPerRun(1000, func() { of.Wants(false) }); allocated != 0 {
		t.Errorf("%v allocations", allocated)
	}
}

func TestFollowersAreBoundedAndEndWithTheTail(t *testing.T) {
	var of tail.Tail
	var followers []*tail.Follower
	for {
		f, err := of.Follow(tail.Filter{Reaches: anyAccount})
		if err != nil {
			if !errors.Is(err, tail.ErrMany) {
				t.Fatal(err)
			}
			break
		}
		if followers = append(followers, f); len(followers) > 1000 {
			t.Fatal("there is not a bound")
		}
	}
	followers[0].Close()
	follow(t, &of, tail.Filter{})
	of.End()
	<-followers[1].Ended()
	if _, err := of.Follow(tail.Filter{Reaches: anyAccount}); !errors.Is(err, tail.ErrEnded) {
		t.Errorf("following what has ended returns %v", err)
	}
	of.End()
	followers[1].Close()
}

func TestManyTellAndFollowAtOnce(t *testing.T) {
	var of tail.Tail
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 1000 {
				of.Tell(event("a", "blocked", "deny"))
			}
		})
		all.Go(func() {
			for range 100 {
				f, err := of.Follow(tail.Filter{Reaches: anyAccount})
				if err != nil {
					t.Error(err)
					return
				}
				f.Close()
			}
		})
	}
	all.Wait()
	if of.Wants(false) {
		t.Error("a follower is left")
	}
}

func BenchmarkWantsWithoutFollowers(b *testing.B) {
	var of tail.Tail
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if of.Wants(false) {
				b.Fail()
			}
		}
	})
}
