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
		AcceptedTTL: DefaultAcceptedTTL, RejectedTTL: DefaultRejectedTTL, Timeout: DefaultTimeout,
		PerClient: Rate{1000, time.Minute}, Total: Rate{1000, time.Minute}, Now: time.Now,
	}
}

// world is a carrier that knows some credentials and takes a second to say so.
type world struct {
	known map[string]carrier.Status
	asked atomic.Int32
}

var itsAnswer = &carrier.Answer{Status: 401}

func (w *world) query(credential string) Query {
	return Query{
		Key: KeyOf(credential, "api", "api.twilio.com:443", "AC1"), Product: "api", Client: home,
		Probe: func(ctx context.Context) (carrier.Status, *carrier.Answer) {
			w.asked.Add(1)
			select {
			case <-time.After(time.Second):
				return w.known[credential], itsAnswer
			case <-ctx.Done():
				return carrier.Inconclusive, nil
			}
		},
	}
}

// The clock of a synctest bubble is injected into all of it: it moves when
// all goroutines wait.
func bubble(t *testing.T, options Options, test func(t *testing.T, c *Checker, w *world)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		test(t, New(ctx, options), &world{known: map[string]carrier.Status{"good": carrier.Accepted, "bad": carrier.Rejected}})
	})
}

func TestAnAnswerCountsForItsTimeAndNoLonger(t *testing.T) {
	for _, test := range []struct {
		credential string
		status     carrier.Status
		counts     time.Duration
	}{
		{"good", carrier.Accepted, DefaultAcceptedTTL},
		{"bad", carrier.Rejected, DefaultRejectedTTL},
		{"whose probe is inconclusive", carrier.Inconclusive, 0},
	} {
		t.Run(test.credential, func(t *testing.T) {
			bubble(t, testOptions(), func(t *testing.T, c *Checker, w *world) {
				ask := func(fresh bool, asked int32) {
					t.Helper()
					result := c.Check(t.Context(), w.query(test.credential))
					if result.Status != test.status || result.Fresh != fresh || w.asked.Load() != asked {
						t.Errorf("%v, fresh %v, asked %d times", result.Status, result.Fresh, w.asked.Load())
					}
					if (result.Answer == itsAnswer) != (test.status == carrier.Rejected) && !fresh {
						t.Errorf("answer %v", result.Answer)
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

func TestAHundredQueriesAboutOneCredentialAreOneProbe(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, c *Checker, w *world) {
		var fresh, bad atomic.Int32
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				result := c.Check(t.Context(), w.query("bad"))
				if result.Fresh {
					fresh.Add(1)
				}
				if result.Status == carrier.Rejected && result.Answer == itsAnswer {
					bad.Add(1)
				}
			})
		}
		all.Wait()
		if w.asked.Load() != 1 || fresh.Load() != 1 || bad.Load() != 100 {
			t.Errorf("%d probes, %d of 100 were first, %d were rejected", w.asked.Load(), fresh.Load(), bad.Load())
		}
	})
}

func TestAClientThatLeavesDoesNotEndTheProbe(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, c *Checker, w *world) {
		gone, leave := context.WithTimeout(t.Context(), time.Millisecond)
		defer leave()
		if result := c.Check(gone, w.query("good")); result != (Result{}) {
			t.Errorf("got %+v", result)
		}
		harness.Advance(time.Second)
		if result := c.Check(t.Context(), w.query("good")); result.Status != carrier.Accepted || w.asked.Load() != 1 {
			t.Errorf("%+v after %d probes", result, w.asked.Load())
		}
	})
}

func TestAProbeEndsInTime(t *testing.T) {
	options := testOptions()
	options.Timeout = time.Second / 2
	bubble(t, options, func(t *testing.T, c *Checker, w *world) {
		began := time.Now()
		if result := c.Check(t.Context(), w.query("good")); result.Status != carrier.Inconclusive || time.Since(began) != options.Timeout {
			t.Errorf("%+v after %v", result, time.Since(began))
		}
	})
}

func TestNoClientWaitsForAProbeThatDoesNotEnd(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, c *Checker, w *world) {
		end := make(chan struct{})
		defer close(end)
		q := w.query("good")
		q.Probe = func(context.Context) (carrier.Status, *carrier.Answer) {
			<-end
			return carrier.Accepted, nil
		}
		if result := c.Check(t.Context(), q); result != (Result{}) {
			t.Errorf("got %+v", result)
		}
	})
}

// presented is a credential as the requests of a query's client present it.
func presented(credential string) *Presented {
	return &Presented{credential, "api", "api.twilio.com:443", "AC1"}
}

func TestForwardedRequestsCountAsWell(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, c *Checker, w *world) {
		q := w.query("bad")
		c.Check(t.Context(), q)
		c.AcceptPresented(presented("bad"))
		if result := c.Check(t.Context(), q); result.Status != carrier.Accepted {
			t.Errorf("%+v after it was accepted", result)
		}
		for range 3 {
			harness.Advance(DefaultAcceptedTTL * 2 / 3)
			c.AcceptPresented(presented("bad"))
		}
		if result := c.Check(t.Context(), q); result.Status != carrier.Accepted || w.asked.Load() != 1 {
			t.Errorf("%+v while it is used, %d probes", result, w.asked.Load())
		}
		c.Forget(q.Key)
		if result := c.Check(t.Context(), q); result.Status != carrier.Rejected || w.asked.Load() != 2 {
			t.Errorf("%+v after it was rejected, %d probes", result, w.asked.Load())
		}
		c.AcceptPresented(presented("bad"))
		if result := c.Check(t.Context(), q); result.Status != carrier.Accepted || w.asked.Load() != 2 {
			t.Errorf("%+v after it was accepted again, %d probes", result, w.asked.Load())
		}
	})
}

func TestNoNumberOfRejectedCredentialsEvictsAnAcceptedOne(t *testing.T) {
	options := testOptions()
	options.PerClient, options.Total = Rate{3 * maxRejected, time.Minute}, Rate{3 * maxRejected, time.Minute}
	bubble(t, options, func(t *testing.T, c *Checker, w *world) {
		c.Accept(w.query("good").Key)
		for i := range 2 * maxRejected {
			q := w.query("bad")
			q.Key = KeyOf(fmt.Sprint(i), "", "", "")
			q.Probe = func(context.Context) (carrier.Status, *carrier.Answer) { return carrier.Rejected, nil }
			c.Check(t.Context(), q)
		}
		if result := c.Check(t.Context(), w.query("good")); result.Status != carrier.Accepted || w.asked.Load() != 0 {
			t.Errorf("%+v, %d probes", result, w.asked.Load())
		}
		if c.rejected.Len() != maxRejected {
			t.Errorf("%d bad ones are kept", c.rejected.Len())
		}
	})
}

func TestLimitsBoundTheProbes(t *testing.T) {
	options := testOptions()
	options.PerClient, options.Total = Rate{3, time.Minute}, Rate{5, time.Minute}
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
			bubble(t, options, func(t *testing.T, c *Checker, w *world) {
				ask := func(i int, client string) Result {
					q := w.query("bad")
					q.Key = KeyOf(fmt.Sprint(i), "", "", "")
					q.Client, _ = netip.ParseAddr(client)
					answered := make(chan Result)
					go func() { answered <- c.Check(t.Context(), q) }()
					return <-answered
				}
				var limited int32
				for i, client := range test.clients {
					if ask(i, client).RateLimited {
						limited++
					}
				}
				if w.asked.Load() != test.asked || limited != int32(len(test.clients))-test.asked {
					t.Errorf("%d probes, %d rate limited; want %d probes", w.asked.Load(), limited, test.asked)
				}
				harness.Advance(time.Minute)
				if ask(100, test.clients[0]).RateLimited {
					t.Error("and never again")
				}
			})
		})
	}
}

func TestTheLatencyIsWhatTheCarrierRecentlyTook(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, c *Checker, w *world) {
		check := func(product string, want time.Duration, has bool, when string) {
			t.Helper()
			if got := c.SampleLatency(product); got != want || c.HasLatency(product) != has {
				t.Errorf("%v, %t %s", got, c.HasLatency(product), when)
			}
		}
		check("api", initialLatency, false, "before the carrier was asked")
		c.Check(t.Context(), w.query("whose probe is inconclusive"))
		check("api", initialLatency, false, "after an inconclusive probe")
		c.Check(t.Context(), w.query("good"))
		check("api", initialLatency, false, "after a probe of a good one, which takes longer")
		c.Check(t.Context(), w.query("bad"))
		check("api", time.Second, true, "after a probe of a second")
		check("verify", time.Second, false, "for a product that was not asked about")
		c.RecordLatency("verify", time.Millisecond)
		check("verify", time.Millisecond, true, "after a rejection that was forwarded")
		for range 50 * maxSamples {
			c.RecordLatency("api", time.Minute)
		}
		check("api", time.Minute, true, "long after")
		harness.Advance(sampleTTL)
		check("api", initialLatency, false, "minutes after")
		c.RecordLatency("api", time.Hour)
		check("api", time.Hour, true, "when the samples before have expired")
	})
}

func TestACredentialThatWasAcceptedBeforeIsRemembered(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, c *Checker, w *world) {
		q := w.query("whose probe is inconclusive")
		before := func(want bool, when string) {
			t.Helper()
			if result := c.Check(t.Context(), q); result.Status != carrier.Inconclusive || result.AcceptedBefore != want {
				t.Errorf("%+v %s", result, when)
			}
		}
		before(false, "at first")
		c.Accept(q.Key)
		harness.Advance(DefaultAcceptedTTL + time.Hour)
		before(true, "long after")
		w.known["whose probe is inconclusive"] = carrier.Rejected
		c.Check(t.Context(), q)
		delete(w.known, "whose probe is inconclusive")
		harness.Advance(DefaultRejectedTTL)
		before(false, "after it was rejected")
	})
}

// A credential can be written in many ways, and lead to many accounts.
func TestNoAcceptedCredentialEvictsThatOfAnotherAccount(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, c *Checker, w *world) {
		other := w.query("good")
		c.Accept(other.Key)
		for i := range 100_000 {
			c.Accept(KeyOf(fmt.Sprint("good", i), "api", "", "AC2"))
		}
		for i := range maxAccounts - 2 {
			c.Accept(KeyOf("good", "api", "", fmt.Sprint("child ", i)))
		}
		if !c.Accepts(other.Key) {
			t.Error("the other account's credential is forgotten")
		}
		if of, _ := c.accepted.accounts.Peek("AC2"); of.Len() != maxPerAccount {
			t.Errorf("%d of one account are kept", of.Len())
		}
	})
}

// To be used keeps a credential known, but is not recorded each time.
func TestACredentialThatIsUsedStaysAccepted(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, c *Checker, w *world) {
		key := w.query("good").Key
		c.AcceptPresented(presented("good"))
		until, _ := c.accepted.get(key)
		harness.Advance(DefaultAcceptedTTL/2 - time.Second)
		c.AcceptPresented(presented("good"))
		if again, _ := c.accepted.get(key); again != until {
			t.Error("recorded again within half of its time")
		}
		harness.Advance(2 * time.Second)
		c.AcceptPresented(presented("good"))
		if again, _ := c.accepted.get(key); time.Until(again) != DefaultAcceptedTTL {
			t.Error("not recorded again after half of its time")
		}
	})
}

// Two credentials can have one hash: what is remembered by it says of none that the carrier
// accepts it.
func TestACredentialWhoseHashIsThatOfAnAcceptedOneIsNotAccepted(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, c *Checker, w *world) {
		bad := presented("bad")
		slot, hash := c.recent.slot(bad)
		slot.Store(&recentlyAccepted{hash, c.recent.rejections.Load(), time.Now().Add(time.Hour)})
		c.AcceptPresented(bad)
		if c.Accepts(bad.Key()) {
			t.Error("it is accepted")
		}
		if result := c.Check(t.Context(), w.query("bad")); result.Status != carrier.Rejected || w.asked.Load() != 1 {
			t.Errorf("%+v, %d probes", result, w.asked.Load())
		}
		// Once one was rejected, nothing that was remembered before counts.
		if c.AcceptPresented(bad); !c.Accepts(bad.Key()) {
			t.Error("it is not recorded as accepted after a rejection")
		}
	})
}

func TestARejectionIsForgottenOnceTheCredentialIsAccepted(t *testing.T) {
	options := testOptions()
	options.AcceptedTTL, options.RejectedTTL = time.Second, time.Hour
	bubble(t, options, func(t *testing.T, c *Checker, w *world) {
		q := w.query("bad")
		c.Check(t.Context(), q)
		c.AcceptPresented(presented("bad"))
		harness.Advance(options.AcceptedTTL)
		if c.Check(t.Context(), q); w.asked.Load() != 2 {
			t.Errorf("%d probes", w.asked.Load())
		}
	})
}

func TestARejectionIsGivenInItsOwnRepresentation(t *testing.T) {
	bubble(t, testOptions(), func(t *testing.T, c *Checker, w *world) {
		for i, representation := range []string{".json", "", "", ".json"} {
			q := w.query("bad")
			q.Representation = representation
			c.Check(t.Context(), q)
			if want := []int32{1, 2, 2, 3}[i]; w.asked.Load() != want {
				t.Errorf("%d: %d probes", i, w.asked.Load())
			}
		}
	})
}

func TestProbesEndWithTheCheckersContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		c, w := New(ctx, testOptions()), new(world)
		time.AfterFunc(time.Second/2, end)
		began := time.Now()
		if result := c.Check(t.Context(), w.query("good")); result.Status != carrier.Inconclusive || time.Since(began) != time.Second/2 {
			t.Errorf("%+v after %v", result, time.Since(began))
		}
	})
}

// A client beyond its own limit uses up nothing of the total.
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
	c := New(b.Context(), testOptions())
	authorization := "Basic QUMxMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTowMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg=="
	b.ReportAllocs()
	for b.Loop() {
		c.AcceptPresented(&Presented{authorization, "api", "api.twilio.com:443", "AC11111111111111111111111111111111"})
	}
}

// What a denial costs whose credential is known.
func BenchmarkAskOfAKnownCredential(b *testing.B) {
	c := New(b.Context(), testOptions())
	q := Query{Key: KeyOf("good", "api", "api.twilio.com:443", "AC1"), Product: "api"}
	c.Accept(q.Key)
	b.ReportAllocs()
	for b.Loop() {
		if c.Check(b.Context(), q).Status != carrier.Accepted {
			b.Fatal("forgotten")
		}
	}
}
