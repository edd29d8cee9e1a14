#!/usr/bin/env bash
# github.com/wneessen/go-mail v0.8.1, Client.DialAndSendWithContext: where a server greets late, as
# servers do that delay the greeting to tell programs that do not wait for it (RFC 5321, section
# 4.5.3.2.1, lets them take five minutes), the context does not end the call. It bounds the
# connection alone; the rest is bounded by WithTimeout, of 15 s by default. So the mail is
# delivered, and no error is returned, after the context has ended.
#
# Seen (Go 1.26): with a context of 300 ms and a greeting after 1.5 s, the call returns nil after
# 1.5 s, and the server has the mail.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

const (
	greetsAfter = 1500 * time.Millisecond
	mayTake     = 300 * time.Millisecond
)

// serve greets late, takes one mail and reports it.
func serve(listener net.Listener, delivered chan<- bool) {
	conn, err := listener.Accept()
	check(err)
	defer conn.Close()
	time.Sleep(greetsAfter)
	fmt.Fprint(conn, "220 mail.example ESMTP\r\n")
	inMail := false
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		line := lines.Text()
		switch {
		case inMail && line == ".":
			inMail = false
			delivered <- true
			fmt.Fprint(conn, "250 2.0.0 OK\r\n")
		case inMail:
		case strings.HasPrefix(line, "DATA"):
			inMail = true
			fmt.Fprint(conn, "354 go ahead\r\n")
		case strings.HasPrefix(line, "QUIT"):
			fmt.Fprint(conn, "221 2.0.0 bye\r\n")
			return
		default:
			fmt.Fprint(conn, "250 2.0.0 OK\r\n")
		}
	}
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	delivered := make(chan bool, 1)
	go serve(listener, delivered)
	client, err := mail.NewClient("127.0.0.1", mail.WithPort(listener.Addr().(*net.TCPAddr).Port), mail.WithTLSPolicy(mail.NoTLS))
	check(err)
	message := mail.NewMsg()
	check(message.From("alerts@example.com"))
	check(message.To("team@example.com"))
	message.Subject("test")
	message.SetBodyString(mail.TypeTextPlain, "test")

	ctx, cancel := context.WithTimeout(context.Background(), mayTake)
	defer cancel()
	began := time.Now()
	err = client.DialAndSendWithContext(ctx, message)
	took := time.Since(began)
	wasDelivered := len(delivered) == 1
	fmt.Printf("error: %v\ntook: %s of %s\ncontext: %v\ndelivered: %t\n", err, took.Round(100*time.Millisecond), mayTake, ctx.Err(), wasDelivered)
	if err != nil || took < greetsAfter || ctx.Err() == nil || !wasDelivered {
		os.Exit(1)
	}
}
GO
go mod init example >/dev/null 2>&1
go get github.com/wneessen/go-mail@v0.8.1 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run .
