#!/usr/bin/env bash
# github.com/oschwald/maxminddb-golang/v2 v2.9.0, Reader.Verify: a database that
# github.com/maxmind/mmdbwriter v1.2.0 writes without a description is not valid, though the
# writer does not ask for one and the reader finds its records. The MaxMind DB specification, 2.0,
# has the description among the optional metadata.
#
# Seen (Go 1.26): the record of 192.0.2.1 is read, and Verify says "description - Expected:
# non-empty map Actual: map[]"; with a description it says nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"
	"github.com/oschwald/maxminddb-golang/v2"
)

// verified writes a database of one network, and returns what it has there and what Verify
// says of it.
func verified(description map[string]string) (country string, verdict error) {
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: "Test", Description: description, IncludeReservedNetworks: true})
	check(err)
	_, network, err := net.ParseCIDR("192.0.2.0/24")
	check(err)
	check(tree.Insert(network, mmdbtype.String("DE")))
	var file bytes.Buffer
	_, err = tree.WriteTo(&file)
	check(err)
	reader, err := maxminddb.OpenBytes(file.Bytes())
	check(err)
	check(reader.Lookup(netip.MustParseAddr("192.0.2.1")).Decode(&country))
	return country, reader.Verify()
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func main() {
	country, bare := verified(nil)
	_, described := verified(map[string]string{"en": "test"})
	fmt.Printf("read: %s\nwithout a description: %v\nwith one: %v\n", country, bare, described)
	if country != "DE" || bare == nil || !strings.Contains(bare.Error(), "description - Expected: non-empty map") || described != nil {
		os.Exit(1)
	}
}
GO
go mod init example >/dev/null 2>&1
go get github.com/oschwald/maxminddb-golang/v2@v2.9.0 github.com/maxmind/mmdbwriter@v1.2.0 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run .
