package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

const checkProofUsage = "--key <key> [--json] <file>"

func buildAuditProve(cmd *cobra.Command) {
	cmd.Long = `
Prints the proof, in JSON, that a record is in the log of a running gate. Who has the public
key of the gate can check it, without the gate.`
	cmd.Example = `  tollgate audit prove 17 > proof.json
  tollgate audit check-proof --key gate.pub proof.json`
	addGateFlags(cmd)
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) != 1 {
			return exitTrouble, fmt.Errorf("name one record by its index, got %d", len(args))
		}
		index, err := strconv.ParseInt(args[0], 10, 64)
		if err != nil || index < 0 {
			return exitTrouble, fmt.Errorf("%q is not the index of a record, a number from 0", args[0])
		}
		var proof json.RawMessage
		if _, err := (call{method: http.MethodGet, path: "/audit/proof/" + strconv.FormatInt(index, 10)}).do(cmd, &proof); err != nil {
			return gateStatus(err)
		}
		return printed(writeIndented(cmd.OutOrStdout(), proof))
	})
}

func buildAuditCheckProof(cmd *cobra.Command) {
	cmd.Long = `
Checks the proof of a record, and prints the record that it proves. It asks no gate.`
	cmd.Example = `  tollgate audit check-proof --key gate.pub proof.json`
	addKeyFlag(cmd)
	cmd.Flags().Bool("json", false, "Print JSON")
	run(cmd, checkProof)
}

func checkProof(cmd *cobra.Command, args []string) (int, error) {
	if len(args) != 1 {
		return exitTrouble, errors.New(`name one file with a proof, or "-"`)
	}
	verifiers, err := verifiersOf(cmd)
	if err != nil {
		return exitTrouble, err
	}
	text, err := readText(cmd, args[0])
	if err != nil {
		return exitTrouble, fmt.Errorf("reading the proof: %w", err)
	}
	record, head, err := audit.CheckProof(text, verifiers...)
	if err != nil {
		return exitNo, err
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printed(writeIndented(cmd.OutOrStdout(), record))
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\nproved by a head of %s, signed by %s\n",
		record, counted(int(head.Size), "record"), review.Visible(head.Origin))
	return printed(err)
}
