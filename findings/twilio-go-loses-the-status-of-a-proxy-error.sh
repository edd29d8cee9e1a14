#!/usr/bin/env bash
# twilio-go v1.31.0, an error answer whose body is not JSON, as any proxy on the way writes: the
# error is of neither of the library's types, TwilioRestError and RestErrorV1, and its status is
# a part of a text. So a caller that sends again on 502 or 503 cannot tell them from 404, nor
# from a mistake of its own. A redirect, which the library does not follow, is not an error
# either: a message is said to be deleted that the answer says is elsewhere.
#
# Seen (Go 1.26): of 502 with HTML, no type and "error decoding the response for an HTTP error
# code: 502: invalid character '<' …"; of 502 with JSON, a TwilioRestError with the status; of
# DELETE with 302, no error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"

	"github.com/twilio/twilio-go"
	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// local sends requests for any host to one server, and follows no redirect, as the
// library's own client does not.
type local struct{ server *url.URL }

func (l local) RoundTrip(r *http.Request) (*http.Response, error) {
	r.URL.Scheme, r.URL.Host = l.server.Scheme, l.server.Host
	return http.DefaultTransport.RoundTrip(r)
}

// deletion deletes a message at a server that answers with a status and a body.
func deletion(status int, body string) error {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	defer server.Close()
	address, _ := url.Parse(server.URL)
	c := &client.Client{
		Credentials: client.NewCredentials("AC0", "none"),
		HTTPClient: &http.Client{
			Transport:     local{address},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	c.SetAccountSid("AC0")
	return twilio.NewRestClientWithParams(twilio.ClientParams{Client: c}).Api.DeleteMessage("SM0", &api.DeleteMessageParams{})
}

// status is that of an error of the library's, or 0 if it is none.
func status(err error) int {
	if rest := (*client.TwilioRestError)(nil); errors.As(err, &rest) {
		return rest.Status
	}
	if rest := (*client.RestErrorV1)(nil); errors.As(err, &rest) {
		return rest.HttpStatusCode
	}
	return 0
}

func main() {
	html := deletion(http.StatusBadGateway, "<html>Bad Gateway</html>")
	json := deletion(http.StatusBadGateway, `{"code": 20502, "message": "Bad Gateway", "status": 502}`)
	redirected := deletion(http.StatusFound, "")
	fmt.Printf("HTML: status %d, %v\nJSON: status %d\n302: %v\n", status(html), html, status(json), redirected)
	if html == nil || status(html) != 0 || status(json) != http.StatusBadGateway || redirected != nil {
		os.Exit(1)
	}
}
GO
go mod init example >/dev/null 2>&1
go get github.com/twilio/twilio-go@v1.31.0 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run .
