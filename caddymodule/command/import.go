package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/prefixlist"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/internal/suggest"
	"github.com/caddy-tollgate/tollgate/numbering"
)

const importUsage = "prefixes|rates|twilio"

const importPrefixesUsage = "--from <system> [<file>|<folder>|-] [--whitelist <file>] [--format yaml|caddyfile] [--account <id>] [--channel messaging|voice|both] " +
	"[--international] [--country <country>] [--select <name>] [--default allow|deny] [--deny-value <value>,…] [--allow-value <value>,…] [--above <price>] [--at <time>] [--skip <line>,…]"

func buildImport(cmd *cobra.Command) {
	cmd.Long = `
Turns the lists of other systems, and the permissions of a carrier, into parts of a policy.`
	buildGroup(cmd, importCommands)
}

// importCommands are the commands under `import`.
var importCommands = []command{
	{"prefixes", importPrefixesUsage, "Turns a list of prefixes into rules", buildImportPrefixes},
	{"rates", importRatesUsage, "Turns prices from Twilio into a deck of rates", buildImportRates},
	{"twilio", importTwilioUsage, "Turns the permissions of accounts at Twilio into a policy", buildImportTwilio},
}

func buildImportPrefixes(cmd *cobra.Command) {
	var systems strings.Builder
	for _, s := range prefixlist.Systems {
		fmt.Fprintf(&systems, "\n  %-9s %s", s.Name, s.Version)
	}
	cmd.Long = `
Turns a list of prefixes of another system into rules that mean what the list meant
there, and prints a policy that has only these.

Lines that had no effect in the other system are reported and left out. A line whose
meaning no rule can have is an error, and then nothing is printed.

The systems, in the versions that they were seen to behave so in:` + systems.String()
	cmd.Example = `  tollgate import prefixes --from kannel --international kannel.conf
  tollgate import prefixes --from smstools blacklist --whitelist whitelist
  tollgate import prefixes --from csv --above 0.50 prices.csv --format caddyfile`
	flags := cmd.Flags()
	flags.String("from", "", "The system that the list is of: "+strings.Join(prefixlist.Names(), ", "))
	flags.String("whitelist", "", "The white list of smstools, beside or instead of the black one")
	flags.String("format", "yaml", "yaml or caddyfile")
	flags.StringP("account", "a", "", "The account that the rules are for, by its id at the carrier (default: all accounts)")
	flags.String("channel", "", "messaging, voice or both (default: what the system sends)")
	flags.Bool("international", false, `Digits without "+" and zeros are international numbers`)
	flags.String("country", "", "The country in which numbers are dialled that begin with zeros, such as DE")
	flags.String("select", "", "Which list of the file: a smsc-id, a table or table/user, or tenant:category:subject of a rating profile")
	flags.String("default", "", "What the map's reader does with a number that is not in it: allow or deny")
	flags.StringSlice("deny-value", []string{"deny"}, "The values of a map that deny")
	flags.StringSlice("allow-value", []string{"allow"}, "The values of a map that allow")
	flags.String("above", "", "The highest price that is not denied")
	flags.String("at", "", "When: a date or an RFC 3339 time (default: now)")
	flags.StringSlice("skip", nil, "Lines to leave out, such as 12 or Destinations.csv:12")
	run(cmd, importPrefixes)
}

func importPrefixes(cmd *cobra.Command, args []string) (int, error) {
	from, _ := cmd.Flags().GetString("from")
	system, ok := prefixlist.Named(from)
	switch {
	case from == "":
		return exitTrouble, fmt.Errorf("no system given: say with --from where the list comes from, one of %s", strings.Join(prefixlist.Names(), ", "))
	case !ok:
		return exitTrouble, fmt.Errorf("unknown system %q%s", from, suggest.DidYouMean(from, prefixlist.Names(), nil))
	}
	if err := checkImportFlags(cmd, system); err != nil {
		return exitTrouble, err
	}
	options, err := importOptions(cmd)
	if err != nil {
		return exitTrouble, err
	}
	files, err := importedFiles(cmd, system, args)
	if err != nil {
		return exitTrouble, err
	}
	list, err := system.Read(files, options)
	if err != nil {
		return exitNo, err
	}
	text, err := importedPolicy(cmd, system, list, files, options.At)
	if err != nil {
		return exitNo, err
	}
	for _, note := range list.Notes {
		cmd.PrintErrln("note:", review.Visible(note.String()))
	}
	if _, err := fmt.Fprint(cmd.OutOrStdout(), text); err != nil {
		return exitTrouble, fmt.Errorf("writing the policy: %w", err)
	}
	return exitYes, nil
}

// checkImportFlags checks values that are words, and that each flag counts for the system:
// one that is ignored would be believed.
func checkImportFlags(cmd *cobra.Command, system *prefixlist.System) error {
	for name, choices := range map[string][]string{"channel": {"messaging", "voice", "both"}, "format": {"yaml", "caddyfile"}} {
		value, _ := cmd.Flags().GetString(name)
		if cmd.Flags().Changed(name) && !slices.Contains(choices, value) {
			return fmt.Errorf("unknown %s %q: must be %s", name, value, strings.Join(choices, ", "))
		}
	}
	for _, name := range []string{"whitelist", "international", "country", "select", "default", "deny-value", "allow-value", "above"} {
		if cmd.Flags().Changed(name) && !slices.Contains(system.Flags, name) {
			return fmt.Errorf("--%s does not count for %s: its flags are --%s", name, system.Name, strings.Join(system.Flags, ", --"))
		}
	}
	return nil
}

// importOptions reads what the flags say of the list.
func importOptions(cmd *cobra.Command) (o prefixlist.Options, err error) {
	flags := cmd.Flags()
	o.International, _ = flags.GetBool("international")
	o.Select, _ = flags.GetString("select")
	o.Default, _ = flags.GetString("default")
	o.Above, _ = flags.GetString("above")
	o.DenyValues, _ = flags.GetStringSlice("deny-value")
	o.AllowValues, _ = flags.GetStringSlice("allow-value")
	o.Skip = listFlag(cmd, "skip")
	for _, value := range o.DenyValues {
		if slices.Contains(o.AllowValues, value) {
			return o, fmt.Errorf("the value %q cannot both deny and allow", value)
		}
	}
	if name, _ := flags.GetString("country"); name != "" {
		t, ok := numbering.ParseTerritory(name)
		if o.Country = address.CountryOf(t); !ok || o.Country.CallingCode() == "" {
			return o, fmt.Errorf("unknown country %q%s", name, suggest.TerritoryHint(name))
		}
	}
	at, _ := flags.GetString("at")
	o.At, err = review.ParseAt(at)
	return o, err
}

// importedFiles reads the files that are named: those of a folder for a system that has
// its lists in several.
func importedFiles(cmd *cobra.Command, system *prefixlist.System, names []string) (files []prefixlist.File, err error) {
	white, _ := cmd.Flags().GetString("whitelist")
	if len(names) > 1 || len(names) == 0 && white == "" {
		return nil, errors.New(`name one file ("-" is standard input)`)
	}
	read := func(name string, isWhite bool) error {
		text, err := readText(cmd, name)
		switch {
		case err != nil:
			return fmt.Errorf("reading the list: %w", err)
		case len(text) > decode.MaxFileSize:
			return fmt.Errorf("%s is larger than %d bytes, the limit", shownName(name), decode.MaxFileSize)
		case decode.IsUTF16(text):
			return fmt.Errorf("%s is UTF-16: save it as UTF-8", shownName(name))
		}
		shown := "standard input"
		if name != "-" {
			shown = filepath.Base(name)
		}
		files = append(files, prefixlist.File{Name: shown, Whitelist: isWhite, Text: text})
		return nil
	}
	for _, name := range names {
		inside := []string{name}
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			if inside, err = filepath.Glob(filepath.Join(name, "*.csv")); err != nil || system.Name != "cgrates" {
				return nil, fmt.Errorf("%s is a folder: name a file", name)
			}
		}
		for _, file := range inside {
			if err := read(file, false); err != nil {
				return nil, err
			}
		}
	}
	if white != "" {
		err = read(white, true)
	}
	return files, err
}

// importedPolicy writes the policy, and reads it as the gate would before anyone does.
func importedPolicy(cmd *cobra.Command, system *prefixlist.System, list *prefixlist.List, files []prefixlist.File, at time.Time) (string, error) {
	channel, _ := cmd.Flags().GetString("channel")
	switch channel {
	case "":
		channel = system.Channel
	case "both":
		channel = ""
	}
	account, _ := cmd.Flags().GetString("account")
	document := list.Document(account, channel, at)
	names := make([]string, len(files))
	for i := range files {
		names[i] = files[i].Name
	}
	comments := list.Comments("Imported from " + strings.Join(names, ", ") + ", as " + system.Version + " reads it.")
	yaml, err := config.WriteYAML(&document)
	if err != nil { // such as too many rules
		return "", fmt.Errorf("the list is more than a policy can have: %w", err)
	}
	const name = "the policy"
	if _, err := compileFile(name, []byte(comments+string(yaml))); err != nil {
		return "", fmt.Errorf("checking the policy that was made: %w", err)
	}
	if format, _ := cmd.Flags().GetString("format"); format == "yaml" {
		return comments + string(yaml), nil
	}
	text := comments + prefixlist.WriteCaddyfile(&document)
	if _, err := compileConfiguration(name, []byte(text)); err != nil {
		return "", fmt.Errorf("checking the policy that was made: %w", err)
	}
	return text, nil
}
