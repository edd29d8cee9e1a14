package gate_test

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

func TestWhereSendsGoIsSaidOnceWithHowManyThereAre(t *testing.T) {
	g := worstGate(t)
	g.SeesTraffic = true
	r := newRequest("preview.messaging.twilio.com", "/v1/Broadcasts", jsonType, `{"to":["+12015550100","+12015550101","+12015550102"]}`)
	r.SetBasicAuth(benchAccount, "0123456789abcdef0123456789abcdef")
	d := g.Judge(r)
	if d.Outcome != policy.Allow || len(d.Reached) == 0 {
		t.Fatalf("%s %s: %v", d.Outcome, d.Reason, d.Reached)
	}
	sends := 0
	for _, to := range d.Reached {
		sends += to.Sends
	}
	if len(d.Reached) > 2 || sends != d.Sends || d.Reached[0].Territory.String() != "US" || d.Reached[0].Sends != 3 {
		t.Errorf("of %d sends it says %v", d.Sends, d.Reached)
	}
}
