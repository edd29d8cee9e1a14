//go:build linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"syscall"
	"time"
)

// patience is how long a client waits. Nothing that is right takes as long on the slowest
// machine: what does is lost.
const patience = 2 * time.Minute

// basic is how a credential is presented.
func basic(user, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+secret))
}

// authorization is the credential that a client presents.
func (r *request) authorization() string {
	if r.key != nil {
		return basic(r.key.SID, r.key.Secret)
	}
	return basic(r.account, "0123456789abcdef0123456789abcdef")
}

// carried is the credential that the carrier must see: never a key of the gate.
func (r *request) carried() string {
	if r.key != nil {
		return basic(carrierUser, carrierSecret)
	}
	return r.authorization()
}

// head is what a client of HTTP/1.1 writes before the body.
func (r *request) head() []byte {
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: soak/1.0\r\nAccept: application/json\r\nAuthorization: %s\r\n",
		r.method, r.target(), r.hostOf(), r.authorization())
	if r.contentType != "" {
		fmt.Fprintf(&text, "Content-Type: %s\r\n%s\r\n", r.contentType, length(len(r.body)))
	}
	text.WriteString("\r\n")
	return text.Bytes()
}

// hostOf is the Host of a request. That of uploads is not one of the carrier's: the
// product of their site is that of the site.
func (r *request) hostOf() string {
	if r.kind.site == siteUploads {
		return "uploads.example"
	}
	return r.host
}

// connection is a connection of a client of HTTP/1.1.
type connection struct {
	*net.TCPConn
	reader *bufio.Reader
	// uses counts the requests on it.
	uses     int
	isClosed bool
}

func dial(address string) (*connection, error) {
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return nil, err
	}
	return &connection{TCPConn: conn.(*net.TCPConn), reader: bufio.NewReader(conn)}, nil
}

// isOpen reports whether a connection that was used before is still open, as far as the
// client has heard. A connection pool looks as well before it uses one again.
func (c *connection) isOpen() bool {
	raw, err := c.SyscallConn()
	if err != nil {
		return false
	}
	isOpen := false
	err = raw.Control(func(fd uintptr) {
		_, _, err := syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		isOpen = err == syscall.EAGAIN
	})
	return err == nil && isOpen
}

// exchangeWhole sends a request and reads its answer.
func exchangeWhole(c *connection, r *request) (outcome, string) {
	_ = c.SetDeadline(time.Now().Add(patience))
	if len(r.body) < 32<<10 {
		// What cannot be written shows in what can be read.
		_, _ = c.Write(append(r.head(), r.body...))
	} else {
		written := make(chan struct{})
		defer func() { <-written }()
		go func() {
			defer close(written)
			_, _ = c.Write(append(r.head(), r.body...))
		}()
	}
	return c.readAnswer(r, c.reader)
}

// readAnswer reads the answer to a request and judges it. A connection that must not be
// used again is closed.
func (c *connection) readAnswer(r *request, reader *bufio.Reader) (outcome, string) {
	if _, err := reader.Peek(1); err != nil {
		c.Close()
		if isTimeout(err) {
			return wrong, "no answer in time"
		}
		return closed, err.Error()
	}
	asked := &http.Request{Method: r.method}
	for early := 0; ; early++ {
		response, err := http.ReadResponse(reader, asked)
		if err != nil {
			c.Close()
			return cut, err.Error()
		}
		if response.StatusCode < http.StatusOK {
			continue
		}
		r.answer.got = response.StatusCode
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			c.Close()
			if isTimeout(err) {
				return wrong, "no whole answer in time"
			}
			return cut, err.Error()
		}
		if response.Close {
			c.Close()
			c.isClosed = true
		}
		return r.judge(response, body, early)
	}
}

func isTimeout(err error) bool {
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}

// newHTTP2 is a client that speaks HTTP/2 in clear text.
func newHTTP2() *http.Client {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	return &http.Client{
		Transport:     &http.Transport{Protocols: protocols, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// exchangeHTTP2 sends a request over HTTP/2 and reads its answer.
func exchangeHTTP2(client *http.Client, address string, r *request) (outcome, string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ctx, early := countEarly(ctx)
	asked, err := http.NewRequestWithContext(ctx, r.method, "http://"+address+r.target(), bytes.NewReader(r.body))
	if err != nil {
		return wrong, err.Error()
	}
	asked.Host = r.hostOf()
	asked.Header = http.Header{"Authorization": {r.authorization()}, "User-Agent": {"soak/1.0"}, "Accept": {"application/json"}}
	if r.contentType != "" {
		asked.Header.Set("Content-Type", r.contentType)
	}
	response, err := client.Do(asked)
	switch {
	case ctx.Err() != nil:
		return wrong, "no answer in time"
	case err != nil:
		return closed, err.Error()
	}
	defer response.Body.Close()
	r.answer.got = response.StatusCode
	body, err := io.ReadAll(response.Body)
	switch {
	case ctx.Err() != nil:
		return wrong, "no whole answer in time"
	case err != nil:
		return cut, err.Error()
	}
	return r.judge(response, body, int(early.Load()))
}

// countEarly counts the informational answers to a request.
func countEarly(ctx context.Context) (context.Context, *counter) {
	early := new(counter)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		Got1xxResponse: func(int, textproto.MIMEHeader) error {
			early.add(1)
			return nil
		},
	}), early
}
