package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/config"
)

const accountUsage = "list|show|put|add|remove|delete"

// accountCommands are the commands under `account`.
var accountCommands = []command{
	{"list", "[--json] [--address <address>]", "Lists the accounts of the store", buildAccountList},
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
Lists the accounts of the store of a running gate, by their names.`
	addGateFlags(cmd)
	run(cmd, func(cmd *cobra.Command, _ []string) (int, error) {
		accounts, err := accountsOfGate(cmd)
		if err != nil {
			return gateStatus(err)
		}
		if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
			return printed(writeIndented(cmd.OutOrStdout(), accounts))
		}
		var rows [][]string
		for i := range accounts {
			a := &accounts[i]
			rows = append(rows, []string{a.ID, a.Parent, strings.Join(a.Messaging, " "), strings.Join(a.lowRisk(), " "), a.Label})
		}
		return printed(writeTable(cmd, "ACCOUNT\tPARENT\tMESSAGING\tVOICE\tLABEL", rows))
	})
}

// listedAccount is an account of the store.
type listedAccount struct{ config.Account }

// lowRisk are the territories of its calls to ordinary numbers.
func (a *listedAccount) lowRisk() config.Territories {
	if a.Voice == nil {
		return nil
	}
	return a.Voice.LowRisk
}

// accountsOfGate are the accounts of the store, as a pull has them.
func accountsOfGate(cmd *cobra.Command) ([]listedAccount, error) {
	var stored struct {
		Accounts []listedAccount `json:"accounts"`
	}
	if _, err := (call{method: http.MethodGet, path: "/policy"}).do(cmd, &stored); err != nil {
		return nil, err
	}
	if stored.Accounts == nil {
		stored.Accounts = []listedAccount{}
	}
	return stored.Accounts, nil
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

// completeAccountsOfGate gives the accounts of the store of the running gate, each with its
// label.
func completeAccountsOfGate(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	stored, err := accountsOfGate(cmd)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var accounts []string
	for i := range stored {
		accounts = append(accounts, cobra.CompletionWithDesc(stored[i].ID, stored[i].Label))
	}
	slices.Sort(accounts)
	return accounts, cobra.ShellCompDirectiveNoFileComp
}
