package telemetry

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/modules/logging"
	"go.uber.org/zap/zapcore"
	"golang.org/x/term"

	"github.com/caddy-tollgate/tollgate/internal/suggest"
)

func init() {
	caddy.RegisterModule(Encoder{})
}

// Encoder writes a log for a person to read, where it goes to a terminal: each decision as
// one short line that begins with the verdict, and every other line as the `console` format
// does. Where it does not, it is the `json` format.
//
// Either way, the URI of a request is masked as the filter `tollgate` masks it, and headers
// are left out.
//
// In a `filter`, it is what that wraps: `wrap tollgate`. The filter then states what is
// masked and left out, and this format changes nothing of what it gets.
type Encoder struct {
	// Writes for a person to read wherever the log goes.
	Compact bool `json:"compact,omitzero"`
	// How destinations are masked in the URI of a request and in its headers. Default:
	// `last4`.
	Mask Mask `json:"mask,omitzero"`
	// Logs the headers of requests and answers as well, masked like the URI.
	Headers bool `json:"headers,omitzero"`

	// Encoder gets every field and writes each line.
	zapcore.Encoder `json:"-"`

	ctx  caddy.Context
	mask *requestMask // nil in a filter
}

// CaddyModule returns the Caddy module information.
func (Encoder) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "caddy.logging.encoders.tollgate",
		New: func() caddy.Module { return new(Encoder) },
	}
}

// Provision sets up the encoder.
func (e *Encoder) Provision(ctx caddy.Context) error {
	e.ctx = ctx
	if isFilter := func(m caddy.Module) bool { _, is := m.(*logging.FilterEncoder); return is }; !slices.ContainsFunc(ctx.Modules(), isFilter) {
		filter := LogFilter{Mask: e.Mask}
		if err := filter.Provision(ctx); err != nil {
			return err
		}
		e.mask = &requestMask{filter: &filter, headers: e.Headers}
	} else if e.Mask != (Mask{}) || e.Headers {
		return errors.New(`the format tollgate in a filter takes neither mask nor headers: state them as fields of the filter, or write "format tollgate" without one`)
	}
	return e.build()
}

// build makes the encoder that writes the lines, on top of one of Caddy's.
func (e *Encoder) build() error {
	var stock interface {
		zapcore.Encoder
		caddy.Provisioner
	} = new(logging.JSONEncoder)
	if e.Compact {
		stock = new(logging.ConsoleEncoder)
	}
	if err := stock.Provision(e.ctx); err != nil {
		return fmt.Errorf("setting up the log format: %w", err)
	}
	e.Encoder = stock
	if e.mask != nil {
		e.Encoder = &maskedEncoder{Encoder: e.Encoder, mask: e.mask}
	}
	if e.Compact {
		e.Encoder = &compactEncoder{Encoder: e.Encoder}
	}
	return nil
}

// ConfigureDefaultFormat implements caddy.ConfiguresFormatterDefault: it decides by where
// the log goes. Caddy without a format asks whether standard error is a terminal, for
// standard output too, which may be a pipe beside one.
func (e *Encoder) ConfigureDefaultFormat(writer caddy.WriterOpener) error {
	stream := streamOf(writer)
	if e.Compact || stream == nil || !term.IsTerminal(int(stream.Fd())) {
		return nil
	}
	e.Compact = true
	return e.build()
}

// streamOf is the standard stream that a log goes to, or nil.
func streamOf(writer caddy.WriterOpener) *os.File {
	switch writer.(type) {
	case caddy.StdoutWriter, *caddy.StdoutWriter:
		return os.Stdout
	case caddy.StderrWriter, *caddy.StderrWriter:
		return os.Stderr
	}
	return nil
}

// UnmarshalCaddyfile sets up the encoder from Caddyfile tokens. Syntax:
//
//	tollgate [compact] {
//	    mask none|last4|hmac <secret>
//	    headers
//	}
func (e *Encoder) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next() // consume encoder name
	if d.NextArg() {
		if e.Compact = d.Val() == "compact"; !e.Compact {
			return d.Errf(`the format tollgate takes no %q: write "tollgate" or "tollgate compact"`, d.Val())
		}
	}
	if d.NextArg() {
		return d.ArgErr()
	}
	for d.NextBlock(0) {
		switch option := d.Val(); option {
		case "mask":
			if e.Mask.Mode != "" {
				return d.Err("mask is already specified")
			}
			if err := ParseMask(d, &e.Mask); err != nil {
				return err
			}
		case "headers":
			if e.Headers {
				return d.Err("headers is already specified")
			}
			if e.Headers = true; d.NextArg() {
				return d.ArgErr()
			}
		default:
			return d.Errf("the format tollgate has no option %q%s", option, suggest.DidYouMean(option, []string{"mask", "headers"}, nil))
		}
	}
	return nil
}

// Interface guards
var (
	_ caddy.Provisioner                = (*Encoder)(nil)
	_ caddy.ConfiguresFormatterDefault = (*Encoder)(nil)
	_ caddyfile.Unmarshaler            = (*Encoder)(nil)
	_ zapcore.Encoder                  = (*Encoder)(nil)
)
