//go:build linux

package main

import (
	"bufio"
	"bytes"
	"net/http"
	"testing"
)

func TestRequestsAreMessagesOfWhichTheStatedShareIsRefused(t *testing.T) {
	for _, c := range []struct {
		name                     string
		traffic                  traffic
		destinations, notAllowed int
	}{
		{"all allowed", traffic{}, requestCount, 0},
		{"refused by destination", traffic{refused: 5}, requestCount, requestCount / 20},
		{"refused by account", traffic{refused: 100, byAccount: true}, requestCount, requestCount},
		{"long", traffic{body: 4096}, requestCount, 0},
	} {
		destinations, notAllowed := map[string]bool{}, 0
		for _, request := range c.traffic.requests() {
			r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(request.wire)))
			if err != nil {
				t.Fatal(err)
			}
			if err := r.ParseForm(); err != nil {
				t.Fatal(err)
			}
			destinations[r.PostForm.Get("To")] = true
			user, _, _ := r.BasicAuth()
			if request.status == http.StatusBadRequest {
				notAllowed++
			}
			if (user == otherAccount) != (c.traffic.byAccount && request.status == http.StatusBadRequest) {
				t.Fatalf("%s: %s expects %d", c.name, user, request.status)
			}
			if length := int(r.ContentLength); length < 120 || length < c.traffic.body || length > max(200, c.traffic.body) {
				t.Fatalf("%s: a form of %d bytes", c.name, length)
			}
		}
		if len(destinations) != c.destinations || notAllowed != c.notAllowed {
			t.Errorf("%s: %d destinations, %d refused", c.name, len(destinations), notAllowed)
		}
	}
}
