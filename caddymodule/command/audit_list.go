package command

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/config"
)

const (
	changesUsage = "[--account <account>] [--actor <name>] [--action <action>] [--from <time>] [--to <time>] [--limit <number>] [--json] [--address <address>]"
	reportUsage  = "--by <dimension>,… [--account <account>] [--from <time>] [--to <time>] [--limit <number>] [--json] [--address <address>]"
)

// addSelection adds flags that are parameters of a list of the gate.
func addSelection(cmd *cobra.Command, names ...string) {
	meanings := map[string]string{
		"account": "Of this account alone", "actor": "By this user alone", "action": "Of this action alone, such as account.put",
		"from": "Of this date or RFC 3339 time, and after it", "to": "Before this date or time", "limit": "At most so many (default: 100)",
	}
	for _, name := range names {
		cmd.Flags().String(name, "", meanings[name])
	}
}

// selection are the parameters that flags stand for. The API takes times alone, so a date is
// made one.
func selection(cmd *cobra.Command, names ...string) (url.Values, error) {
	query := make(url.Values)
	for _, name := range names {
		value, _ := cmd.Flags().GetString(name)
		if value == "" {
			continue
		}
		if name == "from" || name == "to" {
			at, err := config.ParseTime(value)
			if err != nil {
				return nil, fmt.Errorf("--%s: %w", name, err)
			}
			value = at.Format(time.RFC3339Nano)
		}
		query.Set(name, value)
	}
	return query, nil
}

// items asks a running gate for a list.
func items(cmd *cobra.Command, path string, query url.Values) (found json.RawMessage, err error) {
	var answer struct {
		Items json.RawMessage `json:"items"`
	}
	_, err = call{method: http.MethodGet, path: path, query: query}.do(cmd, &answer)
	return answer.Items, err
}

func buildAuditList(cmd *cobra.Command) {
	cmd.Long = `
Lists the changes that a running gate has recorded, the newest first.`
	cmd.Example = `  tollgate audit list --account acme --from 2026-12-01T00:00:00Z`
	addGateFlags(cmd)
	selected := []string{"account", "actor", "action", "from", "to", "limit"}
	addSelection(cmd, selected...)
	run(cmd, func(cmd *cobra.Command, _ []string) (int, error) {
		query, err := selection(cmd, selected...)
		if err != nil {
			return exitTrouble, err
		}
		text, err := items(cmd, "/audit/changes", query)
		if err != nil {
			return gateStatus(err)
		}
		if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
			return printed(writeIndented(cmd.OutOrStdout(), text))
		}
		var records []audit.Record
		if err := json.Unmarshal(text, &records); err != nil {
			return exitTrouble, fmt.Errorf("reading the answer of the running gate: %w", err)
		}
		var rows [][]string
		for _, r := range records {
			rows = append(rows, []string{
				strconv.FormatInt(r.Index, 10), r.Time.UTC().Format(time.RFC3339), r.Actor.Name, r.Action, r.Object, r.Ticket, r.Reason,
			})
		}
		return printed(writeTable(cmd, "INDEX\tTIME\tACTOR\tACTION\tOBJECT\tTICKET\tREASON", rows))
	})
}

func buildAuditReport(cmd *cobra.Command) {
	cmd.Long = `
Counts what a running gate has refused, most first.`
	cmd.Example = `  tollgate audit report --by territory,reason`
	addGateFlags(cmd)
	cmd.Flags().StringSlice("by", nil, "What to count by: account, channel, territory, class, reason, outcome, hour, day (required)")
	selected := []string{"account", "from", "to", "limit"}
	addSelection(cmd, selected...)
	run(cmd, func(cmd *cobra.Command, _ []string) (int, error) {
		by := listFlag(cmd, "by")
		if len(by) == 0 {
			return exitTrouble, errors.New("nothing to count by: add --by territory,reason")
		}
		query, err := selection(cmd, selected...)
		if err != nil {
			return exitTrouble, err
		}
		query.Set("by", strings.Join(by, ","))
		text, err := items(cmd, "/audit/report", query)
		if err != nil {
			return gateStatus(err)
		}
		if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
			return printed(writeIndented(cmd.OutOrStdout(), text))
		}
		var counts []map[string]any
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber() // 1000000, and not 1e+06
		if err := decoder.Decode(&counts); err != nil {
			return exitTrouble, fmt.Errorf("reading the answer of the running gate: %w", err)
		}
		columns := append(slices.Clone(by), "count")
		var rows [][]string
		for _, count := range counts {
			var row []string
			for _, column := range columns {
				row = append(row, fmt.Sprint(count[column]))
			}
			rows = append(rows, row)
		}
		return printed(writeTable(cmd, strings.ToUpper(strings.Join(columns, "\t")), rows))
	})
}
