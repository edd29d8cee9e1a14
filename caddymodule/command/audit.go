package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

const (
	auditUsage  = "verify | key | list | report | prove | check-proof"
	verifyUsage = "--config <file> [--since <file> --key <key>] [--json]"
)

// auditCommands are the commands under `audit`.
var auditCommands = []command{
	{"verify", verifyUsage, "Finds records that were altered, removed or moved", buildAuditVerify},
	{"key", "[--address <address>]", "Prints the key that the heads of a running gate are verified with", buildAuditKey},
	{"list", changesUsage, "Lists the changes that a running gate has recorded", buildAuditList},
	{"tail", tailUsage, "Prints what a running gate changes and refuses, as it comes", buildAuditTail},
	{"report", reportUsage, "Counts what a running gate has refused", buildAuditReport},
	{"prove", "[--address <address>] <index>", "Prints the proof that a record is in the log of a running gate", buildAuditProve},
	{"check-proof", checkProofUsage, "Checks the proof of a record, without a gate", buildAuditCheckProof},
}

func buildAudit(cmd *cobra.Command) {
	cmd.Long = `
Verifies the audit log, in which the store records each change of permissions.`
	addCommands(cmd, auditCommands)
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) > 0 {
			return exitTrouble, fmt.Errorf("unknown command of audit: %q%s", args[0], config.DidYouMean(args[0], namesOf(auditCommands)))
		}
		return exitYes, cmd.Help()
	})
}

func buildAuditVerify(cmd *cobra.Command) {
	cmd.Long = `
Reads the audit log of the store that a configuration states, computes its hashes from the
records and compares them with those that are stored. The gate may be running.
With --since, it also compares them with the signed heads of a file, so that a log is found
that someone cut short or wrote again as a whole.

Prints the hash of all records, or which record is the first that is wrong, with the status 1.`
	cmd.Example = `  tollgate audit verify --config Caddyfile
  tollgate audit verify --config Caddyfile --since heads.txt --key gate.pub`
	cmd.Flags().StringP("config", "c", "", "The configuration of the gate (required)")
	cmd.Flags().String("since", "", "A file with signed heads of the log")
	addKeyFlag(cmd)
	cmd.Flags().Bool("json", false, "Print JSON")
	run(cmd, verifyAudit)
}

// verified is what was found, as it is printed.
type verified struct {
	// Records are those before the first that is wrong.
	Records int64  `json:"records"`
	Root    string `json:"root,omitzero"`
	Deleted int64  `json:"deleted"`
	// Heads are how many signed heads the log was compared with.
	Heads int    `json:"heads,omitzero"`
	Wrong string `json:"wrong,omitzero"`
	First *int64 `json:"first,omitempty"`
}

func verifyAudit(cmd *cobra.Command, args []string) (int, error) {
	file, _ := cmd.Flags().GetString("config")
	if file == "" || len(args) > 0 {
		return exitTrouble, errors.New("name the configuration of the gate: add --config Caddyfile")
	}
	text, err := readText(cmd, file)
	if err != nil {
		return exitTrouble, fmt.Errorf("reading the configuration: %w", err)
	}
	configuration, err := adapted(file, text)
	if err != nil {
		return exitTrouble, err
	}
	heads, err := headsSince(cmd)
	if err != nil {
		return exitTrouble, err
	}
	ctx := cmd.Context()
	if ctx == nil {
		ctx = context.Background()
	}
	log, release, err := app.OpenAuditLog(ctx, shownName(file), configuration)
	if err != nil {
		return exitTrouble, err
	}
	defer release() // nothing was written
	report, err := audit.Verify(ctx, log, heads...)
	if err != nil {
		return exitTrouble, err
	}
	found := verified{Records: report.Size, Deleted: report.Deleted, Heads: len(heads)}
	status := exitYes
	if report.Wrong != nil {
		found.Wrong, found.First, status = report.Wrong.String(), &report.Wrong.First, exitNo
	} else {
		found.Root = report.Root.String()
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return status, writeIndented(cmd.OutOrStdout(), found)
	}
	if report.Wrong != nil {
		fmt.Fprintf(cmd.OutOrStdout(), "wrong: %s\n", review.Visible(found.Wrong))
		return status, nil
	}
	if len(heads) > 0 {
		fmt.Fprintf(cmd.OutOrStdout(), "%s compared\n", counted(len(heads), "signed head"))
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s, %d without personal fields: nothing is wrong\nroot hash %s\n", counted(int(found.Records), "record"), found.Deleted, found.Root)
	return status, nil
}
