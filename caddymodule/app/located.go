package app

import (
	"fmt"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// CompileCaddyfile makes the policy of a Caddyfile, of which adapted is the JSON. What it
// returns, and its errors, say where values are stated.
func CompileCaddyfile(name string, text, adapted []byte) (*reload.Loaded, error) {
	a, _, err := read(name, adapted)
	if err != nil {
		return nil, err
	}
	return a.compile(positionsIn(name, text))
}

// CompileJSON makes the policy of a configuration of Caddy in JSON. What it returns, and its
// errors, say where values are stated.
func CompileJSON(name string, text []byte) (*reload.Loaded, error) {
	a, positions, err := read(name, text)
	if err != nil {
		return nil, err
	}
	return a.compile(positions)
}

// read reads the app of a configuration in JSON.
func read(name string, text []byte) (*App, decode.Positions, error) {
	var stated statedApp
	positions, found, err := config.DecodeJSONMember(name, text, []string{"apps", "tollgate"}, &stated)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the configuration: %w", err)
	}
	if !found {
		return nil, nil, fmt.Errorf("%s has no policy: add a global tollgate block", name)
	}
	a := new(App)
	a.state(&stated)
	return a, positions, nil
}

func (a *App) compile(positions decode.Positions) (*reload.Loaded, error) {
	loader, err := a.Loader(zap.NewNop())
	if err != nil {
		return nil, err
	}
	loader.Locate(positions)
	if _, err := loader.Load(); err != nil {
		return nil, err
	}
	if err := loader.Numbering.Failure(); err != nil {
		return nil, err
	}
	if err := loader.Rates.Failure(); err != nil {
		return nil, err
	}
	loaded := *loader.Current()
	loaded.NeedsStore = a.Store != nil
	return &loaded, nil
}

// positionsIn are the positions of the policy in a Caddyfile, which its adapted form does
// not have. There are none if it cannot be read: adapting it says why.
func positionsIn(name string, text []byte) decode.Positions {
	blocks, err := caddyfile.Parse(name, text)
	if err != nil || len(blocks) == 0 || len(blocks[0].Keys) > 0 {
		return nil
	}
	for _, segment := range blocks[0].Segments {
		if segment.Directive() != "tollgate" {
			continue
		}
		p := policyParser{Dispenser: caddyfile.NewDispenser(segment), positions: make(decode.Positions)}
		if err := p.parse(); err != nil {
			return nil
		}
		return p.positions
	}
	return nil
}
