package telemetry

import (
	"net/url"
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/logging"
	"go.uber.org/zap/zapcore"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
)

func init() {
	caddy.RegisterModule(LogFilter{})
}

// LogFilter masks the destinations and senders in a logged URI: the values of all
// parameters that can hold one, and all telephone numbers elsewhere, which are runs of
// seven digits or more, plain or percent-encoded, with separators between them. The names
// of resources and dates stay as they are.
//
// Caddy logs the URI as it came, so a log of requests to a carrier's API needs
// this filter on `request>uri`; the log of errors as well as the access log. A header
// may hold a URI as well: drop the headers, or put the filter on
// `request>headers>Referer` and `request>headers>User-Agent`.
type LogFilter struct {
	Mask

	mask     Masker
	carriers carriers.Registered
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
	f.carriers = carriers.All()
	f.mask, err = f.Mask.Provision()
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
	return ParseMask(d, &f.Mask)
}

// Filter masks the destinations in a URI, and in what holds one: of a header, every
// value.
func (f *LogFilter) Filter(in zapcore.Field) zapcore.Field {
	if in.Type == zapcore.StringType {
		in.String = f.uri(in.String)
		return in
	}
	if values, ok := in.Interface.(caddyhttp.LoggableStringArray); ok {
		if masked, changed := f.list(values); changed {
			in.Interface = masked
		}
	}
	return in
}

// list masks the destinations in each of some values, and reports whether there are any.
// The values themselves are the request's, and stay as they are.
func (f *LogFilter) list(values caddyhttp.LoggableStringArray) (masked caddyhttp.LoggableStringArray, changed bool) {
	for i, value := range values {
		text := f.uri(value)
		if text == value {
			continue
		}
		if !changed {
			masked, changed = slices.Clone(values), true
		}
		masked[i] = text
	}
	return masked, changed
}

// usualLength is room for most URIs, so that to filter one that stays as it is
// allocates nothing.
const usualLength = 512

func (f *LogFilter) uri(uri string) string {
	if f.mask.mode == maskNone {
		return uri
	}
	var buffer [usualLength]byte
	path, query, hasQuery := strings.Cut(uri, "?")
	filtered := buffer[:0]
	for {
		// No number continues in the next segment.
		segment, rest, more := strings.Cut(path, "/")
		filtered = f.mask.maskNumbers(filtered, segment)
		if !more {
			break
		}
		filtered, path = append(filtered, '/'), rest
	}
	if hasQuery {
		filtered = f.query(append(filtered, '?'), query)
	}
	if string(filtered) == uri {
		return uri
	}
	return string(filtered)
}

// query appends a query, with destinations masked, to b. Pairs end at "&", and for some
// readers at ";".
func (f *LogFilter) query(b []byte, query string) []byte {
	for {
		end := strings.IndexAny(query, "&;")
		pair := query
		if end >= 0 {
			pair = query[:end]
		}
		name, value, ok := strings.Cut(pair, "=")
		if masked, is := f.address(name, value); ok && is {
			b = append(f.mask.maskNumbers(b, name), '=')
			b = append(b, masked...)
		} else {
			b = f.mask.maskNumbers(b, pair)
		}
		if end < 0 {
			return b
		}
		b = append(b, query[end])
		query = query[end+1:]
	}
}

// address masks the value of a parameter that holds a destination or a sender. It is false
// for any other parameter, and for a value in which nothing is masked.
func (f *LogFilter) address(name, value string) (masked string, is bool) {
	if value == "" {
		return "", false
	}
	name = unescape(name)
	switch {
	case f.carriers.NamesDestination(name):
		return f.mask.text(unescape(value)), true
	case f.carriers.NamesSender(name):
		sender := unescape(value)
		masked = f.mask.sender(sender)
		return masked, masked != sender
	}
	return "", false
}

// unescape decodes a component of a query. One that cannot be decoded stays as it is.
func unescape(text string) string {
	if decoded, err := url.QueryUnescape(text); err == nil {
		return decoded
	}
	return text
}

// Interface guards
var (
	_ caddy.Provisioner      = (*LogFilter)(nil)
	_ caddyfile.Unmarshaler  = (*LogFilter)(nil)
	_ logging.LogFieldFilter = (*LogFilter)(nil)
)
