package caddymodule

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/modules/logging"
	"go.uber.org/zap/zapcore"

	"github.com/caddy-tollgate/tollgate/carrier/twilio"
)

func init() {
	caddy.RegisterModule(LogFilter{})
}

// LogFilter masks the destinations in a logged URI: the values of all
// parameters that a destination can stand in, and numbers in the path.
//
// Caddy logs the URI as it came, so a log of requests to a carrier's API needs
// this filter on `request>uri`; the log of errors as well as the access log.
type LogFilter struct {
	Mask

	mask mask
}

// CaddyModule returns the Caddy module information.
func (LogFilter) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "caddy.logging.encoders.filter.tollgate",
		New: func() caddy.Module { return new(LogFilter) },
	}
}

// Provision sets up the filter.
func (f *LogFilter) Provision(caddy.Context) error {
	var err error
	f.mask, err = f.Mask.provision()
	return err
}

// UnmarshalCaddyfile sets up the filter from Caddyfile tokens. Syntax:
//
//	tollgate [none|last4|hmac <secret>]
func (f *LogFilter) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next() // consume filter name
	if d.CountRemainingArgs() == 0 {
		return nil
	}
	return parseMask(d, &f.Mask)
}

// Filter masks the destinations in a URI.
func (f *LogFilter) Filter(in zapcore.Field) zapcore.Field {
	if in.Type == zapcore.StringType {
		in.String = f.uri(in.String)
	}
	return in
}

// numberInPath is an E.164 number in a path, with its plus sign plain or
// encoded.
var numberInPath = regexp.MustCompile(`(?i)(\+|%2B)[0-9]{7,15}`)

func (f *LogFilter) uri(uri string) string {
	path, query, hasQuery := strings.Cut(uri, "?")
	path = numberInPath.ReplaceAllStringFunc(path, f.mask.text)
	if !hasQuery {
		return path
	}
	pairs := strings.FieldsFunc(query, func(c rune) bool { return c == '&' || c == ';' })
	for i, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if ok && f.isDestination(name) {
			if decoded, err := url.QueryUnescape(value); err == nil {
				value = decoded
			}
			pairs[i] = name + "=" + f.mask.text(value)
		}
	}
	return path + "?" + strings.Join(pairs, "&")
}

func (f *LogFilter) isDestination(name string) bool {
	if decoded, err := url.QueryUnescape(name); err == nil {
		name = decoded
	}
	return twilio.Twilio{}.NamesDestination(name)
}

// Interface guards
var (
	_ caddy.Provisioner      = (*LogFilter)(nil)
	_ caddyfile.Unmarshaler  = (*LogFilter)(nil)
	_ logging.LogFieldFilter = (*LogFilter)(nil)
)
