package command

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"

	"github.com/caddy-tollgate/tollgate/audit"
)

func buildAuditKey(cmd *cobra.Command) {
	cmd.Long = `
Prints the public key of a running gate, with which the heads are verified that it signs. Keep
it where the gate cannot write.`
	cmd.Example = `  tollgate audit key > gate.pub`
	addGateFlags(cmd)
	run(cmd, func(cmd *cobra.Command, _ []string) (int, error) {
		var key []byte
		if _, err := (call{method: http.MethodGet, path: "/audit/key"}).do(cmd, &key); err != nil {
			return gateStatus(err)
		}
		if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
			return printed(writeIndented(cmd.OutOrStdout(), map[string]string{"key": strings.TrimSpace(string(key))}))
		}
		_, err := cmd.OutOrStdout().Write(key)
		return printed(err)
	})
}

// addKeyFlag adds the flag that keys are read from.
func addKeyFlag(cmd *cobra.Command) {
	cmd.Flags().StringArray("key", nil, "The public key that heads are signed with, or a file with one a line (repeatable)")
}

// verifiersOf are the keys that a command names.
func verifiersOf(cmd *cobra.Command) (verifiers []note.Verifier, err error) {
	stated, _ := cmd.Flags().GetStringArray("key")
	for _, key := range stated {
		if verifier, err := note.NewVerifier(key); err == nil {
			verifiers = append(verifiers, verifier)
			continue
		}
		text, err := readText(cmd, key)
		if err != nil {
			return nil, fmt.Errorf("reading a key, which is neither one itself nor a file with one: %w", err)
		}
		for _, line := range strings.Fields(string(text)) {
			verifier, err := note.NewVerifier(line)
			if err != nil {
				return nil, fmt.Errorf("reading the key in %s: %w", shownName(key), err)
			}
			verifiers = append(verifiers, verifier)
		}
	}
	if len(verifiers) == 0 {
		return nil, errors.New(`no key given: add --key, with what "audit key" prints`)
	}
	return verifiers, nil
}

// headsSince reads the heads that a log is compared with, if any are named.
func headsSince(cmd *cobra.Command) ([]audit.Head, error) {
	file, _ := cmd.Flags().GetString("since")
	if file == "" {
		if cmd.Flags().Changed("key") {
			return nil, errors.New("a key is for signed heads: add --since and their file")
		}
		return nil, nil
	}
	verifiers, err := verifiersOf(cmd)
	if err != nil {
		return nil, err
	}
	text, err := readText(cmd, file)
	if err != nil {
		return nil, fmt.Errorf("reading the heads: %w", err)
	}
	heads, err := audit.ReadHeads(text, verifiers...)
	if err == nil && len(heads) == 0 {
		err = errors.New("there is no head in it")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shownName(file), err)
	}
	return heads, nil
}
