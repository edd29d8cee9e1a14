//go:build linux

package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHTTP2AsksOneRequestAfterAnotherOverOneConnection(t *testing.T) {
	var seen []string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen = append(seen, r.Proto+" "+r.Host+r.URL.Path+" "+r.Header.Get("X-A")+" "+string(body[:min(5, len(body))]))
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "answer")
	}))
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	defer server.Close()
	c, err := connectHTTP2(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for _, body := range []string{"short", strings.Repeat("longer", 5000), "short"} {
		status, answer, err := c.ask(http2Request("example.com", "/path", []header{{"X-A", "value"}}, body))
		if status != http.StatusCreated || string(answer) != "answer" || err != nil {
			t.Fatalf("got %d %q, %v", status, answer, err)
		}
	}
	want := "HTTP/2.0 example.com/path value short, HTTP/2.0 example.com/path value longe, HTTP/2.0 example.com/path value short"
	if got := strings.Join(seen, ", "); got != want {
		t.Errorf("got %s", got)
	}
}
