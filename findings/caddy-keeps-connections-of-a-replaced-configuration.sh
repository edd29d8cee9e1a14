#!/usr/bin/env bash
# Caddy 2.11.9, reverse_proxy (Go 1.26, net/http): a configuration that was replaced closes
# its idle connections to the upstream, but a request that it forwards only after that opens
# one, and keeps it for two minutes (the idle timeout), though nothing can ever use it again.
# http.Transport.CloseIdleConnections closes what becomes idle later too, until a request
# asks for a connection: that undoes it. With a reload each second, connections pile up.
#
# Here the request waits for its body (request_buffers) while the configuration is replaced.
#
# Seen: answered 200, the connection still open 3 s later; a request that had reached the
# upstream before the reload: closed with its answer.
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

// open reports whether the connection to the upstream is open 3 s after the answer to a
// request that was in flight while the configuration was replaced.
func open(options string) bool {
	var connections atomic.Int32
	arrived, answer := make(chan bool, 1), make(chan bool, 1)
	upstream := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		arrived <- true
		io.Copy(io.Discard, r.Body)
		<-answer
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
	io.WriteString(conn, "POST / HTTP/1.1\r\nHost: example\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
	reader := bufio.NewReader(conn)
	if options == "" {
		<-arrived
	}
	line, err := reader.ReadString('\n') // 100 Continue: Caddy waits for the body
	check(err)
	_, err = reader.ReadString('\n')
	check(err)
	check(caddy.Load(config, true))
	io.WriteString(conn, "x")
	answer <- true
	response, err := http.ReadResponse(reader, nil)
	check(err)
	time.Sleep(3 * time.Second)
	fmt.Printf("%q: %s, answered %d, open connections: %d\n", options, line[9:12], response.StatusCode, connections.Load())
	return connections.Load() > 0
}

func main() {
	before, after := open(""), open("request_buffers 1MB")
	if before || !after {
		os.Exit(1)
	}
}
GO
go mod init example >/dev/null 2>&1
go get github.com/caddyserver/caddy/v2@v2.11.9 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run . 2>/dev/null
