package command

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strings"

	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

const explainUsage = "--account <account> --channel messaging|voice|whatsapp|rcs [--policy <file>|--config <file>|--running] [--verification] [--from <sender>,…] [--header <name>=<value>] [--at <time>] [--json] <destination>…|-"

func buildExplain(cmd *cobra.Command) {
	cmd.Long = `
Prints the verdict on each destination and every step that led to it, as the
gate would judge a request of that account.

Destinations are written as an application would write them. "-" reads a list from
standard input, one a line, in which "#" begins a comment. With --json, one object a
line is printed.

With --running, the policy in force in a running gate is asked, through its admin
endpoint.`
	cmd.Example = `  tollgate explain --policy policy.yaml --account AC11111111111111111111111111111111 --channel messaging +447400123456
  tollgate explain --running --account AC11111111111111111111111111111111 --channel voice --json - <numbers.txt`
	addPolicyFlags(cmd)
	cmd.Flags().StringP("account", "a", "", "The account that would send, by its name or its id, or one of its API keys (required)")
	cmd.Flags().String("channel", "", "messaging, voice, whatsapp or rcs (required)")
	cmd.Flags().Bool("verification", false, "The carrier itself would send a code")
	cmd.Flags().StringSlice("from", nil, "The senders that the request would name")
	cmd.Flags().StringToString("header", nil, "A header that the request would have, which limits tell requests apart by")
	cmd.Flags().String("at", "", "When: a date or an RFC 3339 time (default: now)")
	cmd.Flags().Bool("json", false, "Print one JSON object a line")
	cmd.Flags().Bool("running", false, "Ask a running gate")
	cmd.Flags().String("address", "", "The admin endpoint of the running gate (default: Caddy's)")
	run(cmd, explain)
}

func explain(cmd *cobra.Command, args []string) (int, error) {
	flags := cmd.Flags()
	var query review.Query
	query.Account, _ = flags.GetString("account")
	query.Channel, _ = flags.GetString("channel")
	query.Verification, _ = flags.GetBool("verification")
	query.From = listFlag(cmd, "from")
	query.Header, _ = flags.GetStringToString("header")
	query.At, _ = flags.GetString("at")
	if query.Channel == "" {
		return exitTrouble, errors.New("no channel given: add --channel messaging, voice, whatsapp or rcs")
	}
	question, err := query.Question(carriers.All())
	if err != nil {
		return exitTrouble, errors.Join(err, labelHint(cmd, query.Account))
	}
	if len(args) == 0 {
		return exitTrouble, errors.New(`no destination given: write numbers, or "-" to read them from standard input`)
	}
	for _, hint := range hints(args) {
		cmd.PrintErrln("note:", hint)
	}
	destinations := destinationsOf(cmd.InOrStdin(), args)

	write := review.WriteExplanation
	if asJSON, _ := flags.GetBool("json"); asJSON {
		write = review.WriteJSONLine
	}
	output := bufio.NewWriter(cmd.OutOrStdout())
	answer, err := answererOf(cmd, &query, question, write)
	if err != nil {
		return exitTrouble, err
	}
	// The program ends with the last answer: a larger heap costs nothing,
	// and a fifth of the time is spent on keeping it small.
	debug.SetGCPercent(400)
	if err := inOrder(destinations, answer, output); err != nil {
		return exitTrouble, err
	}
	return exitYes, nil
}

// hints are what may be wrong with destinations that are answered as they are written.
func hints(destinations []string) (hints []string) {
	for i, destination := range destinations {
		if strings.HasPrefix(destination, "*") {
			hints = append(hints, fmt.Sprintf("%q is masked, as in a log: explain the whole number", destination))
		}
		if i == 1 && strings.HasPrefix(destinations[0], "+") && strings.Trim(destination, "0123456789-()") == "" {
			hints = append(hints, fmt.Sprintf("these are %d destinations: write a number with spaces in quotes", len(destinations)))
		}
	}
	return hints
}

// writeExplanation writes one explanation, for an operator or for a program.
type writeExplanation func(w io.Writer, e *review.Explanation) error

// answererOf is who answers: a running gate, or the policy that the flags name.
func answererOf(cmd *cobra.Command, query *review.Query, question gate.Question, write writeExplanation) (answerBatch, error) {
	if running, _ := cmd.Flags().GetBool("running"); running {
		return askRunning(cmd, query, write)
	}
	loaded, err := policyOf(cmd)
	if err != nil {
		return nil, err
	}
	account, err := review.ResolveAccount(carriers.All(), loaded.Snapshot, question.Account)
	if err != nil {
		return nil, errors.Join(err, review.LabelHint(&loaded.Compiled.Definition, question.Account))
	}
	question.Account = account.ID
	return askPolicy(app.Explainer(&loaded.Rules)(account.Carrier), question, write), nil
}

// labelHint says which account of the policy that the flags name has a text for its label,
// where the text is not an account: nil if none has.
func labelHint(cmd *cobra.Command, text string) error {
	running, _ := cmd.Flags().GetBool("running")
	if _, err := review.ParseAccount(carriers.All(), text); err == nil || running {
		return nil
	}
	loaded, err := policyOf(cmd)
	if err != nil {
		return nil
	}
	return review.LabelHint(&loaded.Compiled.Definition, text)
}

// askPolicy answers batches of destinations by a policy that was loaded.
func askPolicy(g *gate.Gate, question gate.Question, write writeExplanation) answerBatch {
	return func(batch []string) ([]byte, error) {
		var answers bytes.Buffer
		for _, destination := range batch {
			one := question
			one.To = destination
			if err := write(&answers, review.Explain(g, &one)); err != nil {
				return nil, err
			}
		}
		return answers.Bytes(), nil
	}
}

// askRunning answers batches of destinations by the policy in force in a running
// gate.
func askRunning(cmd *cobra.Command, query *review.Query, write writeExplanation) (answerBatch, error) {
	address, err := adminAddress(cmd)
	if err != nil {
		return nil, err
	}
	warnOfRefusedPolicy(cmd, address)
	return func(batch []string) ([]byte, error) {
		one := *query
		one.Destinations = batch
		body, err := json.Marshal(one)
		if err != nil {
			return nil, err
		}
		response, err := caddycmd.AdminAPIRequest(address, http.MethodPost, app.ExplainEndpoint, nil, bytes.NewReader(body))
		if err != nil {
			return nil, fmt.Errorf("asking the running gate (is it running, and is its admin endpoint on? see --address): %w", err)
		}
		defer response.Body.Close()
		var answers bytes.Buffer
		decoder := json.NewDecoder(response.Body)
		for {
			var e review.Explanation
			if err := decoder.Decode(&e); errors.Is(err, io.EOF) {
				return answers.Bytes(), nil
			} else if err != nil {
				return nil, fmt.Errorf("reading the answer of the running gate: %w", err)
			}
			if err := write(&answers, &e); err != nil {
				return nil, err
			}
		}
	}, nil
}

// warnOfRefusedPolicy says so where the policy file of a running gate is refused as it is
// now, so that the answers are of an older one. A gate that does not say is asked anyway.
func warnOfRefusedPolicy(cmd *cobra.Command, address string) {
	response, err := caddycmd.AdminAPIRequest(address, http.MethodGet, app.PolicyEndpoint, nil, nil)
	if err != nil {
		return
	}
	defer response.Body.Close()
	var shown struct{ Revision, Failure string }
	if err := json.NewDecoder(response.Body).Decode(&shown); err != nil || shown.Failure == "" {
		return
	}
	first, _, several := strings.Cut(shown.Failure, "\n")
	if several {
		first += " (and more)"
	}
	cmd.PrintErrf("warning: the policy file as it is now is refused, so revision %s stays in force: %s\n", shown.Revision, review.Visible(review.WithoutContext(first)))
}

// adminAddress is the admin endpoint of the running gate that the flags name.
func adminAddress(cmd *cobra.Command) (string, error) {
	if cmd.Flags().Changed("policy") {
		return "", errNamedTwice
	}
	address, _ := cmd.Flags().GetString("address")
	file, _ := cmd.Flags().GetString("config")
	var configuration []byte
	if file != "" && address == "" {
		text, err := readText(cmd, file)
		if err != nil {
			return "", fmt.Errorf("reading the configuration: %w", err)
		}
		if configuration, err = adapted(file, text); err != nil {
			return "", err
		}
	}
	address = strings.TrimSuffix(strings.TrimPrefix(address, "http://"), "/")
	address, err := caddycmd.DetermineAdminAPIAddress(address, configuration, file, "")
	if err != nil {
		return "", fmt.Errorf("finding the admin endpoint: %w", err)
	}
	return address, nil
}
