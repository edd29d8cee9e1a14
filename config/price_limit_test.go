package config_test

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
)

func TestMoneyIsCompiledExactly(t *testing.T) {
	compiled, err := config.Compile(carriers, config.Source{Document: parse(t, `{
		"price_limit": {"message": "0.15", "minute": "1.000001", "unpriced": "allow"},
		"limits": [
			{"name": "least", "amount": "0.0001/1s", "of": "spend", "per": ["account"]},
			{"name": "most", "channel": "voice", "amount": "400000/31d", "of": "spend", "per": ["account", "territory"]}]}`)})
	if err != nil {
		t.Fatal(err)
	}
	d := compiled.Definition
	if got, want := d.PriceLimit.String(), "price_limit 0.15/message 1.000001/minute unpriced allow"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	got := limitsOf(d.Limits)
	for name, want := range map[string]string{"least": "0.0001 of spend within 1s per account", "most": "400000.00 of spend of voice within 31d per account, territory"} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	if d.Limits[0].Of != policy.Spend || d.Limits[0].Amount != 1 || d.Limits[1].Amount != 4_000_000_000 {
		t.Errorf("%+v", d.Limits)
	}
}

func TestMoneyThatCannotBeIsRefused(t *testing.T) {
	for _, test := range []struct{ name, text string }{
		{"no price", `{"price_limit": {"unpriced": "allow"}}`},
		{"a price with a comma", `{"price_limit": {"message": "0,15"}}`},
		{"a price with seven decimals", `{"price_limit": {"minute": "0.0000001"}}`},
		{"an unknown word for those without a price", `{"price_limit": {"message": "0.15", "unpriced": "monitor"}}`},
		{"an amount of sends with decimals", `{"limits": [{"name": "a", "amount": "20.00/1h", "per": ["account"]}]}`},
		{"an amount of money with five decimals", `{"limits": [{"name": "a", "amount": "20.00001/1h", "of": "spend", "per": ["account"]}]}`},
		{"no money", `{"limits": [{"name": "a", "amount": "0.00/1h", "of": "spend", "per": ["account"]}]}`},
		{"more money than a limit counts", `{"limits": [{"name": "a", "amount": "400000.0001/1h", "of": "spend", "per": ["account"]}]}`},
	} {
		if _, err := config.Compile(carriers, config.Source{Document: parse(t, test.text)}); err == nil {
			t.Errorf("%s is accepted", test.name)
		}
	}
}

func TestAPriceLimitIsStatedInOneDocument(t *testing.T) {
	one := config.Source{Document: parse(t, `{"price_limit": {"message": "0.15"}}`)}
	other := config.Source{Document: parse(t, `{"price_limit": {"minute": "1.00"}}`)}
	if _, err := config.Compile(carriers, one, other); err == nil {
		t.Error("both are accepted")
	}
}
