package command

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/internal/feed"
	"github.com/caddy-tollgate/tollgate/numbering"
)

const feedUsage = "list|show|test|diff"

// feedCommands are the commands under `feed`.
var feedCommands = []command{
	{"list", "[--json] [--address <address>]", "Lists the feeds of a running gate, and how old they are", buildFeedList},
	{"show", "[--json] [--address <address>] <name>|<number>", "Shows a feed of a running gate, or the feeds that have a number", buildFeedShow},
	{"test", "[--json] <file>", "Reads a file as a feed would", buildFeedTest},
	{"diff", "[--json] [--address <address>] <name> <file>", "Shows what a file would change of a feed of a running gate", buildFeedDiff},
}

func buildFeed(cmd *cobra.Command) {
	cmd.Long = `
Shows the lists of number ranges that a running gate has from others, and tests such lists.`
	buildGroup(cmd, feedCommands)
}

func buildFeedList(cmd *cobra.Command) {
	cmd.Long = `
Lists the feeds of a running gate: what each is for, how many prefixes its list has, when its
source last had that list, or it was signed, and why what the source has now is not in force, if
it is not.`
	cmd.Example = `  tollgate feed list`
	addGateFlags(cmd)
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) > 0 {
			return exitTrouble, errors.New("feed list takes no arguments")
		}
		items, feeds, err := feedsOf(cmd, "")
		if err != nil {
			return gateStatus(err)
		}
		if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
			return printed(writeIndented(cmd.OutOrStdout(), items))
		}
		table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
		for i := range feeds {
			f := &feeds[i]
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", f.Name, f.use(), counted(f.Prefixes, "range"), f.state())
		}
		return printed(table.Flush())
	})
}

// shownFeed is a feed as the gate answers.
type shownFeed struct {
	Name      string    `json:"name"`
	Source    string    `json:"source"`
	Use       string    `json:"use"`
	Channel   string    `json:"channel"`
	Prefixes  int       `json:"prefixes"`
	Since     time.Time `json:"since"`
	Confirmed time.Time `json:"confirmed"`
	Old       bool      `json:"old"`
	Next      time.Time `json:"next"`
	State     string    `json:"state"`
	Failure   string    `json:"failure"`
	MaxChange int       `json:"max_change"`
	SignedAt  time.Time `json:"signed_at"`
	Found     *struct {
		Prefix string    `json:"prefix"`
		Since  time.Time `json:"since"`
	} `json:"found"`
}

// feedsOf asks for the feeds of a running gate; with a number, for those that have it.
func feedsOf(cmd *cobra.Command, number string) (items []json.RawMessage, feeds []shownFeed, err error) {
	query := make(url.Values)
	if number != "" {
		query.Set("number", number)
	}
	var answer struct {
		Items []json.RawMessage `json:"items"`
	}
	if _, err := (call{method: http.MethodGet, path: "/feeds", query: query}).do(cmd, &answer); err != nil {
		return nil, nil, err
	}
	feeds = make([]shownFeed, len(answer.Items))
	for i := range answer.Items {
		err = errors.Join(err, json.Unmarshal(answer.Items[i], &feeds[i]))
	}
	return answer.Items, feeds, err
}

// askFeed asks for a feed of a running gate.
func askFeed(cmd *cobra.Command, name string) (item json.RawMessage, f shownFeed, err error) {
	if _, err = (call{method: http.MethodGet, path: "/feeds/" + url.PathEscape(name)}).do(cmd, &item); err == nil {
		err = json.Unmarshal(item, &f)
	}
	return item, f, err
}

// use is what a feed is for, as a Caddyfile has it.
func (f *shownFeed) use() string {
	if f.Use != "block" {
		return "class " + f.Use
	}
	return strings.TrimSpace("block " + f.Channel)
}

// state says in words for people how a feed is.
func (f *shownFeed) state() string {
	state := "no list"
	if !f.Confirmed.IsZero() {
		state = "confirmed " + f.Confirmed.Format(time.RFC3339)
	}
	if f.Old {
		state += ", old"
	}
	if f.Failure != "" {
		state += ", " + f.State + ": " + f.Failure
	}
	return state
}

func buildFeedShow(cmd *cobra.Command) {
	cmd.Long = `
Shows a feed of a running gate, or which feeds have a number, by which prefix and since when.
The status is 1 if no feed has the number.`
	cmd.Example = `  tollgate feed show gsma-ira
  tollgate feed show +882130012345`
	addGateFlags(cmd)
	cmd.ValidArgsFunction = completeFeeds
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) != 1 {
			return exitTrouble, errors.New("name one feed, or write one number with its +")
		}
		if strings.HasPrefix(args[0], "+") {
			return showFeedsOf(cmd, args[0])
		}
		item, f, err := askFeed(cmd, args[0])
		if err != nil {
			return gateStatus(err)
		}
		if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
			return printed(writeIndented(cmd.OutOrStdout(), item))
		}
		lines := [][2]string{
			{"feed", f.Name}, {"source", f.Source}, {"use", f.use()}, {"prefixes", fmt.Sprint(f.Prefixes)}, {"max change", fmt.Sprint(f.MaxChange, "%")}, {"state", f.state()},
		}
		for _, at := range []struct {
			name string
			time time.Time
		}{{"since", f.Since}, {"signed", f.SignedAt}, {"next asked", f.Next}} {
			if !at.time.IsZero() {
				lines = append(lines, [2]string{at.name, at.time.Format(time.RFC3339)})
			}
		}
		table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
		for _, line := range lines {
			fmt.Fprintf(table, "%s\t%s\n", line[0], line[1])
		}
		return printed(table.Flush())
	})
}

// showFeedsOf prints the feeds that have a number, by which prefix.
func showFeedsOf(cmd *cobra.Command, number string) (int, error) {
	items, feeds, err := feedsOf(cmd, number)
	if err != nil {
		return gateStatus(err)
	}
	status := exitYes
	if len(feeds) == 0 {
		status = exitNo
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		if err := writeIndented(cmd.OutOrStdout(), items); err != nil {
			return printed(err)
		}
		return status, nil
	}
	if status == exitNo {
		fmt.Fprintf(cmd.OutOrStdout(), "no feed has %s\n", number)
	}
	table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	for i := range feeds {
		if found := feeds[i].Found; found != nil {
			fmt.Fprintf(table, "%s\t%s\tsince %s\n", feeds[i].Name, found.Prefix, found.Since.Format(time.RFC3339))
		}
	}
	if err := table.Flush(); err != nil {
		return printed(err)
	}
	return status, nil
}

func buildFeedTest(cmd *cobra.Command) {
	cmd.Long = `
Reads a file as a feed would, and says how many prefixes it has, or why it is refused as a
whole, with the status 1. Ranges that a policy adds to the numbering plan are not known.`
	cmd.Example = `  tollgate feed test ranges.csv`
	cmd.Flags().Bool("json", false, "Print JSON")
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) != 1 {
			return exitTrouble, errors.New("name one file")
		}
		list, status, err := readFeed(cmd, args[0])
		if err != nil {
			return status, err
		}
		shortest := ""
		for row := range list.All {
			if shortest == "" || len(row.Prefix) < len(shortest) {
				shortest = row.Prefix
			}
		}
		if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
			return printed(writeIndented(cmd.OutOrStdout(), map[string]any{"prefixes": list.Len(), "shortest": shortest}))
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, of which +%s is the shortest\n", shownName(args[0]), counted(list.Len(), "range"), shortest)
		return exitYes, nil
	})
}

// readFeed reads a file as a feed would.
func readFeed(cmd *cobra.Command, file string) (*feed.List, int, error) {
	text, err := readText(cmd, file)
	if err != nil {
		return nil, exitTrouble, fmt.Errorf("reading the list: %w", err)
	}
	list, err := feed.Read(text, numbering.Default(), time.Now())
	if err != nil {
		return nil, exitNo, fmt.Errorf("%s is refused: %w", shownName(file), err)
	}
	if !feed.EndsLine(text) {
		cmd.PrintErrf("warning: %s: its last line does not end, so a feed that reads this file refuses it: it may be cut off\n", shownName(file))
	}
	return list, exitYes, nil
}

func buildFeedDiff(cmd *cobra.Command) {
	cmd.Long = `
Shows which prefixes a file would add to a feed of a running gate, and which it would remove.
The status is 1 if there are any, and if the file would be refused.`
	cmd.Example = `  tollgate feed diff gsma-ira ranges.csv`
	addGateFlags(cmd)
	cmd.ValidArgsFunction = completeFeeds
	run(cmd, diffFeed)
}

// completeFeeds gives the feeds of the running gate; what comes behind one is a file.
func completeFeeds(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	_, feeds, err := feedsOf(cmd, "")
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for i := range feeds {
		names = append(names, cobra.CompletionWithDesc(feeds[i].Name, feeds[i].Source))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// feedDifference is what a file would change of a feed.
type feedDifference struct {
	Added   []string `json:"added"`
	Removed []string `json:"removed"`
	// Refused is why the feed would refuse it, or empty.
	Refused string `json:"refused,omitzero"`
}

func diffFeed(cmd *cobra.Command, args []string) (int, error) {
	if len(args) != 2 {
		return exitTrouble, errors.New("name a feed of the running gate, and a file")
	}
	list, status, err := readFeed(cmd, args[1])
	if err != nil {
		return status, err
	}
	_, f, err := askFeed(cmd, args[0])
	if err != nil {
		return exitTrouble, err
	}
	var text []byte
	if _, err := (call{method: http.MethodGet, path: "/feeds/" + url.PathEscape(args[0]) + "/prefixes"}).do(cmd, &text); err != nil {
		return exitTrouble, err
	}
	running, err := feed.ReadRows(text)
	if err != nil {
		return exitTrouble, fmt.Errorf("reading the answer of the running gate: %w", err)
	}
	difference := feedDifference{Added: []string{}, Removed: []string{}}
	added, removed := running.Difference(list)
	difference.Added, difference.Removed = append(difference.Added, added...), append(difference.Removed, removed...)
	if err := running.CheckChange(list, f.MaxChange); err != nil {
		difference.Refused = err.Error()
	}
	if err := writeFeedDifference(cmd, &difference); err != nil {
		return printed(err)
	}
	if len(added)+len(removed) > 0 {
		return exitNo, nil
	}
	return exitYes, nil
}

func writeFeedDifference(cmd *cobra.Command, d *feedDifference) error {
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return writeIndented(cmd.OutOrStdout(), d)
	}
	out := bufio.NewWriter(cmd.OutOrStdout())
	for _, prefix := range d.Added {
		fmt.Fprintf(out, "added    +%s\n", prefix)
	}
	for _, prefix := range d.Removed {
		fmt.Fprintf(out, "removed  +%s\n", prefix)
	}
	if d.Refused != "" {
		fmt.Fprintf(out, "refused: %s\n", d.Refused)
	}
	return out.Flush()
}
