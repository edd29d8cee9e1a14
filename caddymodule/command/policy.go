package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// addPolicyFlags adds the flags that say which policy is asked.
func addPolicyFlags(cmd *cobra.Command) {
	cmd.Flags().StringP("policy", "p", "", `A policy file, in YAML or JSON ("-" is standard input)`)
	cmd.Flags().StringP("config", "c", "", "A configuration of Caddy, "+
		"with the policy file that it names (default: the Caddyfile in the working directory)")
}

// errNamedTwice is a policy that is named in two ways.
var errNamedTwice = errors.New("name one policy: a policy file, a configuration or a running gate")

// errNoPolicy is a question without a policy to ask.
var errNoPolicy = errors.New("no policy given: add --policy or --config")

// policyOf loads the policy that the flags name.
func policyOf(cmd *cobra.Command) (*reload.Loaded, error) {
	if cmd.Flags().Changed("policy") && cmd.Flags().Changed("config") {
		return nil, errNamedTwice
	}
	if name, _ := cmd.Flags().GetString("policy"); name != "" {
		text, err := readText(cmd, name)
		if err != nil {
			return nil, fmt.Errorf("reading the policy file: %w", err)
		}
		return compileFile(name, text)
	}
	name, _ := cmd.Flags().GetString("config")
	if name == "" {
		name = "Caddyfile"
		if _, err := os.Stat(name); err != nil {
			return nil, errNoPolicy
		}
	}
	text, err := readText(cmd, name)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	loaded, err := compileConfiguration(name, text)
	if err == nil && loaded.NeedsStore {
		cmd.PrintErrln("the configuration has a store of permissions, and this is by its files alone: ask the running gate, with --running")
	}
	return loaded, err
}

// loadAny loads a policy from a policy file or a configuration of Caddy,
// whichever it is by its name or, where the name does not say, by its content.
func loadAny(cmd *cobra.Command, name string) (*reload.Loaded, error) {
	text, err := readText(cmd, name)
	if err != nil {
		return nil, fmt.Errorf("reading the policy: %w", err)
	}
	if isPolicyFile(name, text) {
		return compileFile(name, text)
	}
	loaded, err := compileConfiguration(name, text)
	if err != nil && !isCaddyfile(name, text) {
		return nil, fmt.Errorf("%w (read as a Caddyfile: a policy file states its version, or has a name that ends in .yaml)", err)
	}
	return loaded, err
}

// isCaddyfile reports whether a file that is not a policy file is a configuration of Caddy
// by its name or by the block that it has for the gate.
func isCaddyfile(name string, text []byte) bool {
	base := strings.ToLower(filepath.Base(name))
	switch filepath.Ext(base) {
	case ".json", ".caddy", ".caddyfile":
		return true
	}
	return strings.HasPrefix(base, "caddyfile") || hasGateBlock.Match(text)
}

var hasGateBlock = regexp.MustCompile(`(?m)^\s*tollgate(\s|$)`)

// isPolicyFile reports whether a file is a policy file, which states a version, and not a
// configuration of Caddy.
func isPolicyFile(name string, text []byte) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".yaml", ".yml":
		return true
	case ".json":
		// For a file without apps, the error says what a policy file would need.
		var members map[string]json.RawMessage
		return json.Unmarshal(text, &members) != nil || members["apps"] == nil
	}
	return statesVersion.Match(text)
}

var statesVersion = regexp.MustCompile(`(?m)^\s*[{,]?\s*"?version"?\s*:`)

// openInput opens a file, a pipe or, as "-", standard input.
func openInput(cmd *cobra.Command, name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(cmd.InOrStdin()), nil
	}
	return os.Open(name)
}

// readText reads a file, a pipe or, as "-", standard input.
func readText(cmd *cobra.Command, name string) ([]byte, error) {
	input, err := openInput(cmd, name)
	if err != nil {
		return nil, err
	}
	defer input.Close()
	return io.ReadAll(io.LimitReader(input, decode.MaxFileSize+1))
}

func compileFile(name string, text []byte) (*reload.Loaded, error) {
	source, err := config.ParseFile(shownName(name), text)
	if err != nil {
		return nil, err
	}
	resolver := app.Resolver()
	resolver.KeepSources = true
	return resolver.Compile(source)
}

// shownName is how errors name a file.
func shownName(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}

// compileConfiguration makes the policy of a configuration of Caddy.
func compileConfiguration(name string, text []byte) (*reload.Loaded, error) {
	configuration, err := adapted(name, text)
	if err != nil {
		return nil, err
	}
	if isJSON(name) {
		return app.CompileJSON(shownName(name), configuration)
	}
	return app.CompileCaddyfile(shownName(name), text, configuration)
}

// isJSON reports whether a configuration of Caddy is in JSON.
func isJSON(name string) bool { return strings.ToLower(filepath.Ext(name)) == ".json" }

// adapted is a configuration of Caddy in JSON: as it is, or made of a Caddyfile.
func adapted(name string, text []byte) ([]byte, error) {
	if isJSON(name) {
		return text, decode.Syntax(shownName(name), text)
	}
	text, _, err := caddyconfig.GetAdapter("caddyfile").Adapt(text, map[string]any{"filename": shownName(name)})
	return text, err
}
