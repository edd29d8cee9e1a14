package reload_test

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/policy"
)

// The plan is part of the policy, so that both are replaced at once.
func TestAPolicyBringsItsRangesAndTheBuiltInTollFraudRanges(t *testing.T) {
	reading := reload.Resolver{Replace: replace, Carriers: configtest.AsWritten}
	for _, c := range []struct {
		says, policy, number string
		want                 policy.Class
	}{
		{"a satellite telephone", `{}`, "881612345678", policy.HighRiskTollFraud},
		{"a range of the policy for it", `{"ranges":[{"prefix":"+8816","territory":"+881","class":"low_risk"}]}`, "881612345678", policy.LowRisk},
		{"a range for another", `{"ranges":[{"prefix":"+8817","territory":"+881","class":"low_risk"}]}`, "881612345678", policy.HighRiskTollFraud},
		{"a range that holds the whole code", `{"ranges":[{"prefix":"+881","territory":"+881"}]}`, "881812345678", policy.LowRisk},
		{"a range that is for toll fraud", `{"ranges":[{"prefix":"+4479","territory":"GB","class":"high_risk_tollfraud"}]}`, "447912345678", policy.HighRiskTollFraud},
		{"a number in neither", `{}`, "447400123456", policy.LowRisk},
	} {
		document, err := config.ParseJSON([]byte(c.policy))
		if err != nil {
			t.Fatal(err)
		}
		p, err := reading.Compile(config.Source{Document: document})
		if err != nil {
			t.Fatal(err)
		}
		if got := policy.ClassOf(p.Plan.Lookup(c.number).Kinds); got != c.want {
			t.Errorf("%s: +%s is %s, want %s", c.says, c.number, got, c.want)
		}
	}
}
