package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

// validity is the answer to whether a policy is valid.
type validity struct {
	Valid    bool            `json:"valid"`
	Mistakes []review.Remark `json:"mistakes,omitempty"`
	Revision string          `json:"revision,omitempty"`
	Accounts int             `json:"accounts"`
	// Ended are rules, suspensions, monitor and observe that no longer apply.
	Ended []string `json:"ended,omitempty"`
	// Warnings say what the policy says that its author may not mean.
	Warnings []review.Remark `json:"warnings,omitempty"`
	// Rules are what each prefix rule covers.
	Rules []review.RuleReach `json:"rules,omitempty"`

	// showRules says that text has the rules, too.
	showRules bool
}

// formats are what a check can be printed in.
var formats = []string{"text", "json", "sarif", "github"}

// formatOf is the format that the flags name.
func formatOf(cmd *cobra.Command) (string, error) {
	format, _ := cmd.Flags().GetString("format")
	asJSON, _ := cmd.Flags().GetBool("json")
	switch {
	case !slices.Contains(formats, format):
		return "", fmt.Errorf("--format cannot be %q%s", format, config.DidYouMean(format, formats))
	case asJSON && cmd.Flags().Changed("format") && format != "json":
		return "", errors.New("--json and --format name two formats: leave one out")
	case asJSON:
		return "json", nil
	}
	return format, nil
}

// policyName is how the policy that was checked is named.
func policyName(cmd *cobra.Command, args []string) string {
	if len(args) > 0 {
		return shownName(args[0])
	}
	for _, flag := range []string{"policy", "config"} {
		if name, _ := cmd.Flags().GetString(flag); name != "" {
			return shownName(name)
		}
	}
	return "Caddyfile"
}

// reviewed is a policy that was loaded, as it is reviewed.
func reviewed(loaded *reload.Loaded) review.Reviewed {
	return review.Reviewed{
		Side:        review.Side{Compiled: loaded.Compiled, Snapshot: loaded.Snapshot, Plan: loaded.Plan},
		Document:    loaded.Document,
		Sources:     loaded.Sources,
		HighRisk:    geo.HighRisk,
		IsEmergency: carriers.All().IsEmergency,
	}
}

// newValidity is the answer about a valid policy, with what all rules cover if that is
// asked for.
func newValidity(loaded *reload.Loaded, at time.Time, allRules bool) validity {
	policy := reviewed(loaded)
	v := validity{
		Valid:    true,
		Revision: loaded.Snapshot.Revision(),
		Accounts: len(loaded.Document.Accounts),
		Ended:    review.Ended(loaded.Snapshot, at),
		Rules:    policy.Rules(at, allRules),
	}
	for _, warning := range loaded.Warnings() {
		v.Warnings = append(v.Warnings, review.Remark{Code: review.OpenVoice, Text: warning})
	}
	v.Warnings = append(v.Warnings, policy.Warnings(v.Rules, at)...)
	return v
}

// write writes the answer in a format. Name is that of the policy.
func (v *validity) write(w io.Writer, format, name string) error {
	switch format {
	case "json":
		return writeIndented(w, v)
	case "sarif", "github":
		directory, err := os.Getwd()
		if err != nil {
			return fmt.Errorf("finding the working directory: %w", err)
		}
		if format == "sarif" {
			return review.WriteSARIF(w, v.remarks(name), directory)
		}
		return review.WriteWorkflowCommands(w, v.remarks(name), directory)
	}
	return v.writeText(w)
}

// remarks are all of them. Those that are about no line are about the policy as a whole.
func (v *validity) remarks(name string) []review.Remark {
	remarks := slices.Concat(v.Mistakes, v.Warnings)
	for _, statement := range v.Ended {
		remarks = append(remarks, review.Remark{Code: review.EndedRule, Text: "ended: " + statement})
	}
	for i := range remarks {
		if remarks[i].File == "" {
			remarks[i].File = name
		}
	}
	return remarks
}

func (v *validity) writeText(w io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "valid: %s, revision %s\n", counted(v.Accounts, "account"), v.Revision)
	for _, statement := range v.Ended {
		text.WriteString("ended: " + statement + "\n")
	}
	for i := range v.Warnings {
		text.WriteString("warning: " + review.Visible(v.Warnings[i].String()) + "\n")
	}
	if v.showRules {
		if err := review.WriteRules(&text, v.Rules); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, text.String())
	return err
}
