#!/usr/bin/env bash
# sipgo 1.7.3 (Go): of a SIP URI whose last parameter has no value and is followed by
# headers, as in `;lr?priority=urgent`, the headers count twice: as a part of the
# parameter's name and by themselves. Written back, the URI has them twice, and there is
# no parameter `lr`. There is no error. A parameter with a value is read as it should be.
#
# Seen (Go 1.26): …;lr?priority=urgent?priority=urgent, and Has("lr") is false.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"github.com/emiago/sipgo/sip"
)

func main() {
	read := func(text string) (written string, loose bool) {
		var uri sip.Uri
		if err := sip.ParseUri(text, &uri); err != nil {
			panic(err)
		}
		return uri.String(), uri.UriParams != nil && uri.UriParams.Has("lr")
	}
	const text, other = "sip:alice@example.com;lr?priority=urgent", "sip:alice@example.com;lr=on?priority=urgent"
	written, loose := read(text)
	otherwise, looseOtherwise := read(other)
	fmt.Println(text, "->", written, loose)
	fmt.Println(other, "->", otherwise, looseOtherwise)
	if written != text+"?priority=urgent" || loose || otherwise != other || !looseOtherwise {
		os.Exit(1)
	}
}
GO
go mod init example >/dev/null 2>&1
go get github.com/emiago/sipgo@v1.7.3 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run .
