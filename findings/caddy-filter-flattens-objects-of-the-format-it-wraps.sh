#!/usr/bin/env bash
# Caddy 2.11.9, log format `filter`: the fields of an object go to the encoder that it
# wraps, and not to the one which that gives for the object. With zap's JSON encoder the
# two are one. With a format that builds objects as zap's MapObjectEncoder does, every
# object comes out empty, and its fields are beside it at the top, where those of several
# objects overwrite each other.
#
# Seen (Go 1.26, zap 1.28.0): {"request":{"uri":"/a"}} without the filter, and
# {"request":{},"uri":"/a"} with it, though it filters no field.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/logging"
	"go.uber.org/zap"
	"go.uber.org/zap/buffer"
	"go.uber.org/zap/zapcore"
)

// format is a log format that keeps fields in maps, and writes them as JSON.
type format struct{ *zapcore.MapObjectEncoder }

func (format) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "caddy.logging.encoders.maps", New: func() caddy.Module { return &format{zapcore.NewMapObjectEncoder()} }}
}

func (f format) Clone() zapcore.Encoder {
	clone := format{zapcore.NewMapObjectEncoder()}
	for key, value := range f.Fields {
		clone.Fields[key] = value
	}
	return &clone
}

func (f format) EncodeEntry(_ zapcore.Entry, fields []zapcore.Field) (*buffer.Buffer, error) {
	line := f.Clone().(*format)
	for _, field := range fields {
		field.AddTo(line)
	}
	text, err := json.Marshal(line.Fields)
	b := buffer.NewPool().Get()
	b.Write(text)
	return b, err
}

func write(encoder zapcore.Encoder) string {
	line, err := encoder.EncodeEntry(zapcore.Entry{}, []zapcore.Field{zap.Dict("request", zap.String("uri", "/a"))})
	if err != nil {
		panic(err)
	}
	fmt.Println(line)
	return line.String()
}

func main() {
	caddy.RegisterModule(format{})
	ctx, cancel := caddy.NewContext(caddy.Context{Context: context.Background()})
	defer cancel()
	filter := &logging.FilterEncoder{WrappedRaw: json.RawMessage(`{"format":"maps"}`)}
	if err := filter.Provision(ctx); err != nil {
		panic(err)
	}
	alone := write(&format{zapcore.NewMapObjectEncoder()})
	wrapped := write(filter)
	if alone != `{"request":{"uri":"/a"}}` || wrapped != `{"request":{},"uri":"/a"}` {
		os.Exit(1)
	}
}
GO
go mod init example >/dev/null 2>&1
go get github.com/caddyserver/caddy/v2@v2.11.9 go.uber.org/zap@v1.28.0 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run .
