package caddymodule

import (
	_ "github.com/caddy-tollgate/tollgate/caddymodule/app"          // tollgate and admin.api.tollgate
	_ "github.com/caddy-tollgate/tollgate/caddymodule/carriers"     // tollgate.carriers.twilio
	_ "github.com/caddy-tollgate/tollgate/caddymodule/console"      // http.handlers.tollgate_console
	_ "github.com/caddy-tollgate/tollgate/caddymodule/errorhandler" // http.handlers.tollgate_error
	_ "github.com/caddy-tollgate/tollgate/caddymodule/forwarder"    // http.handlers.tollgate_forward
	_ "github.com/caddy-tollgate/tollgate/caddymodule/handler"      // http.handlers.tollgate
	_ "github.com/caddy-tollgate/tollgate/caddymodule/management"   // http.handlers.tollgate_api
	_ "github.com/caddy-tollgate/tollgate/caddymodule/sandbox"      // http.handlers.tollgate_sandbox
	_ "github.com/caddy-tollgate/tollgate/caddymodule/telemetry"    // caddy.logging.encoders.filter.tollgate
	_ "github.com/caddy-tollgate/tollgate/caddymodule/transport"    // http.reverse_proxy.transport.tollgate
	_ "github.com/caddy-tollgate/tollgate/caddymodule/twiml"        // http.handlers.tollgate_twiml
)
