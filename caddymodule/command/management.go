package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

// addGateFlags adds the flags of a command that asks a running gate.
func addGateFlags(cmd *cobra.Command) {
	cmd.Flags().String("address", "", "The admin endpoint of the running gate (default: Caddy's)")
	cmd.Flags().StringP("config", "c", "", "A configuration of Caddy, which states the admin endpoint")
	cmd.Flags().Bool("json", false, "Print JSON")
}

// addChangeFlags adds the flags of a command that changes something in a running gate.
func addChangeFlags(cmd *cobra.Command) {
	addGateFlags(cmd)
	cmd.Flags().String("reason", "", "Why, for the audit log")
	cmd.Flags().String("ticket", "", "Where it was asked for, for the audit log")
	cmd.Flags().Bool("dry-run", false, "Check the change, without making it")
}

// riskFlag is the flag of a change that may open what a carrier marks as high risk.
const riskFlag = "acknowledge-high-risk"

func addRiskFlag(cmd *cobra.Command) {
	cmd.Flags().Bool(riskFlag, false, "That you know of the risk, where there is one")
}

// call is a request to the management API of a running gate.
type call struct {
	method, path string
	query        url.Values
	// body is sent as JSON; nil is none.
	body any
}

// termsOf are the parameters that the flags of a change stand for.
func termsOf(cmd *cobra.Command) url.Values {
	query := make(url.Values)
	for _, name := range []string{"reason", "ticket"} {
		if text, _ := cmd.Flags().GetString(name); text != "" {
			query.Set(name, text)
		}
	}
	if dry, _ := cmd.Flags().GetBool("dry-run"); dry {
		query.Set("dry_run", "true")
	}
	if known, _ := cmd.Flags().GetBool(riskFlag); known {
		query.Set("acknowledge_high_risk", "true")
	}
	return query
}

// refusal is a request that a running gate answers with a problem: the answer is no.
type refusal struct {
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Errors []struct {
		Message  string `json:"message"`
		Location string `json:"location"`
	} `json:"errors"`
}

// Error is what the gate says, and of which part if it says that.
func (r *refusal) Error() string {
	text := []string{r.Detail}
	for _, e := range r.Errors {
		if !strings.Contains(r.Detail, e.Message) {
			text = append(text, strings.TrimPrefix(e.Location+": "+e.Message, ": "))
		}
	}
	return asFlags.Replace(strings.Join(text, "\n"))
}

// asFlags makes of a member that the gate asks for the flag that stands for it.
var asFlags = strings.NewReplacer(
	"repeat the request with acknowledge_high_risk=true", "repeat the command with --"+riskFlag,
	"acknowledge_high_risk: must be true", "--"+riskFlag+" is needed",
)

// gateStatus is the status of a command that a running gate answered so.
func gateStatus(err error) (int, error) {
	if r := (*refusal)(nil); errors.As(err, &r) && r.Status < http.StatusInternalServerError {
		return exitNo, err
	}
	return exitTrouble, err
}

// do asks a running gate and reads its answer into a value: as JSON, or as it is into a
// *[]byte. A problem is a *refusal.
func (c call) do(cmd *cobra.Command, answer any) (http.Header, error) {
	if err := checkWords(cmd); err != nil {
		return nil, err
	}
	address, err := adminAddress(cmd)
	if err != nil {
		return nil, err
	}
	request, err := c.request(cmd.Context(), address)
	if err != nil {
		return nil, err
	}
	return sendRequest(request, address, answer)
}

// sendRequest sends a request to an admin endpoint and reads its answer as do does.
func sendRequest(request *http.Request, address string, answer any) (http.Header, error) {
	client, err := adminClient(address)
	if err != nil {
		return nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("asking the running gate (is it running, and is its admin endpoint on? see --address): %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the answer of the running gate: %w", err)
	}
	if response.StatusCode >= http.StatusBadRequest {
		return nil, refusalOf(response, text)
	}
	if plain, ok := answer.(*[]byte); ok {
		*plain = text
		return response.Header, nil
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return nil, fmt.Errorf("reading the answer of the running gate: %w", err)
	}
	return response.Header, nil
}

// refusalOf reads a problem, or an error of Caddy's admin endpoint.
func refusalOf(response *http.Response, text []byte) error {
	r := &refusal{}
	var ofCaddy struct{ Error string }
	switch {
	case json.Unmarshal(text, r) == nil && r.Detail != "":
	case json.Unmarshal(text, &ofCaddy) == nil && ofCaddy.Error != "":
		r.Detail = ofCaddy.Error
	default:
		r.Detail = fmt.Sprintf("the gate answers %s: is it of another version?", response.Status)
	}
	r.Status = response.StatusCode
	return r
}

func (c call) request(ctx context.Context, address string) (*http.Request, error) {
	var body io.Reader
	if c.body != nil {
		text, err := json.Marshal(c.body)
		if err != nil {
			return nil, fmt.Errorf("writing the request: %w", err)
		}
		body = bytes.NewReader(text)
	}
	path := strings.TrimSuffix(app.ManagementEndpoint, "/") + c.path
	if len(c.query) > 0 {
		path += "?" + c.query.Encode()
	}
	request, err := adminRequest(ctx, c.method, address, path, body)
	if err == nil && body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, err
}

// adminRequest is a request to an admin endpoint, for a path with its query.
func adminRequest(ctx context.Context, method, address, path string, body io.Reader) (*http.Request, error) {
	origin := "http://127.0.0.1" // of a socket, only the path counts
	if parsed, err := caddy.ParseNetworkAddress(address); err == nil && !parsed.IsUnixNetwork() && !parsed.IsFdNetwork() {
		origin = "http://" + parsed.JoinHostPort(0)
	}
	request, err := http.NewRequestWithContext(ctx, method, origin+path, body)
	if err != nil {
		return nil, fmt.Errorf("writing the request: %w", err)
	}
	request.Header.Set("Origin", origin) // an endpoint may enforce it
	return request, nil
}

// adminClient is a client of an admin endpoint, which may be a socket. Caddy's own hides the
// answer behind a text where it is an error.
func adminClient(address string) (*http.Client, error) {
	parsed, err := caddy.ParseNetworkAddress(address)
	if err != nil || parsed.PortRangeSize() > 1 {
		return nil, fmt.Errorf("the address %q is not that of an admin endpoint: write host:port or unix//path", address)
	}
	network, target := parsed.Network, parsed.JoinHostPort(0)
	if parsed.IsUnixNetwork() {
		target, _, _ = strings.Cut(target, "|") // its permissions
	}
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, target)
		},
	}}, nil
}

// changeAnswer is what the gate answers to a change.
type changeAnswer struct {
	Revision string          `json:"revision"`
	Changed  bool            `json:"changed"`
	DryRun   bool            `json:"dry_run,omitempty"`
	ID       string          `json:"id,omitempty"`
	Document json.RawMessage `json:"document,omitempty"`
	Opens    *int            `json:"opens,omitempty"`
	Closes   *int            `json:"closes,omitempty"`
	// Difference is what a dry run would open, close and change.
	Difference []review.Change   `json:"difference,omitempty"`
	Concerned  *review.Concerned `json:"concerned,omitempty"`
	api.InUse
}

// change makes a change and says so. What is about what, as in "account acme".
func change(cmd *cobra.Command, c call, what string) (int, error) {
	c.query = termsOf(cmd)
	var text json.RawMessage
	if _, err := c.do(cmd, &text); err != nil {
		return gateStatus(err)
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return printed(writeIndented(cmd.OutOrStdout(), text))
	}
	var answer changeAnswer
	if err := json.Unmarshal(text, &answer); err != nil {
		return exitTrouble, fmt.Errorf("reading the answer of the running gate: %w", err)
	}
	return printed(answer.write(cmd.OutOrStdout(), what))
}

// write says in one line what was done, and below what a dry run would open and close.
func (a *changeAnswer) write(w io.Writer, what string) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s, revision %s", what, a.words(), a.Revision)
	if a.Opens != nil && a.Closes != nil && a.Changed {
		fmt.Fprintf(&text, ", %d open, %d close", *a.Opens, *a.Closes)
	}
	if a.ID != "" && !a.DryRun && !strings.Contains(what, a.ID) {
		fmt.Fprintf(&text, ", ID %s", a.ID)
	}
	if err := a.writeDifference(&text); err != nil {
		return err
	}
	writeInUse(&text, a.InUse)
	for line := range strings.SplitSeq(text.String(), "\n") {
		if _, err := fmt.Fprintln(w, review.Visible(line)); err != nil {
			return err
		}
	}
	return nil
}

// writeDifference writes the changes of a dry run: account by account, if others than the one
// that is changed are concerned.
func (a *changeAnswer) writeDifference(text *strings.Builder) error {
	if a.Concerned == nil || len(a.Difference) == 0 {
		for i := range a.Difference {
			fmt.Fprintf(text, "\n  %-7s  %s", a.Difference[i].Direction, a.Difference[i].Text)
		}
	} else {
		var changes strings.Builder
		if err := review.WriteChanges(&changes, a.Difference); err != nil {
			return err
		}
		text.WriteString("\n" + strings.TrimRight(changes.String(), "\n"))
	}
	if more := a.Concerned.Text(); more != "" {
		text.WriteString("\n" + more)
	}
	return nil
}

// words say what was done.
func (a *changeAnswer) words() string {
	words := "changed"
	if !a.Changed {
		return "as it was"
	}
	if a.Document == nil {
		words = "deleted"
	}
	if a.DryRun {
		return "would be " + words
	}
	return words
}

// printed is the end of a command whose answer was written.
func printed(err error) (int, error) {
	if err != nil {
		return exitTrouble, fmt.Errorf("writing the answer: %w", err)
	}
	return exitYes, nil
}
