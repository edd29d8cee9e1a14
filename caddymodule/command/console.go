package command

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/caddymodule/console"
)

const consoleUsage = "[--json] [--address <address>]"

func buildConsole(cmd *cobra.Command) {
	cmd.Long = `
Prints a link by which a browser on this machine signs in to the console of a running gate, as
its owner. It is valid for five minutes, and once. Where an authentication is in front of the
console, that says who you are, and no link is needed.`
	cmd.Example = `  tollgate console
  xdg-open "$(tollgate console)"`
	addGateFlags(cmd)
	run(cmd, printConsoleLink)
}

func printConsoleLink(cmd *cobra.Command, args []string) (int, error) {
	if len(args) > 0 {
		return exitTrouble, errors.New("console takes no arguments")
	}
	address, err := adminAddress(cmd)
	if err != nil {
		return exitTrouble, err
	}
	request, err := adminRequest(cmd.Context(), http.MethodPost, address, console.LinkEndpoint, strings.NewReader("{}"))
	if err != nil {
		return exitTrouble, err
	}
	request.Header.Set("Content-Type", "application/json")
	var link console.Link
	if _, err := sendRequest(request, address, &link); err != nil {
		return gateStatus(err)
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printed(writeIndented(cmd.OutOrStdout(), link))
	}
	cmd.PrintErrf("valid once, until %s\n", link.Expires.Local().Format("15:04:05"))
	_, err = fmt.Fprintln(cmd.OutOrStdout(), strings.Join(link.Links, "\n"))
	return printed(err)
}
