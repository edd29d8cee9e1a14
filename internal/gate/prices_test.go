package gate_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/rates"
)

const pricesOfTests = `prefix,channel,price,setup,currency
US,messaging,0.0079,,USD
US,mms,0.02,,USD
371,messaging,0.05,,USD
37190,messaging,0.95,,USD
US,voice,0.014,,USD
371,voice,0.50,0.25,USD
37190,voice,2,1,USD
`

// pricedGate is a gate that lets all messages, calls and verifications pass to the US, Latvia and
// Estonia, of which the deck has nothing, as far as the definition does not limit them.
func pricedGate(t testing.TB, d policy.Definition, deck string) *gate.Gate {
	t.Helper()
	var grant policy.Grant
	for _, code := range []string{"US", "LV", "EE"} {
		territory, _ := numbering.ParseTerritory(code)
		grant.Set.Add(territory)
	}
	d.Default = &policy.Permissions{Messaging: &grant, Voice: &[policy.ClassCount]policy.Grant{grant, grant, grant}}
	snapshot, err := policy.New(d)
	if err != nil {
		t.Fatal(err)
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
	if deck != "" {
		if rules.Deck, err = rates.Read("rates.csv", []byte(deck)); err != nil {
			t.Fatal(err)
		}
	}
	g := benchGate(t)
	g.Rules = func() *gate.Rules { return rules }
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	g.Counters = limits.New(now)
	g.Now = func() time.Time { return now }
	return g
}

// form is a request with parameters as "To=+1…&Body=…", not encoded, or with a body in JSON.
func form(target, parameters string) *http.Request {
	if strings.HasPrefix(parameters, "{") {
		r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(parameters))
		r.RequestURI = r.URL.RequestURI()
		r.Header.Set("Content-Type", "application/json")
		r.SetBasicAuth(benchAccount, "secret")
		return r
	}
	values := url.Values{}
	for pair := range strings.SplitSeq(parameters, "&") {
		name, value, _ := strings.Cut(pair, "=")
		values.Add(name, value)
	}
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(values.Encode()))
	r.RequestURI = r.URL.RequestURI()
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(benchAccount, "secret")
	return r
}

const (
	messages      = "http://api.twilio.com/2010-04-01/Accounts/" + benchAccount + "/Messages.json"
	calls         = "http://api.twilio.com/2010-04-01/Accounts/" + benchAccount + "/Calls.json"
	verifications = "http://verify.twilio.com/v2/Services/VA11111111111111111111111111111111/Verifications"

	inUS      = "+12015550123"
	inLatvia  = "+37120123456"
	atPremium = "+37190012345"
	inEstonia = "+37251234567"
)

func priceLimit(t testing.TB, message, minute string) *policy.PriceLimit {
	t.Helper()
	limit := new(policy.PriceLimit)
	for text, into := range map[string]**rates.Price{message: &limit.Message, minute: &limit.Minute} {
		if text == "" {
			continue
		}
		price, err := rates.ParsePrice(text)
		if err != nil {
			t.Fatal(err)
		}
		*into = &price
	}
	return limit
}

func TestASendThatIsTooExpensiveIsRefused(t *testing.T) {
	both, messagesAlone := priceLimit(t, "0.05", "0.75"), priceLimit(t, "0.05", "")
	unpriced := *both
	unpriced.AllowUnpriced = true
	allow := policy.Rule{Prefix: "37190", Reason: "contract 7"}
	acme := policy.Account{ID: benchAccount, At: []policy.CarrierAccount{{Carrier: "twilio", ID: benchAccount}}}
	monitored, allowing := acme, acme
	monitored.Monitor, allowing.Rules = policy.Switch{On: true}, []policy.Rule{allow}
	for _, test := range []struct {
		name       string
		d          policy.Definition
		target     string
		parameters string
		outcome    policy.Outcome
		reason     policy.Reason
		rule       string
		code       int
	}{
		{"a message below", policy.Definition{PriceLimit: both}, messages, "To=" + inUS, policy.Allow, policy.Enabled, "default messaging", 0},
		{"a message at the price", policy.Definition{PriceLimit: both}, messages, "To=" + inLatvia, policy.Allow, policy.Enabled, "default messaging", 0},
		{"a message above", policy.Definition{PriceLimit: both}, messages, "To=" + atPremium, policy.Deny, policy.PriceLimited, "operator price_limit 0.05/message: costs 0.95 USD by +37190 in line 5", 21408},
		{"a call at the price of setup and one minute", policy.Definition{PriceLimit: both}, calls, "To=" + inLatvia, policy.Allow, policy.Enabled, "", 0},
		{"a call above", policy.Definition{PriceLimit: both}, calls, "To=" + atPremium, policy.Deny, policy.PriceLimited, "operator price_limit 0.75/minute: costs 3.00 USD by +37190 in line 8", 21215},
		{"a verification above", policy.Definition{PriceLimit: both}, verifications, "To=" + atPremium + "&Channel=sms", policy.Deny, policy.PriceLimited, "operator price_limit 0.05/message: costs 0.95 USD by +37190 in line 5", 60605},
		{"a call where only messages have a limit", policy.Definition{PriceLimit: messagesAlone}, calls, "To=" + atPremium, policy.Allow, policy.Enabled, "", 0},
		{"no price", policy.Definition{PriceLimit: both}, messages, "To=" + inEstonia, policy.Deny, policy.PriceLimited, "operator price_limit 0.05/message: has no price in the deck of rates", 21408},
		{"no price where such are allowed", policy.Definition{PriceLimit: &unpriced}, messages, "To=" + inEstonia, policy.Allow, policy.Enabled, "", 0},
		{"too expensive where those without a price are allowed", policy.Definition{PriceLimit: &unpriced}, messages, "To=" + atPremium, policy.Deny, policy.PriceLimited, "", 21408},
		{"what is not enabled first", policy.Definition{PriceLimit: both}, messages, "To=+33612345678", policy.Deny, policy.TerritoryNotEnabled, "", 21408},
		{"a call for help", policy.Definition{PriceLimit: both}, calls, "To=911&From=" + inUS, policy.Allow, policy.EmergencyCall, "", 0},
		{"a client without a number", policy.Definition{PriceLimit: both}, calls, "To=client:joe", policy.Allow, policy.NotANumber, "", 0},
		{"an allow rule of the operator's", policy.Definition{PriceLimit: both, Rules: []policy.Rule{allow}}, messages, "To=" + atPremium, policy.Allow, policy.AllowRule, "", 0},
		{"an allow rule of an account's", policy.Definition{PriceLimit: both, Accounts: []policy.Account{allowing}}, messages, "To=" + atPremium, policy.Deny, policy.PriceLimited, "", 21408},
		{"a monitored account", policy.Definition{PriceLimit: both, Accounts: []policy.Account{monitored}}, messages, "To=" + atPremium, policy.Monitor, policy.PriceLimited, "", 21408},
		{"where all is observed", policy.Definition{PriceLimit: both, Observe: policy.Switch{On: true}}, messages, "To=" + atPremium, policy.Monitor, policy.PriceLimited, "", 21408},
	} {
		g := pricedGate(t, test.d, pricesOfTests)
		d := g.Judge(form(test.target, test.parameters))
		if d.Outcome != test.outcome || d.Reason != test.reason || test.rule != "" && d.Rule != test.rule || d.Refusal.Code != test.code {
			t.Errorf("%s: %s %s %q with %d, want %s %s %q with %d", test.name, d.Outcome, d.Reason, d.Rule, d.Refusal.Code, test.outcome, test.reason, test.rule, test.code)
		}
	}
}

func TestEachPriceOfADestinationThatCanMeanSeveralNumbersCounts(t *testing.T) {
	var grant policy.Grant
	for _, code := range []string{"US", "EG"} {
		territory, _ := numbering.ParseTerritory(code)
		grant.Set.Add(territory)
	}
	acme := policy.Account{ID: benchAccount, At: []policy.CarrierAccount{{Carrier: "twilio", ID: benchAccount}}}
	acme.Permissions.Messaging = &grant
	for _, test := range []struct {
		name, deck    string
		allowUnpriced bool
		outcome       policy.Outcome
	}{
		{"both are below", "1,messaging,0.01,USD\n20,messaging,0.05,USD", false, policy.Allow},
		{"the second is above", "1,messaging,0.01,USD\n20,messaging,0.06,USD", false, policy.Deny},
		{"the first is above", "1,messaging,0.06,USD\n20,messaging,0.05,USD", false, policy.Deny},
		{"the second has no price", "1,messaging,0.01,USD", false, policy.Deny},
		{"the second has none where that is allowed", "1,messaging,0.01,USD", true, policy.Allow},
		{"the first is above, and the second has none", "1,messaging,0.06,USD", true, policy.Deny},
		{"the first has none, and the second is above", "20,messaging,0.06,USD", true, policy.Deny},
	} {
		limit := priceLimit(t, "0.05", "")
		limit.AllowUnpriced = test.allowUnpriced
		g := pricedGate(t, policy.Definition{PriceLimit: limit, NationalStrict: true, Accounts: []policy.Account{acme}}, "prefix,channel,price,currency\n"+test.deck+"\n")
		if d := g.Judge(form(messages, "To=2015550123&From="+inUS)); d.Outcome != test.outcome {
			t.Errorf("%s: %s %s %q", test.name, d.Outcome, d.Reason, d.Rule)
		}
	}
}

func TestWhatAWebServerTellsTheCarrierToCallIsPriced(t *testing.T) {
	g := pricedGate(t, policy.Definition{PriceLimit: priceLimit(t, "", "0.75")}, pricesOfTests)
	d, denied := g.JudgeInstructions(benchAccount, "", []gate.Instruction{
		{Send: carrier.Send{Channel: policy.Voice, To: inLatvia}}, {Send: carrier.Send{Channel: policy.Voice, To: atPremium}},
	})
	if denied[0] || !denied[1] || d.Reason != policy.PriceLimited || d.To != atPremium {
		t.Errorf("denied are %v, because of %s to %s", denied, d.Reason, d.To)
	}
}

func TestWhatAPriceComesToIsExplained(t *testing.T) {
	g := pricedGate(t, policy.Definition{PriceLimit: priceLimit(t, "0.05", "")}, pricesOfTests)
	for _, test := range []struct {
		name, to, text string
		reason         policy.Reason
	}{
		{"one that passes", inLatvia, "price_limit 0.05/message: a message costs 0.05 USD by +371 in line 4", policy.Enabled},
		{"one that does not", atPremium, "price_limit 0.05/message: a message costs 0.95 USD by +37190 in line 5", policy.PriceLimited},
		{"one without a price", inEstonia, "price_limit 0.05/message: a message has no price in the deck of rates", policy.PriceLimited},
	} {
		e := g.Explain(&gate.Question{Account: benchAccount, To: test.to})
		last := e.Steps[len(e.Steps)-1]
		if last.Name != policy.StepPrice || last.Text != test.text || e.Reason != test.reason || last.Decides != (e.Outcome == policy.Deny) {
			t.Errorf("%s: %s %q, decides %t", test.name, e.Reason, last.Text, last.Decides)
		}
		deciding := 0
		for _, step := range e.Steps {
			if step.Decides {
				deciding++
			}
		}
		if deciding != 1 {
			t.Errorf("%s: %d steps decide", test.name, deciding)
		}
	}
}

func TestASendMustBeWithinThePriceLimitOfEachLevel(t *testing.T) {
	const parent = "AC00000000000000000000000000000009"
	message := func(text string) *policy.PriceLimit { return priceLimit(t, text, "") }
	call := priceLimit(t, "", "0.01")
	unpriced := message("5.00")
	unpriced.AllowUnpriced = true
	rule := policy.Rule{Prefix: "371", Reason: "contract 7"}
	for _, test := range []struct {
		name                      string
		operator, parent, account *policy.PriceLimit
		rules, parentRules        []policy.Rule
		to                        string
		denied                    string // the rule, empty if the send passes
		steps                     []string
	}{
		{"an account's alone", nil, nil, message("0.04"), nil, nil, inLatvia, "account " + benchAccount + " price_limit 0.04/message: costs 0.05 USD by +371 in line 4", []string{"account " + benchAccount}},
		{"an account's that is enough", nil, nil, message("0.05"), nil, nil, inLatvia, "", []string{"account " + benchAccount}},
		{"a parent's", nil, message("0.04"), nil, nil, nil, inLatvia, "account " + parent + " price_limit 0.04/message: costs 0.05 USD by +371 in line 4", []string{"account " + parent}},
		{"a parent's below an account's", nil, message("0.04"), message("0.50"), nil, nil, inLatvia, "account " + parent + " price_limit 0.04/message", []string{"account " + benchAccount, "account " + parent}},
		{"an operator's below an account's", message("0.04"), nil, message("5.00"), nil, nil, inLatvia, "operator price_limit 0.04/message", []string{"account " + benchAccount, "operator"}},
		{"all three, the nearest says no", message("0.04"), message("0.03"), message("0.02"), nil, nil, inLatvia, "account " + benchAccount + " price_limit 0.02/message", []string{"account " + benchAccount, "account " + parent, "operator"}},
		{"all three, within each", message("0.50"), message("0.40"), message("0.30"), nil, nil, inLatvia, "", []string{"account " + benchAccount, "account " + parent, "operator"}},
		{"an account's of calls", nil, nil, call, nil, nil, inLatvia, "", nil},
		{"no price, which the account allows and the operator does not", message("5.00"), nil, unpriced, nil, nil, inEstonia, "operator price_limit 5.00/message: has no price in the deck of rates", []string{"account " + benchAccount, "operator"}},
		{"an allow rule of the account's", message("0.50"), message("0.50"), message("0.04"), []policy.Rule{rule}, nil, inLatvia, "", []string{"account " + parent, "operator"}},
		{"an allow rule of the account's, over the operator's", message("0.04"), nil, message("0.04"), []policy.Rule{rule}, nil, inLatvia, "operator price_limit 0.04/message", []string{"operator"}},
		{"an allow rule of the parent's", nil, message("0.04"), message("0.04"), nil, []policy.Rule{rule}, inLatvia, "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			at := func(id string) []policy.CarrierAccount { return []policy.CarrierAccount{{Carrier: "twilio", ID: id}} }
			g := pricedGate(t, policy.Definition{PriceLimit: test.operator, Accounts: []policy.Account{
				{ID: parent, At: at(parent), PriceLimit: test.parent, Rules: test.parentRules},
				{ID: benchAccount, At: at(benchAccount), Parent: parent, PriceLimit: test.account, Rules: test.rules},
			}}, pricesOfTests)
			d, e := g.Judge(form(messages, "To="+test.to)), g.Explain(&gate.Question{Account: benchAccount, To: test.to})
			if denied := d.Reason == policy.PriceLimited; denied != (test.denied != "") || !strings.HasPrefix(d.Rule, test.denied) {
				t.Errorf("%s %s %q", d.Outcome, d.Reason, d.Rule)
			}
			if e.Outcome != d.Outcome || e.Reason != d.Reason || e.Rule != d.Rule {
				t.Errorf("it is explained as %s %s %q, and judged as %s %s %q", e.Outcome, e.Reason, e.Rule, d.Outcome, d.Reason, d.Rule)
			}
			var steps, deciding []string
			for _, step := range e.Steps {
				if step.Decides {
					deciding = append(deciding, step.Level)
				}
				if step.Name == policy.StepPrice {
					steps = append(steps, step.Level)
				}
			}
			if !slices.Equal(steps, test.steps) || len(deciding) != 1 || test.denied != "" && !strings.HasPrefix(test.denied, deciding[0]) {
				t.Errorf("asked are %q, and %q decide", steps, deciding)
			}
		})
	}
}

func TestWithoutADeckAPriceIsRefusedAndExplainedAsUnknown(t *testing.T) {
	g := pricedGate(t, policy.Definition{PriceLimit: priceLimit(t, "0.05", "")}, "")
	if d := g.Judge(form(messages, "To="+inUS)); d.Reason != policy.PriceLimited || d.Outcome != policy.Deny {
		t.Errorf("%s %s", d.Outcome, d.Reason)
	}
	e := g.Explain(&gate.Question{Account: benchAccount, To: inUS})
	if last := e.Steps[len(e.Steps)-1]; e.Outcome != policy.Allow || last.Outcome != policy.StatesNothing || !strings.Contains(last.Text, "prices are unknown here") {
		t.Errorf("%s, %q", e.Outcome, last.Text)
	}
}

// spendLimit is a limit of so much money within an hour.
func spendLimit(t testing.TB, text string) policy.Limit {
	t.Helper()
	amount, err := rates.ParseAmount(text)
	if err != nil {
		t.Fatal(err)
	}
	return policy.Limit{Name: "money", Of: policy.Spend, Amount: int64(amount), Window: time.Hour, Per: []policy.Dimension{{By: policy.ByAccount}}}
}

func TestWhatASendMayCostIsReserved(t *testing.T) {
	long := strings.Repeat("a", 161)
	for _, test := range []struct{ name, target, parameters, costs string }{
		{"a message", messages, "To=" + inUS + "&Body=Hello", "0.0079"},
		{"a message of two segments", messages, "To=" + inUS + "&Body=" + long, "0.0158"},
		{"a message with a letter of another alphabet", messages, "To=" + inUS + "&Body=д" + strings.Repeat("a", 70), "0.0158"},
		{"a text that is repeated, by the longest", messages, "To=" + inUS + "&Body=Hello&Body=" + long, "0.0158"},
		{"a message by a template", messages, "To=" + inUS + "&ContentSid=HX11111111111111111111111111111111", "0.0079"},
		{"a message with media, whatever its text", messages, "To=" + inUS + "&MediaUrl=https://example.com/a.png&Body=" + long, "0.02"},
		{"media without a price of their own", messages, "To=" + inLatvia + "&MediaUrl=https://example.com/a.png&Body=" + long, "0.10"},
		{"a message without a price, by the most expensive", messages, "To=" + inEstonia, "0.95"},
		{"a message in JSON", "http://comms.twilio.com/v1/Messages", `{"to":[{"address":"` + inUS + `","channel":"SMS"}],"content":{"text":"` + long + `"}}`, "0.0158"},
		{"a message in JSON of the preview", "http://preview.messaging.twilio.com/v1/Messages", `{"messages":[{"to":"` + inUS + `"}],"body":"` + long + `"}`, "0.0158"},
		{"messages in JSON with texts of their own, each by the longest", "http://preview.messaging.twilio.com/v1/Messages", `{"messages":[{"to":"` + inUS + `","body":"` + long + `"},{"to":"` + inUS + `","body":"Hello"}]}`, "0.0316"},
		{"a call", calls, "To=" + inLatvia + "&Url=https://example.com", "0.75"},
		{"a call that may last for 61 seconds", calls, "To=" + inLatvia + "&Url=https://example.com&TimeLimit=61", "1.25"},
		{"a verification, whatever it says", verifications, "To=" + inUS + "&Channel=sms&Body=" + long, "0.0079"},
		{"a verification by call", verifications, "To=" + inLatvia + "&Channel=call", "0.75"},
	} {
		exact := pricedGate(t, policy.Definition{Limits: []policy.Limit{spendLimit(t, test.costs)}}, pricesOfTests)
		if d := exact.Judge(form(test.target, test.parameters)); d.Outcome != policy.Allow || !d.IsLimited() {
			t.Errorf("%s is more than %s: %s %s", test.name, test.costs, d.Outcome, d.Reason)
		}
		less := spendLimit(t, test.costs)
		less.Amount--
		d := pricedGate(t, policy.Definition{Limits: []policy.Limit{less}}, pricesOfTests).Judge(form(test.target, test.parameters))
		if d.Outcome != policy.Deny || d.Reason != policy.LimitExceeded || d.Rule != "operator limit money" || d.RetryAfter >= 0 {
			t.Errorf("%s is less than %s: %s %s, %s", test.name, test.costs, d.Outcome, d.Reason, d.RetryAfter)
		}
	}
}

// No more is reserved than a call may cost that the gate ends.
func TestACallThatTheGateEndsCostsNoMoreThanUntilThen(t *testing.T) {
	definition := policy.Definition{MaxCall: time.Minute, Limits: []policy.Limit{spendLimit(t, "0.75")}}
	if d := pricedGate(t, definition, pricesOfTests).Judge(form(calls, "To="+inLatvia+"&Url=x&TimeLimit=7200")); d.Outcome != policy.Allow || d.TimeLimit != time.Minute {
		t.Errorf("%s %s, ended after %s", d.Outcome, d.Reason, d.TimeLimit)
	}
	definition.Observe = policy.Switch{On: true}
	if d := pricedGate(t, definition, pricesOfTests).Judge(form(calls, "To="+inLatvia+"&Url=x&TimeLimit=7200")); d.Outcome != policy.Monitor || d.TimeLimit != 0 {
		t.Errorf("under observe: %s %s", d.Outcome, d.Reason)
	}
}

func TestWhatASendMayCostIsByTheChannelsThatItMayGoBy(t *testing.T) {
	const service = "&MessagingServiceSid=MG11111111111111111111111111111111"
	const withRCS = "prefix,channel,price,currency\n1,messaging,0.01,USD\n1,rcs,0.06,USD\n1,whatsapp,0.03,USD\n"
	long := "&Body=" + strings.Repeat("a", 161)
	for _, test := range []struct {
		name, deck, parameters, costs string
		limited                       policy.Outcome
	}{
		{"a number as the sender", withRCS, "To=" + inUS + "&From=" + inUS, "0.01", policy.Allow},
		{"a service, which may send by RCS", withRCS, "To=" + inUS + service, "0.06", policy.Deny},
		{"a service, where RCS has no price of its own", "prefix,channel,price,currency\n1,messaging,0.01,USD\n", "To=" + inUS + service, "0.01", policy.Allow},
		{"a service, where RCS is cheaper", "prefix,channel,price,currency\n1,messaging,0.04,USD\n1,rcs,0.02,USD\n", "To=" + inUS + service, "0.04", policy.Allow},
		{"a long message by WhatsApp", withRCS, "To=whatsapp:" + inUS + "&From=whatsapp:" + inUS + long, "0.03", policy.Allow},
		{"one without a price of its own", "prefix,channel,price,currency\n1,messaging,0.01,USD\n", "To=whatsapp:" + inUS + "&From=whatsapp:" + inUS + long, "0.02", policy.Allow},
	} {
		for less, want := range []policy.Outcome{policy.Allow, policy.Deny} {
			limit := spendLimit(t, test.costs)
			limit.Amount -= int64(less)
			d := pricedGate(t, policy.Definition{Limits: []policy.Limit{limit}}, test.deck).Judge(form(messages, test.parameters))
			if d.Outcome != want {
				t.Errorf("%s: %s %s by a limit of %s", test.name, d.Outcome, d.Reason, limit.AmountText(limit.Amount))
			}
		}
		g := pricedGate(t, policy.Definition{PriceLimit: priceLimit(t, "0.05", "")}, test.deck)
		if d := g.Judge(form(messages, test.parameters)); d.Outcome != test.limited {
			t.Errorf("%s: %s %s %q by a price limit of 0.05", test.name, d.Outcome, d.Reason, d.Rule)
		}
	}
}

func TestACallSpendsAsManyMinutesAsItMayLast(t *testing.T) {
	for _, test := range []struct {
		name, parameters string
		maxCall          time.Duration
		costs            string
	}{
		{"as long as any", "", 0, "0.75"},
		{"as long as the account's calls", "", 3 * time.Minute, "1.75"},
		{"shorter than these", "&TimeLimit=90", 3 * time.Minute, "1.25"},
		{"cut to these", "&TimeLimit=3600", 3 * time.Minute, "1.75"},
	} {
		for less, want := range []policy.Outcome{policy.Allow, policy.Deny} {
			limit := spendLimit(t, test.costs)
			limit.Amount -= int64(less)
			g := pricedGate(t, policy.Definition{MaxCall: test.maxCall, Limits: []policy.Limit{limit}}, pricesOfTests)
			e := g.Explain(&gate.Question{Account: benchAccount, Channel: policy.Voice, To: inLatvia})
			if test.parameters == "" && e.Outcome != want {
				t.Errorf("%s: explained as %s %s by a limit of %s", test.name, e.Outcome, e.Reason, limit.AmountText(limit.Amount))
			}
			if d := g.Judge(form(calls, "To="+inLatvia+"&Url=https://example.com"+test.parameters)); d.Outcome != want {
				t.Errorf("%s: %s %s by a limit of %s", test.name, d.Outcome, d.Reason, limit.AmountText(limit.Amount))
			}
		}
	}
}

func TestMoneyIsSpentOnceAndGivenBack(t *testing.T) {
	g := pricedGate(t, policy.Definition{Limits: []policy.Limit{spendLimit(t, "0.10")}}, pricesOfTests)
	message := func() *gate.Decision { return g.Judge(form(messages, "To="+inLatvia)) }
	first := message()
	if d := message(); d.Outcome != policy.Allow {
		t.Fatalf("%s %s: two are 0.10", d.Outcome, d.Reason)
	}
	e := g.Explain(&gate.Question{Account: benchAccount, To: inLatvia})
	const text = "limit money allows 0.10 of spend within 1h per account: 0.10 of 0.10 USD used, and this costs 0.05"
	if last := e.Steps[len(e.Steps)-1]; last.Text != text || e.Reason != policy.LimitExceeded {
		t.Errorf("explained as %s, %q", e.Reason, last.Text)
	}
	if d := message(); d.Outcome != policy.Deny || d.RetryAfter <= 0 || d.Refusal.Code != 20429 {
		t.Errorf("%s %s with %d after %s: three are more", d.Outcome, d.Reason, d.Refusal.Code, d.RetryAfter)
	}
	first.GiveBack()
	if d := message(); d.Outcome != policy.Allow {
		t.Errorf("%s %s: one was given back", d.Outcome, d.Reason)
	}
}

func TestASendThatCostsMoreThanMayBeSpentHoldsNothing(t *testing.T) {
	limit := spendLimit(t, "1.00")
	limit.HoldFor = 15 * time.Minute
	g := pricedGate(t, policy.Definition{Limits: []policy.Limit{limit}}, "prefix,channel,price,currency\nUS,messaging,0.30,USD\nUS,voice,0.50,USD\n")
	now := g.Now()
	g.Now, g.Holds = func() time.Time { return now }, limits.NewHolds()
	judged := func(target, parameters string) *gate.Decision { return g.Judge(form(target, parameters)) }

	if d := judged(calls, "To="+inUS+"&TimeLimit=3600"); d.Reason != policy.LimitExceeded || d.Hold != "" {
		t.Fatalf("a call of an hour: %s, held by %q", d.Reason, d.Hold)
	}
	for range 3 {
		if d := judged(messages, "To="+inUS); d.Outcome != policy.Allow {
			t.Fatalf("a message that may be sent: %s", d.Reason)
		}
	}
	if d := judged(messages, "To="+inUS); d.Hold == "" {
		t.Fatalf("a message too many: %s", d.Reason)
	}
	now = now.Add(14 * time.Minute) // the last part of the hold
	if d := judged(calls, "To="+inUS+"&TimeLimit=3600"); d.Hold == "" {
		t.Fatalf("a call of an hour, later: %s", d.Reason)
	}
	now = now.Add(2*time.Hour + time.Minute) // when it is over, and the half of the limit, too
	if d := judged(messages, "To="+inUS); d.Outcome != policy.Allow {
		t.Errorf("a message once the hold is over: %s", d.Reason)
	}
}

func TestWhatHasNoPriceAtAllIsOverEachLimitOfSpend(t *testing.T) {
	all := spendLimit(t, "400000")
	ofMessages := all
	ofMessages.Kind = policy.Messages
	const messagesAlone = "prefix,channel,price,currency\nUS,messaging,0.0079,USD\n"
	for _, test := range []struct {
		name    string
		limit   policy.Limit
		deck    string
		target  string
		outcome policy.Outcome
	}{
		{"a call by a deck of messages", all, messagesAlone, calls, policy.Deny},
		{"a call where messages alone are limited", ofMessages, messagesAlone, calls, policy.Allow},
		{"a message without a deck", all, "", messages, policy.Deny},
	} {
		g := pricedGate(t, policy.Definition{Limits: []policy.Limit{test.limit}}, test.deck)
		if d := g.Judge(form(test.target, "To="+inUS)); d.Outcome != test.outcome {
			t.Errorf("%s: %s %s", test.name, d.Outcome, d.Reason)
		}
	}
}

func TestWhatCarriesNoTollSpendsNothing(t *testing.T) {
	g := pricedGate(t, policy.Definition{Limits: []policy.Limit{spendLimit(t, "0.0001")}}, pricesOfTests)
	for _, to := range []string{"client:joe", "911"} {
		if d := g.Judge(form(calls, "From="+inUS+"&To="+to)); d.Outcome != policy.Allow || d.IsLimited() {
			t.Errorf("%s: %s %s, reserved %t", to, d.Outcome, d.Reason, d.IsLimited())
		}
	}
}

func BenchmarkPriced(b *testing.B) {
	for _, c := range []struct {
		name string
		d    policy.Definition
	}{
		{"nothing stated", policy.Definition{}},
		{"price_limit", policy.Definition{PriceLimit: priceLimit(b, "0.05", "0.75")}},
		{"a limit of spend", policy.Definition{Limits: []policy.Limit{spendLimit(b, "400000")}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			g := pricedGate(b, c.d, pricesOfTests)
			r := newBenchRequest(http.MethodPost, "To=%2B12015550123&From=%2B12015550199&Body=Hello")
			b.ReportAllocs()
			for b.Loop() {
				r.reset()
				d := g.Judge(r.Request)
				if d.Outcome != policy.Allow {
					b.Fatal(d.Reason)
				}
				d.GiveBack()
			}
		})
	}
}
