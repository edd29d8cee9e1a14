package command

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/permissions"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/prefixlist"
)

const importTwilioUsage = carrierUsage + " [--format yaml|caddyfile]"

func buildImportTwilio(cmd *cobra.Command) {
	cmd.Long = `
Reads the permissions for calls and messages of an account from Twilio's API, and prints a
policy that permits the same: with the classes of high risk, and with what inherits.` + carrierHelp + `

The status is 0 if the policy has all accounts, 1 if some could not be read, which the policy
then names and lacks, and 2 if none could.`
	cmd.Example = `  tollgate import twilio --subaccounts >policy.yaml
  tollgate import twilio --format caddyfile`
	addCarrierFlags(cmd)
	cmd.Flags().String("format", formatsOfPolicies[0], strings.Join(formatsOfPolicies, " or "))
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formatsOfPolicies, cobra.ShellCompDirectiveNoFileComp))
	run(cmd, importTwilio)
}

// formatsOfPolicies are those that imported policies are printed in.
var formatsOfPolicies = []string{"yaml", "caddyfile"}

func importTwilio(cmd *cobra.Command, args []string) (int, error) {
	if len(args) > 0 {
		return exitTrouble, errors.New("import twilio takes no arguments: the account is that of TWILIO_ACCOUNT_SID")
	}
	format, _ := cmd.Flags().GetString("format")
	if !slices.Contains(formatsOfPolicies, format) {
		return exitTrouble, fmt.Errorf("unknown format %q%s", format, config.DidYouMean(format, formatsOfPolicies))
	}
	accounts, err := carrierAccounts(cmd)
	if err != nil {
		return exitTrouble, err
	}
	read, unread := readAll(cmd, accounts)
	if len(read) == 0 {
		return exitTrouble, nil
	}
	var whole []permissions.Account
	for _, a := range read {
		whole = append(whole, a.Account)
	}
	document, notes := permissions.Document(whole)
	for _, note := range notes {
		printNote(cmd, "%s", note)
	}
	for _, id := range unread {
		notes = append(notes, "account "+id+" could not be read, and is not here")
	}
	text, err := carrierPolicy(&document, notes, format)
	if err != nil {
		return exitTrouble, err
	}
	if _, err := fmt.Fprint(cmd.OutOrStdout(), text); err != nil {
		return exitTrouble, fmt.Errorf("writing the policy: %w", err)
	}
	if len(unread) > 0 {
		return exitNo, nil
	}
	return exitYes, nil
}

// carrierPolicy writes a policy, and reads it as the gate would before anyone does.
func carrierPolicy(document *config.Document, notes []string, format string) (string, error) {
	comments := prefixlist.Comments("Imported from Twilio, "+time.Now().UTC().Format("2006-01-02 15:04 UTC")+".", notes)
	yaml, err := config.WriteYAML(document)
	if err != nil {
		return "", err
	}
	const name = "the policy"
	if _, err := compileFile(name, []byte(comments+string(yaml))); err != nil {
		return "", fmt.Errorf("checking the policy that was made: %w", err)
	}
	if format == "yaml" {
		return comments + string(yaml), nil
	}
	text := comments + prefixlist.WriteCaddyfile(document)
	if _, err := compileConfiguration(name, []byte(text)); err != nil {
		return "", fmt.Errorf("checking the policy that was made: %w", err)
	}
	return text, nil
}
