package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/permissions"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/remote"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/policy"
)

const mirrorUsage = "[--policy <file>|--config <file>|--running] " + carrierUsage +
	" [--apply] [--close] [--widen] [--acknowledge-high-risk] [--end-inheritance] [--address <address>]"

func buildMirror(cmd *cobra.Command) {
	cmd.Long = `
Writes the permission sets of a policy to Twilio, so that both say the same: rules, openings,
limits and suspensions are not written. Prints what it would open and close, and with --apply
does so, reads Twilio's permissions again and says what is not as it should be.

It opens what the policy permits. By flags alone, it closes what the policy does not permit,
opens an entry of Twilio's of which the policy permits a part, opens what Twilio calls high
risk, and ends that the calls of a subaccount inherit. An account that the policy does not name
is left as it is.

What a rule or an opening allows a part of, what is only recorded, and what a subaccount may
inherit whose policy permits it, is not closed. An interrupt ends it before the next account.` + carrierHelp + `

The status is 0 if Twilio permits all that the policy does, 1 if not, and 2 if an account could
not be read or written.`
	cmd.Example = `  tollgate mirror --policy policy.yaml
  tollgate mirror --policy policy.yaml --subaccounts --close --apply`
	addAnyPolicyFlags(cmd)
	addCarrierFlags(cmd)
	addRiskFlag(cmd)
	flags := cmd.Flags()
	flags.Bool("apply", false, "Do it (default: print what would be done)")
	flags.Bool(permissions.MissingClose, false, "Close what the policy does not permit")
	flags.Bool(permissions.MissingWiden, false, "Open entries of which the policy permits a part only")
	flags.Bool(permissions.MissingEndInheritance, false, "End that calls of a subaccount are by the permissions of its parent")
	run(cmd, mirror)
}

// mirroring is a run of the command.
type mirroring struct {
	cmd      *cobra.Command
	loaded   *reload.Loaded
	choices  permissions.Choices
	apply    bool
	accounts []remote.Account
	// unread are the IDs of subaccounts that could not be read.
	unread []string
	// openings are those of the store of a running gate, by account at the carrier.
	openings map[string][]policy.Opening
	// planned are the lists for calls that a dry run would leave behind, by account: a subaccount
	// may inherit one.
	planned map[string]permissions.List
	// left counts what Twilio does not permit afterwards, and the policy does.
	left int
}

func mirror(cmd *cobra.Command, args []string) (int, error) {
	if len(args) > 0 {
		return exitTrouble, errors.New("mirror takes no arguments: name a policy with --policy, --config or --running")
	}
	m := mirroring{cmd: cmd, planned: make(map[string]permissions.List)}
	m.apply, _ = cmd.Flags().GetBool("apply")
	m.choices.Close, _ = cmd.Flags().GetBool(permissions.MissingClose)
	m.choices.Widen, _ = cmd.Flags().GetBool(permissions.MissingWiden)
	m.choices.AcknowledgeHighRisk, _ = cmd.Flags().GetBool(riskFlag)
	m.choices.EndInheritance, _ = cmd.Flags().GetBool(permissions.MissingEndInheritance)
	var err error
	if m.loaded, err = anyPolicyOf(cmd); err != nil {
		return exitTrouble, err
	}
	if m.accounts, err = carrierAccounts(cmd); err != nil {
		return exitTrouble, err
	}
	noteOthers(cmd, m.loaded, m.accounts)
	if !m.apply {
		printNote(cmd, "this is a dry run: --apply does it")
	}
	if m.choices.Close {
		_, m.unread = readAll(cmd, m.accounts[1:])
		if running, _ := cmd.Flags().GetBool("running"); running {
			if m.openings, err = storedOpenings(cmd, m.loaded); err != nil {
				return exitTrouble, err
			}
		}
	}
	failed := m.all()
	switch {
	case failed:
		return exitTrouble, nil
	case m.left > 0:
		return exitNo, nil
	}
	return exitYes, nil
}

// all mirrors the accounts one after the other, and reports whether one failed. An interrupt ends
// it between two of them, so that none is left half written; a second one ends the program.
func (m *mirroring) all() (failed bool) {
	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(interrupted, stop)
	for i := range m.accounts { // the parent first, of which others may inherit
		id := m.accounts[i].ID
		if interrupted.Err() != nil {
			m.cmd.PrintErrln("error:", review.Visible(fmt.Sprintf("interrupted: account %s and those after it are left as they are", id)))
			return true
		}
		if err := m.account(&m.accounts[i]); err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				m.cmd.PrintErrln("error:", review.Visible(fmt.Sprintf("account %s: %s", id, line)))
			}
			failed = true
		}
	}
	return failed
}

// account makes the permissions of one account those of the policy, or says what it would do.
func (m *mirroring) account(a *remote.Account) error {
	subject := subjectAtCarrier(m.loaded, a.ID)
	if !subject.IsStated() {
		printNote(m.cmd, "account %s is left as it is: the policy does not name it", a.ID)
		return nil
	}
	if err := a.Read(); err != nil {
		return err
	}
	if list, ok := m.planned[a.Parent]; ok && a.Inherits {
		a.Lists[policy.Voice] = list
	}
	var steps []permissions.Step
	for _, channel := range geo.Channels {
		if _, holder := subject.StatedSets(channel); channel == policy.Voice && a.Inherits && holder == policy.ItsParent {
			printNote(m.cmd, "account %s: its calls inherit at the carrier and in the policy, so they are as those of its parent", a.ID)
			continue
		}
		noteUncompared(m.cmd, a, channel, &subject)
		steps = append(steps, permissions.Plan(&a.Account, permissions.Compare(&a.Account, channel, &subject), m.choices)...)
	}
	permissions.Keep(steps, &a.Account, m.permitted(a.ID), m.below(a), time.Now())
	if err := m.print(a, steps); err != nil {
		return err
	}
	if !m.apply {
		m.planned[a.ID] = permissions.After(&a.Account, steps, policy.Voice)
		for i := range steps {
			if steps[i].Opens() {
				m.left++
			}
		}
		return nil
	}
	return m.write(a, steps)
}

// permitted is what an account may do by the policy and the openings of a store.
func (m *mirroring) permitted(id string) *permissions.Permitted {
	return &permissions.Permitted{Subject: subjectAtCarrier(m.loaded, id), Openings: m.openings[id]}
}

// below are the subaccounts of an account: those that are asked for, and of the others those that
// the policy has. Closing needs them, and has read those that are asked for.
func (m *mirroring) below(a *remote.Account) (found []permissions.Below) {
	if !m.choices.Close {
		return nil
	}
	for i := range m.accounts {
		if sub := &m.accounts[i]; sub.Parent == a.ID && sub.ID != a.ID {
			b := permissions.Below{ID: sub.ID, Permitted: *m.permitted(sub.ID)}
			if !slices.Contains(m.unread, sub.ID) {
				b.Account = &sub.Account
			}
			found = append(found, b)
		}
	}
	if several, _ := m.cmd.Flags().GetBool("subaccounts"); several {
		return found
	}
	named, _ := m.loaded.Snapshot.IDOf(policy.CarrierAccount{Carrier: remote.Carrier, ID: a.ID})
	for _, sub := range m.loaded.Snapshot.Subaccounts(named) {
		if id := m.loaded.Snapshot.IDAt(remote.Carrier, sub.ID()); id != "" {
			found = append(found, permissions.Below{ID: id, Permitted: *m.permitted(id)})
		}
	}
	return found
}

// print writes what is done, and what is not and why.
func (m *mirroring) print(a *remote.Account, steps []permissions.Step) error {
	var text strings.Builder
	text.WriteString(accountHeading(a.ID, a.Label, true))
	if len(steps) == 0 {
		text.WriteString(": nothing to do")
	}
	for i := range steps {
		row := rowOf(&steps[i].Difference)
		verb, missing := "closes", "closed"
		if steps[i].Opens() {
			verb, missing = "opens", "opened"
		}
		words := row.what()
		if steps[i].Missing != "" {
			verb, words = "leaves", words+fmt.Sprintf("; is not %s without --%s", missing, steps[i].Missing)
		}
		if steps[i].Kept != "" {
			verb, words = "leaves", words+"; is not "+missing+": "+steps[i].Kept
		}
		if steps[i].Opens() && len(row.Others) > 0 {
			words += "; the entry is for " + strings.Join(row.Others, " ") + " too, which the policy does not permit"
		}
		fmt.Fprintf(&text, "\n  %-6s  %s", verb, words)
	}
	return writeVisible(m.cmd.OutOrStdout(), text.String())
}

// write does the steps that are not left, and says which are not done afterwards.
func (m *mirroring) write(a *remote.Account, steps []permissions.Step) error {
	wanted := make(map[policy.Channel]permissions.List)
	for _, channel := range geo.Channels {
		wanted[channel] = permissions.After(&a.Account, steps, channel)
	}
	for i := range steps {
		if steps[i].IsLeft() && steps[i].Opens() {
			m.left++
		}
	}
	calls, messages := permissions.Entries(steps, policy.Voice), permissions.Entries(steps, policy.Messaging)
	if len(calls)+len(messages) == 0 {
		return nil
	}
	refused, failed := send(a, wanted[policy.Voice], calls, messages)
	// Also where a part failed: the other one may be done.
	notDone := func() []permissions.Step { return permissions.NotDone(steps, &a.Account) }
	err := a.ReadUntil(func() bool {
		return failed != nil || !slices.ContainsFunc(notDone(), func(s permissions.Step) bool { return whyRefused(refused, &s) == "" })
	})
	if err != nil {
		return errors.Join(failed, fmt.Errorf("reading what was written: %w", err))
	}
	for _, step := range notDone() {
		m.left++
		row := rowOf(&step.Difference)
		m.cmd.PrintErrln("error:", review.Visible(fmt.Sprintf("account %s: %s is not as it should be%s", a.ID, row.what(), whyRefused(refused, &step))))
	}
	for _, channel := range geo.Channels {
		for _, code := range permissions.Lost(steps, channel, wanted[channel], a.Lists[channel]) {
			m.left++
			m.cmd.PrintErrln("error:", review.Visible(fmt.Sprintf("account %s: %s  %s was open, and is closed now, which none of these steps does", a.ID, channel, code)))
		}
	}
	return failed
}

// send writes entries, and returns what the carrier says of those for messages that it refuses.
func send(a *remote.Account, wanted permissions.List, calls, messages []permissions.Entry) (refused map[string]string, failed error) {
	if len(calls) > 0 && a.Inherits {
		calls, failed = endInheritance(a, wanted)
	}
	if len(calls) > 0 && failed == nil {
		failed = a.WriteCalls(calls)
	}
	if len(messages) > 0 {
		var err error
		refused, err = a.WriteMessages(messages)
		failed = errors.Join(failed, err)
	}
	return refused, failed
}

// endInheritance ends that an account's calls inherit, and returns the entries that are not as they
// should be then: Twilio does not say which permissions the account begins with.
func endInheritance(a *remote.Account, wanted permissions.List) ([]permissions.Entry, error) {
	if err := a.EndInheritance(); err != nil {
		return nil, err
	}
	if err := a.ReadUntil(func() bool { return !a.Inherits }); err != nil {
		return nil, fmt.Errorf("reading what its calls begin with, which inherit no longer: %w", err)
	}
	if a.Inherits {
		return nil, errors.New("ending that its calls inherit: the carrier accepted it, and they still do; run the command again later")
	}
	return permissions.Differing(wanted, a.Lists[policy.Voice]), nil
}

// whyRefused is what the carrier said of a step, or empty.
func whyRefused(refused map[string]string, s *permissions.Step) string {
	if said := refused[s.Entry.Code]; said != "" && s.Channel == policy.Messaging {
		return ": " + said
	}
	return ""
}
