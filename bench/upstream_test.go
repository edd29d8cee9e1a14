//go:build linux

package main

import (
	"net"
	"testing"
)

// TestMessage holds the answer of the upstream to about the size of Twilio's.
func TestMessage(t *testing.T) {
	if len(message) < 600 || len(message) > 900 {
		t.Errorf("%d bytes", len(message))
	}
}

func TestTheUpstreamAnswersEveryRequestOfAConnection(t *testing.T) {
	server, side := net.Pipe()
	defer side.Close()
	go func() {
		defer server.Close()
		answerAll(server, []byte("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"))
	}()
	c := &http1{side, make([]byte, 1024)}
	for _, request := range []string{
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na=b",
		"POST / HTTP/1.1\r\nHost: a\r\ncontent-length: 4\r\n\r\na=bc",
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
	} {
		status, body, err := c.ask([]byte(request))
		if status != 201 || string(body) != "{}" || err != nil {
			t.Errorf("%q: %d %q %v", request, status, body, err)
		}
	}
	if _, _, err := c.ask([]byte("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")); err == nil {
		t.Error("a body in chunks is answered")
	}
}
