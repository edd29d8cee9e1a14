package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

const tailUsage = "[--changes|--refusals] [--account <account>] [--actor <name>] [--action <action>] [--json] [--address <address>]"

const (
	// tailInterval is how often the gate is asked.
	tailInterval = time.Second
	// tailAtOnce is how many of the newest entries are asked for.
	tailAtOnce = 1000
)

func buildAuditTail(cmd *cobra.Command) {
	cmd.Long = `
Prints what a running gate changes and refuses from now on, as it comes, until it is interrupted.
Over a restart of the gate it goes on. With --actor or --action, it prints changes alone.`
	cmd.Example = `  tollgate audit tail --refusals --account acme`
	addGateFlags(cmd)
	cmd.Flags().Bool("changes", false, "Only changes")
	cmd.Flags().Bool("refusals", false, "Only refusals")
	addSelection(cmd, "account", "actor", "action")
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) > 0 {
			return exitTrouble, fmt.Errorf("audit tail takes no arguments: select with --account")
		}
		return tail(cmd)
	})
}

// followed is a log that is followed.
type followed struct {
	path string
	// filters are the flags that select entries.
	filters []string
	// seen are the newest entries when the gate was asked last, nil before. What is written late,
	// such as by another gate, is new although it is older than the newest.
	seen map[string]bool
	// keyOf and line are an entry's own name and its line.
	keyOf, line func(json.RawMessage) (string, error)
}

func tail(cmd *cobra.Command) (int, error) {
	only := make(map[string]bool)
	for _, name := range []string{"changes", "refusals"} {
		only[name], _ = cmd.Flags().GetBool(name)
	}
	selected, err := selection(cmd, "actor", "action")
	if err != nil {
		return exitTrouble, err
	}
	if len(selected) > 0 {
		if only["refusals"] {
			return exitTrouble, errors.New("--actor and --action select changes: leave --refusals out")
		}
		only["changes"] = true
	}
	var logs []*followed
	for _, name := range []string{"changes", "refusals"} {
		if only[name] || !only["changes"] && !only["refusals"] {
			logs = append(logs, followedLogs()[name])
		}
	}
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	defer signal.Stop(interrupted)
	tick := time.NewTicker(tailInterval)
	defer tick.Stop()
	for away := false; ; {
		err := followOnce(cmd, logs)
		switch status, _ := gateStatus(err); {
		case err == nil:
			away = false
		case status == exitNo || logs[0].seen == nil: // it will not be better, or nothing ever was
			return status, err
		case !away:
			away = true
			cmd.PrintErrf("the gate does not answer, it is asked again: %s\n", review.Visible(err.Error()))
		}
		select {
		case <-tick.C:
		case <-interrupted:
			return exitYes, nil
		case <-cmd.Context().Done():
			return exitYes, nil
		}
	}
}

// followOnce prints what is new in each log.
func followOnce(cmd *cobra.Command, logs []*followed) error {
	for _, l := range logs {
		if err := l.print(cmd); err != nil {
			return err
		}
	}
	return nil
}

// print prints what is new in a log: nothing at first, which only finds its end.
func (l *followed) print(cmd *cobra.Command) error {
	query, err := selection(cmd, l.filters...)
	if err != nil {
		return err
	}
	query.Set("limit", fmt.Sprint(tailAtOnce))
	text, err := items(cmd, l.path, query)
	if err != nil {
		return err
	}
	var entries []json.RawMessage
	if err := json.Unmarshal(text, &entries); err != nil {
		return fmt.Errorf("reading the answer of the running gate: %w", err)
	}
	first, seen := l.seen == nil, make(map[string]bool, len(entries))
	var fresh []json.RawMessage
	for _, entry := range entries {
		key, err := l.keyOf(entry)
		if err != nil {
			return err
		}
		if seen[key] = true; !l.seen[key] {
			fresh = append(fresh, entry)
		}
	}
	if l.seen = seen; first {
		return nil
	}
	if len(fresh) == tailAtOnce {
		cmd.PrintErrf("%d or more are new, the oldest may be left out\n", tailAtOnce)
	}
	asJSON, _ := cmd.Flags().GetBool("json")
	for _, entry := range slices.Backward(fresh) {
		if err := l.printEntry(cmd.OutOrStdout(), entry, asJSON); err != nil {
			return err
		}
	}
	return nil
}

func (l *followed) printEntry(w io.Writer, entry json.RawMessage, asJSON bool) error {
	line := string(entry)
	if !asJSON {
		var err error
		if line, err = l.line(entry); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, review.Visible(line))
	return err
}

// followedLogs are the logs that can be followed.
func followedLogs() map[string]*followed {
	return map[string]*followed{
		"changes": {
			path: "/audit/changes", filters: []string{"account", "actor", "action"},
			keyOf: entryOf(func(r *audit.Record) string { return fmt.Sprint(r.Index) }),
			line: entryOf(func(r *audit.Record) string {
				return words(r.Time.UTC().Format(time.RFC3339), "change", r.Action, r.Object, "by "+r.Actor.Name, r.Ticket, r.Reason)
			}),
		},
		"refusals": {
			path: "/audit/refusals", filters: []string{"account"},
			keyOf: entryOf(func(r *refusals.Refusal) string { return r.ID }),
			line: entryOf(func(r *refusals.Refusal) string {
				return words(r.Time.UTC().Format(time.RFC3339), r.Outcome, r.Account, r.Channel, r.Class, r.Destination, r.Territory, r.Reason, r.Rule)
			}),
		},
	}
}

// entryOf makes a text of an entry that is read as T.
func entryOf[T any](text func(*T) string) func(json.RawMessage) (string, error) {
	return func(entry json.RawMessage) (string, error) {
		var read T
		if err := json.Unmarshal(entry, &read); err != nil {
			return "", fmt.Errorf("reading the answer of the running gate: %w", err)
		}
		return text(&read), nil
	}
}

// words joins those that are there.
func words(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), "  ")
}
