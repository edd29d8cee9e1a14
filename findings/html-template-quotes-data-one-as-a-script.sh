#!/usr/bin/env bash
# Go's html/template: an attribute whose name begins with data-on is taken for an event handler, since
# data- is left out before the name is looked at, and all that begins with on is a script. So a text in
# data-one, the label for one thing beside data-many, is written as a JavaScript literal, in quotation
# marks that are part of its value. data-many has the text as it is.
#
# Seen (Go 1.26): data-one="&#34;1 change&#34;" data-many="1 change". A browser's dataset.one is
# "1 change" with its quotation marks, and is shown so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"fmt"
	"html/template"
	"os"
	"strings"
)

func main() {
	page := template.Must(template.New("").Parse(`<output data-one="{{.}}" data-many="{{.}}"></output>`))
	var out strings.Builder
	if err := page.Execute(&out, "1 change"); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(out.String())
	if out.String() != `<output data-one="&#34;1 change&#34;" data-many="1 change"></output>` {
		os.Exit(1)
	}
}
GO
go mod init example >/dev/null 2>&1
go run .
