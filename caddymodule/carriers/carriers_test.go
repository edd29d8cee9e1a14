package carriers_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/carrier"
)

func TestACarrierIsFoundByItsName(t *testing.T) {
	if named, err := carriers.Named("twilio"); err != nil || named.Name() != "twilio" {
		t.Errorf("%v, %v", named, err)
	}
	for _, name := range []string{"twillio", "Twilio", ""} {
		if _, err := carriers.Named(name); err == nil || !strings.Contains(err.Error(), "unknown carrier") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// A refusal is shared by all requests that get it. What other handlers make of one
// answer must not show in the next.
func TestARefusalIsWrittenTheSameEachTime(t *testing.T) {
	refusal := carrier.Refusal{
		Status: http.StatusBadRequest,
		Header: []carrier.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "Twilio-Request-Id", Value: "RQ1"}},
		Fixed:  []carrier.Field{{Name: "X-Powered-By", Value: "AT-5000"}},
		Body:   []byte(`{"code": 21408}`),
	}
	for range 2 {
		w := httptest.NewRecorder()
		w.Header().Set("Server", "Caddy")
		w.Header().Set("Via", "a proxy")
		if err := carriers.WriteRefusal(w, refusal); err != nil {
			t.Fatal(err)
		}
		if w.Code != refusal.Status || w.Body.String() != string(refusal.Body) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		header := w.Header()
		if header.Get("Content-Type") != "application/json" || header.Get("Twilio-Request-Id") != "RQ1" || header.Get("X-Powered-By") != "AT-5000" || header.Get("Via") != "a proxy" || header.Get("Server") != "" {
			t.Errorf("header %v", header)
		}
		header.Add("Content-Type", "added")
		header["Twilio-Request-Id"][0] = "changed"
		header["X-Powered-By"][0] = "changed"
		header.Add("X-Powered-By", "added")
	}
}

// A client that keeps its connection must know where an answer ends, and some libraries
// do not read chunks.
func TestEveryRefusalSaysHowLongItIs(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		length int
	}{
		{"of a denial", 400, 200},
		{"of a denial that is nearly as long as a server's buffer", 400, 2047},
		{"of a denial as long as that", 400, 2048},
		{"of a long denial", 400, 5000},
		{"of a credential", 401, 200},
	} {
		for _, method := range []string{http.MethodPost, http.MethodHead} {
			t.Run(method+" "+c.name, func(t *testing.T) {
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					_ = carriers.WriteRefusal(w, carrier.Refusal{Status: c.status, Body: make([]byte, c.length)})
				}))
				defer server.Close()
				r, _ := http.NewRequest(method, server.URL, nil)
				response, err := http.DefaultClient.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				defer response.Body.Close()
				if got := response.Header.Get("Content-Length"); got != strconv.Itoa(c.length) {
					t.Errorf("Content-Length %q of %d bytes", got, c.length)
				}
			})
		}
	}
}

// The length of a proxied answer stands among its other fields, and net/http writes that
// of its own behind them: a rejection must not show by that whose it is.
func TestTheLengthOfARejectedCredentialStandsWhereAProxyPutsIt(t *testing.T) {
	w := httptest.NewRecorder()
	_ = carriers.WriteRefusal(w, carrier.Refusal{Status: http.StatusUnauthorized, Body: []byte("{}")})
	if got := w.Header().Get("Content-Length"); got != "2" {
		t.Errorf("Content-Length %q", got)
	}
}
