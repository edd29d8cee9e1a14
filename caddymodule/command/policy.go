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
}

// errNamedTwice is a policy that is named in two ways.
var errNamedTwice = errors.New("name one policy: a policy file, a configuration or a running gate")

// policyOf loads the policy that the flags name.
func policyOf(cmd *cobra.Command) (*live.Policy, error) {
	if cmd.Flags().Changed("policy") && cmd.Flags().Changed("config") {
		return nil, errNamedTwice
	}
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

// loadConfiguration loads the policy of a configuration of Caddy.
func loadConfiguration(file string) (*live.Policy, error) {
	text, err := readConfiguration(file)
	if err != nil {
		return nil, err
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

// readConfiguration reads a configuration of Caddy: its JSON, or a Caddyfile,
// which is turned into JSON.
func readConfiguration(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	if strings.ToLower(filepath.Ext(file)) == ".json" {
		return text, nil
	}
	text, _, err = caddyconfig.GetAdapter("caddyfile").Adapt(text, map[string]any{"filename": file})
	return text, err
}
