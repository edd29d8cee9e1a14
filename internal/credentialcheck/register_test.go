package credentialcheck

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/harness"
)

var home = netip.MustParseAddr("192.0.2.1")

func testOptions() Options {
	return Options{
		Good: DefaultGood, Bad: DefaultBad, Timeout: DefaultTimeout,
		PerClient: Rate{1000, time.Minute}, Overall: Rate{1000, time.Minute}, Now: time.Now,
	}
}

// world is a carrier that knows some credentials and takes a second to say so.
type world struct {
	known map[string]carrier.Standing
	asked atomic.Int32
}

var itsAnswer = &carrier.Answer{Status: 401}

func (w *world) question(credential string) Question {
	return Question{
		Key: KeyOf(credential, "api", "api.twilio.com:443", "AC1"), Product: "api", Client: home,
		Check: func(ctx context.Context) (carrier.Standing, *carrier.Answer) {
			w.asked.Add(1)
			select {
			case <-time.After(time.Second):
				return w.known[credential], itsAnswer
			case <-ctx.Done():
				return carrier.Untold, nil
			}
		},
	}
}

// The clock of a synctest bubble is injected into all of it: it moves when
// everybody waits.
func bubble(t *testing.T, options Options, test func(t *testing.T, r *Register, w *world)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		test(t, New(ctx, options), &world{known: map[string]carrier.Standing{"good": carrier.Accepted, "bad": carrier.Rejected}})
	})
}

func TestAnAnswerCountsForItsTimeAndNoLonger(t *testing.T) {
	for _, test := range []struct {
		credential string
		standing   carrier.Standing
		counts     time.Duration
	}{
		{"good", carrier.Accepted, DefaultGood},
		{"bad", carrier.Rejected, DefaultBad},
		{"whose check tells nothing", carrier.Untold, 0},
	} {
		t.Run(test.credential, func(t *testing.T) {
			bubble(t, testOptions(), func(t *testing.T, r *Register, w *world) {
				ask := func(fresh bool, asked int32) {
					t.Helper()
					found := r.Ask(t.Context(), w.question(test.credential))
					if found.Standing != test.standing || found.Fresh != fresh || w.asked.Load() != asked {
						t.Errorf("%v, fresh %v, asked %d times", found.Standing, found.Fresh, w.asked.Load())
					}
					if (found.Answer == itsAnswer) != (test.standing == carrier.Rejected) && !fresh {
						t.Errorf("answer %v", found.Answer)
					}
				}
				ask(true, 1)
				if test.counts > 0 {
					harness.Advance(test.counts - time.Nanosecond)
					ask(false, 1)
				}
				harness.Advance(time.Nanosecond)
				ask(true, 2)
			})
		})
	}
}

func TestACredentialIsAnotherInAnotherPlace(t *testing.T) {
	seen := make(map[Key]string)
	for _, parts := range [][4]string{
		{"a", "api", "host", "AC1"},
		{"b", "api", "host", "AC1"},
		{"a", "verify", "host", "AC1"},
		{"a", "api", "host.ie1", "AC1"},
		{"a", "api", "host", "AC2"},
		{"a", "api", "host", ""},
		{"aapi", "", "host", "AC1"},
		{"a", "apihost", "", "AC1"},
		{"a", "api", "hostAC1", ""},
		{"", "", "", "aapihostAC1"},
	} {
		key := KeyOf(parts[0], parts[1], parts[2], parts[3])
		if other, ok := seen[key]; ok {
			t.Errorf("%q is the same as %s", parts, other)
		}
		seen[key] = fmt.Sprintf("%q", parts)
	}
}

func TestAHundredQuestionsAboutOneCredentialAreOneCheck(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, r *Register, w *world) {
		var fresh, bad atomic.Int32
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				found := r.Ask(t.Context(), w.question("bad"))
				if found.Fresh {
					fresh.Add(1)
				}
				if found.Standing == carrier.Rejected && found.Answer == itsAnswer {
					bad.Add(1)
				}
			})
		}
		all.Wait()
		if w.asked.Load() != 1 || fresh.Load() != 1 || bad.Load() != 100 {
			t.Errorf("%d checks, %d of 100 were first, %d were told", w.asked.Load(), fresh.Load(), bad.Load())
		}
	})
}

func TestWhoeverGoesAwayTakesNoCheckAlong(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, r *Register, w *world) {
		gone, leave := context.WithTimeout(t.Context(), time.Millisecond)
		defer leave()
		if found := r.Ask(gone, w.question("good")); found != (Finding{}) {
			t.Errorf("was told %+v", found)
		}
		harness.Advance(time.Second)
		if found := r.Ask(t.Context(), w.question("good")); found.Standing != carrier.Accepted || w.asked.Load() != 1 {
			t.Errorf("%+v after %d checks", found, w.asked.Load())
		}
	})
}

func TestACheckEndsInTime(t *testing.T) {
	options := testOptions()
	options.Timeout = time.Second / 2
	bubble(t, options, func(t *testing.T, r *Register, w *world) {
		began := time.Now()
		if found := r.Ask(t.Context(), w.question("good")); found.Standing != carrier.Untold || time.Since(began) != options.Timeout {
			t.Errorf("%+v after %v", found, time.Since(began))
		}
	})
}

func TestNobodyWaitsForACheckThatDoesNotEnd(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, r *Register, w *world) {
		end := make(chan struct{})
		defer close(end)
		q := w.question("good")
		q.Check = func(context.Context) (carrier.Standing, *carrier.Answer) {
			<-end
			return carrier.Accepted, nil
		}
		if found := r.Ask(t.Context(), q); found != (Finding{}) {
			t.Errorf("was told %+v", found)
		}
	})
}

func TestForwardedRequestsTellAsWell(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, r *Register, w *world) {
		q := w.question("bad")
		r.Ask(t.Context(), q)
		r.Accept(q.Key)
		if found := r.Ask(t.Context(), q); found.Standing != carrier.Accepted {
			t.Errorf("%+v after it was accepted", found)
		}
		for range 3 {
			harness.Advance(DefaultGood * 2 / 3)
			r.Accept(q.Key)
		}
		if found := r.Ask(t.Context(), q); found.Standing != carrier.Accepted || w.asked.Load() != 1 {
			t.Errorf("%+v while it is used, %d checks", found, w.asked.Load())
		}
		r.Forget(q.Key)
		if found := r.Ask(t.Context(), q); found.Standing != carrier.Rejected || w.asked.Load() != 2 {
			t.Errorf("%+v after it was rejected, %d checks", found, w.asked.Load())
		}
	})
}

func TestNoNumberOfStrangersMakesAFriendForgotten(t *testing.T) {
	options := testOptions()
	options.PerClient, options.Overall = Rate{3 * mostBad, time.Minute}, Rate{3 * mostBad, time.Minute}
	bubble(t, options, func(t *testing.T, r *Register, w *world) {
		r.Accept(w.question("good").Key)
		for i := range 2 * mostBad {
			q := w.question("bad")
			q.Key = KeyOf(fmt.Sprint(i), "", "", "")
			q.Check = func(context.Context) (carrier.Standing, *carrier.Answer) { return carrier.Rejected, nil }
			r.Ask(t.Context(), q)
		}
		if found := r.Ask(t.Context(), w.question("good")); found.Standing != carrier.Accepted || w.asked.Load() != 0 {
			t.Errorf("%+v, %d checks", found, w.asked.Load())
		}
		if r.bad.Len() != mostBad {
			t.Errorf("%d bad ones are kept", r.bad.Len())
		}
	})
}

func TestLimitsBoundTheChecks(t *testing.T) {
	options := testOptions()
	options.PerClient, options.Overall = Rate{3, time.Minute}, Rate{5, time.Minute}
	for _, test := range []struct {
		name    string
		clients []string
		asked   int32
	}{
		{"of one client", []string{"192.0.2.1", "192.0.2.1", "::ffff:192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1"}, 3},
		{"of one network", []string{"2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::", "2001:db8::4", "2001:db8::5", "2001:db8::6"}, 3},
		{"of clients without an address", []string{"", "", "", "", "", ""}, 3},
		{"of all together", []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::", "2001:db8:0:1::", "2001:db8:0:2::"}, 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, options, func(t *testing.T, r *Register, w *world) {
				ask := func(i int, client string) Finding {
					q := w.question("bad")
					q.Key = KeyOf(fmt.Sprint(i), "", "", "")
					q.Client, _ = netip.ParseAddr(client)
					answered := make(chan Finding)
					go func() { answered <- r.Ask(t.Context(), q) }()
					return <-answered
				}
				var unasked int32
				for i, client := range test.clients {
					if ask(i, client).Unasked {
						unasked++
					}
				}
				if w.asked.Load() != test.asked || unasked != int32(len(test.clients))-test.asked {
					t.Errorf("%d checks, %d unasked; want %d checks", w.asked.Load(), unasked, test.asked)
				}
				harness.Advance(time.Minute)
				if ask(100, test.clients[0]).Unasked {
					t.Error("and never again")
				}
			})
		})
	}
}

func TestAPauseIsAsLongAsTheCarrierLatelyTook(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, r *Register, w *world) {
		check := func(product string, want time.Duration, has bool, when string) {
			t.Helper()
			if got := r.Pause(product); got != want || r.HasPace(product) != has {
				t.Errorf("%v, %t %s", got, r.HasPace(product), when)
			}
		}
		check("api", guess, false, "before anybody was asked")
		r.Ask(t.Context(), w.question("whose check tells nothing"))
		check("api", guess, false, "after a check that told nothing")
		r.Ask(t.Context(), w.question("good"))
		check("api", guess, false, "after a check of a good one, which takes longer")
		r.Ask(t.Context(), w.question("bad"))
		check("api", time.Second, true, "after a check of a second")
		check("verify", time.Second, false, "for a product that nobody asked about")
		r.Answered("verify", time.Millisecond)
		check("verify", time.Millisecond, true, "after a rejection that was forwarded")
		for range 50 * remembered {
			r.Answered("api", time.Minute)
		}
		check("api", time.Minute, true, "long after")
		harness.Advance(lately)
		check("api", guess, false, "minutes after")
		r.Answered("api", time.Hour)
		check("api", time.Hour, true, "when what was is forgotten")
	})
}

func TestWhoWasAcceptedBeforeIsRemembered(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, r *Register, w *world) {
		q := w.question("whose check tells nothing")
		before := func(want bool, when string) {
			t.Helper()
			if found := r.Ask(t.Context(), q); found.Standing != carrier.Untold || found.Before != want {
				t.Errorf("%+v %s", found, when)
			}
		}
		before(false, "at first")
		r.Accept(q.Key)
		harness.Advance(DefaultGood + time.Hour)
		before(true, "long after")
		w.known["whose check tells nothing"] = carrier.Rejected
		r.Ask(t.Context(), q)
		delete(w.known, "whose check tells nothing")
		harness.Advance(DefaultBad)
		before(false, "after it was rejected")
	})
}

// A credential can be written in many ways, and lead to many accounts.
func TestNobodyWhoIsAcceptedMakesAnotherForgotten(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, r *Register, w *world) {
		friend := w.question("good")
		r.Accept(friend.Key)
		for i := range 100_000 {
			r.Accept(KeyOf(fmt.Sprint("good", i), "api", "", "AC2"))
		}
		for i := range mostAccounts - 2 {
			r.Accept(KeyOf("good", "api", "", fmt.Sprint("child ", i)))
		}
		if !r.Accepts(friend.Key) {
			t.Error("the friend is forgotten")
		}
		if of, _ := r.good.accounts.Peek("AC2"); of.Len() != mostOfAccount {
			t.Errorf("%d of one account are kept", of.Len())
		}
	})
}

// To be used keeps a credential known, but is not written down each time.
func TestACredentialThatIsUsedStaysKnown(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, r *Register, w *world) {
		key := w.question("good").Key
		r.Accept(key)
		until, _ := r.good.get(key)
		harness.Advance(DefaultGood/2 - time.Second)
		r.Accept(key)
		if again, _ := r.good.get(key); again != until {
			t.Error("written down anew within half of its time")
		}
		harness.Advance(2 * time.Second)
		r.Accept(key)
		if again, _ := r.good.get(key); time.Until(again) != DefaultGood {
			t.Error("not written down anew after half of its time")
		}
	})
}

func TestWhatWasRejectedIsForgottenOnceItIsAccepted(t *testing.T) {
	options := testOptions()
	options.Good, options.Bad = time.Second, time.Hour
	bubble(t, options, func(t *testing.T, r *Register, w *world) {
		q := w.question("bad")
		r.Ask(t.Context(), q)
		r.Accept(q.Key)
		harness.Advance(options.Good)
		if r.Ask(t.Context(), q); w.asked.Load() != 2 {
			t.Errorf("%d checks", w.asked.Load())
		}
	})
}

func TestARejectionIsGivenInItsOwnRepresentation(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, r *Register, w *world) {
		for i, representation := range []string{".json", "", "", ".json"} {
			q := w.question("bad")
			q.Representation = representation
			r.Ask(t.Context(), q)
			if want := []int32{1, 2, 2, 3}[i]; w.asked.Load() != want {
				t.Errorf("%d: %d checks", i, w.asked.Load())
			}
		}
	})
}

func TestChecksEndWithTheRegister(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		r, w := New(ctx, testOptions()), new(world)
		time.AfterFunc(time.Second/2, end)
		began := time.Now()
		if found := r.Ask(t.Context(), w.question("good")); found.Standing != carrier.Untold || time.Since(began) != time.Second/2 {
			t.Errorf("%+v after %v", found, time.Since(began))
		}
	})
}

// Whoever is beyond its own limit uses nothing up of everybody's.
func TestOneClientCannotUseUpTheLimitOfAll(t *testing.T) {
	l := newLimits(Rate{2, time.Hour}, Rate{4, time.Hour})
	now := time.Now()
	for range 100 {
		l.allow(netip.MustParseAddr("192.0.2.1"), now)
	}
	if !l.allow(netip.MustParseAddr("192.0.2.2"), now) || !l.allow(netip.MustParseAddr("192.0.2.3"), now) {
		t.Error("others are not allowed any")
	}
}

func TestRates(t *testing.T) {
	for text, want := range map[string]Rate{
		"60/1m": {60, time.Minute}, "1/100ms": {1, 100 * time.Millisecond},
		"": {}, "60": {}, "60/": {}, "/1m": {}, "0/1m": {}, "-1/1m": {}, "60/0s": {}, "60/-1s": {}, "60/1m/1s": {}, "x/1m": {},
	} {
		got, err := ParseRate(text)
		if got != want || (err == nil) != (want != Rate{}) {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
}

// What each forwarded request costs whose credential is known.
func BenchmarkAccept(b *testing.B) {
	r := New(b.Context(), testOptions())
	authorization := "Basic QUMxMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTowMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg=="
	b.ReportAllocs()
	for b.Loop() {
		r.Accept(KeyOf(authorization, "api", "api.twilio.com:443", "AC11111111111111111111111111111111"))
	}
}

// What a denial costs whose credential is known.
func BenchmarkAskOfAKnownCredential(b *testing.B) {
	r := New(b.Context(), testOptions())
	q := Question{Key: KeyOf("good", "api", "api.twilio.com:443", "AC1"), Product: "api"}
	r.Accept(q.Key)
	b.ReportAllocs()
	for b.Loop() {
		if r.Ask(b.Context(), q).Standing != carrier.Accepted {
			b.Fatal("forgotten")
		}
	}
}
