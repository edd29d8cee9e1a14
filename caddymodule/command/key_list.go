package command

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

func buildKeyList(cmd *cobra.Command) {
	cmd.Long = `
Lists the keys in the order in which they were made: what each may do, and whether
it is active, has expired or was revoked. Nothing can list a secret.`
	cmd.Example = `  tollgate key list --keys keys.json
  tollgate key list --keys keys.json --json | jq -r '.[] | select(.state == "active") | .sid'`
	cmd.Flags().Bool("json", false, "Print JSON")
	run(cmd, listKeys)
}

// keyRow is a key as it is listed. A list that is absent sets no limit.
type keyRow struct {
	SID        string    `json:"sid"`
	Account    string    `json:"account"`
	Name       string    `json:"name,omitzero"`
	State      string    `json:"state"`
	Channels   []string  `json:"channels,omitzero"`
	Operations []string  `json:"operations,omitzero"`
	Senders    []string  `json:"senders,omitzero"`
	Created    time.Time `json:"created"`
	Expires    time.Time `json:"expires,omitzero"`
	Revoked    time.Time `json:"revoked,omitzero"`
}

func newKeyRow(k *keys.Key, now time.Time) keyRow {
	row := keyRow{
		SID:        k.SID,
		Account:    k.Account,
		Name:       k.Name,
		State:      cmp.Or(string(k.RefusedAt(now)), "active"),
		Operations: k.Operations,
		Senders:    k.Senders,
		Created:    k.Created,
		Expires:    k.Expires,
		Revoked:    k.Revoked,
	}
	if k.Channels != nil {
		row.Channels = make([]string, len(k.Channels))
	}
	for i, channel := range k.Channels {
		row.Channels[i] = channel.String()
	}
	return row
}

func listKeys(cmd *cobra.Command, args []string) (int, error) {
	if len(args) > 0 {
		return exitTrouble, errors.New("key list takes no arguments")
	}
	file, err := keyFile(cmd)
	if err != nil {
		return exitTrouble, err
	}
	set, err := keys.Read(file, carriers.All())
	if err != nil {
		return exitTrouble, err
	}
	for _, warning := range set.Warnings() {
		cmd.PrintErrln("warning:", review.Visible(warning))
	}
	rows, now := make([]keyRow, 0, set.Len()), time.Now()
	for key := range set.All() {
		rows = append(rows, newKeyRow(key, now))
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		err = writeIndented(cmd.OutOrStdout(), rows)
	} else {
		err = writeKeys(cmd.OutOrStdout(), rows)
	}
	if err != nil {
		return exitTrouble, fmt.Errorf("writing keys: %w", err)
	}
	return exitYes, nil
}

// writeKeys writes keys for an operator, one a line.
func writeKeys(w io.Writer, rows []keyRow) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SID\tACCOUNT\tSTATE\tCREATED\tEXPIRES\tREVOKED\tCHANNELS\tOPERATIONS\tSENDERS\tNAME")
	for i := range rows {
		row := &rows[i]
		fmt.Fprintln(table, strings.Join([]string{
			row.SID, row.Account, row.State, shownTime(row.Created), shownTime(row.Expires), shownTime(row.Revoked),
			shownLimit(row.Channels), shownLimit(row.Operations), shownLimit(row.Senders), cmp.Or(review.Visible(row.Name), "-"),
		}, "\t"))
	}
	return table.Flush()
}

// shownTime is a time for an operator, or a dash for none.
func shownTime(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format(time.RFC3339)
}

// shownLimit is a limit for an operator.
func shownLimit(limit []string) string {
	switch {
	case limit == nil:
		return "all"
	case len(limit) == 0:
		return "none"
	}
	return review.Visible(strings.Join(limit, ","))
}
