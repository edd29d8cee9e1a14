#!/usr/bin/env bash
# github.com/redis/rueidis v1.0.79, ParseURL: with rediss:// and master_set, the address is that of a
# sentinel, and its name becomes the ServerName of the TLS configuration for the master, so that the
# certificate of the master has to be good for the name of its sentinel. With further addresses of a
# cluster, all of its servers have to have the name of the first. crypto/tls takes the name of the
# server that is dialled where ServerName is empty, as it is for a client that is configured by hand.
#
# Seen (Go 1.26): ServerName is sentinel-a.example.com for the master, and node-a.example.com for
# node-b.example.com.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"github.com/redis/rueidis"
)

func main() {
	changed := false
	for url, name := range map[string]string{
		"rediss://sentinel-a.example.com:26379?addr=sentinel-b.example.com:26379&master_set=counters": "sentinel-a.example.com",
		"rediss://node-a.example.com:6379?addr=node-b.example.com:6379":                               "node-a.example.com",
	} {
		options, err := rueidis.ParseURL(url)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(url, "is checked by the name", options.TLSConfig.ServerName)
		changed = changed || options.TLSConfig.ServerName != name
	}
	if changed {
		os.Exit(1)
	}
}
GO
go mod init example >/dev/null 2>&1
go get github.com/redis/rueidis@v1.0.79 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run .
