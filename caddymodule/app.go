package caddymodule

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync/atomic"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

func init() {
	caddy.RegisterModule(App{})
}

// App holds the policy: which account may send messages and place calls to
// which territories. Every `tollgate` handler of the configuration judges by
// it.
//
// Values may hold the placeholders `{env.*}` and `{file.*}`. A policy with a
// mistake does not load, and the running one stays.
type App struct {
	config.Document

	inForce *atomic.Pointer[gate.Rules]
	ctx     caddy.Context
}

// CaddyModule returns the Caddy module information.
func (App) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "tollgate",
		New: func() caddy.Module { return new(App) },
	}
}

// UnmarshalJSON reads the policy strictly: unknown and repeated members and
// null are errors.
func (a *App) UnmarshalJSON(text []byte) error {
	document, err := config.ParseJSON(text)
	if err != nil {
		return err
	}
	a.Document = document
	return nil
}

// MarshalJSON writes the policy.
func (a App) MarshalJSON() ([]byte, error) { return json.Marshal(a.Document) }

// Provision compiles the policy. It needs no network.
func (a *App) Provision(ctx caddy.Context) error {
	a.ctx = ctx
	repl := caddy.NewReplacer()
	document, err := config.Resolve(&a.Document, func(text string) (string, error) {
		return repl.ReplaceOrErr(text, true, true)
	})
	if err != nil {
		return fmt.Errorf("resolving placeholders in the policy (is the variable set?): %w", err)
	}
	compiled, err := config.Compile(readSender, config.Source{Document: document})
	if err != nil {
		return fmt.Errorf("checking the policy: %w", err)
	}
	compiled.Definition.Revision, err = revision(&document)
	if err != nil {
		return err
	}
	snapshot, err := policy.New(compiled.Definition)
	if err != nil {
		return fmt.Errorf("compiling the policy: %w", err)
	}
	a.inForce = new(atomic.Pointer[gate.Rules])
	a.inForce.Store(&gate.Rules{
		Policy: snapshot,
		Plan:   numbering.Extend(numbering.Default(), compiled.Ranges),
	})

	ctx.Logger().Info("policy loaded",
		zap.String("revision", snapshot.Revision()),
		zap.Int("accounts", len(document.Accounts)),
		zap.Bool("observe", document.Observe))
	return nil
}

// rules returns the rules in force.
func (a *App) rules() *gate.Rules { return a.inForce.Load() }

// Start checks what only the whole configuration shows. The policy is ready
// since it was provisioned, so no request ever waits for it.
func (a *App) Start() error { return checkServers(a.ctx) }

// Stop does nothing.
func (*App) Stop() error { return nil }

// revision names a policy by what it says.
func revision(d *config.Document) (string, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("writing the policy: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:6]), nil
}

// readSender reads a sender as the gate reads those of requests.
func readSender(text string) []string {
	reader := numbering.Reader{Plan: numbering.Default(), Dialect: twilio.Twilio{}.Dialect()}
	return reader.ReadSender(text)
}

// Interface guards
var (
	_ caddy.App         = (*App)(nil)
	_ caddy.Provisioner = (*App)(nil)
)
