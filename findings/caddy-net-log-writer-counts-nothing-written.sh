#!/usr/bin/env bash
# Caddy 2.11.9, log writer `net` with soft_start: while the log server cannot be reached,
# Write returns 0 and no error, which io.Writer forbids ("must return a non-nil error if it
# returns n < len(p)"). The line goes to standard error; a caller that checks the error,
# to know whether an audit line was written, believes that it was.
#
# Seen (Go 1.26): n 0, error nil.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/logging"
)

func main() {
	ctx, cancel := caddy.NewContext(caddy.Context{Context: context.Background()})
	defer cancel()
	net := &logging.NetWriter{Address: "127.0.0.1:1", SoftStart: true}
	if err := net.Provision(ctx); err != nil {
		panic(err)
	}
	w, err := net.OpenWriter()
	if err != nil {
		panic(err)
	}
	n, err := w.Write([]byte("a line\n"))
	fmt.Println("n", n, "error", err)
	if n != 0 || err != nil {
		os.Exit(1)
	}
}
GO
go mod init example >/dev/null 2>&1
go get github.com/caddyserver/caddy/v2@v2.11.9 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run . 2>/dev/null
