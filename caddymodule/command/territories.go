package command

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/internal/suggest"
	"github.com/caddy-tollgate/tollgate/numbering"
)

const territoriesUsage = "[<territory>|<name>|+<calling code>|<group>…] [--groups] [--json]"

func buildTerritories(cmd *cobra.Command) {
	cmd.Long = `
Prints the territories that a policy can enable: code, name, continent,
calling codes and, where several share one, the leading digits; its entry in Twilio's
lists, if that is not the territory alone; and the flags that it has on a channel,
with their sources below.

With arguments, only these: codes, whole names, calling codes with "+", or groups.

With --groups, the groups of territories that a policy can name instead (EU, EUROPE, …),
each with its members, the date of the list and its source.`
	cmd.Example = `  tollgate territories
  tollgate territories GB Kosovo +599
  tollgate territories --json | jq -r '.[] | select(.continent == "OCEANIA") | .code'`
	cmd.Flags().Bool("json", false, "Print JSON")
	cmd.Flags().Bool("groups", false, "Print groups of territories")
	cmd.ValidArgsFunction = completeTerritories
	run(cmd, listTerritories)
}

func listTerritories(cmd *cobra.Command, args []string) (int, error) {
	if groups, _ := cmd.Flags().GetBool("groups"); groups {
		return listGroups(cmd, args)
	}
	territories, err := territoriesNamed(args)
	if err != nil {
		return exitTrouble, err
	}
	rows := make([]territoryRow, len(territories))
	for i, t := range territories {
		rows[i] = newTerritoryRow(t)
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		err = writeIndented(cmd.OutOrStdout(), rows)
	} else {
		err = writeTerritories(cmd.OutOrStdout(), rows)
	}
	if err != nil {
		return exitTrouble, fmt.Errorf("writing territories: %w", err)
	}
	return exitYes, nil
}

// territoriesNamed are the territories that arguments name, in the order of the
// table; all where there are no arguments.
func territoriesNamed(args []string) ([]numbering.Territory, error) {
	all := slices.Collect(numbering.AllTerritories())
	if len(args) == 0 {
		return all, nil
	}
	named := make(map[numbering.Territory]bool)
	for item, err := range itemsOf(strings.NewReader(strings.Join(args, "\n"))) {
		if err != nil {
			return nil, fmt.Errorf("reading territories: %w", err)
		}
		found := false
		for _, t := range all {
			if isNamed(t, item.text) {
				named[t], found = true, true
			}
		}
		if !found {
			return nil, fmt.Errorf("unknown territory %q%s", item.text, suggest.TerritoryHint(item.text))
		}
	}
	if len(named) == 0 {
		return nil, errors.New("no territory named: leave the argument out for all of them")
	}
	return slices.DeleteFunc(all, func(t numbering.Territory) bool { return !named[t] }), nil
}

// isNamed reports whether an argument names a territory.
func isNamed(t numbering.Territory, arg string) bool {
	if strings.EqualFold(arg, t.String()) || strings.EqualFold(arg, t.Name()) {
		return true
	}
	if group, ok := numbering.ParseGroup(arg); ok {
		return slices.Contains(group.Members(), t)
	}
	code, isCode := strings.CutPrefix(arg, "+")
	return isCode && slices.Contains(t.CallingCodes(), code)
}
