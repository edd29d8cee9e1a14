package command

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

const diffUsage = "[--only opens|closes] [--all] [--at <time>] [--json] <file> <file>"

func buildDiff(cmd *cobra.Command) {
	cmd.Long = `
Shows what becomes allowed and what is no longer allowed when the second policy
replaces the first, by account and territory. Each file is a policy
file, or a configuration of Caddy with the policy file that it names.

Of a prefix rule that comes, goes or changes, it prints what the rule covers. Warnings
about the second policy that are not about the first are below.

The status is 0 if there is no difference, 1 if there is one, and 2 if the
policies could not be compared. With --only, other differences do not count: how many are
left out is printed.`
	cmd.Example = `  tollgate diff policy.yaml new.yaml
  tollgate diff --only opens policy.yaml new.yaml && echo nothing opens`
	cmd.Flags().String("only", "", "Show only what opens, or only what closes")
	cmd.Flags().String("at", "", "When: a date or an RFC 3339 time (default: now)")
	cmd.Flags().Bool("all", false, "Name every account, however many have the same changes")
	cmd.Flags().Bool("json", false, "Print JSON")
	run(cmd, diff)
}

var directions = []string{string(review.Opens), string(review.Closes)}

func diff(cmd *cobra.Command, args []string) (int, error) {
	if len(args) != 2 {
		return exitTrouble, fmt.Errorf("two policies are compared, got %s", counted(len(args), "file"))
	}
	only, _ := cmd.Flags().GetString("only")
	if only != "" && !slices.Contains(directions, only) {
		return exitTrouble, fmt.Errorf("--only cannot be %q%s", only, config.DidYouMean(only, directions))
	}
	atText, _ := cmd.Flags().GetString("at")
	at, err := review.ParseAt(atText)
	if err != nil {
		return exitTrouble, err
	}
	var policies [2]review.Reviewed
	for i, file := range args {
		loaded, err := loadAny(cmd, file)
		if err != nil {
			if review.Mistakes(err)[0].File == "" { // those of a policy say where they are
				err = fmt.Errorf("%s: %w", file, err)
			}
			return exitTrouble, err
		}
		policies[i] = reviewed(loaded)
	}
	difference := review.Diff(policies[0].Side, policies[1].Side, at)
	difference.Measure(&policies[0], &policies[1])
	if only != "" {
		difference = difference.Only(review.Direction(only))
	}
	write := review.WriteDifference
	if all, _ := cmd.Flags().GetBool("all"); all {
		write = review.WriteWholeDifference
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		write = writeIndented[review.Difference]
	}
	if err := write(cmd.OutOrStdout(), difference); err != nil {
		return exitTrouble, err
	}
	if len(difference.Changes) > 0 {
		return exitNo, nil
	}
	return exitYes, nil
}
