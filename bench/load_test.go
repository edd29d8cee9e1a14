//go:build linux

package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
)

func TestMessageRequests(t *testing.T) {
	destinations := map[string]bool{}
	for _, text := range messageRequests(fictional) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(text)))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.ParseForm(); err != nil {
			t.Fatal(err)
		}
		destinations[r.PostForm.Get("To")] = true
		if user, _, ok := r.BasicAuth(); !ok || user != account || r.ContentLength < 120 || r.ContentLength > 180 {
			t.Fatalf("unexpected request:\n%s", text)
		}
	}
	if len(destinations) != fictional {
		t.Errorf("%d destinations", len(destinations))
	}
}

func TestReadAnswer(t *testing.T) {
	const answer = "HTTP/1.1 201 Created\r\nServer: Caddy\r\nContent-Length: 2\r\n\r\n{}"
	for name, r := range map[string]io.Reader{
		"at once":      strings.NewReader(answer),
		"byte by byte": iotest.OneByteReader(strings.NewReader(answer)),
	} {
		got, err := readAnswer(r, make([]byte, 1024))
		if string(got) != answer || statusOf(got) != 201 || err != nil {
			t.Errorf("%s: got %q, status %d, %v", name, got, statusOf(got), err)
		}
	}
	for name, text := range map[string]string{
		"cut short":         answer[:len(answer)-1],
		"two":               answer + answer,
		"of unknown length": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"too long":          answer[:len(answer)-6] + "4096\r\n\r\n" + strings.Repeat("x", 4096),
	} {
		if got, err := readAnswer(strings.NewReader(text), make([]byte, 1024)); err == nil {
			t.Errorf("an answer %s: got %q and no error", name, got)
		}
	}
	if status := statusOf([]byte("HTTP/2 200")); status != 0 {
		t.Errorf("status of another version is %d", status)
	}
}

// TestMessage holds the answer of the upstream to about the size of Twilio's.
func TestMessage(t *testing.T) {
	if len(message) < 600 || len(message) > 900 {
		t.Errorf("%d bytes", len(message))
	}
}
