#!/usr/bin/env bash
# Caddy 2.11.9, reverse_proxy (Go 1.26, net/http): after a reload, connections to the
# upstream stay open for two minutes (the idle timeout), though nothing can use them again.
# With a reload each second, they pile up.
#
# 1. Without a `transport` that has options, no connection is closed: the transport that
#    reverse_proxy makes itself is not one of the modules that Caddy cleans up.
# 2. With `transport http` and an option, idle connections are closed. But a request that is
#    forwarded only after that opens a connection and keeps it: CloseIdleConnections of
#    http.Transport also closes what becomes idle later, until a request asks for a
#    connection. Here, one waits for its body (request_buffers) during the reload.
#
# Seen, 3 s after the reload and the answer: open, closed; open.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig"
	_ "github.com/caddyserver/caddy/v2/modules/standard"
)

const caddyfile = `{
	admin off
	persist_config off
	log {
		output discard
	}
}
http://:%s {
	bind 127.0.0.1
	reverse_proxy %s {
		%s
	}
}`

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// open reports whether a connection to the upstream is open 3 s after the configuration
// was replaced by the same one, and a request was answered: before that, or after it, since
// its body came late.
func open(options string, late bool) bool {
	var connections atomic.Int32
	upstream := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
	}))
	upstream.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			connections.Add(1)
		case http.StateClosed:
			connections.Add(-1)
		}
	}
	upstream.Start()

	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	address := l.Addr().String()
	l.Close()
	_, port, _ := net.SplitHostPort(address)
	config, _, err := caddyconfig.GetAdapter("caddyfile").Adapt(
		fmt.Appendf(nil, caddyfile, port, upstream.Listener.Addr(), options), nil)
	check(err)
	check(caddy.Load(config, true))
	conn, err := net.Dial("tcp", address)
	check(err)
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	reader := bufio.NewReader(conn)
	answered := func() {
		response, err := http.ReadResponse(reader, nil)
		check(err)
		if response.StatusCode != http.StatusOK {
			panic(response.Status)
		}
	}
	io.WriteString(conn, "POST / HTTP/1.1\r\nHost: example\r\nContent-Length: 1\r\n\r\n")
	if late {
		time.Sleep(time.Second) // the server has read the head
		check(caddy.Load(config, true))
		io.WriteString(conn, "x")
		answered()
	} else {
		io.WriteString(conn, "x")
		answered()
		check(caddy.Load(config, true))
	}
	time.Sleep(3 * time.Second)
	fmt.Printf("%q late: %t, open connections: %d\n", options, late, connections.Load())
	return connections.Load() > 0
}

func main() {
	const transport = "transport http {\n compression off\n}"
	without, with := open("", false), open(transport, false)
	late := open(transport+"\nrequest_buffers 1MB", true)
	if !without || with || !late {
		os.Exit(1)
	}
}
GO
go mod init example >/dev/null 2>&1
go get github.com/caddyserver/caddy/v2@v2.11.9 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run . 2>/dev/null
