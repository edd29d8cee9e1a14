package forward_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/forward"
)

// carrier answers each request on each connection with what answer says, which is written
// as it is. An answer that returns false closes the connection after it.
func carrier(t testing.TB, answer func(number int, request *http.Request, body string) (text string, more bool)) (address string, connections *atomic.Int32) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	connections = new(atomic.Int32)
	var requests atomic.Int32
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			go func() {
				defer conn.Close()
				in := bufio.NewReader(conn)
				for {
					request, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					body, _ := io.ReadAll(request.Body)
					text, more := answer(int(requests.Add(1)), request, string(body))
					if _, err := io.WriteString(conn, text); err != nil || !more {
						return
					}
				}
			}()
		}
	}()
	return listener.Addr().String(), connections
}

// send is an ordinary request that sends a message.
func send() *forward.Request {
	return &forward.Request{
		Method: "POST", Target: "/Messages.json", Host: "carrier.example",
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"*/*"}},
		Body:   []byte("To=%2B14155550100&Body=hello"),
	}
}

func TestASendIsForwardedAndItsAnswerPassedOn(t *testing.T) {
	address, connections := carrier(t, func(_ int, request *http.Request, body string) (string, bool) {
		if request.Method != "POST" || request.RequestURI != "/Messages.json" || request.Host != "carrier.example" || body != "To=%2B14155550100&Body=hello" {
			t.Errorf("got %s %s for %s: %q", request.Method, request.RequestURI, request.Host, body)
		}
		return "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 2\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n{}", true
	})
	client := &forward.Client{}
	t.Cleanup(client.Close)
	for range 3 {
		w := httptest.NewRecorder()
		w.Header().Set("Server", "Caddy")
		status, err := client.Forward(context.Background(), w, address, send())
		if err != nil || status != 201 || w.Code != 201 || w.Body.String() != "{}" {
			t.Fatalf("got %d, %v: %d %q", status, err, w.Code, w.Body)
		}
		if got := strings.Join(w.Header()["Set-Cookie"], " "); got != "a b" || w.Header()["Server"] != nil || w.Header().Get("Content-Length") != "2" {
			t.Errorf("got header %v", w.Header())
		}
	}
	if got := connections.Load(); got != 1 {
		t.Errorf("used %d connections", got)
	}
}
