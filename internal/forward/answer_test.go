package forward_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/forward"
)

// writer is a response writer that keeps what is passed on, informational answers too.
type writer struct {
	*httptest.ResponseRecorder
	informed []string
	begun    bool
	fails    error
}

func newWriter() *writer { return &writer{ResponseRecorder: httptest.NewRecorder()} }

func (w *writer) WriteHeader(status int) {
	if status < 200 {
		w.informed = append(w.informed, fmt.Sprint(status, w.Header()))
		return
	}
	w.begun = true
	w.ResponseRecorder.WriteHeader(status)
}

func (w *writer) Write(p []byte) (int, error) {
	w.begun = true
	if w.fails != nil {
		return 0, w.fails
	}
	return w.ResponseRecorder.Write(p)
}

// played answers every connection's first request with a text, and then closes it, by a
// reset if asked.
func played(t testing.TB, text string, reset bool) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				_, _ = io.WriteString(conn, text)
			}
			if reset {
				_ = conn.(*net.TCPConn).SetLinger(0)
			}
			conn.Close()
		}
	}()
	return listener.Addr().String()
}

func TestAnAnswerThatTwoReadersCouldTakeDifferentlyIsRefused(t *testing.T) {
	t.Parallel()
	ok, end := "HTTP/1.1 200 OK\r\n", "\r\n\r\n"
	for _, tt := range []struct{ name, answer string }{
		{"a status line ends with a bare LF", "HTTP/1.1 200 OK\nContent-Length: 0" + end},
		{"a field ends with a bare LF", ok + "A: b\nContent-Length: 0" + end},
		{"the head ends with a bare LF", ok + "Content-Length: 0\r\n\n"},
		{"a bare CR stands in a field", ok + "A: b\rC: d\r\nContent-Length: 0" + end},
		{"a line ends with two CR", ok + "A: b\r\r\nContent-Length: 0" + end},
		{"an empty line comes before the answer", "\r\n" + ok + "Content-Length: 0" + end},
		{"a field goes on in the next line", ok + "A: b\r\n c\r\nContent-Length: 0" + end},
		{"the first field begins with a space", ok + " A: b\r\nContent-Length: 0" + end},
		{"a space stands before the colon", ok + "Content-Length : 0" + end},
		{"a field has no colon", ok + "A\r\nContent-Length: 0" + end},
		{"a field has no name", ok + ": b\r\nContent-Length: 0" + end},
		{"a name is not a token", ok + "A(b): c\r\nContent-Length: 0" + end},
		{"a name has a character beyond ASCII", ok + "Ä: c\r\nContent-Length: 0" + end},
		{"a value has a control character", ok + "A: b\x01\r\nContent-Length: 0" + end},
		{"a value has a NUL", ok + "A: \x00\r\nContent-Length: 0" + end},
		{"a reason has a NUL", "HTTP/1.1 200 O\x00K\r\nContent-Length: 0" + end},
		{"a length has a sign", ok + "Content-Length: +2" + end + "ab"},
		{"a length is negative", ok + "Content-Length: -2" + end + "ab"},
		{"a length is hexadecimal", ok + "Content-Length: 0x2" + end + "ab"},
		{"a length is empty", ok + "Content-Length: " + end},
		{"a length comes after an empty one", ok + "Content-Length:\r\nContent-Length: 2" + end + "ab"},
		{"a length has more than 63 bits", ok + "Content-Length: 9223372036854775808" + end},
		{"a length is a list", ok + "Content-Length: 2, 2" + end + "ab"},
		{"two lengths differ", ok + "Content-Length: 2\r\nContent-Length: 3" + end + "abc"},
		{"two lengths are spelled differently", ok + "Content-Length: 2\r\nContent-Length: 02" + end + "ab"},
		{"an encoding is not chunked", ok + "Transfer-Encoding: gzip" + end},
		{"an encoding is a list", ok + "Transfer-Encoding: gzip, chunked" + end + "0\r\n\r\n"},
		{"an encoding is repeated", ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked" + end + "0\r\n\r\n"},
		{"an encoding is empty", ok + "Transfer-Encoding:\r\nContent-Length: 0" + end},
		{"an encoding stands beside a length", ok + "Transfer-Encoding: chunked\r\nContent-Length: 5" + end + "0\r\n\r\n"},
		{"HTTP/1.0 has an encoding", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked" + end + "0\r\n\r\n"},
		{"a trailer that frames is announced", ok + "Transfer-Encoding: chunked\r\nTrailer: Content-Length" + end + "0\r\n\r\n"},
		{"a status has two digits", "HTTP/1.1 20 OK\r\nContent-Length: 0" + end},
		{"a status has four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 0" + end},
		{"a status has a sign", "HTTP/1.1 +20 OK\r\nContent-Length: 0" + end},
		{"a status is below 100", "HTTP/1.1 099 OK\r\nContent-Length: 0" + end},
		{"two spaces stand before the status", "HTTP/1.1  200 OK\r\nContent-Length: 0" + end},
		{"the protocol is switched", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c" + end},
		{"the version is HTTP/2", "HTTP/2.0 200 OK\r\nContent-Length: 0" + end},
		{"the version is HTTP/1.2", "HTTP/1.2 200 OK\r\nContent-Length: 0" + end},
		{"the version is not one", "HTTP/1.x 200 OK\r\nContent-Length: 0" + end},
		{"the protocol is another one", "ICY 200 OK\r\nContent-Length: 0" + end},
		{"an informational answer has a body", "HTTP/1.1 103 Early Hints\r\nContent-Length: 3" + end + "abc" + ok + "Content-Length: 0" + end},
		{"the head is too large", ok + "A: " + strings.Repeat("a", 70_000) + end},
		{"the head never ends", ok + strings.Repeat("A: b\r\n", 20_000)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			address := played(t, tt.answer, false)
			client := &forward.Client{MaxHeaderBytes: 64 << 10}
			w := newWriter()
			status, err := client.Forward(context.Background(), w, address, send())
			var failed *forward.Error
			if !errors.As(err, &failed) || failed.Step != forward.StepRead || failed.Begun() || w.begun || status != 0 {
				t.Errorf("got %d, %v; passed on: %v", status, err, w.begun)
			}
			if _, err := client.RoundTrip(context.Background(), address, send()); err == nil {
				t.Error("RoundTrip took it")
			}
		})
	}
}

func TestChunksThatTwoReadersCouldTakeDifferentlyEndTheConnection(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, chunks string }{
		{"a size ends with a bare LF", "3\nabc\r\n0\r\n\r\n"},
		{"a chunk ends with a bare LF", "3\r\nabc\n0\r\n\r\n"},
		{"a chunk is longer than its size", "3\r\nabcd\r\n0\r\n\r\n"},
		{"a size has a sign", "+3\r\nabc\r\n0\r\n\r\n"},
		{"a size has a prefix", "0x3\r\nabc\r\n0\r\n\r\n"},
		{"a space stands before a size", " 3\r\nabc\r\n0\r\n\r\n"},
		{"a space stands after a size", "3 \r\nabc\r\n0\r\n\r\n"},
		{"a size is empty", "\r\nabc\r\n0\r\n\r\n"},
		{"a size has more than 63 bits", "10000000000000003\r\nabc\r\n0\r\n\r\n"},
		{"a size wraps around", "ffffffffffffffff\r\nabc\r\n0\r\n\r\n"},
		{"an extension has a CR", "3;a\rb\r\nabc\r\n0\r\n\r\n"},
		{"an extension has a NUL", "3;a\x00\r\nabc\r\n0\r\n\r\n"},
		{"an extension is too long", "3;" + strings.Repeat("a", 5_000) + "\r\nabc\r\n0\r\n\r\n"},
		{"extensions are too long together", strings.Repeat("1;"+strings.Repeat("a", 1000)+"\r\na\r\n", 5) + "0\r\n\r\n"},
		{"the trailers end with a bare LF", "3\r\nabc\r\n0\r\nA: b\n\n"},
		{"a trailer has a malformed name", "3\r\nabc\r\n0\r\nA : b\r\n\r\n"},
		{"the trailers never end", "3\r\nabc\r\n0\r\n" + strings.Repeat("A: b\r\n", 20_000)},
		{"the last chunk is missing", "3\r\nabc\r\n"},
		{"the end of the trailers is missing", "3\r\nabc\r\n0\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			address := played(t, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+tt.chunks, false)
			client := &forward.Client{MaxHeaderBytes: 64 << 10}
			status, err := client.Forward(context.Background(), newWriter(), address, send())
			var failed *forward.Error
			if !errors.As(err, &failed) || failed.Step != forward.StepCopy || !failed.Begun() || status != 200 {
				t.Errorf("got %d, %v", status, err)
			}
		})
	}
}

func TestAnswersArePassedOn(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("0123456789", 30_000)
	for _, tt := range []struct {
		name, method, answer string
		status               int
		header, body         string // header: one line each, sorted by name
	}{
		{"a body of known length", "POST", "HTTP/1.1 201 Created\r\nContent-Length: 2\r\nA: 1\r\n\r\n{}", 201, "A: 1\r\nContent-Length: 2\r\n", "{}"},
		{"a status without a reason", "POST", "HTTP/1.1 201\r\nContent-Length: 2\r\n\r\n{}", 201, "Content-Length: 2\r\n", "{}"},
		{"an unknown status", "POST", "HTTP/1.1 999 What\r\nContent-Length: 2\r\n\r\n{}", 999, "Content-Length: 2\r\n", "{}"},
		{"a length that is repeated", "POST", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCONTENT-LENGTH: 2\r\n\r\n{}", 200, "Content-Length: 2\r\n", "{}"},
		{"a body that is larger than the buffers", "GET", fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(long), long), 200, fmt.Sprintf("Content-Length: %d\r\n", len(long)), long},
		{"a body that ends with the connection", "GET", "HTTP/1.1 200 OK\r\nA: 1\r\n\r\n" + long, 200, "A: 1\r\n", long},
		{"a body of HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\n\r\nab", 200, "", "ab"},
		{"chunks with extensions", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2;a=\"b\"\r\nab\r\n0A\r\n0123456789\r\n0;c\r\n\r\n", 200, "", "ab0123456789"},
		{"an empty body of chunks", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, "", ""},
		{"no body for HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", 200, "Content-Length: 10\r\n", ""},
		{"no body for HEAD of chunks", "HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n", 200, "", ""},
		{"no body of 204", "DELETE", "HTTP/1.1 204 No Content\r\nA: 1\r\n\r\n", 204, "A: 1\r\n", ""},
		{"no body of 204 that has a length", "DELETE", "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nab", 204, "", ""},
		{"no body of 304", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\nEtag: \"a\"\r\n\r\n", 304, "Content-Length: 10\r\nEtag: \"a\"\r\n", ""},
		{"repeated fields in their order", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nset-cookie: a=1\r\nSet-Cookie: b=2\r\nSET-COOKIE: c=3\r\n\r\n", 200, "Content-Length: 0\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nSet-Cookie: c=3\r\n", ""},
		{"an empty value and spaces around one", "GET", "HTTP/1.1 200 OK\r\nContent-Length:0\r\nA:\r\nB:  \t b c\t \r\n\r\n", 200, "A: \r\nB: b c\r\nContent-Length: 0\r\n", ""},
		{"a value in UTF-8", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: é\r\n\r\n", 200, "A: é\r\nContent-Length: 0\r\n", ""},
		{"no fields for one connection", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive, X-Hop, Content-Length\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\nUpgrade: h2c\r\nTe: trailers\r\n\r\n", 200, "Content-Length: 0\r\n", ""},
		{"no other way to the carrier", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nAlt-Svc: h3=\":443\"\r\n\r\n", 200, "Content-Length: 0\r\n", ""},
		{"the carrier's Server and Date", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nServer: carrier\r\nDate: today\r\n\r\n", 200, "Content-Length: 0\r\nDate: today\r\nServer: carrier\r\n", ""},
		{"a head larger than the buffer", "GET", "HTTP/1.1 200 OK\r\nA: " + long[:9_000] + "\r\nContent-Length: 2\r\n\r\nab", 200, "A: " + long[:9_000] + "\r\nContent-Length: 2\r\n", "ab"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			address := played(t, tt.answer, false)
			client := &forward.Client{}
			r := send()
			r.Method, r.Body = tt.method, nil
			w := newWriter()
			w.Header().Set("Server", "Caddy")
			w.Header().Set("Date", "yesterday")
			status, err := client.Forward(context.Background(), w, address, r)
			if !strings.Contains(tt.answer, "Date:") {
				w.Header().Del("Date")
			}
			var header bytes.Buffer
			_ = w.Header().Write(&header)
			if err != nil || status != tt.status || w.Code != tt.status || w.Body.String() != tt.body || header.String() != tt.header {
				t.Errorf("got %d, %v: %d\n%s%.80q\nwant\n%s%.80q", status, err, w.Code, header.String(), w.Body, tt.header, tt.body)
			}
			response, err := new(forward.Client).RoundTrip(context.Background(), address, r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			header.Reset()
			_ = response.Header.Write(&header)
			if err != nil || response.StatusCode != tt.status || string(body) != tt.body || header.String() != tt.header {
				t.Errorf("RoundTrip got %v: %d\n%s%.80q", err, response.StatusCode, header.String(), body)
			}
		})
	}
}

// What is passed on of an answer that is cut is what came of it, and the caller learns it.
func TestAnAnswerThatIsCutAtAnyByteIsNeverWhole(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{
		"HTTP/1.1 201 Created\r\nContent-Type: a\r\nContent-Length: 10\r\n\r\n0123456789",
		"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n",
	} {
		for cut := range len(answer) {
			for _, reset := range []bool{false, true} {
				address := played(t, answer[:cut], reset)
				client := &forward.Client{}
				w := newWriter()
				status, err := client.Forward(context.Background(), w, address, send())
				var failed *forward.Error
				if !errors.As(err, &failed) || failed.Begun() != w.begun {
					t.Errorf("%q, reset %v: got %d, %v; passed on %v", answer[:cut], reset, status, err, w.begun)
				}
				whole := strings.LastIndex(answer, "\r\nHTTP/1.1")
				if status != 0 && cut <= whole || failed.Step != forward.StepCopy && status != 0 {
					t.Errorf("%q: got %d, %v", answer[:cut], status, err)
				}
			}
		}
	}
}
