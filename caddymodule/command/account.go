package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/config"
)

const accountUsage = "show|put|delete"

// accountCommands are the commands under `account`.
var accountCommands = []command{
	{"show", "[--json] [--address <address>] <account>", "Prints an account, as a policy file", buildAccountShow},
	{"put", "[--dry-run] [--reason <text>] [--ticket <text>] [--json] [--address <address>] <file>|-", "Creates or replaces the accounts of a policy file", buildAccountPut},
	{"delete", "[--dry-run] [--reason <text>] [--ticket <text>] [--json] [--address <address>] <account>", "Deletes an account", buildAccountDelete},
}

func buildAccount(cmd *cobra.Command) {
	cmd.Long = `
Shows and changes accounts of the store of a running gate, in force for the next request.`
	buildGroup(cmd, accountCommands)
}

func buildAccountShow(cmd *cobra.Command) {
	cmd.Long = `
Prints what is stated of an account as a policy file, in YAML, which "account put" takes; with
--json, the account alone.`
	cmd.Example = `  tollgate account show acme >acme.yaml`
	addGateFlags(cmd)
	cmd.ValidArgsFunction = completeAccountsOfGate
	run(cmd, showAccount)
}

func showAccount(cmd *cobra.Command, args []string) (int, error) {
	c, err := accountCall(http.MethodGet, args)
	if err != nil {
		return exitTrouble, err
	}
	var text json.RawMessage
	if _, err := c.do(cmd, &text); err != nil {
		return gateStatus(err)
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printed(writeIndented(cmd.OutOrStdout(), text))
	}
	d := config.Document{Accounts: make([]config.Account, 1)}
	if err := config.DecodeJSON(text, &d.Accounts[0]); err != nil {
		return exitTrouble, fmt.Errorf("reading the answer of the running gate: %w", err)
	}
	yaml, err := config.WriteYAML(&d)
	if err != nil {
		return exitTrouble, err
	}
	_, err = cmd.OutOrStdout().Write(yaml)
	return printed(err)
}

func buildAccountPut(cmd *cobra.Command) {
	cmd.Long = `
Creates the accounts of a policy file, or replaces what is stated of them, one by one. All
else that a policy file may state is for "policy push".`
	cmd.Example = `  tollgate account put --reason "new customer" --ticket CRM-17 acme.yaml`
	addChangeFlags(cmd)
	run(cmd, putAccounts)
}

func putAccounts(cmd *cobra.Command, args []string) (int, error) {
	if len(args) != 1 {
		return exitTrouble, errors.New(`name one policy file with accounts, or write "-" for standard input`)
	}
	source, err := readPolicyFile(cmd, args[0])
	if err != nil {
		return exitTrouble, err
	}
	accounts := source.Document.Accounts
	source.Document.Accounts = nil
	switch {
	case len(accounts) == 0:
		return exitTrouble, fmt.Errorf("%s states no account", shownName(args[0]))
	case !reflect.DeepEqual(source.Document, config.Document{}):
		return exitTrouble, fmt.Errorf("%s states more than accounts: push it with policy push, or leave that out", shownName(args[0]))
	}
	for i := range accounts {
		id := accounts[i].ID
		c := call{method: http.MethodPut, path: "/accounts/" + url.PathEscape(id), body: &accounts[i]}
		if status, err := change(cmd, c, "account "+id); err != nil {
			return status, fmt.Errorf("account %s: %w", id, err)
		}
	}
	return exitYes, nil
}

func buildAccountDelete(cmd *cobra.Command) {
	cmd.Long = `
Deletes an account from the store: what no account states is decided by the default.`
	cmd.Example = `  tollgate account delete --reason "contract ended" acme`
	addChangeFlags(cmd)
	cmd.ValidArgsFunction = completeAccountsOfGate
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		c, err := accountCall(http.MethodDelete, args)
		if err != nil {
			return exitTrouble, err
		}
		return change(cmd, c, "account "+args[0])
	})
}

// accountCall is a request about the one account that the arguments name.
func accountCall(method string, args []string) (call, error) {
	if len(args) != 1 {
		return call{}, fmt.Errorf("name one account, got %d", len(args))
	}
	return call{method: method, path: "/accounts/" + url.PathEscape(args[0])}, nil
}

// completeAccountsOfGate gives the accounts of the store of the running gate, each with its
// label.
func completeAccountsOfGate(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	var stored struct {
		Accounts []struct{ ID, Label string }
	}
	if _, err := (call{method: http.MethodGet, path: "/policy"}).do(cmd, &stored); err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var accounts []string
	for _, a := range stored.Accounts {
		accounts = append(accounts, cobra.CompletionWithDesc(a.ID, a.Label))
	}
	slices.Sort(accounts)
	return accounts, cobra.ShellCompDirectiveNoFileComp
}
