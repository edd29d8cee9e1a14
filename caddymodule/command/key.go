package command

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/policy"
)

const keyUsage = "create|list|revoke --keys <file>|operations"

// keyCommands are the commands under `key`.
var keyCommands = []command{
	{"create", "--keys <file> --account <account> [--policy <file>|--config <file>] [--name <text>] [--channel <channel>,…] [--operation <name>,…] [--sender <sender>,…] [--expires <duration>|<time>] [--json]", "Creates a key and prints its secret, once", buildKeyCreate},
	{"list", "--keys <file> [--json]", "Lists the keys, without their secrets", buildKeyList},
	{"revoke", "--keys <file> <sid>…", "Withdraws keys", buildKeyRevoke},
	{"operations", "", "Lists the operations that a key can be limited to", buildKeyOperations},
}

func buildKey(cmd *cobra.Command) {
	cmd.Long = `
Manages the keys that the gate issues to applications, so that they need not hold the
carrier's own. The key file does not hold their secrets.`
	for _, c := range keyCommands {
		sub := &cobra.Command{Use: useLine(c.name, c.usage), Short: c.short}
		c.build(sub)
		if c.usage != "" {
			sub.Flags().String("keys", "", "The file that the keys are in")
		}
		cmd.AddCommand(sub)
	}
	run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) > 0 {
			return exitTrouble, fmt.Errorf("unknown command of key: %q%s", args[0], config.DidYouMean(args[0], namesOf(keyCommands)))
		}
		return exitYes, cmd.Help()
	})
}

func buildKeyCreate(cmd *cobra.Command) {
	cmd.Long = `
Creates a key for an account and prints its name and its secret. The secret is stored
nowhere, and nothing can print it again: hand it over, or create another key.

The account is named by its id at the carrier, or as a policy names it: then the policy is
looked up in, and the key is for the id that the account has by then.

Without a limit, the key may do all that the account may. A gate that watches the file
accepts it a second later, in addition to the keys that the account has.`
	cmd.Example = `  tollgate key create --keys keys.json --account AC11111111111111111111111111111111 --name billing
  tollgate key create --keys keys.json --account AC11111111111111111111111111111111 --channel messaging --operation messages.create --sender +14155550100 --expires 90d --json`
	addPolicyFlags(cmd)
	cmd.Flags().StringP("account", "a", "", "The account that the key is for, by its id or its name in the policy")
	cmd.Flags().String("name", "", "A name for operators")
	cmd.Flags().StringSlice("channel", nil, "The channels that it may send on: messaging (all messages), voice, whatsapp, rcs (default: all)")
	cmd.Flags().StringSlice("operation", nil, `The operations that it may ask for, `+
		`by their names in the logs: messages.create, "messages.*". "tollgate key operations" lists them (default: all)`)
	cmd.Flags().StringSlice("sender", nil, "The senders that it may send from (default: all)")
	cmd.Flags().String("expires", "", "After how long it is refused (720h, 90d), or from when: a date or an RFC 3339 time (default: never)")
	cmd.Flags().Bool("json", false, "Print JSON")
	run(cmd, createKey)
}

func createKey(cmd *cobra.Command, args []string) (int, error) {
	if len(args) > 0 {
		return exitTrouble, errors.New("key create takes no arguments: lists are written with commas between their elements")
	}
	file, err := keyFile(cmd)
	if err != nil {
		return exitTrouble, err
	}
	now := time.Now()
	stated, err := keyStated(cmd, now)
	if err != nil {
		return exitTrouble, err
	}
	key, secret, err := keys.Create(file, carriers.All(), stated, now)
	if err != nil {
		return exitTrouble, err
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		err = writeIndented(cmd.OutOrStdout(), map[string]string{"sid": key.SID, "secret": secret, "account": key.Account})
	} else {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "sid     %s\nsecret  %s\n", key.SID, secret)
	}
	if err != nil {
		return exitTrouble, fmt.Errorf("printing the secret (%s is useless without it: revoke it): %w", key.SID, err)
	}
	return exitYes, nil
}

// keyStated reads from the flags what a key is to be.
func keyStated(cmd *cobra.Command, now time.Time) (k keys.Key, err error) {
	k.Account, _ = cmd.Flags().GetString("account")
	if k.Account == "" {
		return k, errors.New("no account given: add --account")
	}
	if config.IsAccountName(carriers.All(), k.Account) {
		loaded, err := policyOf(cmd)
		if err != nil {
			return k, fmt.Errorf("finding the id of account %s: %w", k.Account, err)
		}
		if k.Account, err = app.BrokeredAccount(loaded.Snapshot, k.Account); err != nil {
			return k, err
		}
	}
	k.Name, _ = cmd.Flags().GetString("name")
	channels, err := limitOf(cmd, "channel")
	if err != nil {
		return k, err
	}
	for _, name := range channels {
		channel, ok := policy.ParseChannel(name)
		if !ok {
			return k, fmt.Errorf("unknown channel %q%s", name, config.DidYouMean(name, policy.ChannelNames))
		}
		k.Channels = append(k.Channels, channel)
	}
	if k.Operations, err = limitOf(cmd, "operation"); err != nil {
		return k, err
	}
	if k.Senders, err = limitOf(cmd, "sender"); err != nil {
		return k, err
	}
	if cmd.Flags().Changed("expires") {
		text, _ := cmd.Flags().GetString("expires")
		if k.Expires, err = parseExpiry(text, now); err != nil {
			return k, err
		}
	}
	return k, nil
}

// limitOf reads a limit, nil without the flag. An empty flag is an error: a script in which
// a variable is not set must not create a key without the limit.
func limitOf(cmd *cobra.Command, flag string) ([]string, error) {
	if !cmd.Flags().Changed(flag) {
		return nil, nil
	}
	values := listFlag(cmd, flag)
	if len(values) == 0 || slices.Contains(values, "") {
		return nil, fmt.Errorf("--%s is empty: leave it out for all", flag)
	}
	return values, nil
}

// parseExpiry reads a duration from now, or a date or time.
func parseExpiry(text string, now time.Time) (time.Time, error) {
	if after, err := caddy.ParseDuration(text); err == nil {
		return now.Add(after), nil
	}
	t, err := config.ParseTime(text)
	if err != nil {
		return t, fmt.Errorf(`cannot read %q as a duration, date or time: write "90d", "2026-12-01" or "2026-12-01T18:00:00Z"`, text)
	}
	return t, nil
}

func buildKeyRevoke(cmd *cobra.Command) {
	cmd.Long = `
Revokes keys, by their names. If one of them is not in the file, none is revoked. A gate
that watches the file refuses them a second later. They remain in the list.`
	cmd.Example = `  tollgate key revoke --keys keys.json SK22222222222222222222222222222222`
	run(cmd, revokeKeys)
}

func revokeKeys(cmd *cobra.Command, args []string) (int, error) {
	file, err := keyFile(cmd)
	if err != nil {
		return exitTrouble, err
	}
	if len(args) == 0 {
		return exitTrouble, errors.New("no key to revoke: write " + carriers.All().Form(policy.KeyID))
	}
	sids := make([]string, len(args))
	for i, arg := range args {
		var ok bool
		if sids[i], ok = carriers.All().Canonical(policy.KeyID, arg); !ok {
			// Not printed: it may be a secret.
			return exitTrouble, fmt.Errorf("argument %d is not a key: write %s", i+1, carriers.All().Form(policy.KeyID))
		}
	}
	revoked, err := keys.Revoke(file, carriers.All(), time.Now(), sids...)
	if err != nil {
		return exitTrouble, err
	}
	var text strings.Builder
	for _, key := range revoked {
		fmt.Fprintf(&text, "%s revoked %s", key.SID, key.Revoked.Format(time.RFC3339))
		if key.Name != "" {
			fmt.Fprintf(&text, "  %s", review.Visible(key.Name))
		}
		text.WriteByte('\n')
	}
	if _, err := fmt.Fprint(cmd.OutOrStdout(), text.String()); err != nil {
		return exitTrouble, fmt.Errorf("printing what was revoked (it is revoked): %w", err)
	}
	return exitYes, nil
}

var errNoKeys = errors.New("no key file given: add --keys")

// keyFile is the file that the keys are in.
func keyFile(cmd *cobra.Command) (string, error) {
	file, _ := cmd.Flags().GetString("keys")
	if file == "" {
		return "", errNoKeys
	}
	return file, nil
}
