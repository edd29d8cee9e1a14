package pricing_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/pricing"
	"github.com/caddy-tollgate/tollgate/rates"
)

const (
	messages = `{"country": "Estonia", "iso_country": "EE", "price_unit": "usd", "url": "https://pricing.twilio.com/v1/Messaging/Countries/EE",
		"outbound_sms_prices": [
			{"carrier": "Elisa", "mcc": "248", "mnc": "02", "prices": [{"number_type": "mobile", "base_price": "0.06", "current_price": "0.05"}]},
			{"carrier": "Telia", "mcc": "248", "mnc": "01", "prices": [{"number_type": "mobile", "base_price": 0.09, "current_price": 0.07}, {"number_type": "alphanumeric", "base_price": "0.08", "current_price": null}]}],
		"inbound_sms_prices": [{"base_price": "0.99", "current_price": "0.99", "number_type": "mobile"}]}`
	callsOfV1 = `{"iso_country": "EE", "price_unit": "USD", "outbound_prefix_prices": [{"prefixes": ["372", "3725"], "base_price": "0.2", "current_price": "0.1"}], "inbound_call_prices": null}`
	callsOfV2 = `{"iso_country": "EE", "price_unit": "USD", "outbound_prefix_prices": [
		{"origination_prefixes": ["372"], "destination_prefixes": ["372"], "base_price": "0.01", "current_price": "0.01"},
		{"origination_prefixes": ["ALL"], "destination_prefixes": ["372"], "base_price": "0.30", "current_price": "0.30"}]}`
)

func TestADeckIsMadeOfWhatTheAPIAnswers(t *testing.T) {
	const header = "prefix,channel,price,currency\n"
	for _, test := range []struct{ name, text, want string }{
		{"messages, by the most expensive network and kind of sender", messages, header + "EE,messaging,0.08,USD\n"},
		{"calls of v1", callsOfV1, header + "372,voice,0.10,USD\n3725,voice,0.10,USD\n"},
		{"calls of v2, by the most expensive origin", callsOfV2, header + "372,voice,0.30,USD\n"},
		{"calls to a country that is unknown here, by their prefixes", strings.ReplaceAll(callsOfV1, `"EE"`, `"AN"`), header + "372,voice,0.10,USD\n3725,voice,0.10,USD\n"},
		{"one behind the other", messages + "\n" + callsOfV1 + callsOfV2, header + "EE,messaging,0.08,USD\n372,voice,0.30,USD\n3725,voice,0.10,USD\n"},
	} {
		rows, err := pricing.Read("answer.json", []byte(test.text))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var deck bytes.Buffer
		if err := rates.Write(&deck, rows); err != nil || deck.String() != test.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", test.name, err, &deck, test.want)
		}
	}
}

func TestWhatIsNoAnswerIsRefused(t *testing.T) {
	for _, test := range []struct{ name, text, says string }{
		{"nothing", " \n", "answer.json is empty"},
		{"no JSON", "prefix,price", "as an answer of the Pricing API"},
		{"one that is cut off", messages[:200], "as an answer of the Pricing API"},
		{"the list of countries", `{"countries": [{"iso_country": "EE"}]}`, "no prices of sends"},
		{"a country that there is not", `{"iso_country": "UK", "price_unit": "USD", "outbound_sms_prices": []}`, `unknown country "UK"`},
		{"a price that is none", `{"iso_country": "EE", "price_unit": "USD", "outbound_prefix_prices": [{"prefixes": ["372"], "current_price": "free"}]}`, `EE: "free" is not a price`},
		{"a price below nothing", `{"iso_country": "EE", "price_unit": "USD", "outbound_prefix_prices": [{"prefixes": ["372"], "current_price": -1}]}`, `"-1" is not a price`},
		{"no price", `{"iso_country": "EE", "price_unit": "USD", "outbound_prefix_prices": [{"prefixes": ["372"]}]}`, `"" is not a price`},
	} {
		if _, err := pricing.Read("answer.json", []byte(test.text)); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want %q", test.name, err, test.says)
		}
	}
}

func TestPricesInTwoCurrenciesMakeNoDeck(t *testing.T) {
	rows, err := pricing.Read("answer.json", []byte(callsOfV1+strings.ReplaceAll(messages, `"usd"`, `"eur"`)))
	if err != nil {
		t.Fatal(err)
	}
	if err := rates.Write(new(bytes.Buffer), rows); err == nil || !strings.Contains(err.Error(), "a deck has one currency") {
		t.Errorf("%v", err)
	}
}
