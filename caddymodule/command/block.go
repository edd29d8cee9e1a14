package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

const (
	changeUsage = "[--dry-run] [--ticket <text>] [--json] [--address <address>]"
	ruleUsage   = "--reason <text> [--channel <channel>] [--except <prefix>,…] [--until <time>] " + changeUsage + " <prefix>"
	blockUsage  = ruleUsage + " | list | delete"
)

// blockCommands are the commands under `block`.
var blockCommands = []command{
	{"list", "[--json] [--address <address>]", "Lists the prefix rules over all accounts that the store keeps", buildBlockList},
	{"delete", "--reason <text> " + changeUsage + " <id>", "Deletes a prefix rule over all accounts", buildBlockDelete},
}

func buildBlock(cmd *cobra.Command) {
	cmd.Long = `
Blocks a prefix for all accounts of a running gate, from the next request on.`
	cmd.Example = `  tollgate block --reason "IRSF attack" --until 2026-12-08 +9936
  tollgate block list`
	addCommands(cmd, blockCommands)
	buildRule(cmd, func(r *config.Prefix, prefix string) { r.Block = prefix })
}

func buildAllow(cmd *cobra.Command) {
	cmd.Long = `
Allows a prefix for all accounts of a running gate, from the next request on. "block list"
and "block delete" are for these rules too.`
	cmd.Example = `  tollgate allow --reason "support line" --channel voice +4930123456`
	buildRule(cmd, func(r *config.Prefix, prefix string) { r.Allow = prefix })
}

// buildRule makes a command that adds a prefix rule; state writes the prefix into it.
func buildRule(cmd *cobra.Command, state func(r *config.Prefix, prefix string)) {
	addChangeFlags(cmd)
	cmd.Flags().String("channel", "", "messaging (all messages), voice, whatsapp or rcs (default: all)")
	cmd.Flags().StringSlice("except", nil, "Longer prefixes that the rule does not match")
	cmd.Flags().String("from", "", "When the rule begins: a date, an RFC 3339 time, or how long from now (2h, 3d) (default: now)")
	cmd.Flags().String("until", "", "When the rule ends, written as --from is (default: never)")
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) != 1 {
			return exitTrouble, fmt.Errorf("name one prefix, got %d", len(args))
		}
		var rule config.Prefix
		state(&rule, args[0])
		rule.Channel, _ = cmd.Flags().GetString("channel")
		rule.Except = listFlag(cmd, "except")
		var err error
		if rule.From, err = timeFlag(cmd, "from"); err != nil {
			return exitTrouble, err
		}
		if rule.Until, err = timeFlag(cmd, "until"); err != nil {
			return exitTrouble, err
		}
		rule.Reason, _ = cmd.Flags().GetString("reason")
		if rule.Reason == "" {
			return exitTrouble, errNoReason
		}
		return change(cmd, call{method: http.MethodPost, path: "/blocks", body: &rule}, cmd.Name()+" "+args[0])
	})
}

// errNoReason is a change that needs a reason.
var errNoReason = errors.New("no reason given: add --reason and say why")

// needsReason returns an error where the flag is missing.
func needsReason(cmd *cobra.Command) error {
	if reason, _ := cmd.Flags().GetString("reason"); strings.TrimSpace(reason) == "" {
		return errNoReason
	}
	return nil
}

func buildBlockList(cmd *cobra.Command) {
	cmd.Long = `
Lists the prefix rules over all accounts that the store keeps, the oldest first.`
	addGateFlags(cmd)
	run(cmd, func(cmd *cobra.Command, _ []string) (int, error) {
		return list(cmd, "/blocks", make(url.Values), "ID\tRULE\tCHANNEL\tFROM\tUNTIL\tREASON", func(i *listedItem[config.Prefix]) []string {
			rule := "block " + i.Document.Block
			if i.Document.Allow != "" {
				rule = "allow " + i.Document.Allow
			}
			if len(i.Document.Except) > 0 {
				rule += " except " + strings.Join(i.Document.Except, " ")
			}
			return []string{i.ID, rule, i.Document.Channel, i.Document.From, i.Document.Until, i.Document.Reason}
		})
	})
}

func buildBlockDelete(cmd *cobra.Command) {
	cmd.Long = `
Deletes a prefix rule over all accounts, by the ID that "block list" prints.`
	cmd.Example = `  tollgate block delete --reason "attack is over" 06hqc4k2v8t1o3a0`
	addChangeFlags(cmd)
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) != 1 {
			return exitTrouble, fmt.Errorf("name one rule by its ID, got %d", len(args))
		}
		if err := needsReason(cmd); err != nil {
			return exitTrouble, err
		}
		return change(cmd, call{method: http.MethodDelete, path: "/blocks/" + url.PathEscape(args[0])}, "rule "+args[0])
	})
}

// listedItem is an object of a list of the gate.
type listedItem[T any] struct {
	ID       string `json:"id"`
	State    string `json:"state"`
	Document T      `json:"document"`
}

// list prints a list of the gate: for people one object a line, with a dash for what is not
// stated.
func list[T any](cmd *cobra.Command, path string, query url.Values, head string, row func(*listedItem[T]) []string) (int, error) {
	items := []json.RawMessage{}
	err := allPages(cmd, path, query, func(text json.RawMessage) (string, error) {
		var page struct {
			Items []json.RawMessage `json:"items"`
			Next  string            `json:"next"`
		}
		err := json.Unmarshal(text, &page)
		items = append(items, page.Items...)
		return page.Next, err
	})
	if err != nil {
		return gateStatus(err)
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printed(writeIndented(cmd.OutOrStdout(), items))
	}
	var rows [][]string
	for _, text := range items {
		var item listedItem[T]
		if err := json.Unmarshal(text, &item); err != nil {
			return exitTrouble, fmt.Errorf("reading the answer of the running gate: %w", err)
		}
		rows = append(rows, row(&item))
	}
	return printed(writeTable(cmd, head, rows))
}

// writeTable writes rows below their head.
func writeTable(cmd *cobra.Command, head string, rows [][]string) error {
	table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, head)
	for _, row := range rows {
		for i, text := range row {
			if row[i] = review.Visible(text); text == "" {
				row[i] = "-"
			}
		}
		fmt.Fprintln(table, strings.Join(row, "\t"))
	}
	return table.Flush()
}
