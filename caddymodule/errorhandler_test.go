package caddymodule_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// failingUpstream is an address at which each connection is met with what is
// given, once a request has arrived.
func failingUpstream(t *testing.T, meet func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_, _ = conn.Read(make([]byte, 64<<10))
				meet(conn)
			}()
		}
	}()
	return l.Addr().String()
}

// startFailing runs a gate in front of an upstream that fails. Between is what
// stands between gate and proxy.
func startFailing(t *testing.T, upstream, between string) string {
	t.Helper()
	address := harness.FreeAddress(t)
	loadCaddyfile(t, `{
`+quietOptions+`	tollgate {
		trusted_modules http.handlers.test_change
		`+acmePolicy+`
	}
}
http://`+strings.TrimPrefix(address, "127.0.0.1")+` {
	route {
		tollgate twilio {
			upstream `+upstream+`
		}
		`+between+`
		reverse_proxy {http.tollgate.upstream} {
			transport http {
				response_header_timeout 300ms
			}
		}
	}
	handle_errors 418 502 503 504 {
		tollgate_error twilio
		respond "another error" 418
	}
}
`)
	return address
}

func postMessage(t *testing.T, address, path string) (*http.Response, string) {
	t.Helper()
	response, err := http.PostForm("http://"+address+path, url.Values{"To": {inUS}, "From": {inUS}, "Body": {"Hello"}})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	return response, body.String()
}

func TestAnUpstreamThatFailsIsToldInTheCarriersWords(t *testing.T) {
	const messages = "/2010-04-01/Accounts/" + acme + "/Messages.json"
	nowhere := harness.FreeAddress(t)
	breaks := failingUpstream(t, func(net.Conn) {})
	sleeps := failingUpstream(t, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }) // until the gate hangs up
	for _, test := range []struct {
		name, upstream, between, path string

		status int
		body   string
	}{
		{"an upstream that takes no connection was sent nothing", nowhere, "", messages,
			502, `{"code": 20503, "message": "Service unavailable", "more_info": "https://www.twilio.com/docs/errors/20503", "status": 502}`},
		{"one that breaks off may have sent", breaks, "", messages,
			502, `{"code": 20500, "message": "An internal server error has occurred", "more_info": "https://www.twilio.com/docs/errors/20500", "status": 502}`},
		{"one that does not answer in time may have sent", sleeps, "", messages,
			504, `{"code": 20500, "message": "An internal server error has occurred", "more_info": "https://www.twilio.com/docs/errors/20500", "status": 504}`},
		{"a path that asks for XML is told in XML", nowhere, "", strings.TrimSuffix(messages, ".json"),
			502, "<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse><RestException><Code>20503</Code><Message>Service unavailable</Message><MoreInfo>https://www.twilio.com/docs/errors/20503</MoreInfo><Status>502</Status></RestException></TwilioResponse>"},
		{"a request that the gate has not judged was not sent", nowhere, "change query", messages,
			502, `{"code": 20503, "message": "Service unavailable", "more_info": "https://www.twilio.com/docs/errors/20503", "status": 502}`},
		{"another error is left to what else there is", nowhere, "error 418", messages,
			418, "another error"},
	} {
		t.Run(test.name, func(t *testing.T) {
			response, body := postMessage(t, startFailing(t, test.upstream, test.between), test.path)
			if response.StatusCode != test.status {
				t.Errorf("status %d, want %d", response.StatusCode, test.status)
			}
			if body != test.body {
				t.Errorf("body\n%s\nwant\n%s", body, test.body)
			}
			if want := "application/json"; strings.HasPrefix(body, "{") && response.Header.Get("Content-Type") != want {
				t.Errorf("Content-Type %q", response.Header.Get("Content-Type"))
			}
		})
	}
}

// Twilio's own library reads the answer as an error of Twilio's.
func TestTwiliosLibraryReadsAnOutage(t *testing.T) {
	message := new(api.CreateMessageParams).SetTo(inUS).SetFrom(inUS).SetBody("Hello")
	_, err := newSDK(startFailing(t, harness.FreeAddress(t), ""), acme, acme).Api.CreateMessage(message)
	failure, ok := err.(*client.TwilioRestError)
	if !ok {
		t.Fatalf("error is %T: %v", err, err)
	}
	if failure.Code != 20503 || failure.Status != 502 {
		t.Errorf("code %d, status %d", failure.Code, failure.Status)
	}
}
