//go:build linux

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The comparison of what becomes of sends to a carrier that closes idle connections: some
// of them are written at the very moment at which it does.
const (
	closingClients = 12
	closingSends   = 3000                  // to each system
	closingPause   = 60 * time.Millisecond // of a client before a send, at most
	closingIdle    = 30 * time.Millisecond // after which the carrier closes a connection
)

var closingSystems = []string{"Caddy", "Tollgate, reverse_proxy, GOGC=100", "Tollgate, transport tollgate, GOGC=100", "Tollgate"}

// closingCarrier answers sends as Twilio does, and records how often each arrives.
type closingCarrier struct {
	net.Listener
	mu      sync.Mutex
	arrived map[string]int // by the text of the message
}

func (c *closingCarrier) serve() {
	for {
		conn, err := c.Accept()
		if err != nil {
			return
		}
		go c.converse(conn)
	}
}

func (c *closingCarrier) converse(conn net.Conn) {
	defer conn.Close()
	reader := bufio.NewReader(conn)
	for {
		_ = conn.SetReadDeadline(time.Now().Add(closingIdle))
		if _, err := reader.Peek(1); err != nil {
			return
		}
		_ = conn.SetReadDeadline(time.Time{})
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		text := request.PostFormValue("Body")
		c.mu.Lock()
		c.arrived[text]++
		c.mu.Unlock()
		_, _ = io.WriteString(conn, "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
	}
}

// twice is how many sends arrived more than once.
func (c *closingCarrier) twice() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, times := range c.arrived {
		if times > 1 {
			n++
		}
	}
	return n
}

// compareClosing runs the comparison and returns its table.
func compareClosing(ctx context.Context) (table string, err error) {
	dir, err := os.MkdirTemp("", "tollgate-bench-")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := bench{dir: dir}
	progress("building")
	if b.programs, err = build(ctx, dir); err != nil {
		return "", err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "| %d sends through | answered 201 | 502 | arrived twice |\n|---|---:|---:|---:|\n", closingSends)
	for _, name := range closingSystems {
		progress("%s", name)
		statuses, twice, err := b.sendWhileClosing(ctx, systemOf(name))
		if err != nil {
			return "", err
		}
		created, bad := statuses[http.StatusCreated], statuses[http.StatusBadGateway]
		if created+bad != closingSends {
			return "", fmt.Errorf("%s answers wrongly: %v", name, statuses)
		}
		fmt.Fprintf(&text, "| %s | %d | %d | %d |\n", name, created, bad, twice)
	}
	return text.String(), nil
}

// sendWhileClosing sends through one system, and returns how often each status was the
// answer, and how many sends arrived more than once.
func (b *bench) sendWhileClosing(ctx context.Context, s *system) (statuses map[int]int, twice int, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, 0, err
	}
	carrier := &closingCarrier{Listener: listener, arrived: map[string]int{}}
	defer carrier.Close()
	go carrier.serve()
	b.upstream = &process{address: carrier.Addr().String()}
	i, err := b.startInstance(ctx, s, scenario{name: "closing"})
	if err != nil {
		return nil, 0, err
	}
	defer i.stop()
	var mu sync.Mutex
	statuses = map[int]int{}
	var clients sync.WaitGroup
	failures := make([]error, closingClients)
	for n := range closingClients {
		clients.Go(func() {
			c, err := connect(i.address, false)
			if err != nil {
				failures[n] = err
				return
			}
			defer c.close()
			for send := range closingSends / closingClients {
				if !wait(ctx, rand.N(closingPause)) {
					failures[n] = ctx.Err()
					return
				}
				status, _, err := c.ask(traffic{}.message(account, permitted(0), strconv.Itoa(n*closingSends+send)))
				if err != nil {
					failures[n] = err
					return
				}
				mu.Lock()
				statuses[status]++
				mu.Unlock()
			}
		})
	}
	clients.Wait()
	return statuses, carrier.twice(), errors.Join(failures...)
}
