package forwarder

import (
	"fmt"
	"strings"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
)

func init() {
	httpcaddyfile.RegisterHandlerDirective("tollgate_forward", directive.Handler[Forwarder])
	httpcaddyfile.RegisterDirectiveOrder("tollgate_forward", httpcaddyfile.Before, "reverse_proxy")
}

// UnmarshalCaddyfile sets up the forwarder from Caddyfile tokens. Syntax:
//
//	tollgate_forward [<matcher>] {
//		# the options of reverse_proxy's transport http:
//		dial_timeout            <duration>
//		response_header_timeout <duration>
//		tls
//		...
//	}
func (f *Forwarder) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next() // consume directive name
	if d.NextArg() {
		return d.Err(`tollgate_forward has no argument: the gate before it says where a request goes. ` +
			`To forward elsewhere, write "upstream <host:port>" into the gate's block`)
	}
	d.Reset()
	err := f.Transport.UnmarshalCaddyfile(d)
	if err != nil && strings.Contains(err.Error(), "unrecognized subdirective") {
		return fmt.Errorf("%w: tollgate_forward has the options of reverse_proxy's transport http; "+
			"for its other options, write reverse_proxy %s with transport tollgate", err, placeholder.Upstream)
	}
	return err
}

// Interface guard
var _ caddyfile.Unmarshaler = (*Forwarder)(nil)
