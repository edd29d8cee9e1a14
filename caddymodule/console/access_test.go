package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// header is one with names and values in turn.
func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i+1 < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

func TestOnlyWhoIsKnownSeesPages(t *testing.T) {
	g := startGate(t)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": "Acme"}`)
	made := g.stated(t, "POST", "/tokens", `{"name": "a test", "role": "owner", "expires": "`+soon()+`"}`)
	token := regexp.MustCompile(`tgt_[^"]+`).FindString(made)
	port := strings.TrimPrefix(g.open, "127.0.0.1")
	for _, test := range []struct {
		name, site string
		header     http.Header
		status     int
		shows      string
	}{
		{"a viewer whom the server names", g.site, header("X-User", "carol"), 200, "Acme"},
		{"a user without a role", g.site, header("X-User", "mallory"), 403, "have no role"},
		{"a user without a role, who has a session", g.site, header("X-User", "mallory", "Cookie", "tollgate-console=x"), 403, "have no role"},
		{"a token of an owner", g.site, header("Authorization", "Bearer "+token), 403, "have no role"},
		{"a token of an owner, beside a viewer", g.site, header("Authorization", "Bearer "+token, "X-User", "carol"), 403, "have no role"},
		{"a bearer token that no one has accepted", g.site, header("Authorization", "Bearer x"), 403, "have no role"},
		{"no one, on this machine", g.open, nil, 401, "tollgate console"},
		{"no one, by the name localhost", g.open, header("Host", "localhost"+port), 401, "tollgate console"},
		{"no one, by the address of IPv6", g.open, header("Host", "[::1]"+port), 401, "tollgate console"},
		{"no one, by a name that leads to this machine", g.open, header("Host", "evil.example"), 403, "does not say who you are"},
		{"no one, by a name that begins like one of loopback", g.open, header("Host", "localhost.evil.example"), 403, "does not say who you are"},
		{"no one, through a proxy", g.open, header("X-Forwarded-For", "203.0.113.9"), 403, "does not say who you are"},
		{"no one, through another proxy", g.open, header("Forwarded", "for=203.0.113.9"), 403, "does not say who you are"},
		{"no one, with a session of their own making", g.open, header("Cookie", "tollgate-console=AAAA"), 401, "tollgate console"},
		{"a user by a header that no one sets", g.open, header("X-User", "alice"), 401, "tollgate console"},
	} {
		t.Run(test.name, func(t *testing.T) {
			response, text := ask(t, "GET", "http://"+test.site+pages+"accounts/", "", test.header)
			if response.StatusCode != test.status || !strings.Contains(text, test.shows) {
				t.Errorf("is answered %d\n%s", response.StatusCode, text)
			}
			if test.status != 200 && strings.Contains(text, "Acme") {
				t.Error("is shown an account")
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
				"Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store"} {
				if got := response.Header.Get(name); got != want {
					t.Errorf("%s: %s", name, got)
				}
			}
			if policy := response.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
				t.Errorf("Content-Security-Policy: %s", policy)
			}
		})
	}
}

func TestASessionCountsOnlyOnThisMachine(t *testing.T) {
	g := startGate(t)
	link, err := url.Parse(linkOf(t, g))
	if err != nil {
		t.Fatal(err)
	}
	_, form := ask(t, "GET", link.String(), "", nil)
	_, text := ask(t, "POST", "http://"+g.open+pages+"sign-in", "link="+link.Query().Get("link"), formHeader())
	if !strings.Contains(text, "Load it again") {
		t.Errorf("a form without a token is answered %s", text)
	}
	body := url.Values{"link": {link.Query().Get("link")}, "token": {tokenIn(t, form)}}.Encode()
	response, text := ask(t, "POST", "http://"+g.open+pages+"sign-in", body, formHeader("Sec-Fetch-Site", "cross-site"))
	if response.StatusCode != 403 || !strings.Contains(text, "another site") {
		t.Errorf("a form of another site is answered %d %s", response.StatusCode, text)
	}
	response, text = ask(t, "POST", "http://"+g.open+pages+"sign-in", body, formHeader())
	if response.StatusCode != 303 || len(response.Cookies()) != 1 {
		t.Fatalf("signing in is answered %d %s", response.StatusCode, text)
	}
	cookie := response.Cookies()[0].String()
	for _, test := range []struct {
		name   string
		header http.Header
		status int
	}{
		{"here", header("Cookie", cookie), 200},
		{"by another name", header("Cookie", cookie, "Host", "evil.example"), 403},
		{"through a proxy", header("Cookie", cookie, "Via", "1.1 proxy"), 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			if response, _ := ask(t, "GET", "http://"+g.open+pages+"accounts/", "", test.header); response.StatusCode != test.status {
				t.Errorf("is answered %d", response.StatusCode)
			}
		})
	}
	if response, text := ask(t, "GET", "http://"+g.open+"/elsewhere", "", nil); response.StatusCode != 418 {
		t.Errorf("a path that is not the console's is answered %d %s", response.StatusCode, text)
	}
	if response, _ := ask(t, "GET", "http://"+g.site+"/tollgate/v1/identity", "", header("X-User", "carol")); response.StatusCode != 200 {
		t.Errorf("beside the console, the API answers %d", response.StatusCode)
	}
}

func TestALinkIsForTheOperatorOfTheMachineAlone(t *testing.T) {
	g := startGate(t)
	at := "http://" + g.admin + "/tollgate/console/link"
	for _, test := range []struct {
		name, method string
		header       http.Header
		status       int
	}{
		{"a page of another site, which sends no JSON", "POST", header("Content-Type", "text/plain"), 415},
		{"a program that only reads", "GET", nil, 405},
		{"a program with a token", "POST", header("Content-Type", "application/json", "Authorization", "Bearer tgt_x"), 403},
		{"the operator", "POST", header("Content-Type", "application/json"), 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			response, text := ask(t, test.method, at, "{}", test.header)
			if response.StatusCode != test.status || (test.status == 200) != strings.Contains(text, "sign-in?link=") {
				t.Errorf("is answered %d %s", response.StatusCode, text)
			}
		})
	}
}

// formHeader is that of a form, with more names and values.
func formHeader(pairs ...string) http.Header {
	return header(append(pairs, "Content-Type", "application/x-www-form-urlencoded")...)
}

var tokenField = regexp.MustCompile(`name="token" value="([^"]+)"`)

// tokenIn is the token of the forms of a page.
func tokenIn(t *testing.T, page string) string {
	t.Helper()
	match := tokenField.FindStringSubmatch(page)
	if match == nil {
		t.Fatalf("the page has no token:\n%s", page)
	}
	return match[1]
}
