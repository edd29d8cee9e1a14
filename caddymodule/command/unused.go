package command

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/api"
)

const unusedUsage = "[--days <n>] [--account <account>] [--json] [--address <address>]"

func buildUnused(cmd *cobra.Command) {
	cmd.Long = `
Lists the territories that accounts of a running gate have open, and to which nothing was sent
for some days. What was opened meanwhile is not listed. With --json it prints the call of the
management API that closes them, too.`
	cmd.Example = `  tollgate unused --days 90
  tollgate unused --account acme`
	addGateFlags(cmd)
	cmd.Flags().Int("days", 30, "For how many days nothing was sent")
	cmd.Flags().String("account", "", "Only this account")
	run(cmd, listUnused)
}

// unusedList are the territories of one list of an account, as the gate answers.
type unusedList struct {
	Account     string `json:"account"`
	Channel     string `json:"channel"`
	Class       string `json:"class,omitempty"`
	Territories []struct {
		Territory string `json:"territory"`
		Last      string `json:"last"`
	} `json:"territories"`
	Place string `json:"place"`
}

func listUnused(cmd *cobra.Command, args []string) (int, error) {
	if len(args) > 0 {
		return exitTrouble, fmt.Errorf("unused takes no arguments: name an account with --account")
	}
	days, _ := cmd.Flags().GetInt("days")
	query := url.Values{"days": {strconv.Itoa(days)}, "limit": {"1000"}}
	if account, _ := cmd.Flags().GetString("account"); account != "" {
		query.Set("account", account)
	}
	lists, watched := []json.RawMessage{}, ""
	err := allPages(cmd, "/unused", query, func(text json.RawMessage) (next string, err error) {
		var page struct {
			WatchedSince string            `json:"watched_since"`
			Unused       []json.RawMessage `json:"unused"`
			Next         string            `json:"next"`
		}
		err = json.Unmarshal(text, &page)
		lists, watched = append(lists, page.Unused...), page.WatchedSince
		return page.Next, err
	})
	if err != nil {
		return gateStatus(err)
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printed(writeIndented(cmd.OutOrStdout(), map[string]any{"watched_since": watched, "unused": lists}))
	}
	rows, err := unusedRows(lists)
	if err != nil {
		return exitTrouble, err
	}
	if watched == "" {
		watched = "today on"
	}
	cmd.PrintErrf("traffic is recorded since %s\n", watched)
	return printed(writeTable(cmd, "ACCOUNT\tLIST\tTERRITORIES, LAST SENT TO\tSTATED IN", rows))
}

func unusedRows(lists []json.RawMessage) (rows [][]string, err error) {
	for _, text := range lists {
		var l unusedList
		if err := json.Unmarshal(text, &l); err != nil {
			return nil, fmt.Errorf("reading the answer of the running gate: %w", err)
		}
		var territories []string
		for _, t := range l.Territories {
			territories = append(territories, strings.TrimSpace(t.Territory+" "+t.Last))
		}
		place := l.Place
		if place == "" {
			place = "the store"
		}
		rows = append(rows, []string{l.Account, strings.TrimSpace(l.Channel + " " + l.Class), strings.Join(territories, ", "), place})
	}
	return rows, nil
}

// allPages asks for all pages of a list. Each is read by a function, which returns where the
// next one begins.
func allPages(cmd *cobra.Command, path string, query url.Values, read func(json.RawMessage) (next string, err error)) error {
	for {
		var text json.RawMessage
		if _, err := (call{method: http.MethodGet, path: path, query: query}).do(cmd, &text); err != nil {
			return err
		}
		next, err := read(text)
		if err != nil {
			return fmt.Errorf("reading the answer of the running gate: %w", err)
		}
		if next == "" {
			return nil
		}
		query.Set("cursor", next)
	}
}

// writeInUse names what a change closes that was used recently.
func writeInUse(text *strings.Builder, closed api.InUse) {
	if closed.ClosesInUse == 0 {
		return
	}
	what := "territory in use closes"
	if closed.ClosesInUse > 1 {
		what = "territories in use close"
	}
	fmt.Fprintf(text, "\nwarning: %d %s", closed.ClosesInUse, what)
	for _, t := range closed.First {
		list := strings.TrimSpace(t.Channel + " " + t.Class)
		fmt.Fprintf(text, "\n  account %s  %s  %s, last sent to on %s", t.Account, list, t.Territory, t.Last)
	}
	if more := closed.ClosesInUse - len(closed.First); more > 0 {
		fmt.Fprintf(text, "\n  and %d more", more)
	}
}
