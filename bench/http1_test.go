//go:build linux

package main

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadAnswer(t *testing.T) {
	const answer = "HTTP/1.1 201 Created\r\nServer: Caddy\r\nContent-Length: 2\r\n\r\n{}"
	for name, r := range map[string]io.Reader{
		"at once":      strings.NewReader(answer),
		"byte by byte": iotest.OneByteReader(strings.NewReader(answer)),
	} {
		got, body, err := readAnswer(r, make([]byte, 1024))
		if string(got) != answer || statusOf(got) != 201 || body != 2 || err != nil {
			t.Errorf("%s: got %q, status %d, %v", name, got, statusOf(got), err)
		}
	}
	for name, text := range map[string]string{
		"cut short":         answer[:len(answer)-1],
		"two":               answer + answer,
		"of unknown length": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"too long":          answer[:len(answer)-6] + "4096\r\n\r\n" + strings.Repeat("x", 4096),
	} {
		if got, _, err := readAnswer(strings.NewReader(text), make([]byte, 1024)); err == nil {
			t.Errorf("an answer %s: got %q and no error", name, got)
		}
	}
	if status := statusOf([]byte("HTTP/2 200")); status != 0 {
		t.Errorf("status of another version is %d", status)
	}
}
