package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"
)

const holdUsage = "list|release"

// holdCommands are the commands under `hold`.
var holdCommands = []command{
	{"list", "[--account <account>] [--limit <name>] [--json] [--address <address>]", "Lists what limits hold", buildHoldList},
	{"release", "--reason <text> " + changeUsage + " <id>…|--account <account>|--all", "Releases holds", buildHoldRelease},
}

func buildHold(cmd *cobra.Command) {
	cmd.Long = `
Lists and releases what the limits of a running gate hold: each a block of numbers, a number or
whatever a limit counts, of which nothing is let through.`
	buildGroup(cmd, holdCommands)
}

func buildHoldList(cmd *cobra.Command) {
	cmd.Long = `
Lists what the limits of a running gate hold.`
	cmd.Example = `  tollgate hold list --account acme`
	addGateFlags(cmd)
	addHoldFilter(cmd)
	cmd.Flags().String("limit", "", "Only those of the limit of this name")
	_ = cmd.RegisterFlagCompletionFunc("limit", cobra.NoFileCompletions)
	run(cmd, listHolds)
}

func addHoldFilter(cmd *cobra.Command) {
	cmd.Flags().StringP("account", "a", "", "Only those of this account alone")
	_ = cmd.RegisterFlagCompletionFunc("account", completeAccountsOfGate)
}

// heldRow is a hold as the gate answers.
type heldRow struct {
	ID      string            `json:"id"`
	Limit   string            `json:"limit"`
	Level   string            `json:"level"`
	Values  map[string]string `json:"values"`
	State   string            `json:"state"`
	Since   time.Time         `json:"since"`
	Until   time.Time         `json:"until"`
	Refused int64             `json:"refused"`
}

// holdsOf asks for all holds that the flags name.
func holdsOf(cmd *cobra.Command) (items []json.RawMessage, rows []heldRow, err error) {
	query := url.Values{"limit": {"1000"}}
	for flag, parameter := range map[string]string{"account": "account", "limit": "limit_name"} {
		if value, _ := cmd.Flags().GetString(flag); value != "" {
			query.Set(parameter, value)
		}
	}
	items = []json.RawMessage{}
	err = allPages(cmd, "/holds", query, func(text json.RawMessage) (string, error) {
		var page struct {
			Items []json.RawMessage `json:"items"`
			Next  string            `json:"next"`
		}
		err := json.Unmarshal(text, &page)
		items = append(items, page.Items...)
		return page.Next, err
	})
	rows = make([]heldRow, len(items))
	for i := range items {
		err = errors.Join(err, json.Unmarshal(items[i], &rows[i]))
	}
	return items, rows, err
}

func listHolds(cmd *cobra.Command, args []string) (int, error) {
	if len(args) > 0 {
		return exitTrouble, fmt.Errorf("hold list takes no arguments, got %q", args[0])
	}
	items, rows, err := holdsOf(cmd)
	if err != nil {
		return gateStatus(err)
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printed(writeIndented(cmd.OutOrStdout(), items))
	}
	var lines [][]string
	for i := range rows {
		h := &rows[i]
		until := h.Until.UTC().Format(time.RFC3339)
		switch {
		case h.State == "half_open":
			until = "half open"
		case h.Until.IsZero():
			until = "released"
		}
		lines = append(lines, []string{h.ID, h.Level + " limit " + h.Limit, h.what(), h.Since.UTC().Format(time.RFC3339), until, strconv.FormatInt(h.Refused, 10)})
	}
	return printed(writeTable(cmd, "ID\tLIMIT\tHELD\tSINCE\tUNTIL\tREFUSED", lines))
}

// what is held: the values of the dimensions, by the names of these.
func (h *heldRow) what() string {
	text := ""
	for _, dimension := range slices.Sorted(maps.Keys(h.Values)) {
		if text != "" {
			text += " "
		}
		text += dimension + " " + h.Values[dimension]
	}
	return text
}

func buildHoldRelease(cmd *cobra.Command) {
	cmd.Long = `
Releases holds by the IDs that "hold list" prints: what is held is let through again, up to its
limit, which counts from zero.`
	cmd.Example = `  tollgate hold release --reason "our own campaign" 3kq7v2m4xay5c6zt`
	addChangeFlags(cmd)
	addHoldFilter(cmd)
	cmd.Flags().Bool("all", false, "Release all holds")
	cmd.ValidArgsFunction = completeHolds
	run(cmd, releaseHolds)
}

// completeHolds gives the IDs of what a running gate holds, each with what that is.
func completeHolds(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	_, rows, err := holdsOf(cmd)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = cobra.CompletionWithDesc(rows[i].ID, rows[i].what())
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

func releaseHolds(cmd *cobra.Command, ids []string) (int, error) {
	all, _ := cmd.Flags().GetBool("all")
	account, _ := cmd.Flags().GetString("account")
	if (len(ids) > 0 && (all || account != "")) || (len(ids) == 0 && all == (account != "")) {
		return exitTrouble, errors.New("name holds by their IDs, or all of an account by --account, or all by --all")
	}
	if err := needsReason(cmd); err != nil {
		return exitTrouble, err
	}
	if len(ids) == 0 {
		_, rows, err := holdsOf(cmd)
		if err != nil {
			return gateStatus(err)
		}
		for i := range rows {
			ids = append(ids, rows[i].ID)
		}
		if len(ids) == 0 {
			cmd.PrintErrln("note: nothing is held")
		}
	}
	for _, id := range ids {
		if status, err := change(cmd, call{method: http.MethodDelete, path: "/holds/" + url.PathEscape(id)}, "hold "+id); status != exitYes || err != nil {
			return status, err
		}
	}
	return exitYes, nil
}
