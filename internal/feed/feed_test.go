package feed

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// good is a list of four prefixes.
const good = "+8821300\n+8821301\n+8821302\n+8821303\n"

// long is a list of twenty.
var long = linesOf("+88213%02d\n", 20)

func linesOf(format string, n int) string {
	var lines strings.Builder
	for i := range n {
		fmt.Fprintf(&lines, format, i)
	}
	return lines.String()
}

// server serves feeds over HTTPS. What it answers may be changed.
type server struct {
	*httptest.Server
	mu     sync.Mutex
	answer http.HandlerFunc
}

func newServer(t *testing.T, answer http.HandlerFunc) *server {
	t.Helper()
	s := &server{answer: answer}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		answer := s.answer
		s.mu.Unlock()
		answer(w, r)
	}))
	s.Config.ErrorLog = nil
	t.Cleanup(s.Close)
	return s
}

func (s *server) answers(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func text(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, text) }
}

// client trusts the server, and follows redirects as a gate does.
func (s *server) client() *http.Client {
	client := NewClient()
	client.Transport = s.Client().Transport
	return client
}

// memory is a storage.
type memory struct {
	mu     sync.Mutex
	texts  map[string][]byte
	broken error
}

func (m *memory) Store(_ context.Context, key string, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return m.broken
	}
	if m.texts == nil {
		m.texts = make(map[string][]byte)
	}
	m.texts[key] = value
	return nil
}

func (m *memory) Load(_ context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if value, ok := m.texts[key]; ok {
		return value, nil
	}
	return nil, fs.ErrNotExist
}

// newFeed returns a feed that blocks, of an address or a file.
func newFeed(t *testing.T, source string, client *http.Client) *Feed {
	t.Helper()
	from, err := NewSource(source, source)
	if err != nil {
		t.Fatal(err)
	}
	return &Feed{
		Name: "iprn", Source: from, Use: Use{Block: true}, Interval: time.Hour, MaxAge: 48 * time.Hour, MaxChange: 50,
		Client: client, Plan: numbering.Default, Logger: zap.NewNop(), Now: time.Now,
	}
}

func digitsOf(l *List) string {
	var digits []string
	for row := range l.All {
		digits = append(digits, row.Prefix)
	}
	return strings.Join(digits, " ")
}

func TestAHostileAnswerLeavesTheLastGoodListInForce(t *testing.T) {
	bomb := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		defer packed.Close()
		line := []byte(strings.Repeat("# nothing but air, and a lot of it\n", 1000))
		for range mostText/len(line) + 1 {
			if _, err := packed.Write(line); err != nil {
				return
			}
		}
	}
	cutOff := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, good)
	}
	cutOffInChunks := func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, good)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	endless := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, good); err != nil {
				return
			}
		}
	}
	closed := func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer connection.Close()
		io.WriteString(connection, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n+8821300\n+882130")
	}
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"an error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, "answers with status 503"},
		{"a web page", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			io.WriteString(w, good)
		}, "answers with a web page"},
		{"a web page that says it is a text", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			io.WriteString(w, "\n<!DOCTYPE html>\n<p>+8821300")
		}, "that is a web page"},
		{"nothing", text(""), "it has no prefix"},
		{"comments alone", text("# gone\n"), "it has no prefix"},
		{"a body that ends too soon", cutOff, "unexpected EOF"},
		{"chunks that end too soon", cutOffInChunks, "unexpected EOF"},
		{"a body whose end no one states", closed, "it may be cut off"},
		{"a body without an end", endless, "more than 16777216 bytes"},
		{"a body that is small until it is unpacked", bomb, "more than 16777216 bytes"},
		{"a redirect without TLS", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		}, "it redirects from https to http"},
		{"a redirect to itself", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/again", http.StatusFound)
		}, "it redirects more than 5 times"},
		{"a prefix that is too short", text(good + "+88213\n"), "line 5: +88213 is too short"},
		{"a calling code that is not assigned", text(good + "+2101234\n"), "no calling code that is assigned"},
		{"a range that the plan does not use", text(good + "+44012345\n"), "no number can begin with it"},
		{"a list twice as long", text(long + linesOf("+88216%02d\n", 20)), "changes by more than 50%"},
		{"a list cut to a fifth", text(good), "changes by more than 50%"},
		{"not modified, although it is not known as what", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }, "answers with status 304"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, text(long))
			f := newFeed(t, s.URL+"/list?token=secret", s.client())
			if changed, err := f.Update(t.Context()); !changed || err != nil {
				t.Fatal("the good list:", changed, err)
			}
			inForce := digitsOf(f.List())
			s.answers(c.answer)
			changed, err := f.Update(t.Context())
			if changed || err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the update: %v, %v, not %s", changed, err, c.want)
			}
			if got := digitsOf(f.List()); got != inForce || f.List().Len() != 20 {
				t.Errorf("in force is %s", got)
			}
			if status := f.Status(); status.Failure == "" || strings.Contains(status.Failure+status.Source, "secret") {
				t.Errorf("the status is %+v", status)
			}
			s.answers(text(long))
			if _, err := f.Update(t.Context()); err != nil || f.Failure() != nil {
				t.Error("once it is good again:", err, f.Failure())
			}
		})
	}
}

func TestASourceThatDoesNotAnswerIsGivenUp(t *testing.T) {
	release := make(chan struct{})
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush() // the head, and then nothing
		<-release
	})
	defer close(release)
	source, err := NewSource(s.URL, s.URL)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := source.fetch(ctx, s.client(), Version{}, mostText); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it ends with %v", err)
	}
}

// Each connection is from another port.
func TestAConnectionThatBreaksIsLoggedOnce(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		connection, _, _ := w.(http.Hijacker).Hijack()
		plain := connection.(*tls.Conn).NetConn().(*net.TCPConn)
		plain.SetLinger(0) // so that closing resets
		plain.Close()
	})
	logger, logged := observer.New(zap.ErrorLevel)
	f := newFeed(t, s.URL, s.client())
	f.Logger = zap.New(logger)
	for range 3 {
		if _, err := f.Update(t.Context()); err == nil || !strings.Contains(err.Error(), "reset") {
			t.Errorf("it fails by %v", err)
		}
	}
	if n := logged.Len(); n != 1 {
		t.Errorf("it is logged %d times: %v", n, logged.All())
	}
}

func TestWhatHasNotChangedIsNotFetchedAgain(t *testing.T) {
	full := 0
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"one"`)
		if r.Header.Get("If-None-Match") == `"one"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		full++
		io.WriteString(w, good)
	})
	f := newFeed(t, s.URL, s.client())
	now := time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)
	f.Now = func() time.Time { return now }
	for range 3 {
		if _, err := f.Update(t.Context()); err != nil {
			t.Fatal(err)
		}
		now = now.Add(47 * time.Hour)
	}
	if full != 1 {
		t.Errorf("it was fetched %d times", full)
	}
	if f.Status().Old {
		t.Error("it is old, although its source confirmed it")
	}
}

func TestARedirectIsFollowedWithoutTheSecretOfTheAddress(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/list" {
			http.Redirect(w, r, "/moved", http.StatusFound)
			return
		}
		if r.Referer() != "" || r.URL.RawQuery != "" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		io.WriteString(w, good)
	})
	f := newFeed(t, s.URL+"/list?token=secret", s.client())
	if changed, err := f.Update(t.Context()); !changed || err != nil {
		t.Errorf("it ends with %v, %v", changed, err)
	}
	if changed, err := f.Update(t.Context()); changed || err != nil {
		t.Errorf("the same list again is %v, %v", changed, err)
	}
}

func TestARedirectFromThisMachineLeadsToNoOtherOneWithoutTLS(t *testing.T) {
	s := httptest.NewServer(http.RedirectHandler("http://feeds.example/list", http.StatusFound))
	defer s.Close()
	_, err := newFeed(t, s.URL, NewClient()).Update(t.Context())
	if err == nil || !strings.Contains(err.Error(), "it redirects to another machine without TLS") {
		t.Errorf("it ends with %v", err)
	}
}

func TestOnlySafeAddressesAreSources(t *testing.T) {
	for text, ok := range map[string]bool{
		"https://feeds.example/list.csv": true, "http://127.0.0.1:8000/l": true, "http://localhost/l": true, "http://[::1]/l": true,
		"http://feeds.example/l": false, "http://127.0.0.1.example/l": false, "ftp://127.0.0.1/l": false, "https:///l": false, "file:///etc/passwd": false,
		"/var/lib/list.csv": true,
	} {
		if _, err := NewSource(text, text); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
	source, err := NewSource("https://user:word@feeds.example/token/list?key=1", "https://user:word@feeds.example/{env.TOKEN}/list?key=1")
	if err != nil || source.Shown != "https://feeds.example/{env.TOKEN}/list" {
		t.Errorf("it is shown as %s, %v", source.Shown, err)
	}
	source, err = NewSource("https://feeds.example/list?key=1", "{env.FEED}?key=1")
	if err != nil || source.Shown != "{env.FEED}" {
		t.Errorf("an address in a placeholder is shown as %s, %v", source.Shown, err)
	}
}

func TestAFileIsReadAgainWhenItHasChanged(t *testing.T) {
	file := filepath.Join(t.TempDir(), "list")
	write := func(text string, at time.Time) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	f := newFeed(t, file, nil)
	logged, logs := observer.New(zap.WarnLevel)
	f.Logger = zap.New(logged)
	now := time.Now().Truncate(time.Second)
	f.Now = func() time.Time { return now }

	if _, err := f.Update(t.Context()); err == nil || f.List() != nil {
		t.Errorf("without a file: %v", err)
	}
	write(good, now.Add(-47*time.Hour))
	if changed, err := f.Update(t.Context()); !changed || err != nil {
		t.Fatal("the first list:", changed, err)
	}
	if changed, err := f.Update(t.Context()); changed || err != nil {
		t.Fatal("the same list:", changed, err)
	}
	now = now.Add(2 * time.Hour)
	for range 2 {
		if changed, err := f.Update(t.Context()); changed || err != nil || !f.Status().Old {
			t.Errorf("an old list: %v, %v, %+v", changed, err, f.Status())
		}
	}
	if n := logs.FilterMessageSnippet("feed is old").Len(); n != 1 {
		t.Errorf("that it is old was logged %d times", n)
	}
	write(good+"+882130", now)
	if changed, err := f.Update(t.Context()); changed || err == nil || !strings.Contains(err.Error(), "may be cut off") {
		t.Errorf("a file that is cut off: %v, %v", changed, err)
	}
	write(good+"+8821304\n", now)
	if changed, err := f.Update(t.Context()); !changed || err != nil || f.Status().Old {
		t.Errorf("a new list: %v, %v, %+v", changed, err, f.Status())
	}
	since := map[string]bool{}
	for row := range f.List().All {
		since[row.Prefix] = row.Since.Equal(now)
	}
	if since["8821300"] || !since["8821304"] {
		t.Errorf("of these it is said that they are new: %v", since)
	}
}

// As archives and images have files that are made again: of one size, and of the same time.
func TestAFileOfTheSameTimeAndSizeIsReadOnceItIsAnother(t *testing.T) {
	file, written := filepath.Join(t.TempDir(), "list"), time.Now().Add(-time.Hour)
	replace := func(text string) {
		t.Helper()
		if err := errors.Join(os.WriteFile(file+".new", []byte(text), 0o600), os.Chtimes(file+".new", written, written), os.Rename(file+".new", file)); err != nil {
			t.Fatal(err)
		}
	}
	storage := new(memory)
	start := func() *Feeds {
		f := newFeed(t, file, nil)
		f.Storage = storage
		LoadKept(t.Context(), []*Feed{f})
		return New([]*Feed{f})
	}
	feeds := start()
	for i, restarts := range []bool{false, false, true} {
		if restarts {
			feeds = start()
		}
		want := fmt.Sprint(8821300 + i)
		replace(want + "\n")
		feeds.Update(t.Context())
		if got := digitsOf(feeds.All()[0].List()); got != want {
			t.Errorf("after a restart %v, in force is %s, and the file has %s", restarts, got, want)
		}
	}
}

func TestARestartUsesTheKeptCopyWhileTheSourceIsAway(t *testing.T) {
	s := newServer(t, text(good))
	storage := new(memory)
	start := func() *Feeds {
		f := newFeed(t, s.URL, s.client())
		f.Storage = storage
		LoadKept(t.Context(), []*Feed{f})
		return New([]*Feed{f})
	}
	first := start()
	first.Update(t.Context())
	s.answers(http.NotFound)
	second := start()
	if got := second.Set().BlockedBy("882130012345", 0); got == "" || got != first.Set().BlockedBy("882130012345", 0) {
		t.Errorf("after the restart it is blocked by %q", got)
	}
	second.Update(t.Context())
	if second.Set().Len() != 4 || second.All()[0].Failure() == nil {
		t.Errorf("while the source is away: %+v", second.All()[0].Status())
	}
	key := first.All()[0].keptKey()
	whole := storage.texts[key]
	for name, text := range map[string][]byte{
		"cut off":           whole[:len(whole)-3],
		"changed":           bytes.Replace(whole, []byte("8821303"), []byte("8821304"), 1),
		"without a head":    whole[bytes.IndexByte(whole, '\n')+1:],
		"of another source": bytes.Replace(whole, []byte(`"source":"`), []byte(`"source":"0`), 1),
		"of another format": bytes.Replace(whole, []byte(`"format":1`), []byte(`"format":2`), 1),
		"of another key":    bytes.Replace(whole, []byte(`"source"`), []byte(`"key":"RW","source"`), 1),
	} {
		storage.texts[key] = text
		if start().Set().Len() != 0 {
			t.Errorf("a copy that is %s is used", name)
		}
	}
}

func TestFeedsOfOneNameAndSeveralSourcesKeepEachItsCopy(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, map[string]string{"/a": "+8821300\n", "/b": "+8821301\n"}[r.URL.Path])
	})
	storage := new(memory)
	start := func(path string) *Feed {
		f := newFeed(t, s.URL+path, s.client())
		f.Storage = storage
		LoadKept(t.Context(), []*Feed{f})
		return f
	}
	for _, path := range []string{"/a", "/b"} {
		New([]*Feed{start(path)}).Update(t.Context())
	}
	if a, b := digitsOf(start("/a").List()), digitsOf(start("/b").List()); a != "8821300" || b != "8821301" {
		t.Errorf("after a restart, they have %q and %q", a, b)
	}
}

// hanging is a storage that answers when its caller gives up.
type hanging struct{}

func (hanging) Store(ctx context.Context, _ string, _ []byte) error { return wait(ctx) }
func (hanging) Load(ctx context.Context, _ string) ([]byte, error)  { return nil, wait(ctx) }

func wait(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestAStorageThatHangsHoldsUpTheStartOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var feeds []*Feed
		for range MostFeeds {
			f := newFeed(t, "https://feeds.example/list", nil)
			f.Storage = hanging{}
			feeds = append(feeds, f)
		}
		began := time.Now()
		LoadKept(t.Context(), feeds)
		if took := time.Since(began); took != longestStorage {
			t.Errorf("it took %s", took)
		}
	})
}

func TestTheKeptCopySaysWhenTheSourceLastHadTheList(t *testing.T) {
	s := newServer(t, text(good))
	storage, now := new(memory), time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)
	logger, logged := observer.New(zap.ErrorLevel)
	start := func() *Feeds {
		f := newFeed(t, s.URL, s.client())
		f.Storage, f.Logger, f.Now = storage, zap.New(logger), func() time.Time { return now }
		LoadKept(t.Context(), []*Feed{f})
		return New([]*Feed{f})
	}
	feeds := start()
	kept := func() time.Time { return start().All()[0].Status().Confirmed }
	storage.broken = errors.New("full")
	feeds.Update(t.Context())
	feeds.Update(t.Context())
	if n := logged.Len(); n != 1 {
		t.Errorf("that it is not kept is logged %d times", n)
	}
	storage.broken = nil
	for _, c := range []struct {
		name        string
		after, want time.Duration
	}{
		{"the storage works again", 0, 0},
		{"less than a quarter of max_age later", 11 * time.Hour, 0},
		{"a quarter of max_age later", time.Hour, 12 * time.Hour},
		{"three days later", 60 * time.Hour, 72 * time.Hour},
	} {
		now = now.Add(c.after)
		feeds.Update(t.Context())
		if got := kept(); !got.Equal(time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC).Add(c.want)) {
			t.Errorf("%s, the copy is of %s", c.name, got)
		}
	}
}

func TestAFeedIsAskedAtItsIntervalAndSoonerAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []time.Duration
		began := time.Now()
		f := newFeed(t, "https://feeds.example/list", nil)
		f.Client = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			asked = append(asked, time.Since(began))
			if n := len(asked); n == 2 || n == 3 {
				return nil, errors.New("away")
			}
			return &http.Response{StatusCode: 200, ProtoMajor: 2, ContentLength: -1, Body: io.NopCloser(strings.NewReader(good))}, nil
		})}
		stop := New([]*Feed{f}).Watch()
		harness.Advance(130 * time.Minute)
		stop()
		if got := fmt.Sprint(asked); got != "[0s 1h0m0s 1h0m1s 1h0m3s 2h0m3s]" {
			t.Errorf("it was asked after %s", got)
		}
	})
}

// A source that stays away is asked every five minutes, and at once by the next configuration.
func TestASourceThatStaysAwayIsAskedEveryFiveMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var last, before time.Time
		f := newFeed(t, "https://feeds.example/list", nil)
		f.Client = &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			last, before = time.Now(), last
			return nil, errors.New("away")
		})}
		stop := New([]*Feed{f}).Watch()
		harness.Advance(2 * time.Hour)
		stop()
		if between := last.Sub(before); between != 5*time.Minute || f.due() != 0 {
			t.Errorf("it is asked each %s, and by the next one in %s", between, f.due())
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (r roundTrip) RoundTrip(request *http.Request) (*http.Response, error) { return r(request) }
