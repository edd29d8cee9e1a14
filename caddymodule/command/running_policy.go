package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// addAnyPolicyFlags adds the flags that say which policy is asked, where it may be that of a
// running gate.
func addAnyPolicyFlags(cmd *cobra.Command) {
	addPolicyFlags(cmd)
	cmd.Flags().Bool("running", false, "Ask a running gate")
	cmd.Flags().String("address", "", "The admin endpoint of the running gate (default: Caddy's)")
}

// anyPolicyOf loads the policy that the flags name, or what is in force in a running gate: what
// its files state, and its store. Openings and suspensions are not part of it.
func anyPolicyOf(cmd *cobra.Command) (*reload.Loaded, error) {
	if running, _ := cmd.Flags().GetBool("running"); !running {
		loaded, err := policyOf(cmd)
		if errors.Is(err, errNoPolicy) {
			err = errors.New("no policy given: add --policy, --config or --running")
		}
		return loaded, err
	}
	address, err := adminAddress(cmd)
	if err != nil {
		return nil, err
	}
	warnOfRefusedPolicy(cmd, address)
	response, err := caddycmd.AdminAPIRequest(address, http.MethodGet, app.PolicyEndpoint, http.Header{"Accept": {"application/yaml"}}, nil)
	if err != nil {
		return nil, fmt.Errorf("asking the running gate (is it running, and is its admin endpoint on? see --address): %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, decode.MaxFileSize+1))
	if err != nil {
		return nil, fmt.Errorf("reading the answer of the running gate: %w", err)
	}
	files, err := config.ParseFile("the policy of the running gate", text)
	if err != nil {
		return nil, fmt.Errorf("reading the answer of the running gate: %w", err)
	}
	sources := []config.Source{files}
	var kept json.RawMessage
	_, err = call{method: http.MethodGet, path: "/policy"}.do(cmd, &kept)
	if r := (*refusal)(nil); errors.As(err, &r) && r.Status == http.StatusNotFound {
		err, kept = nil, nil // there is no store
	}
	if err != nil {
		return nil, err
	}
	if kept != nil {
		stored, err := config.ParseFile("the store of the running gate", kept)
		if err != nil {
			return nil, fmt.Errorf("reading the answer of the running gate: %w", err)
		}
		sources = append(sources, stored)
	}
	return app.Resolver().Compile(sources...)
}
