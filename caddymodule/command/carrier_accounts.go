package command

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/remote"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

// carrierUsage is the usage of the flags that commands have which ask the carrier.
const carrierUsage = "[--subaccounts] [--api <url>]"

// carrierHelp says whose permissions are read.
const carrierHelp = `

The account is that of the variables TWILIO_ACCOUNT_SID, and TWILIO_AUTH_TOKEN or
TWILIO_API_KEY and TWILIO_API_SECRET. With --subaccounts, those below it are read too: each
with its own auth token, which the carrier lists to the auth token of the parent alone.`

// addCarrierFlags adds the flags of a command that asks the carrier.
func addCarrierFlags(cmd *cobra.Command) {
	cmd.Flags().Bool("subaccounts", false, "The subaccounts of the account too")
	cmd.Flags().String("api", "", "Another API to ask than the carrier's, such as a gate (https://gate.example.com)")
}

// carrierAccounts are the accounts at the carrier that the flags name, the parent first. Their
// permissions are not read yet.
func carrierAccounts(cmd *cobra.Command) ([]remote.Account, error) {
	credentials, err := remote.CredentialsOf(os.Getenv)
	if err != nil {
		return nil, err
	}
	var options remote.Options
	if text, _ := cmd.Flags().GetString("api"); text != "" {
		if options.API, err = remote.ParseAPI(text); err != nil {
			return nil, fmt.Errorf("--api: %w", err)
		}
		if remote.IsExposed(options.API) {
			printNote(cmd, "%s is asked without encryption, and with the credentials", options.API)
		}
	}
	client := remote.New(cmd.Context(), credentials, options)
	if err := client.CheckKey(); err != nil {
		return nil, err
	}
	own, err := client.Own()
	if err != nil {
		printNote(cmd, "what the account is called, and whether it is a subaccount, is not known: %v", err)
	}
	accounts := []remote.Account{own}
	if several, _ := cmd.Flags().GetBool("subaccounts"); several {
		below, err := client.Subaccounts()
		if err != nil {
			return nil, err
		}
		for i := range below {
			switch below[i].Status {
			case "closed":
				printNote(cmd, "account %s is closed, and left out", below[i].ID)
				continue
			case "suspended":
				printNote(cmd, "account %s is suspended, and the carrier may refuse to read it", below[i].ID)
			}
			accounts = append(accounts, below[i])
		}
	}
	return accounts, nil
}

func printNote(cmd *cobra.Command, format string, arguments ...any) {
	cmd.PrintErrln("note:", review.Visible(fmt.Sprintf(format, arguments...)))
}

// readAll reads the permissions of accounts. Those that cannot be read are said, and unread.
func readAll(cmd *cobra.Command, accounts []remote.Account) (read []*remote.Account, unread []string) {
	for i := range accounts {
		a := &accounts[i]
		if err := a.Read(); err != nil {
			cmd.PrintErrln("error:", review.Visible(fmt.Sprintf("account %s is not read: %v", a.ID, err)))
			unread = append(unread, a.ID)
			continue
		}
		read = append(read, a)
	}
	return read, unread
}
