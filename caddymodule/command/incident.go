package command

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

const (
	suspendUsage = "--reason <text> [--until <time>] " + changeUsage + " <account>"
	resumeUsage  = "--reason <text> " + changeUsage + " <account>"
	panicUsage   = "--reason <text> [--protect <account>,…|--undo] " + changeUsage
)

func buildSuspend(cmd *cobra.Command) {
	cmd.Long = `
Suspends an account of a running gate: everything that it or a subaccount of it would send is
refused from the next request on. It may be one that a file states.`
	cmd.Example = `  tollgate suspend --reason "leaked key" --until 2026-12-01 acme`
	addChangeFlags(cmd)
	cmd.Flags().String("until", "", "When it ends: a date, an RFC 3339 time, or how long from now (2h, 3d) (default: when the account is resumed)")
	cmd.ValidArgsFunction = completeAccountsOfGate
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		reason, _ := cmd.Flags().GetString("reason")
		until, err := timeFlag(cmd, "until")
		if err != nil {
			return exitTrouble, err
		}
		return suspension(cmd, args, call{method: http.MethodPut, body: reload.SuspensionDocument{Reason: reason, Until: until}})
	})
}

func buildResume(cmd *cobra.Command) {
	cmd.Long = `
Ends the suspension of an account that "suspend" made. One that a file states is ended there.`
	cmd.Example = `  tollgate resume --reason "key revoked" acme`
	addChangeFlags(cmd)
	cmd.ValidArgsFunction = completeAccountsOfGate
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		return suspension(cmd, args, call{method: http.MethodDelete})
	})
}

func suspension(cmd *cobra.Command, args []string, c call) (int, error) {
	if len(args) != 1 {
		return exitTrouble, fmt.Errorf("name one account, got %d", len(args))
	}
	if err := needsReason(cmd); err != nil {
		return exitTrouble, err
	}
	c.path = "/suspensions/" + url.PathEscape(args[0])
	return change(cmd, c, "suspension of "+args[0])
}

func buildPanic(cmd *cobra.Command) {
	cmd.Long = `
Closes everything in a running gate except what accounts have at home. No account is
changed: with --undo, what was open before is open again.`
	cmd.Example = `  tollgate panic --reason "several leaked keys" --protect acme
  tollgate panic --undo --reason "keys revoked"`
	addChangeFlags(cmd)
	cmd.Flags().StringSlice("protect", nil, "The accounts that go on as before")
	cmd.Flags().Bool("undo", false, "End the panic")
	_ = cmd.RegisterFlagCompletionFunc("protect", completeAccountsOfGate)
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		undo, _ := cmd.Flags().GetBool("undo")
		switch {
		case len(args) > 0:
			return exitTrouble, fmt.Errorf("panic takes no arguments, got %q", args[0])
		case undo && cmd.Flags().Changed("protect"):
			return exitTrouble, fmt.Errorf("--undo ends all of a panic: leave --protect out")
		}
		if err := needsReason(cmd); err != nil {
			return exitTrouble, err
		}
		if undo {
			return change(cmd, call{method: http.MethodPost, path: "/panic/undo"}, "panic")
		}
		reason, _ := cmd.Flags().GetString("reason")
		body := permissions.PanicRequest{Reason: reason, Protect: listFlag(cmd, "protect")}
		return change(cmd, call{method: http.MethodPost, path: "/panic", body: body}, "panic")
	})
}
