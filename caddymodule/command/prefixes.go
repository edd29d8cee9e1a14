package command

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const prefixesUsage = "[--class <class>] [<territory>|<name>|+<calling code>…] [--json]"

func buildPrefixes(cmd *cobra.Command) {
	cmd.Long = `
Prints the prefixes of the numbers of a risk class: high_risk_special are premium, shared
cost, personal, pager and voicemail numbers, high_risk_tollfraud the built-in ranges of
satellites and international networks, low_risk all others. Without --class, those of all
classes, each with its class. The lists are as short as they can be without leaving
a number out, and no other number in the numbering plan begins with any of them.

In some territories the length of a number decides its class, so that a prefix cannot.
Such a prefix is marked "inexact": numbers of another class begin with it too, often a
country's mobiles. Do not block any of these. A verdict looks at the whole number.

With arguments, only these territories: codes, whole names, or calling codes with "+".

The status is 1 if they have no number of the class.`
	cmd.Example = `  tollgate prefixes --class high_risk_special LV
  tollgate prefixes --class high_risk_tollfraud
  tollgate prefixes --class high_risk_special --json | jq -r '.[] | .prefixes[] | select(.exact) | .prefix'`
	cmd.Flags().String("class", "", "The risk class (default: all, each by itself)")
	cmd.Flags().Bool("json", false, "Print JSON")
	cmd.ValidArgsFunction = completeTerritories
	run(cmd, listPrefixes)
}

// prefixRow is the prefixes of a class in one territory.
type prefixRow struct {
	Territory string        `json:"territory"`
	Class     string        `json:"class"`
	Prefixes  []classPrefix `json:"prefixes"`
}

type classPrefix struct {
	Prefix string `json:"prefix"`
	Exact  bool   `json:"exact"`
}

func listPrefixes(cmd *cobra.Command, args []string) (int, error) {
	territories, err := territoriesNamed(args)
	if err != nil {
		return exitTrouble, err
	}
	name, _ := cmd.Flags().GetString("class")
	only, isClass := policy.ParseClass(name)
	if name != "" && !isClass {
		return exitTrouble, fmt.Errorf("unknown risk class %q%s", name, config.DidYouMean(name, config.Classes()))
	}
	rows, found := []prefixRow{}, false
	for _, t := range territories {
		for class := range policy.ClassCount {
			if name != "" && class != only {
				continue
			}
			row := newPrefixRow(t, class)
			found = found || len(row.Prefixes) > 0
			rows = append(rows, row)
		}
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		err = writeIndented(cmd.OutOrStdout(), rows)
	} else {
		err = writePrefixes(cmd.OutOrStdout(), rows, name == "")
	}
	if err != nil {
		return exitTrouble, fmt.Errorf("writing prefixes: %w", err)
	}
	if !found {
		return exitNo, noPrefixes(territories, name)
	}
	return exitYes, nil
}

func newPrefixRow(t numbering.Territory, class policy.Class) prefixRow {
	row := prefixRow{t.String(), class.String(), []classPrefix{}}
	for _, prefix := range policy.ClassPrefixes(class, t) {
		row.Prefixes = append(row.Prefixes, classPrefix{"+" + prefix.Digits, prefix.Exact})
	}
	return row
}

// noPrefixes says why there are no prefixes: territories have numbers of other classes, or
// none.
func noPrefixes(territories []numbering.Territory, class string) error {
	var codes []string
	others := make(map[string]bool)
	for _, t := range territories {
		codes = append(codes, t.String())
		for other := range policy.ClassCount {
			if len(policy.ClassPrefixes(other, t)) > 0 {
				others[other.String()] = true
			}
		}
	}
	where := strings.Join(codes, " ")
	if len(others) == 0 {
		return fmt.Errorf("no listed number is of %s alone", where)
	}
	return fmt.Errorf("%s has no number of class %s: all that are listed are %s", where, class, strings.Join(slices.Sorted(maps.Keys(others)), " or "))
}

// writePrefixes writes a prefix a line, with its class if there are several.
func writePrefixes(w io.Writer, rows []prefixRow, withClass bool) error {
	var page strings.Builder
	for _, row := range rows {
		begin := row.Territory
		if withClass {
			begin += " " + row.Class
		}
		for _, prefix := range row.Prefixes {
			remark := ""
			if !prefix.Exact {
				remark = " inexact"
			}
			fmt.Fprintf(&page, "%s %s%s\n", begin, prefix.Prefix, remark)
		}
	}
	_, err := io.WriteString(w, page.String())
	return err
}
