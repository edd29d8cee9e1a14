package console_test

import (
	"net/url"
	"strings"
	"testing"
)

// Behind a load balancer, the gate that takes a form is not always the one that showed it. The gates
// of this test are one after the other, with a store in common and with another one between them.
func TestAFormIsTakenByEveryGateOfTheStore(t *testing.T) {
	shared, other := storeInUse(t), storeInUse(t)
	post := func(g *gate, token string) (int, string) {
		body := url.Values{"token": {token}, "do": {"block"}, "prefix": {"+1900"}, "reason": {"premium"}}
		response, text := ask(t, "POST", "http://"+g.site+pages+"now/incident", body.Encode(), formHeader("X-User", "bob"))
		return response.StatusCode, text
	}
	token := func(g *gate) string {
		_, text := ask(t, "GET", "http://"+g.site+pages+"now/incident", "", header("X-User", "bob"))
		return tokenIn(t, text)
	}
	first := token(startGateOn(t, shared, team...))
	between := startGateOn(t, other, team...)
	if status, text := post(between, first); status != 403 || !strings.Contains(text, "has another store") {
		t.Errorf("a gate with another store answers %d %s", status, text)
	}
	if token(between) == first {
		t.Error("a gate with another store has the same tokens")
	}
	if status, text := post(startGateOn(t, shared, team...), first); status != 200 || !strings.Contains(text, "Block this prefix?") {
		t.Errorf("another gate with the store answers %d %s", status, text)
	}
}
