package tollgate_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/apierrors"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sandbox"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/twiml"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/webhook"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// products are operations whose refusals the page shows, one for each way to be refused.
var products = []struct {
	name, host, path string
	channels         []policy.Channel
}{
	{"Messages", "api", "/2010-04-01/Accounts/AC11111111111111111111111111111111/Messages.json", []policy.Channel{policy.Messaging}},
	{"Calls", "api", "/2010-04-01/Accounts/AC11111111111111111111111111111111/Calls.json", []policy.Channel{policy.Voice}},
	{"Verify", "verify", "/v2/Services/VA11111111111111111111111111111111/Verifications", []policy.Channel{policy.Messaging}},
	{"Conversations", "conversations", "/v1/Conversations/CH11111111111111111111111111111111/Participants", []policy.Channel{policy.Messaging}},
	{"Conversations v2", "conversations", "/v2/Conversations", []policy.Channel{policy.Messaging, policy.Voice}},
	{"Communications", "comms", "/v1/Messages", []policy.Channel{policy.Messaging}},
	{"Notify", "notify", "/v1/Services/IS11111111111111111111111111111111/Notifications", []policy.Channel{policy.Messaging}},
	{"Studio", "studio", "/v2/Flows/FW11111111111111111111111111111111/Executions", []policy.Channel{policy.Messaging, policy.Voice}},
	{"Proxy", "proxy", "/v1/Services/KS11111111111111111111111111111111/Sessions", []policy.Channel{policy.Messaging, policy.Voice}},
	{"TaskRouter", "taskrouter", "/v1/Workspaces/WS11111111111111111111111111111111/Tasks", []policy.Channel{policy.Voice}},
	{"Flex", "flex-api", "/v1/Interactions", []policy.Channel{policy.Messaging}},
}

// sample has the values of the placeholders in the page's texts.
var sample = map[string]string{
	"To": "+998912345678", "MaskedTo": "+99891234XXXX", "MaskedE164": "+99891234XXXX", "Territory": "UZ", "Channel": "sms", "CHANNEL": "SMS",
	"From": "+12015550123", "Account": "AC11111111111111111111111111111111",
	"Parameter": "Url", "URL": "https://other.example/x", "Cause": "…", "Path": "…",
}

func sampleOf(placeholder string) string { return sample[placeholder] }

// errorRow is what the gate answers with one error: by which products, and for what.
type errorRow struct{ products, reasons []string }

// answered asks each product for the answer to each reason.
func answered(t *testing.T) map[*apierrors.Error]*errorRow {
	rows := make(map[*apierrors.Error]*errorRow)
	uz, _ := numbering.ParseTerritory("UZ")
	add := func(product string, reason policy.Reason, e *apierrors.Error) {
		if rows[e] == nil {
			rows[e] = new(errorRow)
		}
		if row := rows[e]; !slices.Contains(row.products, product) {
			row.products = append(row.products, product)
		}
		if name := "`" + string(reason) + "`"; !slices.Contains(rows[e].reasons, name) {
			rows[e].reasons = append(rows[e].reasons, name)
		}
	}
	for _, row := range slices.Concat(carrier.Reasons, policy.Reasons) {
		if row.Outcome == policy.Allow {
			continue
		}
		for _, p := range products {
			r := &carrier.Request{Method: http.MethodPost, Host: p.host + ".twilio.com", Path: p.path}
			op := twilio.Twilio{}.Route(r, "api")
			for _, channel := range p.channels {
				for _, cause := range causes(row.Reason) {
					for _, of := range ofLimits(row.Reason) {
						refusal := twilio.Twilio{}.Refuse(r, op, carrier.Denial{
							Reason: row.Reason, Channel: channel, To: sample["To"], Territory: uz, Cause: cause, SameNumber: of.SameNumber, Held: of.Held,
							URL: carrier.URL{Parameter: sample["Parameter"], Address: sample["URL"]},
						})
						add(p.name, row.Reason, errorOf(t, refusal))
					}
				}
			}
		}
	}
	for _, row := range slices.Concat(carrier.Reasons, policy.Reasons, webhook.Reasons) {
		for channel := range policy.ChannelCount {
			for _, e := range apierrors.Table {
				if e.Status == 0 && e.Code == webhook.Code(row.Reason, channel) && inAnswers(row.Reason) {
					add("TwiML", row.Reason, e)
				}
			}
		}
	}
	return rows
}

// ofLimits are the denials by limits that are answered differently.
func ofLimits(reason policy.Reason) []carrier.Denial {
	if reason != policy.LimitExceeded {
		return []carrier.Denial{{}}
	}
	return []carrier.Denial{{}, {SameNumber: true}, {Held: true}}
}

// inAnswers reports whether the reason can be one for an answer with TwiML.
func inAnswers(reason policy.Reason) bool {
	switch reason {
	case carrier.BodyTooLarge, carrier.BodyUndecodable, carrier.BodyUnreadable, carrier.BodyEncoded, carrier.ContentTypeDenied,
		carrier.BodyLate, carrier.MemoryFull, carrier.CountersUnavailable, webhook.SignatureMissing, webhook.SignatureInvalid:
		return true
	}
	return slices.ContainsFunc(policy.Reasons, func(r policy.ReasonRow) bool {
		return r.Reason == reason && r.Outcome == policy.Deny && r.Step != policy.StepControl
	})
}

// causes are the ways in which a request cannot be read that are answered differently.
func causes(reason policy.Reason) []error {
	switch reason {
	case carrier.ContentTypeDenied:
		return []error{errType(), nil}
	case carrier.BodyUndecodable:
		_, err := twiml.Read([]byte("<Response>&"))
		return []error{nil, err}
	}
	return []error{nil}
}

// errType is the error of a body of a type that the operation does not take.
func errType() error {
	r := &carrier.Request{Method: http.MethodPost, Host: "api.twilio.com", Path: products[0].path, HasBody: true,
		Header: http.Header{"Content-Type": {"application/json"}}}
	_, err := twilio.Twilio{}.Read(r, twilio.Twilio{}.Route(r, "api"), []byte("{}"))
	return err
}

// errorOf finds the row of the table that a refusal is written from.
func errorOf(t *testing.T, refusal carrier.Refusal) *apierrors.Error {
	t.Helper()
	var body struct{ Message string }
	if err := json.Unmarshal(refusal.Body, &body); err != nil {
		t.Fatal(err)
	}
	for _, isExact := range []bool{true, false} {
		for _, e := range apierrors.Table {
			text := e.Fill(sampleOf)
			// What follows is of the request: its path, or why it cannot be read.
			before, _, isOpen := strings.Cut(strings.Replace(text, sample["Cause"], "…", 1), "…")
			isIt := body.Message == text || !isExact && isOpen && strings.HasPrefix(body.Message, before)
			if e.Code == refusal.Code && e.Status == refusal.Status && isIt {
				return e
			}
		}
	}
	t.Fatalf("no row of the table is %s", refusal.Body)
	return nil
}

func TestThePageOfErrorsIsTheirTable(t *testing.T) {
	const page = "docs/errors.md"
	head, found, _ := strings.Cut(readFile(t, page), "| code |")
	want := errorTable(answered(t))
	if *harness.Update {
		if err := os.WriteFile(page, []byte(head+want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if "| code |"+found != want {
		t.Errorf("%s does not have the table of errors: run the test with -update", page)
	}
}

// errorTable writes all errors as the page has them, in the order of the table.
func errorTable(rows map[*apierrors.Error]*errorRow) string {
	var b strings.Builder
	b.WriteString("| code | status | message | answered by | for | seen | confidence | what to do |\n|---|---|---|---|---|---|---|---|\n")
	for _, e := range apierrors.Table {
		if rows[e] == nil && e.Code == apierrors.InvalidRequest.Code {
			continue // the sandbox's, and what a reason without an answer would have
		}
		status := "later"
		if e.Status != 0 {
			status = strconv.Itoa(e.Status)
		}
		by, reasons := "", "Twilio itself, and the sandbox"
		if row := rows[e]; row != nil {
			by, reasons = strings.Join(row.products, ", "), strings.Join(row.reasons, ", ")
			if len(row.products) == len(products) {
				by = "all"
			}
		}
		text := e.Fill(sampleOf)
		fmt.Fprintf(&b, "| %d | %s | %s | %s | %s | %s | %s | %s |\n",
			e.Code, status, code(text), by, reasons, seen(e), e.Confidence, e.Advice)
	}
	return b.String()
}

// seen is where and when an error was seen.
func seen(e *apierrors.Error) string {
	switch e.Source {
	case apierrors.OwnWords:
		return e.Source
	case apierrors.Recording:
		return e.Source + ", " + cmp.Or(e.Date, "undated")
	}
	return "<" + e.Source + ">, " + cmp.Or(e.Date, "undated")
}

// code writes a text as code, with as many backticks as it needs.
func code(text string) string {
	if strings.Contains(text, "`") {
		return "`` " + text + " ``"
	}
	return "`" + text + "`"
}

// The gate and the sandbox answer one request in the same bytes, and neither keeps a call
// for help from being made.
func TestTheGateAndTheSandboxRefuseInTheSameWords(t *testing.T) {
	const account = "AC11111111111111111111111111111111"
	us, _ := numbering.ParseTerritory("US")
	granted := policy.Grant{Set: policy.SetOf(us)}
	snapshot, err := policy.New(policy.Definition{
		Revision: "errors",
		Accounts: []policy.Account{{
			ID: account, At: []policy.CarrierAccount{{Carrier: "twilio", ID: account}},
			Permissions: policy.Permissions{Messaging: &granted, Voice: &[policy.ClassCount]policy.Grant{granted}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
	g := &gate.Gate{Carrier: twilio.Twilio{}, Rules: func() *gate.Rules { return rules }, Product: "api", Now: time.Now}
	other := sandbox.New(sandbox.Options{})
	const form = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		name, resource, contentType, body string
		code                              int // 0 if it passes
	}{
		{"JSON to Messages", "Messages", "application/json", `{"To": "+12015550123"}`, 21604},
		{"JSON to Calls", "Calls", "application/json", `{"To": "+12015550123"}`, 21201},
		{"a text to Messages", "Messages", "text/plain", "To=%2B12015550123", 21604},
		{"a message to no number", "Messages", form, "To=%2B000000000000&From=%2B12015550199&Body=x", 21211},
		{"a message to no number on WhatsApp", "Messages", form, "To=whatsapp:%2B000000000000&From=whatsapp:%2B12015550199&Body=x", 21211},
		{"a call to no number", "Calls", form, "To=%2B000000000000&From=%2B12015550199&Url=https://example.com", 21217},
		{"a call for help in Europe", "Calls", form, "To=112&From=%2B12015550199&Url=https://example.com", 0},
		{"a call for help in America", "Calls", form, "To=911&From=%2B12015550199&Url=https://example.com", 0},
		{"a call for help with the country code", "Calls", form, "To=%2B44112&From=%2B12015550199&Url=https://example.com", 0},
		{"and with two digits", "Calls", form, "To=%2B3317&From=%2B12015550199&Url=https://example.com", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			request := func() *http.Request {
				r := httptest.NewRequest(http.MethodPost, "/2010-04-01/Accounts/"+account+"/"+c.resource+".json", strings.NewReader(c.body))
				r.Host = "api.twilio.com"
				r.Header.Set("Content-Type", c.contentType)
				r.SetBasicAuth(account, "secret")
				return r
			}
			d := g.Judge(request())
			answer := httptest.NewRecorder()
			other.ServeHTTP(answer, request())
			if c.code == 0 {
				if d.Outcome != policy.Allow || answer.Code != http.StatusCreated {
					t.Errorf("gate: %s %s; sandbox: %d %s", d.Outcome, d.Reason, answer.Code, answer.Body)
				}
				return
			}
			if d.Refusal.Code != c.code || d.Refusal.Status != answer.Code || string(d.Refusal.Body) != answer.Body.String() {
				t.Errorf("want %d\ngate    %d %s\nsandbox %d %s", c.code, d.Refusal.Status, d.Refusal.Body, answer.Code, answer.Body)
			}
		})
	}
}

// The numbers by which Twilio tests each refusal.
func TestTheSandboxRefusesTestNumbersAsTheGateWould(t *testing.T) {
	other := sandbox.New(sandbox.Options{})
	for _, c := range []struct {
		product int
		reason  policy.Reason
		to      string
	}{
		{0, policy.DestinationUnreadable, "+15005550001"},
		{0, policy.TerritoryNotEnabled, "+15005550003"},
		{0, policy.TrialRestricted, "+15005550020"},
		{1, policy.DestinationUnreadable, "+15005550001"},
		{1, policy.TerritoryNotEnabled, "+15005550003"},
		{1, policy.TrialRestricted, "+15005550020"},
	} {
		p := products[c.product]
		r := &carrier.Request{Method: http.MethodPost, Host: p.host + ".twilio.com", Path: p.path}
		want := twilio.Twilio{}.Refuse(r, twilio.Twilio{}.Route(r, "api"),
			carrier.Denial{Reason: c.reason, Channel: p.channels[0], To: c.to, E164: c.to})
		form := url.Values{"To": {c.to}, "From": {"+12015550199"}, "Body": {"x"}, "Url": {"https://example.com"}}
		sent := httptest.NewRequest(http.MethodPost, p.path, strings.NewReader(form.Encode()))
		sent.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		sent.SetBasicAuth("AC11111111111111111111111111111111", "secret")
		got := httptest.NewRecorder()
		other.ServeHTTP(got, sent)
		if got.Code != want.Status || got.Body.String() != string(want.Body) {
			t.Errorf("%s to %s\nsandbox %s\ngate    %s", p.name, c.to, got.Body, want.Body)
		}
	}
}

func TestEveryErrorSaysWhereItWasSeenAndWhatToDo(t *testing.T) {
	for _, e := range apierrors.Table {
		known := slices.Contains([]apierrors.Confidence{apierrors.High, apierrors.Medium, apierrors.Low}, e.Confidence)
		if e.Code == 0 || e.Text == "" || e.Source == "" || !known || e.Advice == "" {
			t.Errorf("%d %q: incomplete row", e.Code, e.Text)
		}
		e.Fill(func(placeholder string) string {
			if _, ok := sample[placeholder]; !ok {
				t.Errorf("%d has the unknown placeholder %q", e.Code, placeholder)
			}
			return ""
		})
	}
}
