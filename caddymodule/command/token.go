package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

const tokenUsage = "create|list|revoke"

// tokenCommands are the commands under `token`.
var tokenCommands = []command{
	{"create", "--name <text> --role <role> --expires <duration>|<time> [--account <account>,…] [--reason <text>] " + changeUsage, "Creates a token and prints it, once", buildTokenCreate},
	{"list", "[--json] [--address <address>]", "Lists the tokens, without their secrets", buildTokenList},
	{"revoke", "[--reason <text>] " + changeUsage + " <id>", "Revokes a token", buildTokenRevoke},
}

func buildToken(cmd *cobra.Command) {
	cmd.Long = `
Manages the bearer tokens of the management API of a running gate.`
	buildGroup(cmd, tokenCommands)
}

func buildTokenCreate(cmd *cobra.Command) {
	cmd.Long = `
Creates a token of the management API and prints it. The gate keeps a hash of it, and nothing
can print it again.`
	cmd.Example = `  tollgate token create --name onboarding --role admin --account acme --expires 90d`
	addChangeFlags(cmd)
	cmd.Flags().String("name", "", "What the token is for (required)")
	cmd.Flags().String("role", "", "viewer, approver, admin or owner (required)")
	cmd.Flags().StringSliceP("account", "a", nil, "The accounts that it is limited to (default: all)")
	cmd.Flags().String("expires", "", "After how long it is refused (720h, 90d), or from when: a date or an RFC 3339 time (required)")
	run(cmd, createToken)
}

// askedToken is what a token is asked for.
type askedToken struct {
	Name     string    `json:"name"`
	Role     string    `json:"role"`
	Accounts []string  `json:"accounts,omitempty"`
	Expires  time.Time `json:"expires"`
}

func createToken(cmd *cobra.Command, args []string) (int, error) {
	if len(args) > 0 {
		return exitTrouble, errors.New("token create takes no arguments")
	}
	var asked askedToken
	asked.Name, _ = cmd.Flags().GetString("name")
	asked.Role, _ = cmd.Flags().GetString("role")
	expires, _ := cmd.Flags().GetString("expires")
	if asked.Name == "" || asked.Role == "" || expires == "" {
		return exitTrouble, errors.New("a token needs --name, --role and --expires")
	}
	var err error
	if asked.Accounts, err = limitOf(cmd, "account"); err != nil {
		return exitTrouble, err
	}
	if asked.Expires, err = parseExpiry(expires, time.Now()); err != nil {
		return exitTrouble, err
	}
	var answer struct {
		changeAnswer
		Token string `json:"token,omitempty"`
	}
	if _, err := (call{http.MethodPost, "/tokens", termsOf(cmd), asked}).do(cmd, &answer); err != nil {
		return gateStatus(err)
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printed(writeIndented(cmd.OutOrStdout(), answer))
	}
	if answer.DryRun {
		_, err = fmt.Fprintln(cmd.OutOrStdout(), "token: would be created")
	} else {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "token  %s\n", answer.Token)
	}
	return printed(err)
}

func buildTokenList(cmd *cobra.Command) {
	cmd.Long = `
Lists the tokens, those that expired or were revoked too. Nothing can list a secret.`
	addGateFlags(cmd)
	run(cmd, listTokens)
}

func listTokens(cmd *cobra.Command, _ []string) (int, error) {
	type listedToken struct {
		askedToken
		ID        string    `json:"id"`
		State     string    `json:"state"`
		Created   time.Time `json:"created"`
		CreatedBy string    `json:"created_by"`
		Revoked   time.Time `json:"revoked,omitzero"`
	}
	tokens := []listedToken{}
	err := allPages(cmd, "/tokens", make(url.Values), func(text json.RawMessage) (string, error) {
		var page struct {
			Tokens []listedToken `json:"tokens"`
			Next   string        `json:"next"`
		}
		err := json.Unmarshal(text, &page)
		tokens = append(tokens, page.Tokens...)
		return page.Next, err
	})
	if err != nil {
		return gateStatus(err)
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printed(writeIndented(cmd.OutOrStdout(), tokens))
	}
	var rows [][]string
	for i := range tokens {
		t := &tokens[i]
		accounts := "all"
		if t.Accounts != nil {
			accounts = strings.Join(t.Accounts, ",")
		}
		rows = append(rows, []string{t.ID, t.State, t.Role, accounts, t.CreatedBy, shownTime(t.Created), shownTime(t.Expires), shownTime(t.Revoked), t.Name})
	}
	return printed(writeTable(cmd, "ID\tSTATE\tROLE\tACCOUNTS\tCREATED BY\tCREATED\tEXPIRES\tREVOKED\tNAME", rows))
}

func buildTokenRevoke(cmd *cobra.Command) {
	cmd.Long = `
Revokes a token, by the ID that "token list" prints. It is refused from the next request on.`
	cmd.Example = `  tollgate token revoke --reason "laptop lost" bz4k2m7qxw3ra`
	addChangeFlags(cmd)
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) != 1 {
			return exitTrouble, errors.New("name one token by its ID: token list prints them")
		}
		return change(cmd, call{method: http.MethodDelete, path: "/tokens/" + url.PathEscape(args[0])}, "token "+args[0])
	})
}
