package command

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// wordsOfFlags are the words that flags take, of those commands that ask a running gate.
var wordsOfFlags = map[string][]string{
	"channel": policy.ChannelNames,
	"class":   config.Classes(),
	"role":    textsOf(access.Roles),
	"state":   textsOf(openings.States),
	"by":      textsOf(store.Dimensions),
	"action":  actionsOnRecord(),
}

// actionsOnRecord are the actions that change something. The audit log has a record of each.
func actionsOnRecord() (names []string) {
	for _, row := range access.Actions {
		if row.Action != access.Read && row.Action != access.AuditRead {
			names = append(names, string(row.Action))
		}
	}
	return names
}

func textsOf[T any](values []T) (texts []string) {
	for _, value := range values {
		texts = append(texts, fmt.Sprint(value))
	}
	return texts
}

// checkWords returns an error if a flag of a command has an unknown word. The gate says so
// too, but not which word was meant.
func checkWords(cmd *cobra.Command) error {
	for flag, words := range wordsOfFlags {
		if !cmd.Flags().Changed(flag) {
			continue
		}
		given := listFlag(cmd, flag)
		if text, err := cmd.Flags().GetString(flag); err == nil {
			given = []string{text}
		}
		for _, word := range given {
			if word != "" && !slices.Contains(words, word) {
				return fmt.Errorf("--%s: unknown word %q%s", flag, word, config.DidYouMean(word, words))
			}
		}
	}
	return nil
}

// timeFlag reads a flag that says when: a date or time as it is written, or how long from
// now, of which it makes a time. It is empty if the flag is not given.
func timeFlag(cmd *cobra.Command, name string) (string, error) {
	text, _ := cmd.Flags().GetString(name)
	if text == "" {
		return "", nil
	}
	if _, err := config.ParseTime(text); err == nil {
		return text, nil
	}
	at, err := parseExpiry(text, time.Now())
	if err != nil {
		return "", fmt.Errorf("--%s: %w", name, err)
	}
	return at.UTC().Format(time.RFC3339), nil
}
