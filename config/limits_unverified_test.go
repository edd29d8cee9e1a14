package config_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
)

func TestALimitOfTheUnverifiedThatCannotBeMeantSaysWhy(t *testing.T) {
	for text, want := range map[string]string{
		`"channel": "verify", "adaptive": true, "amount": "1/1h", "per": ["account"]`:                          `limits[0].adaptive: a limit grows only with what is verified`,
		`"channel": "verify", "adaptive": true, "amount": "1/1h", "of": "numbers", "per": ["account"]`:         `limits[0].adaptive: a limit grows only with what is verified`,
		`"channel": "voice", "amount": "1/1h", "of": "unverified", "per": ["account"]`:                         `calls are never verified: write verify or messaging`,
		`"amount": "1/1h", "of": "unverified", "per": ["account"]`:                                             `calls are never verified: write verify or messaging`,
		`"channel": "verify", "amount": "1/1h", "of": "unverified", "per": ["account", "client"]`:              `does not say which client it was sent by`,
		`"channel": "messaging", "amount": "1/1h", "of": "unverified", "per": ["sender"]`:                      `does not say which sender it was sent by`,
		`"channel": "verify", "adaptive": 20, "amount": "1/1h", "of": "unverified", "per": ["account"]`:        `limits[0].adaptive`,
		`"channel": "verify", "adaptive": true, "amount": "1/1h", "of": "unverified", "per": ["key", "block"]`: `"block" is not a dimension`,
	} {
		document, err := config.ParseJSON([]byte(`{"limits": [{"name": "x", ` + text + `}]}`))
		if err == nil {
			_, err = config.Compile(carriers, config.Source{Document: document})
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestDefaultIsNotAdaptive(t *testing.T) {
	_, err := config.Compile(carriers, config.Source{Document: parse(t, `{"limits": [{"name": "default", "adaptive": true}]}`)})
	if err == nil || !strings.Contains(err.Error(), "default is the name of the limits that are shipped") {
		t.Error(err)
	}
}
