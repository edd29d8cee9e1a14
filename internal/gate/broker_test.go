package gate_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/policy"
)

// benchBroker has one key, and returns what presents it.
func benchBroker(t testing.TB) (broker *gate.Broker, authorization string) {
	t.Helper()
	file := t.TempDir() + "/keys.json"
	key, secret, err := keys.Create(file, configtest.AsWritten, keys.Key{Account: benchAccount}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	set, err := keys.Read(file, configtest.AsWritten)
	if err != nil {
		t.Fatal(err)
	}
	broker = &gate.Broker{
		Keys:   func() *keys.Set { return set },
		Serves: func(account string) bool { return account == benchAccount },

		Denylist: twilio.Twilio{},
	}
	return broker, "Basic " + base64.StdEncoding.EncodeToString([]byte(key.SID+":"+secret))
}

// A proxy writes a request of its own, with the carrier's host and a body that hides the
// one that was judged. All else must be what was judged, and no one may have read the
// body.
func TestOnlyWhatWasJudgedIsWrittenToTheCarrier(t *testing.T) {
	g := benchGate(t)
	for _, c := range []struct {
		name   string
		change func(written, judged *http.Request, d *gate.Decision)
		may    bool
	}{
		{"as a proxy writes it", func(w, _ *http.Request, _ *gate.Decision) {
			w.Host, w.URL.Host, w.URL.Scheme = "api.twilio.com", "api.twilio.com:443", "https"
			w.Body = io.NopCloser(w.Body)
			w.Header.Set("X-Forwarded-For", "192.0.2.1")
		}, true},
		{"by another method", func(w, _ *http.Request, _ *gate.Decision) { w.Method = http.MethodPut }, false},
		{"to another path", func(w, _ *http.Request, _ *gate.Decision) { w.URL.Path += "x" }, false},
		{"with another query", func(w, _ *http.Request, _ *gate.Decision) { w.URL.RawQuery = "To=1" }, false},
		{"with another credential", func(w, _ *http.Request, _ *gate.Decision) { w.Header.Set("Authorization", "Basic x") }, false},
		{"without one", func(w, _ *http.Request, _ *gate.Decision) { w.Header.Del("Authorization") }, false},
		{"of another type", func(w, _ *http.Request, _ *gate.Decision) { w.Header.Set("Content-Type", "text/plain") }, false},
		{"encoded", func(w, _ *http.Request, _ *gate.Decision) { w.Header.Set("Content-Encoding", "gzip") }, false},
		{"with a body of another length", func(w, _ *http.Request, _ *gate.Decision) { w.ContentLength++ }, false},
		{"with a body that was read", func(_, judged *http.Request, _ *gate.Decision) { _, _ = io.ReadAll(judged.Body) }, false},
		{"after it is over", func(_, _ *http.Request, d *gate.Decision) { d.End() }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			judged := newBenchRequest(http.MethodPost, "To=%2B14155550123&From=%2B12015550199&Body=Hello").Request
			judged.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(benchAccount+":secret")))
			d := g.Judge(judged)
			if d.Outcome != policy.Allow {
				t.Fatalf("%s %s", d.Outcome, d.Reason)
			}
			written := judged.Clone(judged.Context())
			written.Body = judged.Body
			if c.change(written, judged, d); d.MayWrite(written) != c.may {
				t.Errorf("may be written: %t", !c.may)
			}
		})
	}
}

func BenchmarkVerifyKey(b *testing.B) {
	broker, authorization := benchBroker(b)
	header := http.Header{"Authorization": {authorization}}
	now := time.Now()
	var d gate.Decision
	b.ReportAllocs()
	for b.Loop() {
		if gate.VerifyKey(broker, sid.Identifiers{}, header, now, &d) == nil {
			b.Fatal(d.KeyRefusal)
		}
	}
}

// BenchmarkBroker is a whole judgement of a request that reads, to be compared with
// that of a gate without a broker.
func BenchmarkBroker(b *testing.B) {
	for _, name := range []string{"without", "with"} {
		b.Run(name, func(b *testing.B) {
			g := benchGate(b)
			r := newBenchRequest(http.MethodGet, "").Request
			if name == "with" {
				var authorization string
				g.Broker, authorization = benchBroker(b)
				r.Header.Set("Authorization", authorization)
			}
			b.ReportAllocs()
			for b.Loop() {
				if d := g.Judge(r); d.Outcome == policy.Deny {
					b.Fatal(d.Reason)
				}
			}
		})
	}
}

// A key that could be written in two ways would be two in whatever counts or blocks
// them.
func TestACredentialHasOneSpelling(t *testing.T) {
	broker, authorization := benchBroker(t)
	decoded, err := base64.StdEncoding.DecodeString(authorization[len("Basic "):])
	if err != nil {
		t.Fatal(err)
	}
	padded := "Basic " + base64.StdEncoding.EncodeToString(append(decoded, 'x')) // 79 bytes: "…A=="
	last := len(padded) - len("==") - 1
	for _, c := range []struct {
		name, written string
		want          keys.Refusal
	}{
		{"as it is", authorization, keys.Accepted},
		{"with padding that it does not need", authorization + "====", gate.KeyUnreadable},
		{"with space", "Basic  " + authorization[len("Basic "):], gate.KeyUnreadable},
		{"with another secret, padded", padded, keys.WrongSecret},
		{"without its padding", padded[:last+1], gate.KeyUnreadable},
		{"with loose bits", padded[:last] + string(padded[last]+1) + "==", gate.KeyUnreadable},
	} {
		var d gate.Decision
		gate.VerifyKey(broker, sid.Identifiers{}, http.Header{"Authorization": {c.written}}, time.Now(), &d)
		if d.KeyRefusal != c.want {
			t.Errorf("%s: %q", c.name, d.KeyRefusal)
		}
	}
}

// Any other text might be a misplaced secret.
func TestARefusedKeyIsLoggedInOneSpellingAndNothingElseIs(t *testing.T) {
	broker, _ := benchBroker(t)
	const digits = "0123456789abcdef0123456789abcdef"
	for user, want := range map[string]string{
		"SK" + digits:                  "SK" + digits,
		"sk" + strings.ToUpper(digits): "SK" + digits,
		"AC" + digits:                  "",
		digits:                         "",
		"SK" + digits[1:]:              "",
	} {
		var d gate.Decision
		basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":secret"))
		gate.VerifyKey(broker, sid.Identifiers{}, http.Header{"Authorization": {basic}}, time.Now(), &d)
		if d.KeyRefusal != keys.Unknown || d.Key != want {
			t.Errorf("%s: %q, logged %q, want %q", user, d.KeyRefusal, d.Key, want)
		}
	}
}
