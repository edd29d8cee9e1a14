package operations

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/taskrouter"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// An account that may reach only the US and change everything, so that a refusal is
// always because of the number.
const (
	entryAccount = "AC11111111111111111111111111111111"
	permitted    = "+12015550123"
	denied       = "+37190001234" // a premium number of Latvia
)

func entryGate(t *testing.T, anyProduct bool) *gate.Gate {
	t.Helper()
	var set policy.Set
	us, _ := numbering.ParseTerritory("US")
	set.Add(us)
	grant := policy.Grant{Set: set}
	snapshot, err := policy.New(policy.Definition{Accounts: []policy.Account{{
		ID: entryAccount, At: []policy.CarrierAccount{{Carrier: "twilio", ID: entryAccount}}, Controls: policy.Controls,
		Permissions: policy.Permissions{Messaging: &grant, Voice: &[policy.ClassCount]policy.Grant{grant, grant, grant}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	rules := &gate.Rules{Snapshot: snapshot, Plan: numbering.Default()}
	return &gate.Gate{
		Carrier: Carrier, Rules: func() *gate.Rules { return rules }, Product: "api", AnyProduct: anyProduct,
		DenyUnknown: true, Now: time.Now,
	}
}

// entryPoint is one way for a parameter to arrive.
type entryPoint struct {
	product, method, path, parameter string
	accepts                          params.Accepts
}

func (d entryPoint) String() string {
	return d.product + " " + d.method + " " + d.path + " " + d.parameter
}

// through returns every form of request in which the entry point's parameter has a
// value.
func (d entryPoint) through(value string) map[string]*http.Request {
	address := d.path
	pair := url.Values{d.parameter: {value}}.Encode()
	quoted, _ := json.Marshal(value)
	requests := map[string]*http.Request{
		"a form":           httptest.NewRequest(d.method, address, strings.NewReader(pair)),
		"a query":          httptest.NewRequest(d.method, address+"?"+pair, nil),
		"another spelling": httptest.NewRequest(d.method, address, strings.NewReader(url.Values{strings.ToLower(d.parameter): {value}}.Encode())),
		"a multipart form": httptest.NewRequest(d.method, address, strings.NewReader("--x\r\nContent-Disposition: form-data; name=\""+d.parameter+"\"\r\n\r\n"+value+"\r\n--x--\r\n")),
		"JSON":             httptest.NewRequest(d.method, address, strings.NewReader(`{"`+d.parameter+`":`+string(quoted)+`}`)),
	}
	if d.accepts&params.AcceptForm == 0 {
		delete(requests, "a form")
		delete(requests, "another spelling")
	}
	if d.accepts&params.AcceptMultipart == 0 {
		delete(requests, "a multipart form")
	}
	if d.accepts&params.AcceptJSON == 0 {
		delete(requests, "JSON")
	}
	for name, r := range requests {
		r.Host = d.product + ".twilio.com"
		r.SetBasicAuth(entryAccount, "secret")
		r.Header.Set("Content-Type", map[string]string{"JSON": jsonType, "a multipart form": "multipart/form-data; boundary=x"}[name])
		if r.Header.Get("Content-Type") == "" {
			r.Header.Set("Content-Type", formType)
		}
	}
	return requests
}

// check sends a value with a number through all forms of an entry point, to a gate of
// one product and to a gate of all products.
func (d entryPoint) check(t *testing.T, what string, value func(number string) string) {
	t.Helper()
	for _, anyProduct := range []bool{false, true} {
		g := entryGate(t, anyProduct)
		for name, r := range d.through(value(denied)) {
			if decision := g.Judge(r); decision.Outcome != policy.Deny || decision.Reason != policy.TerritoryNotEnabled {
				t.Errorf("%s, %s in %s (any product: %t): %v %s, want a refusal", d, what, name, anyProduct, decision.Outcome, decision.Reason)
			}
		}
		for name, r := range d.through(value(permitted)) {
			if decision := g.Judge(r); decision.Outcome != policy.Allow {
				t.Errorf("%s, %s in %s (any product: %t): %v %s, want it let through", d, what, name, anyProduct, decision.Outcome, decision.Reason)
			}
		}
	}
}

// entryPointsOf returns the entry points of a row's parameter: one for each method and
// version that Twilio documents.
func entryPointsOf(o *operation, parameter string) (entryPoints []entryPoint) {
	for _, d := range o.documented {
		path := strings.NewReplacer(versionSegment, d.version, AccountSid, entryAccount).Replace(o.path)
		path = strings.NewReplacer("{", "X", "}", "").Replace(path)
		entryPoints = append(entryPoints, entryPoint{o.product, d.method, path, parameter, o.accepts})
	}
	return entryPoints
}

// attributeEntryPoints returns the entry points of attributes of a task or a worker.
func attributeEntryPoints() (entryPoints []entryPoint) {
	for _, o := range api.operations {
		for j := range o.documents {
			if hasAll(o.documents[j].fields, dialledFields) {
				entryPoints = append(entryPoints, entryPointsOf(o, o.documents[j].name)...)
			}
		}
	}
	return entryPoints
}

func TestWhatATaskDialsIsJudgedAtEveryEntryPoint(t *testing.T) {
	entryPoints := attributeEntryPoints()
	for _, must := range []string{
		"taskrouter POST /v1/Workspaces/XWorkspaceSid/Tasks Attributes",
		"taskrouter POST /v1/Workspaces/XWorkspaceSid/Tasks/XSid Attributes",
		"taskrouter POST /v1/Workspaces/XWorkspaceSid/Workers Attributes",
		"taskrouter POST /v1/Workspaces/XWorkspaceSid/Workers/XSid Attributes",
		"flex-api POST /v1/Interactions Routing",
		"flex-api POST /v1/Interactions/XInteractionSid/Channels/XSid Routing",
		"flex-api POST /v1/Interactions/XInteractionSid/Channels/XChannelSid/Invites Routing",
		"flex-api POST /v1/Interactions/XInteractionSid/Channels/XChannelSid/Participants RoutingProperties",
		"flex-api POST /v1/Interactions/XInteractionSid/Channels/XChannelSid/Transfers Routing",
		"flex-api POST /v1/Channels TaskAttributes",
		"studio POST /v2/Flows Definition",
		"studio POST /v2/Flows/XFlowSid/Executions Parameters",
	} {
		if !slices.ContainsFunc(entryPoints, func(d entryPoint) bool { return d.String() == must }) {
			t.Errorf("%s is not an entry point", must)
		}
	}
	for _, a := range taskrouter.Dialled {
		camel := ""
		for word := range strings.SplitSeq(a.Name, "_") {
			camel += strings.ToUpper(word[:1]) + word[1:]
		}
		for _, form := range []string{
			`{"` + a.Name + `":"%s"}`,
			`{"` + camel + `":"%s"}`,
			`{"name":"x","` + a.Name + `":["%s"]}`,
			`{"properties":{"workspace_sid":"WS1","attributes":{"` + a.Name + `":"%s"}}}`,
			`{"from":{"` + a.Name + `":"%s"}}`,
			`{"\u00` + fmt.Sprintf("%x", a.Name[0]) + a.Name[1:] + `":"%s"}`,
		} {
			value := func(number string) string { return fmt.Sprintf(form, number) }
			for _, d := range entryPoints {
				d.check(t, form, value)
			}
			twiml := func(number string) string {
				return `<Response><Enqueue workflowSid="WW1"><Task>` + value(number) + `</Task></Enqueue></Response>`
			}
			for _, d := range fieldEntryPoints(inTwiML) {
				d.check(t, "a task in TwiML with "+form, twiml)
			}
			for _, d := range urlEntryPoints(t) {
				d.check(t, "a task in the TwiML of a URL with "+form, func(number string) string {
					return d.wrap("https://hooks.example/?Twiml=" + url.QueryEscape(twiml(number)))
				})
			}
		}
	}
}

// fieldEntryPoints returns the entry points of all fields of one kind.
func fieldEntryPoints(v via) (entryPoints []entryPoint) {
	for _, o := range api.operations {
		for _, f := range o.fields {
			if f.via == v {
				entryPoints = append(entryPoints, entryPointsOf(o, f.name)...)
			}
		}
	}
	return entryPoints
}

func TestWhatASupervisorIsReachedByIsJudged(t *testing.T) {
	entryPoints := fieldEntryPoints(bySupervisor)
	if len(entryPoints) != 2 {
		t.Errorf("there are %d entry points", len(entryPoints))
	}
	for _, d := range entryPoints {
		d.check(t, "a number", func(number string) string { return number })
		d.check(t, "an address", func(number string) string { return "sip:" + number + "@acme.pstn.twilio.com" })
	}
}

// urlEntryPoint is an entry point for an instruction URL, in a document or alone.
type urlEntryPoint struct {
	entryPoint
	wrap func(address string) string
}

// urlEntryPoints returns the entry points of all instruction URLs.
func urlEntryPoints(t *testing.T) (entryPoints []urlEntryPoint) {
	t.Helper()
	rows := make(map[string]bool)
	for _, w := range writesOfTheLibrary(t) {
		names := instructionURLsOf(w.product, w.path)
		if w.method == http.MethodDelete || names == nil {
			continue
		}
		op := Route(&carrier.Request{Method: w.method, Host: w.product + ".twilio.com", Path: w.path, HasBody: true}, "api")
		for _, name := range names {
			rows[w.product+" "+w.path+" "+name] = true
			d := entryPoint{
				w.product, w.method, strings.NewReplacer(AccountSid, entryAccount, "{", "X", "}", "").Replace(w.path), name, op.Row.(*operation).accepts,
			}
			wrap := func(address string) string { return address }
			if w.product == "studio" {
				d.parameter = "Definition"
				wrap = func(address string) string {
					quoted, _ := json.Marshal(address)
					return `{"states":[{"type":"add-twiml-redirect","properties":{"` + name + `":` + string(quoted) + `}}]}`
				}
			}
			entryPoints = append(entryPoints, urlEntryPoint{d, wrap})
		}
	}
	if withURLs := len(rowsWithURLs()); len(rows) < withURLs {
		t.Errorf("%d entry points for %d rows", len(rows), withURLs)
	}
	return entryPoints
}

func TestNumbersInInstructionURLsAreJudgedAtEveryEntryPoint(t *testing.T) {
	entryPoints := urlEntryPoints(t)
	for _, form := range []string{
		"http://twimlets.com/forward?PhoneNumber=%s",
		"https://TWIMLETS.com/simulring?PhoneNumbers%%5B0%%5D=%s&Message=hello",
		"https://twimlets.com/findme?PhoneNumbers[0]=%s",
		"https://twimlets.com/conference?Moderators=%s",
		"https://twimlets.com/menu?Options%%5B1%%5D=http%%3A%%2F%%2Ftwimlets.com%%2Fforward%%3FPhoneNumber%%3D%s",
		"https://twimlets.com/echo?Twiml=%%3CResponse%%3E%%3CDial%%3E%s%%3C%%2FDial%%3E%%3C%%2FResponse%%3E",
		"https://handler.twilio.com/twiml/EH11111111111111111111111111111111?To=%s",
		"https://forward-1234.twil.io/forward-call?PhoneNumber=%s",
		"https://webhooks.twilio.com/v1/Accounts/AC11111111111111111111111111111111/Flows/FW1?to=%s",
		"https://studio.twilio.com/v2/Flows/FW1?to=%s",
	} {
		for _, d := range entryPoints {
			d.check(t, form, func(number string) string {
				return d.wrap(fmt.Sprintf(form, url.QueryEscape(number)))
			})
		}
	}
}

// A customer's own URL may hold any number.
func TestNumbersInURLsOfACustomersAreNot(t *testing.T) {
	for _, d := range urlEntryPoints(t) {
		for name, r := range d.through(d.wrap("https://hooks.example/voice?customer=37190001234&order=9989123456")) {
			if decision := entryGate(t, false).Judge(r); decision.Outcome != policy.Allow {
				t.Errorf("%s in %s: %v %s, want it let through", d, name, decision.Outcome, decision.Reason)
			}
		}
	}
}
