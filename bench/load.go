//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// account is who pays for the messages.
const account = "AC11111111111111111111111111111111"

// areaCodes of the United States. Each has a hundred numbers that are set aside
// for fiction, 555-0100 to 555-0199.
var areaCodes = strings.Fields(`
	201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228
	301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323`)

// The destinations that there are for fiction, and at most, with the rest of
// 555 in all area codes.
const (
	fictional       = 40 * 100
	maxDestinations = 40 * (10_000 - 100)
)

// messageRequests are requests to send a message, each whole and ready to be
// written, to so many destinations in random order.
func messageRequests(destinations int) [][]byte {
	authorization := base64.StdEncoding.EncodeToString([]byte(account + ":0123456789abcdef0123456789abcdef"))
	requests := make([][]byte, destinations)
	for i := range requests {
		area, line := areaCodes[i%len(areaCodes)], 100+i/len(areaCodes)
		form := fmt.Sprintf("To=%%2B1%s555%04d&From=%%2B12025550199&Body=Your+verification+code+is+%06d."+
			"+It+expires+in+ten+minutes.+Do+not+share+it+with+anyone.", area, line, rand.IntN(1_000_000))
		requests[i] = fmt.Appendf(nil, "POST /2010-04-01/Accounts/%s/Messages.json HTTP/1.1\r\n"+
			"Host: api.twilio.com\r\n"+
			"User-Agent: twilio-bench/1.0\r\n"+
			"Accept: application/json\r\n"+
			"Accept-Encoding: gzip\r\n"+
			"Authorization: Basic %s\r\n"+
			"Content-Type: application/x-www-form-urlencoded\r\n"+
			"Content-Length: %d\r\n\r\n%s", account, authorization, len(form), form)
	}
	rand.Shuffle(len(requests), func(i, j int) { requests[i], requests[j] = requests[j], requests[i] })
	return requests
}

// load is a load generator: connections to one server that are kept alive,
// over each of which one request goes after another. It speaks just enough
// HTTP/1.1 for that, so that the machine's time goes to the server.
type load struct {
	conns    []net.Conn
	requests [][]byte
	// sent counts the requests to this server, those of earlier loads
	// included: each load goes on where the last one ended.
	sent   *atomic.Int64
	status int // that every answer must have
}

// maxRequests bounds the requests of one connection in one run.
const maxRequests = 1_000_000

// dial connects to a server.
func dial(address string, connections int, requests [][]byte, sent *atomic.Int64, status int) (*load, error) {
	l := &load{requests: requests, sent: sent, status: status}
	for range connections {
		conn, err := net.DialTimeout("tcp", address, 5*time.Second)
		if err != nil {
			l.close()
			return nil, err
		}
		l.conns = append(l.conns, conn)
	}
	return l, nil
}

func (l *load) close() {
	for _, conn := range l.conns {
		conn.Close()
	}
}

// run sends requests over all connections for a while and returns how many
// were answered. It ends when the last answer is there.
func (l *load) run(ctx context.Context, duration time.Duration) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	var total atomic.Int64
	failures := make([]error, len(l.conns))
	var workers sync.WaitGroup
	for i, conn := range l.conns {
		workers.Go(func() {
			_ = conn.SetDeadline(time.Now().Add(duration + 10*time.Second))
			n, err := l.converse(ctx, conn)
			total.Add(int64(n))
			failures[i] = err
			if err != nil {
				cancel()
			}
		})
	}
	workers.Wait()
	return int(total.Load()), errors.Join(failures...)
}

// converse sends one request after another and checks each answer.
func (l *load) converse(ctx context.Context, conn net.Conn) (int, error) {
	buffer := make([]byte, 16<<10)
	for n := range maxRequests {
		if ctx.Err() != nil {
			return n, nil
		}
		request := l.requests[int(l.sent.Add(1))%len(l.requests)]
		if _, err := conn.Write(request); err != nil {
			return n, err
		}
		answer, err := readAnswer(conn, buffer)
		if err != nil {
			return n, err
		}
		if status := statusOf(answer); status != l.status {
			return n, fmt.Errorf("answered %d, want %d:\n%s", status, l.status, answer)
		}
	}
	return maxRequests, nil
}

// readAnswer reads one whole answer into the buffer.
func readAnswer(r io.Reader, buffer []byte) ([]byte, error) {
	read, whole := 0, 0
	for whole == 0 || read < whole {
		if read == len(buffer) {
			return nil, errors.New("answer is too long")
		}
		n, err := r.Read(buffer[read:])
		read += n
		if err != nil {
			return nil, err
		}
		if whole == 0 {
			if whole, err = answerLength(buffer[:read]); err != nil {
				return nil, err
			}
		}
	}
	if read > whole {
		return nil, errors.New("more than one answer to one request")
	}
	return buffer[:whole], nil
}

// answerLength is how long the answer that starts here is, header and body; 0
// if the header is not there yet.
func answerLength(start []byte) (int, error) {
	end := bytes.Index(start, []byte("\r\n\r\n"))
	if end < 0 {
		return 0, nil
	}
	header := start[:end+2]
	const name = "\r\nContent-Length: "
	_, value, ok := bytes.Cut(header, []byte(name))
	if !ok {
		return 0, fmt.Errorf("answer of unknown length:\n%s", header)
	}
	value, _, _ = bytes.Cut(value, []byte("\r\n"))
	length, err := strconv.Atoi(string(value))
	return end + len("\r\n\r\n") + length, err
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
