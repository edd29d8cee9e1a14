package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

const policyUsage = "push|pull|diff"

// policyCommands are the commands under `policy`.
var policyCommands = []command{
	{"push", "[--expect-revision <n>] [--acknowledge-high-risk] [--dry-run] [--reason <text>] [--ticket <text>] [--all] [--json] [--address <address>] <file>|-", "Makes what the store states that of a policy file", buildPolicyPush},
	{"pull", "[--json] [--address <address>]", "Prints what the store states, as a policy file", buildPolicyPull},
	{"diff", "[--all] [--json] [--address <address>] <file>|-", "Shows what a push would open and close", buildPolicyDiff},
}

func buildPolicy(cmd *cobra.Command) {
	cmd.Long = `
Moves the policy document of the store of a running gate: its accounts, its prefix rules and
its settings. It leaves alone what files state, and openings, suspensions, keys and tokens.`
	buildGroup(cmd, policyCommands)
}

// buildGroup makes a command of which others are below.
func buildGroup(cmd *cobra.Command, below []command) {
	addCommands(cmd, below)
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) > 0 {
			return exitTrouble, fmt.Errorf("unknown command of %s: %q%s", cmd.Name(), args[0], config.DidYouMean(args[0], namesOf(below)))
		}
		return exitYes, cmd.Help()
	})
}

func addCommands(cmd *cobra.Command, below []command) {
	for _, c := range below {
		sub := &cobra.Command{Use: useLine(c.name, c.usage), Short: c.short}
		c.build(sub)
		cmd.AddCommand(sub)
	}
}

func namesOf(commands []command) (names []string) {
	for _, c := range commands {
		names = append(names, c.name)
	}
	return names
}

func buildPolicyPush(cmd *cobra.Command) {
	cmd.Long = `
Makes the accounts, the prefix rules and the settings of the store those of a policy file, in
one change: what the file does not have is deleted. Prints what opens and what closes.

With --expect-revision, the push is refused if the store was changed since it had that
revision, which "policy pull" prints.`
	cmd.Example = `  tollgate policy push --dry-run policy.yaml
  tollgate policy push --expect-revision 12 --reason "new customers" --ticket OPS-41 policy.yaml`
	addChangeFlags(cmd)
	addRiskFlag(cmd)
	cmd.Flags().Int64("expect-revision", 0, "The revision that the store must have")
	cmd.Flags().Bool("all", false, "Name every account, however many have the same changes")
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		answer, err := pushPolicy(cmd, args, false)
		if err != nil {
			return gateStatus(err)
		}
		return printed(answer.write(cmd))
	})
}

func buildPolicyDiff(cmd *cobra.Command) {
	cmd.Long = `
Shows what would open and what would close if a policy file were pushed.

The status is 0 if the store states the same already, 1 if a push would change something, and
2 if the two could not be compared.`
	cmd.Example = `  tollgate policy diff policy.yaml`
	addGateFlags(cmd)
	cmd.Flags().Bool("all", false, "Name every account, however many have the same changes")
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		answer, err := pushPolicy(cmd, args, true)
		if err != nil {
			return exitTrouble, err
		}
		if status, err := printed(answer.write(cmd)); err != nil || len(answer.Objects) == 0 {
			return status, err
		}
		return exitNo, nil
	})
}

func buildPolicyPull(cmd *cobra.Command) {
	cmd.Long = `
Prints what the store states as a policy file, in YAML, or in JSON with --json. A push of it
changes nothing. The revision of the store is printed to standard error.`
	cmd.Example = `  tollgate policy pull >policy.yaml`
	addGateFlags(cmd)
	run(cmd, pullPolicy)
}

// pushAnswer is what the gate answers to a push.
type pushAnswer struct {
	Revision      string `json:"revision"`
	StoreRevision int64  `json:"store_revision"`
	DryRun        bool   `json:"dry_run,omitempty"`
	Objects       []struct {
		Kind   string `json:"kind"`
		ID     string `json:"id,omitempty"`
		Action string `json:"action"`
	} `json:"objects"`
	Difference review.Difference `json:"difference"`
	api.InUse
}

func pushPolicy(cmd *cobra.Command, args []string, dry bool) (*pushAnswer, error) {
	if len(args) != 1 {
		return nil, fmt.Errorf(`one policy file is pushed, got %s: name it, or write "-" for standard input`, counted(len(args), "file"))
	}
	source, err := readPolicyFile(cmd, args[0])
	if err != nil {
		return nil, err
	}
	c := call{method: http.MethodPost, path: "/policy/push", query: termsOf(cmd), body: fileOf(source.Document)}
	if dry {
		c.query.Set("dry_run", "true")
	}
	if cmd.Flags().Changed("expect-revision") {
		revision, _ := cmd.Flags().GetInt64("expect-revision")
		c.query.Set("expect_revision", strconv.FormatInt(revision, 10))
	}
	answer := new(pushAnswer)
	if _, err := c.do(cmd, answer); err != nil {
		return nil, inFile(source, err)
	}
	return answer, nil
}

// readPolicyFile reads a policy file and names the mistakes that can be seen without the gate.
func readPolicyFile(cmd *cobra.Command, name string) (config.Source, error) {
	text, err := readText(cmd, name)
	if err != nil {
		return config.Source{}, fmt.Errorf("reading the policy file: %w", err)
	}
	source, err := config.ParseFile(shownName(name), text)
	if err != nil {
		return config.Source{}, err
	}
	return source, config.Check(source, true, carriers.All())
}

// policyFile is a policy file in JSON.
type policyFile struct {
	Version int `json:"version"`
	config.Document
}

func fileOf(d config.Document) policyFile { return policyFile{config.FileVersion, d} }

// inFile names the lines of the file that a refusal is about.
func inFile(source config.Source, err error) error {
	r := (*refusal)(nil)
	if !errors.As(err, &r) {
		return err
	}
	located := *r
	var lines []string
	for _, e := range r.Errors {
		at := decode.PositionOf(source.Positions, strings.TrimPrefix(e.Location, "body."))
		if at.File == "" {
			return err
		}
		lines = append(lines, fmt.Sprintf("%s: %s", at, e.Message))
	}
	if lines == nil {
		return err
	}
	located.Detail, located.Errors = strings.Join(lines, "\n"), nil
	return &located
}

func (a *pushAnswer) write(cmd *cobra.Command) error {
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return writeIndented(cmd.OutOrStdout(), a)
	}
	write := review.WriteDifference
	if all, _ := cmd.Flags().GetBool("all"); all {
		write = review.WriteWholeDifference
	}
	if err := write(cmd.OutOrStdout(), a.Difference); err != nil {
		return err
	}
	done := "changed"
	switch {
	case len(a.Objects) == 0:
		done = "as it was"
	case a.DryRun:
		done = "would be changed"
	}
	var inUse strings.Builder
	writeInUse(&inUse, a.InUse)
	if text := strings.TrimPrefix(inUse.String(), "\n"); text != "" {
		if _, err := fmt.Fprintf(cmd.OutOrStdout(), "\n%s\n", text); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "\n%s of the store %s, revision %d of the store\n", counted(len(a.Objects), "object"), done, a.StoreRevision)
	return err
}

func pullPolicy(cmd *cobra.Command, args []string) (int, error) {
	if len(args) > 0 {
		return exitTrouble, errors.New("policy pull takes no arguments")
	}
	var text json.RawMessage
	header, err := call{method: http.MethodGet, path: "/policy"}.do(cmd, &text)
	if err != nil {
		return gateStatus(err)
	}
	cmd.PrintErrf("revision %s of the store\n", strings.Trim(header.Get("ETag"), `"`))
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printed(writeIndented(cmd.OutOrStdout(), text))
	}
	source, err := config.ParseFile("the policy of the store", text)
	if err != nil {
		return exitTrouble, fmt.Errorf("reading the answer of the running gate: %w", err)
	}
	yaml, err := config.WriteYAML(&source.Document)
	if err != nil {
		return exitTrouble, err
	}
	_, err = cmd.OutOrStdout().Write(yaml)
	return printed(err)
}
