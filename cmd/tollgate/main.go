// Command tollgate is Caddy with Tollgate in it: one binary that runs, adapts
// and validates the same configurations, and asks policies who may send where.
package main

import (
	"runtime"

	"github.com/caddyserver/caddy/v2"
	caddycmd "github.com/caddyserver/caddy/v2/cmd"

	_ "github.com/caddy-tollgate/tollgate"
	"github.com/caddy-tollgate/tollgate/caddymodule/command"
	_ "github.com/caddyserver/caddy/v2/modules/standard"
)

func main() {
	ballast := newBallast()
	caddy.CustomBinaryName = "tollgate"
	command.RegisterAtRoot()
	caddycmd.Main()
	runtime.KeepAlive(ballast)
}
