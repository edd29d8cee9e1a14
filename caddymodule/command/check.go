package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/internal/suggest"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const checkUsage = "[<file>|--policy <file>|--config <file>] [--enabled <territory>,…|<file>|- --account <account>,…|--all-accounts [--channel <channel>,…] [--verification] [--class <class>,…] [--from <sender>,…] [--exactly] [--at <time>]] [--rules] [--json|--format text|json|sarif|github]"

func buildCheck(cmd *cobra.Command) {
	cmd.Long = `
Reads a policy and names every mistake in it. The file is a policy file, or a
configuration of Caddy with the policy file that it names.

With --enabled, checks what must be enabled: territories with commas between them,
or a file of numbers and territories, one a line ("-" is standard input), in which
"#" begins a comment. What is not enabled is listed, for each
account, by each channel. With --from, for each sender by itself. With --exactly,
territories that are enabled and not required are listed too.

With --rules, prints what each prefix rule covers: the territories, a number of each,
and for how many accounts it makes a difference. Without it, only wide rules are named:
those that cover several territories, or allow all of one.

With --format sarif or github, prints mistakes and warnings for a pull request.

The status is 0 if the policy is valid and everything is as required, 1 if not, and
2 if it could not be checked.`
	cmd.Example = `  tollgate check policy.yaml
  tollgate check policy.yaml --format sarif >policy.sarif
  tollgate check policy.yaml --all-accounts --channel messaging --enabled US,CA,GB
  tollgate check policy.yaml --account AC11111111111111111111111111111111 --channel voice --from +14155550100,+14155550101 --enabled numbers.txt`
	addPolicyFlags(cmd)
	cmd.Flags().String("enabled", "", `What must be enabled: territories with commas between them, `+
		`or a file of numbers and territories ("-" is standard input)`)
	cmd.Flags().StringSliceP("account", "a", nil, "The accounts to check, by their names or ids")
	cmd.Flags().Bool("all-accounts", false, "Check every account of the policy")
	cmd.Flags().StringSlice("channel", nil, "messaging, voice, whatsapp or rcs (default: messaging and voice, and of the others those that the policy states)")
	cmd.Flags().Bool("verification", false, "Check verification codes, which the carrier itself sends")
	cmd.Flags().StringSlice("class", nil, "The risk classes of voice that must be enabled (default: low_risk)")
	cmd.Flags().StringSlice("from", nil, "The senders, each of which must be allowed to reach everything")
	cmd.Flags().Bool("exactly", false, "Nothing else may be enabled")
	cmd.Flags().String("at", "", "When: a date or an RFC 3339 time (default: now)")
	cmd.Flags().Bool("rules", false, "Print what each prefix rule covers, and not only the wide ones")
	cmd.Flags().Bool("json", false, "Print JSON: --format json")
	cmd.Flags().String("format", "text", "What to print: text, json, sarif or github (workflow commands)")
	run(cmd, check)
}

func check(cmd *cobra.Command, args []string) (int, error) {
	format, err := formatOf(cmd)
	if err != nil {
		return exitTrouble, err
	}
	loaded, err := checkedPolicy(cmd, args)
	if err != nil {
		if status := statusOf(err); status != exitNo || format == "text" {
			return status, err
		}
		invalid := validity{Mistakes: review.Mistakes(err)}
		return exitNo, invalid.write(cmd.OutOrStdout(), format, policyName(cmd, args))
	}
	atText, _ := cmd.Flags().GetString("at")
	at, err := review.ParseAt(atText)
	if err != nil {
		return exitTrouble, err
	}
	if !cmd.Flags().Changed("enabled") {
		for _, name := range []string{"account", "all-accounts", "channel", "verification", "class", "from", "exactly"} {
			if cmd.Flags().Changed(name) {
				return exitTrouble, fmt.Errorf("--%s needs --enabled: say what must be enabled", name)
			}
		}
		allRules, _ := cmd.Flags().GetBool("rules")
		valid := newValidity(loaded, at, allRules || format == "json")
		valid.showRules = allRules
		return exitYes, valid.write(cmd.OutOrStdout(), format, policyName(cmd, args))
	}
	if cmd.Flags().Changed("rules") || format != "text" && format != "json" {
		return exitTrouble, errors.New("--enabled lists what is not as required, in text or JSON: leave it out to check the policy itself")
	}
	requirement, err := requirementOf(cmd, loaded)
	if err != nil {
		return exitTrouble, err
	}
	report := requirement.Check(app.Explainer(&loaded.Rules), at)
	write := review.WriteReport
	if format == "json" {
		write = writeIndented[*review.Report]
	}
	if err := write(cmd.OutOrStdout(), report); err != nil {
		return exitTrouble, err
	}
	if !report.Met() {
		return exitNo, nil
	}
	return exitYes, nil
}

// checkedPolicy loads the policy that the argument or the flags name.
func checkedPolicy(cmd *cobra.Command, args []string) (*reload.Loaded, error) {
	if len(args) == 0 {
		return policyOf(cmd)
	}
	if len(args) > 1 {
		return nil, errUnexpected{args[1]}
	}
	if cmd.Flags().Changed("policy") || cmd.Flags().Changed("config") {
		return nil, errNamedTwice
	}
	return loadAny(cmd, args[0])
}

// errUnexpected is one argument too many.
type errUnexpected struct{ argument string }

// Error implements error.
func (e errUnexpected) Error() string {
	return fmt.Sprintf("unexpected %q: name one policy, and write territories with commas between them", e.argument)
}

// statusOf tells a policy with a mistake from one that could not be read.
func statusOf(err error) int {
	if errors.Is(err, errNamedTwice) || errors.Is(err, errNoPolicy) || errors.As(err, new(*fs.PathError)) || errors.As(err, new(errUnexpected)) {
		return exitTrouble
	}
	return exitNo
}

// requirementOf reads what must be enabled from the flags.
func requirementOf(cmd *cobra.Command, loaded *reload.Loaded) (*review.Requirement, error) {
	var r review.Requirement
	for _, text := range listFlag(cmd, "account") {
		account, err := review.ParseAccount(carriers.All(), text)
		if err != nil {
			return nil, errors.Join(err, review.LabelHint(&loaded.Compiled.Definition, text))
		}
		found, err := review.ResolveAccounts(carriers.All(), loaded.Snapshot, account)
		if err != nil {
			return nil, errors.Join(err, review.LabelHint(&loaded.Compiled.Definition, text))
		}
		if !loaded.Snapshot.Names(found[0]) {
			return nil, fmt.Errorf("account %s is not in the policy: the default applies to it", account)
		}
		r.Accounts = append(r.Accounts, found...)
	}
	if r.Default, _ = cmd.Flags().GetBool("all-accounts"); r.Default {
		if len(r.Accounts) > 0 {
			return nil, errors.New("--account and --all-accounts cannot be used together")
		}
		for _, a := range loaded.Compiled.Definition.Accounts {
			r.Accounts = append(r.Accounts, a.At...)
		}
	}
	if len(r.Accounts) == 0 {
		return nil, errors.New("no account to check: add --account or --all-accounts")
	}
	for _, name := range listFlag(cmd, "channel") {
		channel, ok := policy.ParseChannel(name)
		if !ok {
			return nil, fmt.Errorf("unknown channel %q%s", name, config.DidYouMean(name, policy.ChannelNames))
		}
		r.Channels = append(r.Channels, channel)
	}
	for _, name := range listFlag(cmd, "class") {
		class, ok := policy.ParseClass(name)
		if !ok {
			return nil, fmt.Errorf("unknown risk class %q%s", name, config.DidYouMean(name, config.Classes()))
		}
		r.Classes = append(r.Classes, class)
	}
	r.Verification, _ = cmd.Flags().GetBool("verification")
	r.Senders = listFlag(cmd, "from")
	for _, sender := range r.Senders {
		if err := config.CheckSender(carriers.All(), sender); err != nil {
			return nil, err
		}
	}
	r.Exactly, _ = cmd.Flags().GetBool("exactly")
	enabled, _ := cmd.Flags().GetString("enabled")
	return &r, addEnabled(cmd, &r, enabled)
}

// addEnabled adds what must be enabled: a list of territories and numbers, or the file
// that has it.
func addEnabled(cmd *cobra.Command, r *review.Requirement, enabled string) error {
	if enabled == "none" {
		return nil
	}
	var list io.Reader = strings.NewReader(enabled)
	inFile := enabled == "-" || isFile(enabled)
	if inFile {
		file, err := openInput(cmd, enabled)
		if err != nil {
			return fmt.Errorf("reading what must be enabled: %w", err)
		}
		defer file.Close()
		list = file
	}
	for item, err := range itemsOf(list) {
		if err != nil {
			return fmt.Errorf("reading what must be enabled: %s: %w", shownName(enabled), err)
		}
		t, isTerritory := numbering.ParseTerritory(item.text)
		group, isGroup := numbering.ParseGroup(item.text)
		switch {
		case isTerritory:
			r.Territories = append(r.Territories, t)
		case isGroup:
			r.Territories = append(r.Territories, group.Members()...)
		case item.text == "*":
			r.Territories = slices.AppendSeq(r.Territories, numbering.AllTerritories())
		case !inFile && looksLikeFile(item.text):
			return fmt.Errorf("reading what must be enabled: there is no file %q", item.text)
		case strings.ContainsAny(item.text, "0123456789"):
			r.Numbers = append(r.Numbers, item.text)
		case inFile:
			return fmt.Errorf("%s:%d: %w", shownName(enabled), item.line, unknownRequirement(item.text, "a number"))
		default:
			return unknownRequirement(item.text, "a file")
		}
	}
	if len(r.Territories)+len(r.Numbers) == 0 {
		return errors.New("nothing to check: --enabled names no territory and no number")
	}
	return nil
}

// unknownRequirement is the error about what is not a territory, nor what else it may be.
func unknownRequirement(text, other string) error {
	err := fmt.Errorf("%q is not a territory or %s", text, other)
	if codes := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\t' || r == ';' }); len(codes) > 1 && areTerritories(codes) {
		return fmt.Errorf("%w: write commas between territories, as in %s", err, strings.Join(codes, ","))
	}
	if suggest.IsAll(text) {
		return fmt.Errorf(`%w, did you mean "*"?`, err)
	}
	return fmt.Errorf("%w%s", err, suggest.TerritoryHint(text))
}

// areTerritories reports whether each text is a territory or a group of them.
func areTerritories(texts []string) bool {
	return !slices.ContainsFunc(texts, func(text string) bool {
		_, isTerritory := numbering.ParseTerritory(text)
		_, isGroup := numbering.ParseGroup(text)
		return !isTerritory && !isGroup
	})
}

// looksLikeFile reports whether a text is the name of a file rather than a number or an
// address: it has a folder, or an extension of letters.
func looksLikeFile(text string) bool {
	if strings.ContainsAny(text, "+@:") {
		return false
	}
	extension := strings.TrimPrefix(filepath.Ext(text), ".")
	isLetter := func(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
	return strings.ContainsAny(text, `/\`) || extension != "" && strings.TrimFunc(extension, isLetter) == ""
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}
