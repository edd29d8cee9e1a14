package forward

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http/httpguts"
)

// played is a connection that answers with a text, in pieces, and keeps what is written.
type played struct {
	net.Conn
	text   []byte
	pieces []byte // the length of each read, less one; the last repeats
	reads  int
	wrote  bytes.Buffer
}

func (p *played) Read(to []byte) (int, error) {
	if len(p.text) == 0 {
		return 0, io.EOF
	}
	length := len(p.text)
	if len(p.pieces) > 0 {
		length = int(p.pieces[min(p.reads, len(p.pieces)-1)]) + 1
	}
	p.reads++
	n := copy(to, p.text[:min(length, len(p.text))])
	p.text = p.text[n:]
	return n, nil
}

func (p *played) Write(b []byte) (int, error)      { return p.wrote.Write(b) }
func (p *played) Close() error                     { return nil }
func (p *played) SetDeadline(time.Time) error      { return nil }
func (p *played) SetReadDeadline(time.Time) error  { return nil }
func (p *played) SetWriteDeadline(time.Time) error { return nil }

func (p *played) client() *Client {
	return &Client{DialContext: func(context.Context, string, string) (net.Conn, error) { return p, nil }}
}

// untouched is a response writer that remembers whether anything was passed on.
type untouched struct {
	*httptest.ResponseRecorder
	begun bool
}

func (u *untouched) WriteHeader(status int) {
	if status >= 200 { // the recorder takes the first for the answer
		u.begun = true
		u.ResponseRecorder.WriteHeader(status)
	}
}

// What is written is read by net/http as the request that was given.
func FuzzRequest(f *testing.F) {
	f.Add("POST", "/Messages.json?a=b", "carrier.example", "X-Name", "value", "Basic QUJDOg==", []byte("To=%2B14155550100"))
	f.Add("GET", "/", "", "Content-Length", "3", "", []byte("abc"))
	f.Add("DELETE", "*", "a b", "Transfer-Encoding", "chunked", "a\r\nb", []byte(nil))
	f.Add("CONNECT", "http://a/", "a", "X Y", "\x00", "", []byte("x"))
	f.Add("PUT", "/%zz", "a", "connection", "x-name", "", []byte{})
	f.Fuzz(func(t *testing.T, method, target, host, name, value, authorization string, body []byte) {
		p := &played{text: []byte("HTTP/1.1 204 No Content\r\n\r\n")}
		r := &Request{
			Method: method, Target: target, Host: host, Authorization: authorization, Body: body,
			Header: http.Header{name: {value, "second"}, "X-Other": {"other"}},
		}
		if _, err := p.client().Forward(context.Background(), httptest.NewRecorder(), "carrier.example:80", r); err != nil {
			if p.wrote.Len() > 0 {
				t.Errorf("wrote %q and failed with %v", p.wrote.Bytes(), err)
			}
			return
		}
		in := bufio.NewReader(bytes.NewReader(p.wrote.Bytes()))
		got, err := http.ReadRequest(in)
		if err != nil {
			if strings.Contains(err.Error(), "parse ") {
				return // of the target, which net/http takes apart and this does not
			}
			t.Fatalf("%q is not read: %v", p.wrote.Bytes(), err)
		}
		if got.Method != method || got.RequestURI != target || got.Host != host {
			t.Errorf("read %q %q %q", got.Method, got.RequestURI, got.Host)
		}
		text, err := io.ReadAll(got.Body)
		if err != nil || !bytes.Equal(text, body) || in.Buffered() > 0 || len(got.TransferEncoding) > 0 {
			t.Errorf("read body %q, %v, %d more, encoding %v", text, err, in.Buffered(), got.TransferEncoding)
		}
		checkHeader(t, r, got.Header)
	})
}

// checkHeader compares a header that was read with what Forward promises to write.
func checkHeader(t *testing.T, r *Request, got http.Header) {
	t.Helper()
	got.Del("Content-Length")
	want := http.Header{}
	for name, values := range r.Header {
		name = http.CanonicalHeaderKey(name)
		if !r.leavesOut(name) && !slices.Contains(namedIn(r.Header["Connection"]), name) {
			for _, value := range values {
				want[name] = append(want[name], strings.Trim(value, " \t"))
			}
		}
	}
	if r.Authorization != "" {
		want["Authorization"] = []string{strings.Trim(r.Authorization, " \t")}
	}
	if _, paired := got["Cache-Control"]; paired && want["Cache-Control"] == nil {
		got.Del("Cache-Control") // net/http adds it to Pragma
	}
	for name := range want {
		slices.Sort(want[name]) // the order of two spellings of one name is the map's
		slices.Sort(got[name])
	}
	if len(got) != len(want) {
		t.Errorf("read header %q, want %q", got, want)
	}
	for name, values := range want {
		if !slices.Equal(got[name], values) {
			t.Errorf("read %s as %q, want %q", name, got[name], values)
		}
	}
}

// Where an answer is passed on, net/http reads the same answer, and ends it at the same
// byte. Where it is refused, nothing is passed on, or the caller learns that it is cut.
func FuzzAnswer(f *testing.F) {
	for _, text := range []string{
		"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n{}",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3;a=b\r\nabc\r\n00a\r\n0123456789\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\nrest",
		"HTTP/1.0 200 OK\r\n\r\nuntil the end", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204\r\n\r\n",
		"HTTP/1.1 200 OK\r\nConnection: close, x-a\r\nX-A: 1\r\nPragma: no-cache\r\nContent-Length: 1\r\ncontent-length: 1\r\n\r\nab",
		"HTTP/1.1 200 OK\nContent-Length: 1\n\na", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
	} {
		f.Add([]byte(text), []byte{}, false)
		f.Add([]byte(text), []byte{0}, false)
		f.Add([]byte(text), []byte{30, 2}, true)
	}
	f.Fuzz(func(t *testing.T, text, pieces []byte, isHead bool) {
		method := http.MethodPost
		if isHead {
			method = http.MethodHead
		}
		p := &played{text: text, pieces: pieces}
		w := &untouched{ResponseRecorder: httptest.NewRecorder()}
		client := p.client()
		carrier, err := client.exchange(context.Background(), w, "carrier.example:80", &Request{Method: method, Target: "/", Host: "carrier.example"})
		if err != nil {
			var failed *Error
			if !errors.As(err, &failed) || failed.Begun() != w.begun {
				t.Errorf("%v, and passed on: %v", err, w.begun)
			}
			return
		}
		if _, err := carrier.pass(w); err != nil {
			return // the caller ends the client's connection
		}
		left := carrier.buffered() + len(p.text)
		checkAnswer(t, text, method, w, carrier, len(text)-left)
	})
}

// checkAnswer compares what was passed on with what net/http reads.
func checkAnswer(t *testing.T, text []byte, method string, w *untouched, carrier *conn, length int) {
	t.Helper()
	in := bufio.NewReaderSize(bytes.NewReader(text), len(text)+16)
	var want *http.Response
	for want == nil || want.StatusCode < 200 {
		var err error
		if want, err = http.ReadResponse(in, &http.Request{Method: method}); err != nil {
			t.Fatalf("passed on %q, which net/http refuses: %v", text, err)
		}
	}
	body, err := io.ReadAll(want.Body)
	if err != nil {
		t.Fatalf("passed on %q, in which net/http refuses the body: %v", text, err)
	}
	if w.Code != want.StatusCode || !bytes.Equal(w.Body.Bytes(), body) {
		t.Errorf("passed on %d %q, want %d %q", w.Code, w.Body, want.StatusCode, body)
	}
	if read := len(text) - in.Buffered(); length != read {
		t.Errorf("took %d bytes of %q, want %d", length, text, read)
	}
	if carrier.answer.keep && want.Close {
		t.Errorf("keeps the connection after %q", text)
	}
	got := w.Result()
	for name, values := range want.Header {
		guessed := name == "Cache-Control" && got.Header[name] == nil
		if carrier.answer.isPassedOn(name) && !guessed && !slices.Equal(got.Header[name], values) {
			t.Errorf("passed on %s as %q, want %q", name, got.Header[name], values)
		}
	}
	for name := range got.Header {
		if _, ok := want.Header[name]; !ok && name != "Trailer" && name != "Content-Type" {
			t.Errorf("passed on %s, which is not in %q", name, text)
		}
	}
	for name, values := range want.Trailer {
		announced, others := w.Header()[name], w.Header()[http.TrailerPrefix+name]
		if values != nil && httpguts.ValidTrailerHeader(name) && !hopByHop(name) && !endsWith(announced, values) && !slices.Equal(others, values) {
			t.Errorf("passed on trailer %s as %q or %q, want %q", name, announced, others, values)
		}
	}
}

// endsWith reports whether a list ends with another: a trailer can have the name of a field.
func endsWith(list, end []string) bool {
	return len(list) >= len(end) && slices.Equal(list[len(list)-len(end):], end)
}
