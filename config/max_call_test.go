package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
)

func TestHowLongACallLastsIsWholeSecondsUpToADay(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"15m": 15 * time.Minute, "1m": time.Minute, "24h": 24 * time.Hour, "1h0m30s": time.Hour + 30*time.Second,
		"59s": 0, "24h1s": 0, "1m0.5s": 0, "15": 0, "-15m": 0, "1d": 0, "long": 0,
	} {
		document := parse(t, `{"max_call": "`+text+`", "accounts": [{"id": "`+acme+`", "max_call": "`+text+`"}]}`)
		compiled, err := config.Compile(carriers, config.Source{Document: document})
		if want == 0 {
			if err == nil || !strings.Contains(err.Error(), `max_call: "`+text+`" is not how long a call may last`) || !strings.Contains(err.Error(), "accounts[0].max_call: ") {
				t.Errorf("%s: %v", text, err)
			}
			continue
		}
		if err != nil || compiled.Definition.MaxCall != want || compiled.Definition.Accounts[0].MaxCall != want {
			t.Errorf("%s: %s %v", text, compiled.Definition.MaxCall, err)
		}
	}
}
