package console

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// clock is one that a test sets.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func TestALinkBeginsOneSessionWithinItsTime(t *testing.T) {
	for _, test := range []struct {
		name  string
		after time.Duration
		twice bool
		want  bool
	}{
		{"at once", 0, false, true},
		{"just before its end", LinkLifetime - time.Second, false, true},
		{"at its end", LinkLifetime, false, false},
		{"a second time", 0, true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := &clock{time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)}
			links := &Links{Now: c.Now}
			link, _ := links.Issue()
			if _, ok := links.begin(link + "x"); ok {
				t.Error("another link begins a session")
			}
			if test.twice {
				links.begin(link)
			}
			c.now = c.now.Add(test.after)
			if _, ok := links.begin(link); ok != test.want {
				t.Errorf("the link begins a session: %v", ok)
			}
		})
	}
}

func TestASessionLastsTwelveHoursAndUntilItsHolderSignsOut(t *testing.T) {
	c := &clock{time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)}
	links := &Links{Now: c.Now}
	request := func(session string) *http.Request {
		r := httptest.NewRequest("GET", "http://localhost/", nil)
		r.AddCookie(&http.Cookie{Name: "tollgate-console", Value: session})
		return r
	}
	begin := func() string {
		link, _ := links.Issue()
		session, _ := links.begin(link)
		return session
	}
	session, other := begin(), begin()
	if !links.IsSession(request(session)) || links.IsSession(request("")) || links.IsSession(httptest.NewRequest("GET", "/", nil)) {
		t.Error("not exactly the session is one")
	}
	link, _ := links.Issue()
	if links.IsSession(request(link)) {
		t.Error("a link is a session")
	}
	links.end(request(session))
	if links.IsSession(request(session)) || !links.IsSession(request(other)) {
		t.Error("not exactly the session that was ended is gone")
	}
	c.now = c.now.Add(sessionLifetime)
	if links.IsSession(request(other)) {
		t.Error("the session does not end")
	}
}

func TestOnlyTheLastHundredLinksAreRemembered(t *testing.T) {
	links := &Links{Now: time.Now}
	first, _ := links.Issue()
	for range mostIssued {
		links.Issue()
	}
	if _, ok := links.begin(first); ok {
		t.Error("the first link is still remembered")
	}
	if len(links.links) != mostIssued {
		t.Errorf("%d links are remembered", len(links.links))
	}
}

func TestTheCookieIsOfThePortAndUnderTLSOfTheHostAlone(t *testing.T) {
	c := &Console{path: "/c/"}
	for url, want := range map[string]string{
		"http://localhost/":       "tollgate-console=x; Path=/c/; Max-Age=43200; HttpOnly; SameSite=Strict",
		"http://localhost:8082/":  "tollgate-console-8082=x; Path=/c/; Max-Age=43200; HttpOnly; SameSite=Strict",
		"http://[::1]:8082/":      "tollgate-console-8082=x; Path=/c/; Max-Age=43200; HttpOnly; SameSite=Strict",
		"https://localhost/":      "__Host-tollgate-console=x; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Strict",
		"https://localhost:8443/": "__Host-tollgate-console-8443=x; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Strict",
	} {
		if got := c.cookie(httptest.NewRequest("GET", url, nil), "x").String(); got != want {
			t.Errorf("at %s the cookie is %s, not %s", url, got, want)
		}
	}
}
