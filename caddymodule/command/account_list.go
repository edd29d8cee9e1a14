package command

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"
)

const listUsage = "--channel <channel> [--class <class>] [--sender <sender>] [--verification] [--acknowledge-high-risk] [--reason <text>] " + changeUsage + " <account> <territory>…"

func buildAccountAdd(cmd *cobra.Command) {
	cmd.Long = `
Adds territories to a list of an account. What others add at the same time is kept.`
	cmd.Example = `  tollgate account add --channel voice --reason "new office" acme FR DE`
	buildListChange(cmd, "add")
}

func buildAccountRemove(cmd *cobra.Command) {
	cmd.Long = `
Removes territories from a list of an account. What others change at the same time is kept.`
	cmd.Example = `  tollgate account remove --channel messaging acme UZ`
	buildListChange(cmd, "remove")
}

// territoryList is a change of a list of territories of an account.
type territoryList struct {
	Channel      string   `json:"channel"`
	Class        string   `json:"class,omitempty"`
	Verification bool     `json:"verification,omitempty"`
	Sender       string   `json:"sender,omitempty"`
	Territories  []string `json:"territories"`
}

// buildListChange makes a command that changes a list of territories.
func buildListChange(cmd *cobra.Command, verb string) {
	addChangeFlags(cmd)
	addRiskFlag(cmd)
	cmd.Flags().String("channel", "", "messaging, voice, whatsapp or rcs (required)")
	cmd.Flags().String("class", "", "The risk class of calls (default: low_risk)")
	cmd.Flags().String("sender", "", "The sender whose list it is (default: the account's own)")
	cmd.Flags().Bool("verification", false, "It is the list for verifications")
	cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, text string) ([]string, cobra.ShellCompDirective) {
		if len(args) == 0 {
			return completeAccountsOfGate(cmd, args, text)
		}
		return completeTerritories(cmd, args, text)
	}
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) < 2 {
			return exitTrouble, errors.New("name an account and then the territories")
		}
		var body territoryList
		body.Channel, _ = cmd.Flags().GetString("channel")
		body.Class, _ = cmd.Flags().GetString("class")
		body.Sender, _ = cmd.Flags().GetString("sender")
		body.Verification, _ = cmd.Flags().GetBool("verification")
		if body.Channel == "" {
			return exitTrouble, errors.New("no channel given: add --channel messaging, voice, whatsapp or rcs")
		}
		for _, arg := range args[1:] {
			body.Territories = append(body.Territories, strings.Split(arg, ",")...)
		}
		path := "/accounts/" + url.PathEscape(args[0]) + "/territories/" + verb
		return change(cmd, call{method: http.MethodPost, path: path, body: body}, "account "+args[0])
	})
}
