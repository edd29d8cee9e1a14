package sandbox

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestHeadersAreTwilios(t *testing.T) {
	c := start(t, Options{})
	got := c.send("From", "Acme")
	for name, want := range map[string]string{
		"Content-Type":                     "application/json",
		"Content-Length":                   strconv.Itoa(len(got.body)),
		"Twilio-Request-Id":                "RQ01010101010101010101010101010101",
		"Twilio-Concurrent-Requests":       "1",
		"Twilio-Request-Duration":          "0.000",
		"Access-Control-Allow-Origin":      "*",
		"Access-Control-Allow-Methods":     "GET, POST, DELETE, OPTIONS",
		"Access-Control-Expose-Headers":    "ETag",
		"Access-Control-Allow-Credentials": "true",
		"X-Powered-By":                     "AT-5000",
		"X-Shenanigans":                    "none",
		"X-Home-Region":                    "us1",
		"X-Api-Domain":                     "api.twilio.com",
		"Strict-Transport-Security":        "max-age=31536000",
	} {
		if got.header.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.header.Get(name), want)
		}
	}
	if !strings.Contains(got.body, `"sid": "SM01010101010101010101010101010101"`) {
		t.Error("a created message has another SID than its request", got.body)
	}
}

func TestTheExtensionChoosesTheRepresentation(t *testing.T) {
	c := start(t, Options{})
	for extension, contentType := range map[string]string{
		"": "application/xml", ".XML": "application/xml", ".Json": "application/json", ".csv": "text/csv", ".html": "text/html",
	} {
		for _, resource := range []string{"/Messages", "/Nothing"} {
			if got := c.get(base + resource + extension); got.header.Get("Content-Type") != contentType {
				t.Errorf("%s%s: %s", resource, extension, got.header.Get("Content-Type"))
			}
		}
	}
}

func TestHeadHasTheHeadersAndNoBody(t *testing.T) {
	c := start(t, Options{})
	got := c.do(http.MethodHead, base+"/Messages.json", "", "")
	if got.status != 200 || got.body != "" || got.header.Get("Content-Length") == "" {
		t.Errorf("%+v", got)
	}
}

func TestTheOldestMakesRoom(t *testing.T) {
	c := start(t, Options{Capacity: 2})
	for range 3 {
		c.send("From", "Acme")
	}
	c.get(firstMessage).expect(t, 404)
	if _, numbers := c.page(base + "/Messages.json"); len(numbers) != 2 {
		t.Error(numbers)
	}
}

func TestTheOldestAccountMakesRoom(t *testing.T) {
	kept := newStore(1)
	for number := range maximumShelves + 1 {
		kept.add(shelf{strconv.Itoa(number), "Messages"}, &message{sid: "SM"})
	}
	if _, found := kept.find(shelf{"0", "Messages"}, "SM"); found || len(kept.records) != maximumShelves {
		t.Error(found, len(kept.records))
	}
}

func TestAccountsDoNotSeeEachOther(t *testing.T) {
	c := start(t, Options{})
	c.send("From", "Acme")
	other := strings.Replace(firstMessage, testAccount, "AC99999999999999999999999999999999", 1)
	c.get(other).expect(t, 404)
}

// exhausted is a source of randomness that has run dry.
type exhausted struct{}

func (exhausted) Read([]byte) (int, error) { return 0, errors.New("dry") }

func TestIdentifiersComeWhateverHappensToTheirSource(t *testing.T) {
	s := New(Options{Random: exhausted{}})
	if one, two := s.newIdentifier(), s.newIdentifier(); one == two || !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(one) {
		t.Error(one, two)
	}
}

func TestManyAtOnce(t *testing.T) {
	c := start(t, Options{Capacity: 10})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10 {
				c.send("From", "Acme")
				c.get(base + "/Messages.json")
				c.post(base+"/Calls.json", "To", "+14155550101", "From", "+14155550100", "Twiml", "<Response/>")
				c.clock.pass(time.Millisecond)
			}
		})
	}
	all.Wait()
	if _, numbers := c.page(base + "/Messages.json"); len(numbers) != 10 {
		t.Error(numbers)
	}
}

func TestSegmentsAreCountedAsCarriersDo(t *testing.T) {
	for _, counted := range []struct {
		sentence, text string
		want           int
	}{
		{"nothing", "", 1},
		{"160 of GSM-7 are one", strings.Repeat("a", 160), 1},
		{"161 of GSM-7 are two", strings.Repeat("a", 161), 2},
		{"306 of GSM-7 are two", strings.Repeat("a", 306), 2},
		{"307 of GSM-7 are three", strings.Repeat("a", 307), 3},
		{"a euro sign weighs two", strings.Repeat("€", 80), 1},
		{"81 euro signs are two", strings.Repeat("€", 81), 2},
		{"an escape is not cut from what it escapes", strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), 3},
		{"70 of UCS-2 are one", strings.Repeat("я", 70), 1},
		{"71 of UCS-2 are two", strings.Repeat("я", 71), 2},
		{"one of UCS-2 decides for all", strings.Repeat("a", 70) + "я", 2},
		{"35 emoji are one", strings.Repeat("👍", 35), 1},
		{"a surrogate is not cut from its other half", strings.Repeat("👍", 67), 3},
	} {
		t.Run(counted.sentence, func(t *testing.T) {
			if got := segments(counted.text); got != counted.want {
				t.Errorf("%d, want %d", got, counted.want)
			}
		})
	}
}
