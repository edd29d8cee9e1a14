package config_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
)

func TestALimitOfCallsHasAnAmountAndNoWindow(t *testing.T) {
	for text, want := range map[string]string{
		`"10"`:                         "10 calls in progress per account",
		`"1", "channel": "voice"`:      "1 call in progress per account",
		`"10/1h"`:                      `limits[0].amount: "10/1h" is not an amount of calls in progress: write a number up to 4294967295, without a window`,
		`"0"`:                          `"0" is not an amount of calls in progress`,
		`"4294967296"`:                 `"4294967296" is not an amount of calls in progress`,
		`"10", "channel": "messaging"`: `limits[0].channel: calls in progress are voice`,
		`"10", "channel": "verify"`:    `limits[0].channel: calls in progress are voice`,
	} {
		compiled, err := config.Compile(carriers, config.Source{Document: parse(t, `{"limits": [{"name": "lines", "of": "calls", "per": ["account"], "amount": `+text+`}]}`)})
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = compiled.Definition.Limits[0].String()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
