package command

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/internal/suggest"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// groupRow is a group of territories, as JSON has it.
type groupRow struct {
	Group  string `json:"group"`
	Title  string `json:"title"`
	AsOf   string `json:"as_of"`
	Source string `json:"source"`
	// Territories are the codes of its members.
	Territories []string `json:"territories"`
}

func listGroups(cmd *cobra.Command, args []string) (int, error) {
	rows, err := groupsNamed(args)
	if err != nil {
		return exitTrouble, err
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		err = writeIndented(cmd.OutOrStdout(), rows)
	} else {
		err = writeGroups(cmd.OutOrStdout(), rows)
	}
	if err != nil {
		return exitTrouble, fmt.Errorf("writing groups: %w", err)
	}
	return exitYes, nil
}

// groupsNamed are the groups that arguments name, all where there are no arguments, in
// the order of the table.
func groupsNamed(args []string) ([]groupRow, error) {
	named := make(map[string]bool)
	for _, arg := range args {
		for name := range strings.SplitSeq(arg, ",") {
			group, ok := numbering.ParseGroup(name)
			if !ok {
				return nil, unknownGroup(name)
			}
			named[group.Name] = true
		}
	}
	rows := []groupRow{}
	for group := range numbering.AllGroups() {
		if len(named) > 0 && !named[group.Name] {
			continue
		}
		row := groupRow{group.Name, group.Title, group.AsOf, group.Source, nil}
		for _, t := range group.Members() {
			row.Territories = append(row.Territories, t.String())
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func unknownGroup(name string) error {
	if near := suggest.Group(name); near != "" {
		return fmt.Errorf("unknown group %q, did you mean %q?", name, near)
	}
	return fmt.Errorf("unknown group %q: leave it out to see all of them", name)
}

// writeGroups writes one group a line, and below them once each where they are from.
func writeGroups(w io.Writer, rows []groupRow) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "GROUP\tAS OF\tTITLE\tTERRITORIES")
	var sources []string
	for _, row := range rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d: %s\n", row.Group, row.AsOf, row.Title, len(row.Territories), strings.Join(row.Territories, " "))
		if source := row.Group + ": " + row.Source; !slices.Contains(sources, source) {
			sources = append(sources, source)
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s\n", strings.Join(sources, "\n"))
	return err
}
