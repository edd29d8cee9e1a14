package command

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/config"
)

func buildSchema(cmd *cobra.Command) {
	cmd.Long = `
Prints the JSON Schema of the policy file. An editor that is given it completes
and checks policies as they are written:

    # yaml-language-server: $schema=policy.schema.json
`
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) > 0 {
			return exitTrouble, errors.New("schema takes no arguments")
		}
		if _, err := cmd.OutOrStdout().Write(config.Schema()); err != nil {
			return exitTrouble, err
		}
		return exitYes, nil
	})
}
