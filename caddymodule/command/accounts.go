package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

const accountsUsage = "--reach <territory> --channel messaging|voice|whatsapp|rcs [<file>|--policy <file>|--config <file>|--running] [--verification] [--at <time>] [--json]"

func buildAccounts(cmd *cobra.Command) {
	cmd.Long = `
Lists the accounts that reach a territory: by their own permission set, their
parent's or the default, in which risk class, or by which rule that allows a part of it.

With --running, the policy in force in a running gate is asked, through its admin
endpoint. The status is 1 if no account reaches it.`
	cmd.Example = `  tollgate accounts --reach UZ --channel messaging policy.yaml
  tollgate accounts --reach UZ --channel voice --running --json | jq -r '.accounts[].account'`
	addPolicyFlags(cmd)
	cmd.Flags().String("reach", "", "The territory (required)")
	cmd.Flags().String("channel", "", "messaging, voice, whatsapp or rcs (required)")
	cmd.Flags().Bool("verification", false, "The carrier itself would send a code")
	cmd.Flags().String("at", "", "When: a date or an RFC 3339 time (default: now)")
	cmd.Flags().Bool("json", false, "Print JSON")
	cmd.Flags().Bool("running", false, "Ask a running gate")
	cmd.Flags().String("address", "", "The admin endpoint of the running gate (default: Caddy's)")
	run(cmd, listReachers)
}

func listReachers(cmd *cobra.Command, args []string) (int, error) {
	flags := cmd.Flags()
	var query review.ReachQuery
	query.Territory, _ = flags.GetString("reach")
	query.Channel, _ = flags.GetString("channel")
	query.Verification, _ = flags.GetBool("verification")
	query.At, _ = flags.GetString("at")
	var missing []error
	if query.Territory == "" {
		missing = append(missing, errors.New("no territory given: add --reach and its code"))
	}
	if query.Channel == "" {
		if query.Territory != "" {
			missing = append(missing, query.CheckTerritory())
		}
		missing = append(missing, errors.New("no channel given: add --channel messaging, voice, whatsapp or rcs"))
	}
	if err := errors.Join(missing...); err != nil {
		return exitTrouble, err
	}
	found, err := askReachers(cmd, args, &query)
	if err != nil {
		return exitTrouble, err
	}
	write := review.WriteReachers
	if asJSON, _ := flags.GetBool("json"); asJSON {
		write = writeIndented[*review.Reachers]
	}
	if err := write(cmd.OutOrStdout(), found); err != nil {
		return exitTrouble, err
	}
	if len(found.Accounts) == 0 {
		return exitNo, nil
	}
	return exitYes, nil
}

// askReachers asks a running gate, or the policy that the argument or the flags name.
func askReachers(cmd *cobra.Command, args []string, query *review.ReachQuery) (*review.Reachers, error) {
	if running, _ := cmd.Flags().GetBool("running"); !running {
		loaded, err := checkedPolicy(cmd, args)
		if err != nil {
			return nil, err
		}
		policy := reviewed(loaded)
		return query.Reachers(&policy.Side)
	}
	if len(args) > 0 {
		return nil, errNamedTwice
	}
	address, err := adminAddress(cmd)
	if err != nil {
		return nil, err
	}
	warnOfRefusedPolicy(cmd, address)
	body, err := json.Marshal(query)
	if err != nil {
		return nil, err
	}
	response, err := caddycmd.AdminAPIRequest(address, http.MethodPost, app.ReachEndpoint, nil, strings.NewReader(string(body)))
	if err != nil {
		return nil, fmt.Errorf("asking the running gate (is it running, and is its admin endpoint on? see --address): %w", err)
	}
	defer response.Body.Close()
	var found review.Reachers
	if err := json.NewDecoder(response.Body).Decode(&found); err != nil {
		return nil, fmt.Errorf("reading the answer of the running gate: %w", err)
	}
	return &found, nil
}
