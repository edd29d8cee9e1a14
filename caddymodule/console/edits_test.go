package console_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// tokenOf is the token of a user who sees the forms of an account.
func tokenOf(t *testing.T, g *gate, user string) string {
	t.Helper()
	g.stated(t, "PUT", "/accounts/AC99999999999999999999999999999999", `{}`)
	_, page := ask(t, "GET", "http://"+g.site+pages+"accounts/AC99999999999999999999999999999999", "", header("X-User", user))
	return tokenIn(t, page)
}

// form sends one of a page, as a browser without scripts would.
func form(t *testing.T, g *gate, user, path string, fields url.Values) (*http.Response, string) {
	t.Helper()
	if fields["token"] == nil {
		fields["token"] = []string{tokenOf(t, g, user)}
	}
	return ask(t, "POST", "http://"+g.site+pages+path, fields.Encode(), formHeader("X-User", user))
}

func TestWhatAViewerMayNotDoIsNotOfferedAndIsRefused(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": "Acme", "messaging": ["US"]}`)
	for _, test := range []struct {
		user, account string
		offered       bool
	}{{"bob", acme, true}, {"carol", acme, false}, {"bob", inFile, false}} {
		response, text := ask(t, "GET", "http://"+g.site+pages+"accounts/"+test.account, "", header("X-User", test.user))
		if offered := strings.Contains(text, `role="switch"`); response.StatusCode != 200 || offered != test.offered || !strings.Contains(text, "United States") {
			t.Errorf("%s is offered switches of %s: %v (%d)", test.user, test.account, offered, response.StatusCode)
		}
	}
	edit := url.Values{"channel": {"messaging"}, "edit": {"open/messaging/low_risk/CA"}, "token": {"x"}}
	if response, text := form(t, g, "carol", "accounts/"+acme+"/edit", edit); response.StatusCode != 403 || !strings.Contains(text, "Load it again") {
		t.Errorf("a form without a token is answered %d %s", response.StatusCode, text)
	}
	store := storeInUse(t)
	token := tokenOf(t, startGateOn(t, store, "admin carol"), "carol") // who was more before
	g = startGateOn(t, store, team...)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": "Acme", "messaging": ["US"]}`)
	edit.Set("token", token)
	if response, text := form(t, g, "carol", "accounts/"+acme+"/edit", edit); response.StatusCode != 403 || !strings.Contains(text, "needs the role admin") {
		t.Errorf("a viewer who sends the form is answered %d %s", response.StatusCode, text)
	}
	if text := g.stated(t, "GET", "/accounts/"+acme, ""); !strings.Contains(text, `"messaging":["US"]`) {
		t.Errorf("the account is %s", text)
	}
}

func TestAChangeIsMadeOnlyAsItWasShown(t *testing.T) {
	const us, ca, pk = "messaging/low_risk/US", "messaging/low_risk/CA", "messaging/low_risk/PK"
	for _, test := range []struct {
		name string
		// was and on are the switches when the page was made, and as they are sent.
		was, on []string
		// more is added to the form that makes the change; a field without a value is left out.
		more url.Values
		// meanwhile is done after the change was shown.
		meanwhile string
		status    int
		shows     string
		account   string // what it states then
	}{
		{"opened", []string{us}, []string{us, ca}, nil, "", 303, "", `"messaging":["US","CA"]`},
		{"closed", []string{us}, []string{}, nil, "", 303, "", `"messaging":[]`},
		{"someone else has opened another one since the page was made", []string{}, []string{ca}, nil, "", 303, "", `"messaging":["US","CA"]`},
		{"someone else has changed it since it was shown", []string{us}, []string{us, ca}, nil, `{"messaging": ["US", "MX"]}`, 412, "read it again", `"messaging":["US","MX"]`},
		{"high risk, and not acknowledged", []string{us}, []string{us, pk}, nil, "", 422, "marks as high risk", `"messaging":["US"]`},
		{"high risk", []string{us}, []string{us, pk}, url.Values{"acknowledge": {"true"}}, "", 303, "", `"messaging":["US","PK"]`},
		{"a switch of their own making", []string{us}, []string{us, "messaging/low_risk/UX"}, nil, "", 422, "unknown territory", `"messaging":["US"]`},
		{"a switch that is none", []string{us}, []string{us, "x"}, nil, "", 422, "states nothing", `"messaging":["US"]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := startGate(t)
			g.stated(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
			response, shown := form(t, g, "bob", "accounts/"+acme+"/preview", url.Values{"channel": {"messaging"}, "was": {strings.Join(test.was, " ")}, "on": test.on})
			make := hiddenIn(shown)
			make.Set("reason", "a test")
			for name, values := range test.more {
				make[name] = values
			}
			if make["edit"] == nil {
				t.Fatalf("the change is shown as %d %s", response.StatusCode, shown)
			}
			if test.meanwhile != "" {
				g.stated(t, "PUT", "/accounts/"+acme, test.meanwhile)
			}
			response, text := form(t, g, "bob", "accounts/"+acme+"/edit", make)
			if response.StatusCode != test.status || !strings.Contains(text, test.shows) {
				t.Errorf("the change is answered %d %s", response.StatusCode, text)
			}
			if stated := g.stated(t, "GET", "/accounts/"+acme, ""); !strings.Contains(stated, test.account) {
				t.Errorf("the account is %s, without %s", stated, test.account)
			}
		})
	}
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// hiddenIn are the hidden fields of the forms of a page. The token is that of the last one.
func hiddenIn(page string) url.Values {
	fields := make(url.Values)
	for _, match := range hidden.FindAllStringSubmatch(page, -1) {
		fields.Add(match[1], html.UnescapeString(match[2]))
	}
	if tokens := fields["token"]; len(tokens) > 1 {
		fields["token"] = tokens[len(tokens)-1:]
	}
	return fields
}

func TestWhatIsInheritedIsSaidAndEndsOnlyWhereThatIsMeant(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"messaging": ["US"]}`)
	g.stated(t, "PUT", "/accounts/"+child, `{"label": "Acme Brazil", "parent": "`+acme+`"}`)
	_, text := ask(t, "GET", "http://"+g.site+pages+"accounts/"+child, "", header("X-User", "bob"))
	if !strings.Contains(text, "Inherited from the parent") || !strings.Contains(text, `value="messaging/low_risk/US" aria-label="United States" checked`) {
		t.Errorf("the page of what is inherited is %s", text)
	}
	opened := url.Values{"channel": {"messaging"}, "was": {"messaging/low_risk/US"}, "on": {"messaging/low_risk/US", "messaging/low_risk/BR"}}
	_, text = form(t, g, "bob", "accounts/"+child+"/preview", opened)
	if !strings.Contains(text, "list of its own from now on") || !strings.Contains(text, "Brazil") {
		t.Errorf("the change is shown as %s", text)
	}
	edit := url.Values{"channel": {"messaging"}, "edit": {"open/messaging/low_risk/BR"}, "reason": {"a test"}}
	if response, text := form(t, g, "bob", "accounts/"+child+"/edit", edit); response.StatusCode != 422 || !strings.Contains(text, "turn inheritance off") {
		t.Errorf("without a word on what is inherited, it is answered %d %s", response.StatusCode, text)
	}
	edit.Set("end_inheritance", "true")
	if response, text := form(t, g, "bob", "accounts/"+child+"/edit", edit); response.StatusCode != 303 {
		t.Errorf("it is answered %d %s", response.StatusCode, text)
	}
	if stated := g.stated(t, "GET", "/accounts/"+child, ""); !strings.Contains(stated, `"messaging":["US","BR"]`) {
		t.Errorf("the account is %s", stated)
	}
	inherit := url.Values{"channel": {"messaging"}, "inherit": {"messaging"}, "reason": {"a test"}}
	if _, text := form(t, g, "bob", "accounts/"+child+"/preview", inherit); !strings.Contains(text, "Closes") || !strings.Contains(text, "Brazil") {
		t.Errorf("to inherit again is shown as %s", text)
	}
	if response, text := form(t, g, "bob", "accounts/"+child+"/edit", inherit); response.StatusCode != 303 {
		t.Errorf("to inherit again is answered %d %s", response.StatusCode, text)
	}
	if stated := g.stated(t, "GET", "/accounts/"+child, ""); strings.Contains(stated, "messaging") {
		t.Errorf("the account is %s", stated)
	}
	_, text = form(t, g, "bob", "accounts/"+acme+"/preview", url.Values{"channel": {"messaging"}, "was": {"messaging/low_risk/US"}})
	if !strings.Contains(text, "Nothing opens") && !strings.Contains(text, "1 account inherits") {
		t.Errorf("a change of the parent is shown as %s", text)
	}
}
