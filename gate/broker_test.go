package gate_test

import (
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/gate"
	"github.com/caddy-tollgate/tollgate/keys"
	"github.com/caddy-tollgate/tollgate/policy"
)

// benchBroker has one key, and returns what presents it.
func benchBroker(t testing.TB) (broker *gate.Broker, authorization string) {
	t.Helper()
	file := t.TempDir() + "/keys.json"
	senders := func(text string) []string { return []string{text} }
	key, secret, err := keys.Create(file, senders, keys.Key{Account: benchAccount}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	set, err := keys.Read(file, senders)
	if err != nil {
		t.Fatal(err)
	}
	broker = &gate.Broker{
		Keys:   func() *keys.Set { return set },
		Serves: func(account string) bool { return account == benchAccount },
	}
	return broker, "Basic " + base64.StdEncoding.EncodeToString([]byte(key.SID+":"+secret))
}

// What was judged is the copy: the request with the key may not pass.
func TestOnlyTheCopyWithTheCarriersCredentialMayPass(t *testing.T) {
	g := benchGate(t)
	var authorization string
	g.Broker, authorization = benchBroker(t)
	r := newBenchRequest(http.MethodGet, "").Request
	r.Header.Set("Authorization", authorization)

	d := g.Judge(r)
	if d.Outcome != policy.Allow || d.Upstream(r) == "" {
		t.Fatalf("%s %s", d.Outcome, d.Reason)
	}
	swapped := d.Swap(r, "Basic x")
	if d.Upstream(r) != "" || d.Upstream(swapped) == "" {
		t.Error("the request may pass, or its copy may not")
	}
	if r.Header.Get("Authorization") != authorization || swapped.Header.Get("Authorization") != "Basic x" {
		t.Error("the request was changed, or its copy was not")
	}
	swapped.Header.Set("Authorization", authorization)
	if d.Upstream(swapped) != "" {
		t.Error("a copy that was changed may pass")
	}
	swapped.Header.Set("Authorization", "Basic x")
	if d.End(); d.Upstream(swapped) != "" {
		t.Error("a request may pass that is over")
	}
}

func BenchmarkVerifyKey(b *testing.B) {
	broker, authorization := benchBroker(b)
	header := http.Header{"Authorization": {authorization}}
	now := time.Now()
	var d gate.Decision
	b.ReportAllocs()
	for b.Loop() {
		if gate.VerifyKey(broker, header, now, &d) == nil {
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
		gate.VerifyKey(broker, http.Header{"Authorization": {c.written}}, time.Now(), &d)
		if d.KeyRefusal != c.want {
			t.Errorf("%s: %q", c.name, d.KeyRefusal)
		}
	}
}
