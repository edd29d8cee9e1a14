// Package tollgate is a gate in front of a carrier's API, as a module for
// Caddy. Importing it registers its Caddy modules; there is nothing to call.
package tollgate

import (
	_ "time/tzdata" // time zones, where the machine has none

	_ "github.com/caddy-tollgate/tollgate/caddymodule"         // registers the modules
	_ "github.com/caddy-tollgate/tollgate/caddymodule/command" // registers the commands
)
