//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// http1 is a connection of HTTP/1.1.
type http1 struct {
	conn   net.Conn
	buffer []byte
}

func connectHTTP1(address string) (client, error) {
	conn, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return nil, err
	}
	return &http1{conn, make([]byte, 16<<10)}, nil
}

func (c *http1) close()               { c.conn.Close() }
func (c *http1) deadline(t time.Time) { _ = c.conn.SetDeadline(t) }

func (c *http1) ask(request []byte) (status int, body []byte, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, nil, err
	}
	answer, length, err := readAnswer(c.conn, c.buffer)
	if err != nil {
		return 0, nil, err
	}
	return statusOf(answer), answer[len(answer)-length:], nil
}

// readAnswer reads one whole answer into the buffer, and says how much of it is its body.
func readAnswer(r io.Reader, buffer []byte) (answer []byte, body int, err error) {
	read, whole := 0, 0
	for whole == 0 || read < whole {
		if read == len(buffer) {
			return nil, 0, errors.New("answer is too long")
		}
		n, err := r.Read(buffer[read:])
		read += n
		if err != nil {
			return nil, 0, err
		}
		if whole == 0 {
			if whole, body, err = answerLength(buffer[:read]); err != nil {
				return nil, 0, err
			}
		}
	}
	if read > whole {
		return nil, 0, errors.New("more than one answer to one request")
	}
	return buffer[:whole], body, nil
}

// answerLength is how long the answer that starts here is, header and body, and the body
// alone; 0 if the header is not there yet.
func answerLength(start []byte) (whole, body int, err error) {
	end := bytes.Index(start, []byte("\r\n\r\n"))
	if end < 0 {
		return 0, 0, nil
	}
	header := start[:end+2]
	const name = "\r\nContent-Length: "
	_, value, ok := bytes.Cut(header, []byte(name))
	if !ok { // HAProxy writes its own names in small letters
		_, value, ok = bytes.Cut(header, []byte(strings.ToLower(name)))
	}
	if !ok {
		return 0, 0, fmt.Errorf("answer of unknown length:\n%s", header)
	}
	value, _, _ = bytes.Cut(value, []byte("\r\n"))
	body, err = strconv.Atoi(string(value))
	return end + len("\r\n\r\n") + body, body, err
}

// statusOf is the status of an answer, or 0.
func statusOf(answer []byte) int {
	const version = "HTTP/1.1 "
	if len(answer) < len(version)+3 || string(answer[:len(version)]) != version {
		return 0
	}
	status, _ := strconv.Atoi(string(answer[len(version) : len(version)+3]))
	return status
}
