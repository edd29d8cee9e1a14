package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/config"
)

const accountUsage = "list|show|put|add|remove|delete"

// accountCommands are the commands under `account`.
var accountCommands = []command{
	{"list", "[--contains <text>] [--json] [--address <address>]", "Lists the accounts", buildAccountList},
	{"show", "[--json] [--address <address>] <account>", "Prints an account, as a policy file", buildAccountShow},
	{"put", "[--acknowledge-high-risk] [--dry-run] [--reason <text>] [--ticket <text>] [--json] [--address <address>] <file>|-", "Creates or replaces the accounts of a policy file", buildAccountPut},
	{"add", listUsage, "Opens territories for an account, beside those of a list", buildAccountAdd},
	{"remove", listUsage, "Closes territories of a list of an account", buildAccountRemove},
	{"delete", "[--dry-run] [--reason <text>] [--ticket <text>] [--json] [--address <address>] <account>", "Deletes an account", buildAccountDelete},
}

func buildAccount(cmd *cobra.Command) {
	cmd.Long = `
Shows and changes accounts of the store of a running gate, in force for the next request.`
	buildGroup(cmd, accountCommands)
}

func buildAccountList(cmd *cobra.Command) {
	cmd.Long = `
Lists the accounts of a running gate, those of its store and those that a file states, by their
names.`
	cmd.Example = `  tollgate account list --contains acme`
	addGateFlags(cmd)
	cmd.Flags().String("contains", "", "Only accounts with this in their name or label")
	run(cmd, func(cmd *cobra.Command, _ []string) (int, error) {
		contains, _ := cmd.Flags().GetString("contains")
		accounts, err := accountsOfGate(cmd, contains)
		if err != nil {
			return gateStatus(err)
		}
		if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
			return printed(writeIndented(cmd.OutOrStdout(), accounts))
		}
		var rows [][]string
		for _, a := range accounts {
			state := ""
			if a.Suspended {
				state = "suspended"
			}
			rows = append(rows, []string{a.ID, a.Parent, a.Stated, state, a.Label})
		}
		return printed(writeTable(cmd, "ACCOUNT\tPARENT\tSTATED IN\tSTATE\tLABEL", rows))
	})
}

// listedAccount is an account in the list of a running gate.
type listedAccount struct {
	ID        string `json:"id"`
	Label     string `json:"label,omitempty"`
	Parent    string `json:"parent,omitempty"`
	Stated    string `json:"stated"`
	Revision  int64  `json:"revision,omitempty"`
	Suspended bool   `json:"suspended"`
}

// accountsOfGate are the accounts of a running gate with a text in their name or label, in the
// order of their names.
func accountsOfGate(cmd *cobra.Command, contains string) ([]listedAccount, error) {
	accounts, query := []listedAccount{}, url.Values{"limit": {"1000"}}
	if contains != "" {
		query.Set("contains", contains)
	}
	err := allPages(cmd, "/accounts", query, func(text json.RawMessage) (next string, err error) {
		var page struct {
			Accounts []listedAccount `json:"accounts"`
			Next     string          `json:"next"`
		}
		err = json.Unmarshal(text, &page)
		accounts = append(accounts, page.Accounts...)
		return page.Next, err
	})
	return accounts, err
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
	addRiskFlag(cmd)
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
Deletes an account from the store. The default decides where it may send from then on.`
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

// completeAccountsOfGate gives the accounts of the running gate, each with its label.
func completeAccountsOfGate(cmd *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	found, err := accountsOfGate(cmd, toComplete)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var accounts []string
	for _, a := range found {
		accounts = append(accounts, cobra.CompletionWithDesc(a.ID, a.Label))
	}
	return accounts, cobra.ShellCompDirectiveNoFileComp
}
