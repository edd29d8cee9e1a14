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
	{"release", "--reason <text> " + changeUsage + " <id>…|--account <account>|--limit <name>|--all", "Releases holds", buildHoldRelease},
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
	run(cmd, listHolds)
}

func addHoldFilter(cmd *cobra.Command) {
	cmd.Flags().StringP("account", "a", "", "Only those of this account alone")
	_ = cmd.RegisterFlagCompletionFunc("account", completeAccountsOfGate)
	cmd.Flags().String("limit", "", "Only those of the limit of this name")
	_ = cmd.RegisterFlagCompletionFunc("limit", cobra.NoFileCompletions)
}

// holdFilter is what the flags name.
func holdFilter(cmd *cobra.Command) url.Values {
	query := make(url.Values)
	for flag, parameter := range map[string]string{"account": "account", "limit": "limit_name"} {
		if value, _ := cmd.Flags().GetString(flag); value != "" {
			query.Set(parameter, value)
		}
	}
	return query
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
	Seen    struct {
		Text string `json:"text"`
	} `json:"seen"`
	LimitIsGone bool `json:"limit_is_gone"`
}

// heldRows are holds, and where they are kept.
type heldRows struct {
	items  []json.RawMessage
	rows   []heldRow
	keptIn string
}

// holdsOf asks for all holds that the flags name.
func holdsOf(cmd *cobra.Command) (found heldRows, err error) {
	query := holdFilter(cmd)
	query.Set("limit", "1000")
	found.items = []json.RawMessage{}
	err = allPages(cmd, "/holds", query, func(text json.RawMessage) (string, error) {
		var page struct {
			Items  []json.RawMessage `json:"items"`
			KeptIn string            `json:"kept_in"`
			Next   string            `json:"next"`
		}
		err := json.Unmarshal(text, &page)
		found.items, found.keptIn = append(found.items, page.Items...), page.KeptIn
		return page.Next, err
	})
	found.rows = make([]heldRow, len(found.items))
	for i := range found.items {
		err = errors.Join(err, json.Unmarshal(found.items[i], &found.rows[i]))
	}
	return found, err
}

// noteOfOneGate says of holds that no other gate has them.
const noteOfOneGate = "note: these are the holds of this gate alone, in its memory: it has no store"

func listHolds(cmd *cobra.Command, args []string) (int, error) {
	if len(args) > 0 {
		return exitTrouble, fmt.Errorf("hold list takes no arguments, got %q", args[0])
	}
	found, err := holdsOf(cmd)
	if err != nil {
		return gateStatus(err)
	}
	if found.keptIn == "memory" {
		cmd.PrintErrln(noteOfOneGate)
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printed(writeIndented(cmd.OutOrStdout(), found.items))
	}
	var lines [][]string
	for i := range found.rows {
		h := &found.rows[i]
		until := h.Until.UTC().Format(time.RFC3339)
		switch {
		case h.LimitIsGone:
			until = "limit is gone"
		case h.State == "half_open":
			until = "half open"
		case h.Until.IsZero():
			until = "released"
		}
		lines = append(lines, []string{h.ID, h.Level + " limit " + h.Limit, h.what(), h.Since.UTC().Format(time.RFC3339), until, strconv.FormatInt(h.Refused, 10), h.Seen.Text})
	}
	return printed(writeTable(cmd, "ID\tLIMIT\tHELD\tSINCE\tUNTIL\tREFUSED\tSEEN", lines))
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
	found, err := holdsOf(cmd)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ids := make([]string, len(found.rows))
	for i := range found.rows {
		ids[i] = cobra.CompletionWithDesc(found.rows[i].ID, found.rows[i].what())
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

func releaseHolds(cmd *cobra.Command, ids []string) (int, error) {
	all, _ := cmd.Flags().GetBool("all")
	filter := holdFilter(cmd)
	if named := len(ids) > 0; named && (all || len(filter) > 0) || !named && all == (len(filter) > 0) {
		return exitTrouble, errors.New("name holds by their IDs, or those of an account by --account and of a limit by --limit, or all by --all")
	}
	if err := needsReason(cmd); err != nil {
		return exitTrouble, err
	}
	if len(ids) == 0 {
		if all {
			filter.Set("all", "true")
		}
		return releaseTogether(cmd, filter)
	}
	for _, id := range ids {
		if status, err := change(cmd, call{method: http.MethodDelete, path: "/holds/" + url.PathEscape(id)}, "hold "+id); status != exitYes || err != nil {
			return status, err
		}
	}
	return exitYes, nil
}

// releaseTogether releases all holds that a filter names, in one call.
func releaseTogether(cmd *cobra.Command, filter url.Values) (int, error) {
	query := termsOf(cmd)
	maps.Copy(query, filter)
	var text json.RawMessage
	if _, err := (call{method: http.MethodDelete, path: "/holds", query: query}).do(cmd, &text); err != nil {
		return gateStatus(err)
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printed(writeIndented(cmd.OutOrStdout(), text))
	}
	var answer struct {
		Revision string   `json:"revision"`
		DryRun   bool     `json:"dry_run"`
		Released []string `json:"released"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return exitTrouble, fmt.Errorf("reading the answer of the running gate: %w", err)
	}
	words := "released"
	switch {
	case len(answer.Released) == 0:
		cmd.PrintErrln("note: nothing is held")
	case answer.DryRun:
		words = "would be released"
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "%d holds %s, revision %s\n", len(answer.Released), words, answer.Revision)
	return printed(err)
}
