package console_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// markup is a text that would be more than that where a page does not escape it: in an element, in an
// attribute, in a script and in an address.
const markup = `x"'></a></script><img src=x onerror=alert(1)>&lt;`

// What clients and colleagues write is shown as texts, on every page that has it.
func TestWhatOthersWriteIsShownAsTexts(t *testing.T) {
	g := startGateOf(t, "owner *")
	quoted, err := json.Marshal(markup)
	if err != nil {
		t.Fatal(err)
	}
	text := string(quoted)
	g.stated(t, "PUT", "/accounts/"+acme, `{"label": `+text+`, "messaging": ["US"],
		"prefixes": [{"allow": "+99890", "reason": `+text+`}]}`)
	g.stated(t, "PUT", "/accounts/"+child, `{"label": `+text+`, "parent": "`+acme+`"}`)
	g.stated(t, "PUT", "/suspensions/"+child, `{"reason": `+text+`}`)
	block := g.makeObject(t, "/blocks", `{"block": "+1900", "reason": `+text+`}`)
	opening := g.makeObject(t, "/openings", `{"account": "`+acme+`", "channel": "messaging", "to": "CA", "until": "`+soon()+`", "reason": `+text+`, "ticket": `+text+`}`)
	key := g.makeObject(t, "/keys", `{"account": "`+acme+`", "name": `+text+`}`)
	token := g.makeObject(t, "/tokens", `{"name": `+text+`, "role": "viewer", "expires": "`+soon()+`"}`)
	g.refuseClient(t, markup)
	harness.Await(t, "the refusal is on record", func() bool {
		return strings.Contains(g.stated(t, "GET", "/audit/report?by=account", ""), "img src")
	})
	g.stated(t, "POST", "/panic", `{"reason": `+text+`}`)

	b := openTab(t, markup)
	found, query := 0, url.QueryEscape(markup)
	for _, page := range []string{
		"now/", "now/?account=" + query, "now/?account=" + acme, "now/incident", "now/incident?account=" + query + "&prefix=" + query,
		"accounts/", "accounts/?contains=" + query + "&parent=" + query, "accounts/" + acme, "accounts/" + acme + "?find=" + query, "accounts/" + child, "accounts/" + url.PathEscape(markup),
		"why/?account=" + acme + "&channel=messaging&to=%2B998901234567", "why/?account=" + query + "&channel=" + query + "&to=" + query + "&from=" + query + "&at=" + query,
		"why/?account=" + acme + "&channel=messaging&territory=" + query,
		"openings/", "openings/" + opening, "openings/new?account=" + query + "&to=" + query, "openings/?account=" + query,
		"audit/", "audit/?account=" + query + "&actor=" + query, "audit/refusals/", "audit/refusals/?reason=" + query + "&prefix=" + query,
		"keys/", "keys/" + key, "keys/new?account=" + query, "keys/tokens/", "keys/tokens/" + token,
		"policy/", "policy/blocks/" + block, "policy/settings", "territories/" + url.PathEscape(markup), "nothing/" + url.PathEscape(markup),
	} {
		b.open("http://" + g.site + pages + page)
		if n := evaluate[float64](b, `document.querySelectorAll("img[src=x], [onerror], script:not([src])").length`); n != 0 {
			t.Errorf("%s has %v elements of others", page, n)
		}
		if strings.Contains(evaluate[string](b, "document.body.outerHTML"), "img src=x") {
			found++
		}
		for _, link := range strings.Split(evaluate[string](b, `[...document.querySelectorAll("a")].map((a) => a.href).join("\n")`), "\n") {
			if !strings.HasPrefix(link, "http://"+g.site+pages) {
				t.Errorf("%s leads to %s", page, link)
			}
		}
		b.checkFaults()
	}
	if found < 25 {
		t.Errorf("only %d pages show what others wrote", found)
	}
}

// refuseClient sends a message of a client that is not known, with a text for its account, sender and
// recipient.
func (g *gate) refuseClient(t *testing.T, text string) {
	t.Helper()
	form := url.Values{"To": {"+998901234567"}, "From": {text}, "Body": {text}}
	r, err := http.NewRequest("POST", "http://"+g.sends+"/2010-04-01/Accounts/"+url.PathEscape(text)+"/Messages.json", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", text)
	r.SetBasicAuth(text, "secret")
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
}
