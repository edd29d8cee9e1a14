#!/usr/bin/env bash
# huma 2.37.2, parameters that operations have in common, in a struct that their inputs embed:
# if the name of its type begins with a small letter, its parameters are neither described
# nor set, and nothing says so. encoding/json, from the standard library, fills the exported
# fields of such a struct. The path parameter is empty, so that a handler works on the object
# with no name, and a query parameter that asks for a dry run is false.
#
# Seen (Go 1.26): PUT /things/a?dry_run=true reaches the handler as "" and false, and as "a"
# and true once the type is called Common.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

type common struct {
	ID     string `path:"id"`
	DryRun bool   `query:"dry_run"`
}

type Common struct {
	ID     string `path:"id"`
	DryRun bool   `query:"dry_run"`
}

func seen[I any](read func(*I) (string, bool)) string {
	mux := http.NewServeMux()
	api := humago.New(mux, huma.DefaultConfig("things", "1"))
	var got string
	huma.Register(api, huma.Operation{Method: http.MethodPut, Path: "/things/{id}"}, func(_ context.Context, in *I) (*struct{}, error) {
		id, dry := read(in)
		got = fmt.Sprintf("%q %t, %d described", id, dry, len(api.OpenAPI().Paths["/things/{id}"].Put.Parameters))
		return nil, nil
	})
	mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPut, "/things/a?dry_run=true", nil))
	fmt.Println(got)
	return got
}

func main() {
	small := seen(func(in *struct{ common }) (string, bool) { return in.ID, in.DryRun })
	capital := seen(func(in *struct{ Common }) (string, bool) { return in.ID, in.DryRun })
	if small != `"" false, 0 described` || capital != `"a" true, 2 described` {
		os.Exit(1)
	}
}
GO
go mod init example >/dev/null 2>&1
go get github.com/danielgtaylor/huma/v2@v2.37.2 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run .
