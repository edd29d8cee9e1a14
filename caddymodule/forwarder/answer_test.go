package forwarder_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestTheCarrierIsToldItsOwnHostAndNotWhomAProxyForwardsFor(t *testing.T) {
	var came *http.Request
	carrier := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { came = r }))
	defer carrier.Close()
	r := passed(t, carrier.Listener.Addr().String(), false)
	for _, name := range []string{"X-Forwarded-For", "Forwarded", "Via"} {
		r.Header.Set(name, "a")
	}
	if err := provision(t, "tls_insecure_skip_verify").ServeHTTP(httptest.NewRecorder(), r, nil); err != nil {
		t.Fatal(err)
	}
	if came.Host != "127.0.0.1" || len(came.Header) != 1 || came.Header["Authorization"] == nil {
		t.Errorf("host %q, header %v", came.Host, came.Header)
	}
}

func TestAnAnswerThroughCaddysProxyHasNoViaOfCaddy(t *testing.T) {
	carrier := httptest.NewServer(http.NotFoundHandler())
	defer carrier.Close()
	w := httptest.NewRecorder()
	err := provision(t, "max_conns_per_host 2").ServeHTTP(w, passed(t, carrier.Listener.Addr().String(), true), nil)
	if err != nil || w.Code != http.StatusNotFound || w.Header()["Via"] != nil {
		t.Errorf("got %v, %d, header %v", err, w.Code, w.Header())
	}
}

// An error page behind half an answer would be taken for the rest of it.
func TestAnAnswerThatBreaksOffAbortsTheClientsConnection(t *testing.T) {
	carrier := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
		conn.Close()
	}))
	defer carrier.Close()
	w := httptest.NewRecorder()
	defer func() {
		if cause := recover(); cause != http.ErrAbortHandler || w.Body.String() != "abc" {
			t.Errorf("ends with %v after %q", cause, w.Body)
		}
	}()
	err := provision(t, "").ServeHTTP(w, passed(t, strings.TrimPrefix(carrier.URL, "http://"), true), nil)
	t.Errorf("returns %v", err)
}
