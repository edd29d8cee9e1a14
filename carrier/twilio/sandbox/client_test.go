package sandbox

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	testAccount = "AC11111111111111111111111111111111"
	testKey     = "SK22222222222222222222222222222222"
	base        = "/2010-04-01/Accounts/" + testAccount
	form        = "application/x-www-form-urlencoded"
)

// testClock stands still until it is moved.
type testClock struct {
	mutex  sync.Mutex
	moment time.Time
}

func (c *testClock) now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.moment
}

func (c *testClock) pass(duration time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.moment = c.moment.Add(duration)
}

// counting is a source of randomness whose first reading is all 01, the second all 02,
// and so on.
type counting struct{ last byte }

func (c *counting) Read(buffer []byte) (int, error) {
	c.last++
	for position := range buffer {
		buffer[position] = c.last
	}
	return len(buffer), nil
}

// carrier is a sandbox behind a real socket.
type carrier struct {
	*httptest.Server
	clock *testClock
	test  *testing.T
}

func start(t *testing.T, options Options) carrier {
	t.Helper()
	clock := &testClock{moment: time.Date(2023, 8, 24, 5, 1, 45, 0, time.UTC)}
	options.Now, options.Random = clock.now, &counting{}
	server := httptest.NewServer(New(options))
	t.Cleanup(server.Close)
	return carrier{server, clock, t}
}

// response is a response that has been read to its end.
type response struct {
	status int
	header http.Header
	body   string
}

func (c carrier) do(method, path, contentType, body string, change ...func(*http.Request)) response {
	c.test.Helper()
	request, err := http.NewRequest(method, c.URL+path, strings.NewReader(body))
	if err != nil {
		c.test.Fatal(err)
	}
	request.SetBasicAuth(testAccount, "token")
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	for _, change := range change {
		change(request)
	}
	got, err := c.Client().Do(request)
	if err != nil {
		c.test.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		c.test.Fatal(err)
	}
	return response{got.StatusCode, got.Header, string(text)}
}

func (c carrier) post(path string, pairs ...string) response {
	c.test.Helper()
	return c.do(http.MethodPost, path, form, encode(pairs...))
}

func (c carrier) get(path string) response {
	c.test.Helper()
	return c.do(http.MethodGet, path, "", "")
}

func encode(pairs ...string) string {
	values := url.Values{}
	for position := 0; position < len(pairs); position += 2 {
		values.Add(pairs[position], pairs[position+1])
	}
	return values.Encode()
}

func (r response) expect(t *testing.T, status int, parts ...string) {
	t.Helper()
	if r.status != status {
		t.Errorf("status %d, want %d: %s", r.status, status, r.body)
	}
	for _, part := range parts {
		if !strings.Contains(r.body, part) {
			t.Errorf("missing %s in\n%s", part, r.body)
		}
	}
}
