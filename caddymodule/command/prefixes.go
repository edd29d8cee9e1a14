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
personal, pager and voicemail numbers. The list is as short as it can be without leaving
one out, and no other number in the numbering plan begins with any of them.

In some territories the length of a number decides its class, so that a prefix cannot.
Such a prefix is marked "inexact": ordinary numbers begin with it too, often a
country's mobiles. Do not block any of these. A verdict looks at the whole number.

With arguments, only these territories: codes, whole names, or calling codes with "+".`
	cmd.Example = `  tollgate prefixes LV
  tollgate prefixes --json | jq -r '.[] | .prefixes[] | select(.exact) | .prefix'`
	cmd.Flags().Bool("json", false, "Print JSON")
	cmd.ValidArgsFunction = completeTerritories
	run(cmd, listPrefixes)
}

// specialRow is the special prefixes of one territory.
type specialRow struct {
	Territory string          `json:"territory"`
	Class     string          `json:"class"`
	Prefixes  []specialPrefix `json:"prefixes"`
}

type specialPrefix struct {
	Prefix string `json:"prefix"`
	Exact  bool   `json:"exact"`
}

func listPrefixes(cmd *cobra.Command, args []string) (int, error) {
	territories, err := territoriesNamed(args)
	if err != nil {
		return exitTrouble, err
	}
	rows := make([]specialRow, len(territories))
	for i, t := range territories {
		rows[i] = specialRow{t.String(), policy.HighRiskSpecial.String(), []specialPrefix{}}
		for _, prefix := range policy.SpecialPrefixes(t) {
			rows[i].Prefixes = append(rows[i].Prefixes, specialPrefix{"+" + prefix.Digits, prefix.Exact})
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

// writePrefixes writes a prefix a line.
func writePrefixes(w io.Writer, rows []specialRow) error {
	var page strings.Builder
	for _, row := range rows {
		for _, prefix := range row.Prefixes {
			remark := ""
			if !prefix.Exact {
				remark = " inexact"
			}
			fmt.Fprintf(&page, "%s %s%s\n", row.Territory, prefix.Prefix, remark)
		}
	}
	_, err := io.WriteString(w, page.String())
	return err
}
