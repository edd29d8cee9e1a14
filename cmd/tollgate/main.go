// Command tollgate is Caddy with Tollgate in it: one binary that runs, adapts
// and validates the same configurations.
package main

import (
	caddycmd "github.com/caddyserver/caddy/v2/cmd"

	_ "github.com/caddy-tollgate/tollgate"
	_ "github.com/caddyserver/caddy/v2/modules/standard"
)

func main() {
	caddycmd.Main()
}
