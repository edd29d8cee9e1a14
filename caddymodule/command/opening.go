package command

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

const (
	openUsage    = "--account <account> --channel <channel> --until <time> --reason <text> [--class <class>] [--from <time>] [--acknowledge-high-risk] " + changeUsage + " <territory>|<prefix> | list | end"
	approveUsage = "[--reason <text>] " + changeUsage + " <id>"
)

// openCommands are the commands under `open`.
var openCommands = []command{
	{"list", "[--account <account>] [--state <state>,…] [--json] [--address <address>]", "Lists openings, those that are over too", buildOpenList},
	{"end", "--reason <text> " + changeUsage + " <id>", "Ends an opening, or takes its request back", buildOpenEnd},
}

func buildOpen(cmd *cobra.Command) {
	cmd.Long = `
Asks a running gate to open a territory or a prefix to an account for a time. It is open at
once if it needs no approval; otherwise once others have approved it.`
	cmd.Example = `  tollgate open --account acme --channel voice --until 2026-12-04 --reason "conference" ID
  tollgate open list --state pending`
	addCommands(cmd, openCommands)
	addChangeFlags(cmd)
	cmd.Flags().StringP("account", "a", "", "The account (required)")
	cmd.Flags().String("channel", "", "messaging (all messages), voice, whatsapp or rcs (required)")
	cmd.Flags().String("class", "", "The risk class of calls (default: low_risk)")
	cmd.Flags().String("from", "", "When it begins: a date, an RFC 3339 time, or how long from now (2h, 3d) (default: now)")
	cmd.Flags().String("until", "", "When it ends, written as --from is (required)")
	cmd.Flags().Bool("acknowledge-high-risk", false, "That you know of the risk, where there is one")
	cmd.ValidArgsFunction = completeTerritories
	run(cmd, requestOpening)
}

func requestOpening(cmd *cobra.Command, args []string) (int, error) {
	if len(args) != 1 {
		return exitTrouble, fmt.Errorf("name one territory or prefix, got %d", len(args))
	}
	flags := cmd.Flags()
	asked := permissions.OpeningRequest{To: args[0]}
	asked.Account, _ = flags.GetString("account")
	asked.Channel, _ = flags.GetString("channel")
	asked.Class, _ = flags.GetString("class")
	var err error
	if asked.From, err = timeFlag(cmd, "from"); err != nil {
		return exitTrouble, err
	}
	if asked.Until, err = timeFlag(cmd, "until"); err != nil {
		return exitTrouble, err
	}
	asked.Reason, _ = flags.GetString("reason")
	asked.Ticket, _ = flags.GetString("ticket")
	asked.AcknowledgeHighRisk, _ = flags.GetBool("acknowledge-high-risk")
	for _, required := range []struct{ flag, value string }{
		{"account", asked.Account}, {"channel", asked.Channel}, {"until", asked.Until}, {"reason", asked.Reason},
	} {
		if required.value == "" {
			return exitTrouble, fmt.Errorf("an opening needs --%s", required.flag)
		}
	}
	return change(cmd, call{method: http.MethodPost, path: "/openings", body: asked}, "opening of "+args[0]+" to "+asked.Account)
}

// keptOpening is the document of an opening.
type keptOpening struct {
	Account     string `json:"account"`
	To          string `json:"to"`
	Channel     string `json:"channel"`
	From        string `json:"from"`
	Until       string `json:"until"`
	Reason      string `json:"reason"`
	RequestedBy string `json:"requested_by"`
}

func buildOpenList(cmd *cobra.Command) {
	cmd.Long = `
Lists the openings that the store keeps, with the state that each is in: pending, scheduled,
open, ended, expired.`
	addGateFlags(cmd)
	cmd.Flags().StringP("account", "a", "", "Only those of this account")
	cmd.Flags().StringSlice("state", nil, "Only those in one of these states")
	run(cmd, func(cmd *cobra.Command, _ []string) (int, error) {
		query := make(url.Values)
		if account, _ := cmd.Flags().GetString("account"); account != "" {
			query.Set("account", account)
		}
		if states := listFlag(cmd, "state"); len(states) > 0 {
			query.Set("state", strings.Join(states, ","))
		}
		return list(cmd, "/openings", query, "ID\tSTATE\tACCOUNT\tTO\tCHANNEL\tFROM\tUNTIL\tREQUESTED BY\tREASON", func(i *listedItem[keptOpening]) []string {
			r := &i.Document
			return []string{i.ID, i.State, r.Account, r.To, r.Channel, r.From, r.Until, r.RequestedBy, r.Reason}
		})
	})
}

func buildOpenEnd(cmd *cobra.Command) {
	cmd.Long = `
Ends an opening before its time, or takes the request for one back, by the ID that "open list"
prints.`
	addChangeFlags(cmd)
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		if err := needsReason(cmd); err != nil {
			return exitTrouble, err
		}
		return changeOpening(cmd, args, "end")
	})
}

func buildApprove(cmd *cobra.Command) {
	cmd.Long = `
Approves an opening that someone else requested, by the ID that "open list" prints.`
	cmd.Example = `  tollgate approve k3v7q2m4xa`
	addChangeFlags(cmd)
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) { return changeOpening(cmd, args, "approve") })
}

func changeOpening(cmd *cobra.Command, args []string, verb string) (int, error) {
	if len(args) != 1 {
		return exitTrouble, errors.New("name one opening by its ID: open list prints them")
	}
	return change(cmd, call{method: http.MethodPost, path: "/openings/" + url.PathEscape(args[0]) + "/" + verb}, "opening "+args[0])
}
