package command

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
)

func buildKeyOperations(cmd *cobra.Command) {
	cmd.Long = `
Lists the operations that a key can be limited to, one a line, by the names that the access
log has for them. "messages.*" is all whose names begin so. "read" is every request that
only reads, and "inert" every documented write that reaches no one and changes no protection.`
	cmd.Example = `  tollgate key operations | grep messages`
	run(cmd, listOperations)
}

func listOperations(cmd *cobra.Command, args []string) (int, error) {
	if len(args) > 0 {
		return exitTrouble, errors.New("key operations takes no arguments")
	}
	var names []string
	all := carriers.All()
	for _, carrier := range all.Names() {
		names = append(names, all.Operations(carrier)...)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if _, err := fmt.Fprintln(cmd.OutOrStdout(), name); err != nil {
			return exitTrouble, fmt.Errorf("printing the operations: %w", err)
		}
	}
	return exitYes, nil
}
