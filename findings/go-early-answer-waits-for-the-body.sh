#!/usr/bin/env bash
# Go 1.26, net/http: a handler that refuses a request without reading its body has its
# answer held back until the body has come, up to 256 KiB of it. A client that announces
# 100 bytes and sends none gets no answer, and without a read timeout that has no end. The
# handler has returned by then, so no timeout of its own helps. With `Connection: close`
# on the answer it goes out at once.
#
# Seen: nothing within two seconds; 403 at once with Connection: close.
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
	"time"
)

// ask announces a body, sends none of it, and returns the status, or 0 if no answer
// comes within two seconds.
func ask(closes bool) int {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if closes {
			w.Header().Set("Connection", "close")
		}
		w.WriteHeader(http.StatusForbidden)
	}))
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	io.WriteString(conn, "POST / HTTP/1.1\r\nHost: example\r\nContent-Length: 100\r\n\r\n")
	conn.SetReadDeadline(time.Now().Add(2 * time.Second))
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0
	}
	return response.StatusCode
}

func main() {
	kept, closed := ask(false), ask(true)
	fmt.Println("kept alive:", kept, "closed:", closed)
	if kept != 0 || closed != http.StatusForbidden {
		os.Exit(1)
	}
}
GO
go mod init example >/dev/null 2>&1
go run .
