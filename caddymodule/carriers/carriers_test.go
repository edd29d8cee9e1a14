package carriers_test

import (
	"net/http"
	"net/http/httptest"
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
		if header.Get("Content-Type") != "application/json" || header.Get("Twilio-Request-Id") != "RQ1" || header.Get("Via") != "a proxy" || header.Get("Server") != "" {
			t.Errorf("header %v", header)
		}
		header.Add("Content-Type", "added")
		header["Twilio-Request-Id"][0] = "changed"
	}
}
