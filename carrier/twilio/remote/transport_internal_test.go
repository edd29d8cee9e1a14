package remote

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// answering is a transport that answers every request, and records its URL.
type answering struct{ asked []string }

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	a.asked = append(a.asked, r.URL.String())
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}

func TestOnlyTwilioIsGivenTheCredentials(t *testing.T) {
	for address, want := range map[string]bool{
		"https://voice.twilio.com/v1/Settings":            true,
		"https://voice.dublin.ie1.twilio.com/v1/Settings": true,
		"http://voice.twilio.com/v1/Settings":             false,
		"https://voice.twilio.com:8443/v1/Settings":       false,
		"https://voice.twilio.com.example/v1/Settings":    false,
		"https://eviltwilio.com/v1/Settings":              false,
		"https://voice.twilio.com@example.com/":           false,
	} {
		next := &answering{}
		request, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = (&transport{ctx: context.Background(), next: next}).RoundTrip(request)
		if (err == nil) != want || (len(next.asked) > 0) != want {
			t.Errorf("%s: %v, asked %q", address, err, next.asked)
		}
	}
}

func TestAnotherAPIIsGivenThemInPlaceOfTwilio(t *testing.T) {
	api, _ := url.Parse("https://gate.example/twilio/")
	for _, address := range []string{"https://voice.twilio.com/v1/Settings?a=b", "https://elsewhere.example/v1/Settings?a=b"} {
		next := &answering{}
		request, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = (&transport{ctx: context.Background(), next: next, api: api}).RoundTrip(request)
		if err != nil || len(next.asked) != 1 || next.asked[0] != "https://gate.example/twilio/v1/Settings?a=b" {
			t.Errorf("%s: %v, asked %q", address, err, next.asked)
		}
	}
}
