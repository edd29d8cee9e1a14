package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/live"
)

// addPolicyFlags adds the flags that say which policy is asked.
func addPolicyFlags(cmd *cobra.Command) {
	cmd.Flags().StringP("policy", "p", "", "A policy file, in YAML or JSON")
	cmd.Flags().StringP("config", "c", "", "A configuration of Caddy, with the policy file that it names (default: the Caddyfile in the working directory)")
	cmd.MarkFlagsMutuallyExclusive("policy", "config")
}

// policyOf loads the policy that the flags name.
func policyOf(cmd *cobra.Command) (*live.Policy, error) {
	if file, _ := cmd.Flags().GetString("policy"); file != "" {
		return loadPolicyFile(file)
	}
	file, _ := cmd.Flags().GetString("config")
	if file == "" {
		file = "Caddyfile"
		if _, err := os.Stat(file); err != nil {
			return nil, errNoPolicy
		}
	}
	return loadConfiguration(file)
}

// errNoPolicy is a question without a policy to ask.
var errNoPolicy = errors.New("no policy given: add --policy or --config")

// loadAny loads a policy from a policy file or a configuration of Caddy,
// whichever it is.
func loadAny(file string) (*live.Policy, error) {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".yaml", ".yml":
		return loadPolicyFile(file)
	case ".json":
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		// Only a policy file has a version; anything else is told what it lacks.
		var members map[string]json.RawMessage
		if json.Unmarshal(text, &members) != nil || members["apps"] == nil {
			return loadPolicyFile(file)
		}
	}
	return loadConfiguration(file)
}

func loadPolicyFile(file string) (*live.Policy, error) {
	source, err := config.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return caddymodule.Reading.Compile(source)
}

// loadConfiguration loads the policy of a configuration of Caddy: its JSON, or
// a Caddyfile.
func loadConfiguration(file string) (*live.Policy, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	if strings.ToLower(filepath.Ext(file)) != ".json" {
		adapter := caddyconfig.GetAdapter("caddyfile")
		if text, _, err = adapter.Adapt(text, map[string]any{"filename": file}); err != nil {
			return nil, err
		}
	}
	var configuration struct {
		Apps struct {
			Tollgate *caddymodule.App `json:"tollgate"`
		} `json:"apps"`
	}
	if err := json.Unmarshal(text, &configuration); err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	app := configuration.Apps.Tollgate
	if app == nil {
		return nil, fmt.Errorf("%s has no policy: add a global tollgate block", file)
	}
	loader, err := live.NewLoader(caddymodule.Reading, app.Policy, app.Document, zap.NewNop())
	if err != nil {
		return nil, err
	}
	if _, err := loader.Load(); err != nil {
		return nil, err
	}
	return loader.InForce(), nil
}
