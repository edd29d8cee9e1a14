package caddymodule_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twilio/twilio-go"
	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
	verify "github.com/twilio/twilio-go/rest/verify/v2"

	registered "github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/keys"
)

// Two keys are live until the old one is revoked, which is seen within two seconds.
func TestAKeyIsReplacedWhileTheGateRuns(t *testing.T) {
	s := newBrokerServer(t)
	old, oldSID := s.create(t, keys.Key{})
	loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker"))
	s.mustSwap(t, old, message(us))

	began := time.Now()
	fresh, _ := s.create(t, keys.Key{})
	s.accepted(t, fresh)
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("a new key is accepted after %s", took)
	}
	s.mustSwap(t, old, message(us))
	s.mustSwap(t, fresh, message(us))

	if _, err := keys.Revoke(s.keys, registered.All(), time.Now(), oldSID); err != nil {
		t.Fatal(err)
	}
	began = time.Now()
	harness.Await(t, "the old key is refused", func() bool { return s.send(t, sent(old, reading(messages(acme)))).status == 401 })
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("a revoked key is refused after %s", took)
	}
	s.upstream.take()
	s.mustSwap(t, fresh, message(us))
	s.mustRefuse(t, sent(old, message(us)), 401, 20003)
}

// strictCarrier accepts certain passwords of acme's, as Twilio accepts a primary
// and a secondary auth token.
type strictCarrier struct {
	accepted atomic.Pointer[[]string]
	seen     sync.Map // of passwords
}

func (c *strictCarrier) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	_, _ = io.Copy(io.Discard, r.Body)
	if user != acme || !slices.Contains(*c.accepted.Load(), password) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	c.seen.Store(password, true)
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, "{}")
}

func TestRotatingTheCarriersTokenUnderLoadLosesNoRequest(t *testing.T) {
	const fresh = "f00df00df00df00df00df00df00df00d"
	carrier := new(strictCarrier)
	carrier.accepted.Store(&[]string{carrierSecret, fresh})
	upstream := httptest.NewServer(carrier)
	t.Cleanup(upstream.Close)
	s := newBrokerServer(t)
	key, _ := s.create(t, keys.Key{})
	loadCaddyfile(t, exactCaddyfile(s.gate, upstream.Listener.Addr().String(), s.log, acmePolicy+s.brokerBlock(), "broker"))

	stop := make(chan struct{})
	var load sync.WaitGroup
	var lost atomic.Int64
	var ended [4]atomic.Int64 // by client
	for client := range ended {
		load.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				request, _ := http.NewRequest("POST", "http://"+s.gate+messages(acme), strings.NewReader(messageTo(inUS)))
				request.Header.Set("Content-Type", formType)
				request.Header.Set("Authorization", key)
				response, err := http.DefaultClient.Do(request)
				if err != nil || response.StatusCode != http.StatusCreated {
					lost.Add(1)
				}
				if err == nil {
					_, _ = io.Copy(io.Discard, response.Body)
					response.Body.Close()
				}
				ended[client].Add(1)
			}
		})
	}
	goOn := func(what string, requests int64) {
		for client := range ended {
			before := ended[client].Load()
			harness.Await(t, what, func() bool { return ended[client].Load() >= before+requests })
		}
	}
	goOn("requests are answered", 10)
	began := time.Now()
	s.rotate(t, fresh)
	harness.Await(t, "the new token is used", func() bool { _, seen := carrier.seen.Load(fresh); return seen })
	if took := time.Since(began); took > 6*time.Second {
		t.Errorf("the new token is used after %s", took)
	}
	goOn("requests on their way with the old token end", 1)
	carrier.accepted.Store(&[]string{fresh})
	goOn("requests are answered with the new one", 10)
	close(stop)
	load.Wait()
	if lost.Load() > 0 {
		t.Errorf("%d requests were lost", lost.Load())
	}
}

// The SDK takes a key of the gate's as it takes Twilio's.
func TestTheSDKUsesAKeyOfTheGate(t *testing.T) {
	s := newBrokerServer(t)
	key, sid := s.create(t, keys.Key{})
	_, secret, _ := strings.Cut(decoded(t, key), ":")
	loadCaddyfile(t, exactCaddyfile(s.gate, s.upstream.address, s.log, acmePolicy+s.brokerBlock(), "broker"))

	caller := &client.Client{Credentials: client.NewCredentials(sid, secret), HTTPClient: &http.Client{Transport: toGate{s.gate}}}
	caller.SetAccountSid(acme)
	sdk := twilio.NewRestClientWithParams(twilio.ClientParams{Client: caller})
	if _, err := sdk.Api.CreateMessage(messageParams(inUS)); err != nil {
		t.Error(err)
	}
	if _, err := sdk.VerifyV2.CreateVerification("VA33333333333333333333333333333333",
		(&verify.CreateVerificationParams{}).SetTo(inUS).SetChannel("sms")); err != nil {
		t.Error(err)
	}
	_, err := sdk.Api.CreateMessage(messageParams(inUZ))
	requireRefusal(t, err, 400, 21408, inUZMasked)
	_, err = sdk.Api.FetchAccount(acme)
	requireRefusal(t, err, 401, 70004, "does not have the permissions")
	_, err = sdk.Api.CreateNewKey(&api.CreateNewKeyParams{})
	requireRefusal(t, err, 401, 70004, "does not have the permissions")
	caller.Credentials = client.NewCredentials(sid, secret[1:]+"x")
	_, err = sdk.Api.CreateMessage(messageParams(inUS))
	requireRefusal(t, err, 401, 20003, "Authenticate")
	for _, arrived := range s.upstream.take() {
		if !strings.Contains(arrived, "Authorization: "+carriers) {
			t.Errorf("arrived %q", arrived)
		}
	}
}
