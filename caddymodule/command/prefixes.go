package command

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/policy"
)

const prefixesUsage = "[<territory>|<name>|+<calling code>…] [--json]"

func buildPrefixes(cmd *cobra.Command) {
	cmd.Long = `
Prints the prefixes of the numbers of class high_risk_special: premium, shared cost,
personal, pager and voicemail numbers. They are the shortest list that leaves none
of them out, and no other number in the numbering plan begins with them.

In some territories the length of a number decides what it is, so that no prefix
can tell. The prefixes then cover other numbers too, and a line below says so. A
verdict looks at the whole number.

With arguments, only these territories: codes, whole names, or calling codes with "+".`
	cmd.Example = `  tollgate prefixes LV
  tollgate prefixes --json | jq -r '.[] | select(.exact | not) | .territory'`
	cmd.Flags().Bool("json", false, "Print JSON")
	run(cmd, listPrefixes)
}

// prefixRow is the prefixes of one territory.
type prefixRow struct {
	Territory string   `json:"territory"`
	Class     string   `json:"class"`
	Exact     bool     `json:"exact"`
	Prefixes  []string `json:"prefixes"`
}

func listPrefixes(cmd *cobra.Command, args []string) (int, error) {
	territories, err := territoriesNamed(args)
	if err != nil {
		return exitTrouble, err
	}
	rows := make([]prefixRow, len(territories))
	for i, t := range territories {
		prefixes, exact := policy.SpecialPrefixes(t)
		rows[i] = prefixRow{t.String(), policy.HighRiskSpecial.String(), exact, make([]string, len(prefixes))}
		for j, prefix := range prefixes {
			rows[i].Prefixes[j] = "+" + prefix
		}
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		err = writeIndented(cmd.OutOrStdout(), rows)
	} else {
		err = writePrefixes(cmd.OutOrStdout(), rows)
	}
	if err != nil {
		return exitTrouble, fmt.Errorf("writing prefixes: %w", err)
	}
	return exitYes, nil
}

// writePrefixes writes a prefix a line, and below which of them are not exact.
func writePrefixes(w io.Writer, rows []prefixRow) error {
	var page strings.Builder
	var inexact []string
	for _, row := range rows {
		for _, prefix := range row.Prefixes {
			fmt.Fprintf(&page, "%s %s\n", row.Territory, prefix)
		}
		if !row.Exact {
			inexact = append(inexact, row.Territory)
		}
	}
	if len(inexact) > 0 {
		fmt.Fprintf(&page, "\nnot exact, since the length of a number decides: %s\n", strings.Join(inexact, " "))
	}
	_, err := io.WriteString(w, page.String())
	return err
}
