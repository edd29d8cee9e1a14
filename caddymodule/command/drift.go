package command

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/permissions"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/remote"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const driftUsage = "[--policy <file>|--config <file>|--running] " + carrierUsage + " [--only wider|narrower] [--json] [--address <address>]"

func buildDrift(cmd *cobra.Command) {
	cmd.Long = `
Shows where the permissions of an account at Twilio are wider than those of a policy, so that
the gate alone refuses, or narrower, so that Twilio refuses what the gate permits.

Permission sets are compared. Rules, openings, limits and suspensions do not count, nor do
channels other than messaging and voice. Where Twilio has one entry for several territories and
the policy permits some of them, Twilio cannot say the same: this is shown, marked, and does not
count.` + carrierHelp + `

The status is 0 if there is no difference, 1 if there is one, and 2 if an account could not be
compared. With --only, the other direction does not count.`
	cmd.Example = `  tollgate drift --policy policy.yaml --subaccounts
  tollgate drift --running --only narrower --json`
	addAnyPolicyFlags(cmd)
	addCarrierFlags(cmd)
	cmd.Flags().String("only", "", "Show only what is wider, or only what is narrower")
	cmd.Flags().Bool("json", false, "Print JSON")
	_ = cmd.RegisterFlagCompletionFunc("only", cobra.FixedCompletions(permissions.Directions, cobra.ShellCompDirectiveNoFileComp))
	run(cmd, drift)
}

// driftReport is what differs, by account.
type driftReport struct {
	Accounts []driftOfAccount `json:"accounts"`
	// Unread are the accounts that could not be read.
	Unread []string `json:"unread"`
}

type driftOfAccount struct {
	Account string `json:"account"`
	Label   string `json:"label,omitempty"`
	// Stated says that the policy names the account. Another one has the default.
	Stated      bool       `json:"stated"`
	Differences []driftRow `json:"differences"`
}

// driftRow is an entry of the carrier's that differs.
type driftRow struct {
	Direction permissions.Direction `json:"direction"`
	Channel   string                `json:"channel"`
	// Class of the calls; messages have none.
	Class     string `json:"class,omitempty"`
	Entry     string `json:"entry"`
	EntryName string `json:"entry_name"`
	// Territories of the entry that differ, and those that do not.
	Territories []string `json:"territories"`
	Others      []string `json:"others,omitempty"`
	// Example is a number, with "+", or empty if the numbering plan has none.
	Example string `json:"example,omitempty"`
	// Forced says that the carrier cannot be narrower without being so for the others.
	Forced bool `json:"forced,omitempty"`
}

func drift(cmd *cobra.Command, args []string) (int, error) {
	if len(args) > 0 {
		return exitTrouble, errors.New("drift takes no arguments: name a policy with --policy, --config or --running")
	}
	only, _ := cmd.Flags().GetString("only")
	if only != "" && !slices.Contains(permissions.Directions, only) {
		return exitTrouble, fmt.Errorf("--only cannot be %q%s", only, config.DidYouMean(only, permissions.Directions))
	}
	loaded, err := anyPolicyOf(cmd)
	if err != nil {
		return exitTrouble, err
	}
	accounts, err := carrierAccounts(cmd)
	if err != nil {
		return exitTrouble, err
	}
	noteOthers(cmd, loaded, accounts)
	read, unread := readAll(cmd, accounts)
	report := driftReport{Accounts: []driftOfAccount{}, Unread: append([]string{}, unread...)}
	for _, a := range read {
		report.Accounts = append(report.Accounts, driftOf(cmd, loaded, a, permissions.Direction(only)))
	}
	write := writeDrift
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		write = writeIndented[driftReport]
	}
	if err := write(cmd.OutOrStdout(), report); err != nil {
		return exitTrouble, fmt.Errorf("writing the answer: %w", err)
	}
	return report.status(), nil
}

func (r *driftReport) status() int {
	if len(r.Unread) > 0 {
		return exitTrouble
	}
	for i := range r.Accounts {
		if slices.ContainsFunc(r.Accounts[i].Differences, func(row driftRow) bool { return !row.Forced }) {
			return exitNo
		}
	}
	return exitYes
}

// subjectAtCarrier is an account by the policy.
func subjectAtCarrier(loaded *reload.Loaded, id string) policy.Subject {
	return loaded.Snapshot.SubjectOf(policy.CarrierAccount{Carrier: remote.Carrier, ID: id})
}

// noteOthers says which accounts the policy has at the carrier that are not asked for there.
func noteOthers(cmd *cobra.Command, loaded *reload.Loaded, accounts []remote.Account) {
	var others []string
	for a := range loaded.Snapshot.Listed() {
		id := loaded.Snapshot.IDAt(remote.Carrier, a.ID())
		if id != "" && !slices.ContainsFunc(accounts, func(a remote.Account) bool { return a.ID == id }) {
			others = append(others, id)
		}
	}
	if len(others) == 0 {
		return
	}
	slices.Sort(others)
	most := min(len(others), 5)
	more := ""
	if len(others) > most {
		more = fmt.Sprintf(" and %d more", len(others)-most)
	}
	printNote(cmd, "accounts of the policy that are not asked for here: %s%s", strings.Join(others[:most], ", "), more)
}

// driftOf compares an account, and notes what cannot be.
func driftOf(cmd *cobra.Command, loaded *reload.Loaded, a *remote.Account, only permissions.Direction) driftOfAccount {
	subject := subjectAtCarrier(loaded, a.ID)
	found := driftOfAccount{Account: a.ID, Label: a.Label, Stated: subject.IsStated(), Differences: []driftRow{}}
	for _, channel := range geo.Channels {
		noteUncompared(cmd, a, channel, &subject)
		for _, d := range permissions.Compare(&a.Account, channel, &subject) {
			if only == "" || d.Direction == only {
				found.Differences = append(found.Differences, rowOf(&d))
			}
		}
	}
	return found
}

// noteUncompared says of what the two lists of a channel have no more than one.
func noteUncompared(cmd *cobra.Command, a *remote.Account, channel policy.Channel, subject *policy.Subject) {
	if unlisted := permissions.Unlisted(&a.Account, channel, subject); len(unlisted) > 0 {
		printNote(cmd, "account %s: the policy permits %s to %s, for which the carrier has no entry", a.ID, channel, strings.Join(codesOf(unlisted), " "))
	}
	if unknown := a.Lists[channel].Unknown(channel); len(unknown) > 0 {
		printNote(cmd, "account %s: the carrier has entries for %s that are not compared, as their territories are not known: %s", a.ID, channel, strings.Join(unknown, " "))
	}
}

func rowOf(d *permissions.Difference) driftRow {
	row := driftRow{
		Direction: d.Direction, Channel: d.Channel.String(), Entry: d.Entry.Code, EntryName: d.Entry.Name,
		Territories: codesOf(d.Territories), Others: codesOf(d.Others), Forced: d.IsForced(),
	}
	if d.Channel == policy.Voice {
		row.Class = d.Class.String()
	}
	if example := d.Example(); example != "" {
		row.Example = "+" + example
	}
	return row
}

func codesOf(territories []numbering.Territory) (codes []string) {
	for _, t := range territories {
		codes = append(codes, t.String())
	}
	return codes
}

// what is what a row is about, in words.
func (r *driftRow) what() string {
	words := strings.TrimSpace(r.Channel+" "+r.Class) + "  " + r.Entry
	if r.EntryName != r.Entry {
		words += " " + r.EntryName
	}
	if len(r.Others) > 0 {
		words += ": " + strings.Join(r.Territories, " ")
	}
	if r.Example != "" {
		words += ", such as " + r.Example
	}
	return words
}

func writeDrift(w io.Writer, r driftReport) error {
	var text strings.Builder
	wider, narrower, forced := 0, 0, 0
	for i := range r.Accounts {
		a := &r.Accounts[i]
		if len(a.Differences) == 0 {
			continue
		}
		text.WriteString(a.heading() + "\n")
		for j := range a.Differences {
			row := &a.Differences[j]
			words := row.what()
			switch {
			case row.Forced:
				words += "; the carrier has no finer entry than for " + strings.Join(append(row.Territories, row.Others...), " ")
				forced++
			case row.Direction == permissions.Wider:
				wider++
			default:
				narrower++
			}
			fmt.Fprintf(&text, "  %-8s  %s\n", row.Direction, words)
		}
		text.WriteString("\n")
	}
	if wider+narrower == 0 {
		text.WriteString("NO DIFFERENCE")
	} else {
		fmt.Fprintf(&text, "%d wider, %d narrower", wider, narrower)
	}
	fmt.Fprintf(&text, "  %s compared", counted(len(r.Accounts), "account"))
	if forced > 0 {
		fmt.Fprintf(&text, "; %d wider, since the carrier has no finer entry", forced)
	}
	return writeVisible(w, text.String())
}

func (a *driftOfAccount) heading() string { return accountHeading(a.Account, a.Label, a.Stated) }

// accountHeading names an account at the carrier.
func accountHeading(id, label string, stated bool) string {
	text := "account " + id
	if label != "" {
		text += fmt.Sprintf(" %q", label)
	}
	if !stated {
		text += ", which the policy does not name"
	}
	return text
}

// writeVisible writes lines of which a terminal acts on nothing.
func writeVisible(w io.Writer, text string) error {
	for line := range strings.SplitSeq(text, "\n") {
		if _, err := fmt.Fprintln(w, review.Visible(line)); err != nil {
			return err
		}
	}
	return nil
}
