// Command tollgate is Caddy with Tollgate in it: one binary that runs, adapts
// and validates the same configurations, and asks policies who may send where.
package main

import (
	"os"

	"github.com/caddyserver/caddy/v2"
	caddycmd "github.com/caddyserver/caddy/v2/cmd"

	_ "github.com/caddy-tollgate/tollgate"
	"github.com/caddy-tollgate/tollgate/caddymodule/command"
	_ "github.com/caddyserver/caddy/v2/modules/standard"
)

func init() {
	caddy.CustomBinaryName = "tollgate"
	caddy.CustomLongDescription = `Tollgate is a gate in front of a carrier's API: it decides who may send where.
It is Caddy with the gate in it, and has all of Caddy's commands. Its own are:

  tollgate explain       why is this destination allowed, or refused?
  tollgate check         is this policy valid, and is everything enabled that must be?
  tollgate diff          what does this change open, and what does it close?
  tollgate key           keys of the gate's own: create, list, revoke
  tollgate territories   the territories of permissions, and what is known of each
  tollgate prefixes      the prefixes of premium and other special numbers
  tollgate schema        the JSON Schema of the policy file
  tollgate version       the versions of the gate, of Caddy and of the numbering data`
}

func main() {
	command.RegisterAtRoot()
	os.Args = command.Arguments(os.Args)
	caddycmd.Main()
}
