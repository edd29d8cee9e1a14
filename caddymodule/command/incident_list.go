package command

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/incident"
)

const incidentUsage = "list"

// incidentCommands are the commands under `incident`.
var incidentCommands = []command{
	{"list", "[--json] [--address <address>] [--config <file>]", "Lists incidents, those that are open first", buildIncidentList},
}

func buildIncident(cmd *cobra.Command) {
	cmd.Long = `
Shows the incidents of a running gate: the denials of a limit, from the first one until it is
quiet.`
	cmd.Example = `  tollgate incident list`
	addCommands(cmd, incidentCommands)
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) > 0 {
			return exitTrouble, fmt.Errorf("unknown command of incident: %q%s", args[0], config.DidYouMean(args[0], namesOf(incidentCommands)))
		}
		return exitYes, cmd.Help()
	})
}

func buildIncidentList(cmd *cobra.Command) {
	cmd.Long = `
Lists the incidents of a running gate that are open, the oldest first, and then the last hundred
that are closed, the newest first. With a store, they are those of all gates that have it, and
outlive a restart; without one, none is from before the gate started.`
	addGateFlags(cmd)
	run(cmd, listIncidents)
}

func listIncidents(cmd *cobra.Command, args []string) (int, error) {
	if len(args) > 0 {
		return exitTrouble, fmt.Errorf("incident list takes no arguments, got %q", args[0])
	}
	address, err := adminAddress(cmd)
	if err != nil {
		return exitTrouble, err
	}
	response, err := caddycmd.AdminAPIRequest(address, http.MethodGet, app.IncidentsEndpoint, nil, nil)
	if err != nil {
		return exitTrouble, fmt.Errorf("asking the running gate (is it running, and is its admin endpoint on? see --address): %w", err)
	}
	defer response.Body.Close()
	var list app.IncidentList
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil {
		return exitTrouble, fmt.Errorf("reading the answer of the running gate: %w", err)
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printed(writeIndented(cmd.OutOrStdout(), list.Incidents))
	}
	rows := make([][]string, len(list.Incidents))
	for i := range list.Incidents {
		rows[i] = incidentRow(&list.Incidents[i])
	}
	return printed(writeTable(cmd, "STATE\tACCOUNT\tRULE\tDENIED\tMONITORED\tFIRST\tLAST\tTERRITORIES\tNUMBERS\tGATES", rows))
}

func incidentRow(i *incident.Incident) []string {
	state := "open"
	if !i.Closed.IsZero() {
		state = "closed"
	}
	account, rule := i.Account, i.Rule
	if i.More {
		account, rule = "", "all further incidents"
	}
	return []string{
		state, account, rule, strconv.FormatInt(i.Denied, 10), strconv.FormatInt(i.Monitored, 10),
		i.First.UTC().Format(time.RFC3339), i.Last.UTC().Format(time.RFC3339), i.Territories.String(), i.Numbers.String(), strings.Join(i.Gates, ", "),
	}
}
