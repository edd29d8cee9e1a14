package command

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// complete gives the shell the values of a command's flags, of those that it has.
func complete(cmd *cobra.Command) {
	for flag, words := range wordsOfFlags {
		if cmd.Flags().Lookup(flag) != nil {
			_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
		}
	}
	for flag, values := range map[string]cobra.CompletionFunc{
		"account": completeAccounts,
		"enabled": completeTerritoriesAndFiles,
		"format":  cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp),
		"only":    cobra.FixedCompletions(directions, cobra.ShellCompDirectiveNoFileComp),
		"reach":   completeTerritories,
	} {
		if cmd.Flags().Lookup(flag) != nil {
			// It fails only for a flag that is not there.
			_ = cmd.RegisterFlagCompletionFunc(flag, values)
		}
	}
}

// completeAccounts gives the accounts of the policy that the other flags name, each with its
// label. A policy on standard input is not read: the shell has none.
func completeAccounts(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	if cmd.Flags().Lookup("policy") == nil {
		return completeAccountsOfGate(cmd, nil, "")
	}
	for _, flag := range []string{"policy", "config"} {
		if name, err := cmd.Flags().GetString(flag); err != nil || name == "-" {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
	}
	loaded, err := policyOf(cmd)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var accounts []string
	for _, account := range loaded.Document.Accounts {
		accounts = append(accounts, cobra.CompletionWithDesc(account.ID, account.Label))
	}
	slices.Sort(accounts)
	return accounts, cobra.ShellCompDirectiveNoFileComp
}

// completeTerritories gives the codes of all territories, each with its name.
func completeTerritories(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var codes []string
	for t := range numbering.AllTerritories() {
		codes = append(codes, cobra.CompletionWithDesc(t.String(), t.Name()))
	}
	for g := range numbering.AllGroups() {
		codes = append(codes, cobra.CompletionWithDesc(g.Name, g.Title))
	}
	return codes, cobra.ShellCompDirectiveNoFileComp
}

// completeTerritoriesAndFiles gives territories and groups, and leaves the shell its files.
func completeTerritoriesAndFiles(cmd *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	codes, _ := completeTerritories(cmd, args, toComplete)
	return codes, cobra.ShellCompDirectiveDefault
}
