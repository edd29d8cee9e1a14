package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

func init() {
	caddycmd.RegisterCommand(caddycmd.Command{
		Name:  "tollgate",
		Short: "Asks a policy who may send where",
		CobraFunc: func(cmd *cobra.Command) {
			cmd.Hidden = atRoot
			namesake = cmd
			for _, c := range commands {
				sub := &cobra.Command{Use: useLine(c.name, c.usage), Short: c.short}
				c.build(sub)
				cmd.AddCommand(sub)
			}
			run(cmd, func(cmd *cobra.Command, args []string) (int, error) {
				if len(args) > 0 {
					return exitTrouble, fmt.Errorf("unknown command %q%s", args[0], config.DidYouMean(args[0], names()))
				}
				return exitYes, cmd.Help()
			})
		},
	})
}

// command is one of ours. Build makes it of a fresh command.
type command struct {
	name, usage, short string
	build              func(cmd *cobra.Command)
}

// commands are all of ours.
var commands = []command{
	{"explain", explainUsage, "Explains verdicts step by step", buildExplain},
	{"check", checkUsage, "Validates a policy, and checks what must be enabled", buildCheck},
	{"diff", diffUsage, "Shows what opens and what closes between two policies", buildDiff},
	{"accounts", accountsUsage, "Lists the accounts that reach a territory", buildAccounts},
	{"territories", territoriesUsage, "Lists the territories, and what is known of each", buildTerritories},
	{"prefixes", prefixesUsage, "Lists the prefixes of the numbers of a risk class", buildPrefixes},
	{"import", importUsage, "Turns the lists of other systems and the carrier's permissions into a policy", buildImport},
	{"drift", driftUsage, "Shows where the carrier's permissions differ from a policy", buildDrift},
	{"mirror", mirrorUsage, "Makes the carrier's permissions those of a policy", buildMirror},
	{"audit", auditUsage, "Lists, proves and verifies the record of all changes", buildAudit},
	{"key", keyUsage, "Manages the keys that the gate issues to applications", buildKey},
	{"policy", policyUsage, "Moves the policy document of a running gate's store", buildPolicy},
	{"account", accountUsage, "Shows and changes the accounts of a running gate's store", buildAccount},
	{"unused", unusedUsage, "Lists territories that accounts of a running gate do not use", buildUnused},
	{"block", blockUsage, "Blocks a prefix for all accounts of a running gate", buildBlock},
	{"allow", ruleUsage, "Allows a prefix for all accounts of a running gate", buildAllow},
	{"open", openUsage, "Opens a destination to an account of a running gate for a time", buildOpen},
	{"approve", approveUsage, "Approves an opening that someone else requested", buildApprove},
	{"suspend", suspendUsage, "Suspends an account of a running gate", buildSuspend},
	{"resume", resumeUsage, "Resumes an account of a running gate", buildResume},
	{"hold", holdUsage, "Lists and releases what the limits of a running gate hold", buildHold},
	{"panic", panicUsage, "Closes everything in a running gate except what accounts have at home", buildPanic},
	{"incident", incidentUsage, "Lists the incidents of a running gate", buildIncident},
	{"feed", feedUsage, "Shows and tests the lists of number ranges that a gate has from others", buildFeed},
	{"console", consoleUsage, "Prints a link to the console of a running gate", buildConsole},
	{"token", tokenUsage, "Manages the tokens of the management API", buildToken},
	{"schema", "", "Prints the JSON Schema of the policy file", buildSchema},
	{versionName, "[--json]", "Prints the versions of the gate, of Caddy and of the numbering data", buildVersion},
}

// versionName is the one name that Caddy's commands have too.
const versionName = "version"

func names() (names []string) {
	for _, c := range commands {
		names = append(names, c.name)
	}
	return names
}

// atRoot is set if the commands are the program's own. Those under `tollgate` then have
// no help and no man pages, which would say the same again.
var atRoot bool

// namesake is the command `tollgate`. What it is added to is Caddy's root command.
var namesake *cobra.Command

// placeholderInUsage is a value that an operator fills in.
var placeholderInUsage = regexp.MustCompile(`<([a-z ]+)>`)

// useLine is how a command is called. Man pages are made by way of Markdown, where what is
// in angle brackets is HTML and lost, so that placeholders are in capitals.
func useLine(name, usage string) string {
	usage = placeholderInUsage.ReplaceAllStringFunc(usage, func(text string) string {
		return strings.ReplaceAll(strings.ToUpper(strings.Trim(text, "<>")), " ", "_")
	})
	return strings.TrimSpace(name + " " + usage)
}

// The statuses that our commands exit with.
const (
	exitYes     = 0 // all is well
	exitNo      = 1 // the answer is no: a mistake, something not enabled, a difference
	exitTrouble = 2 // the question could not be asked
)

// helpFooter takes the place of Caddy's, whose pages do not have our commands.
const helpFooter = `
Full documentation is available at:
https://github.com/caddy-tollgate/tollgate/blob/main/docs/commands.md
`

// errNo is an answer that was printed already.
var errNo = errors.New("the answer is no")

// run makes a function that returns its exit status a command's.
func run(cmd *cobra.Command, f func(cmd *cobra.Command, args []string) (status int, err error)) {
	cmd.SilenceUsage = true
	cmd.SetHelpTemplate(cmd.HelpTemplate() + helpFooter)
	complete(cmd)
	cmd.Args = cobra.ArbitraryArgs // what they must be, each says in its own words
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return exit(cmd, exitTrouble, err) })
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if readsInputAgain(cmd, args) {
			return exit(cmd, exitTrouble, errors.New(`standard input can be read once: name a file in place of one "-"`))
		}
		status, err := f(cmd, args)
		return exit(cmd, status, err)
	}
}

// readsInputAgain reports whether arguments and flags name standard input more than once.
// The second reader would find it empty, and answer as if nothing were asked.
func readsInputAgain(cmd *cobra.Command, args []string) bool {
	named := slices.Clone(args)
	for _, flag := range []string{"policy", "config", "enabled"} {
		if name, err := cmd.Flags().GetString(flag); err == nil { // a command has some of them
			named = append(named, name)
		}
	}
	first := slices.Index(named, "-")
	return first >= 0 && slices.Contains(named[first+1:], "-")
}

// exit says what went wrong and makes the program end with a status. Caddy
// exits with a status above 1 only for errors that it made itself.
func exit(cmd *cobra.Command, status int, err error) error {
	cmd.SilenceErrors = true
	if err != nil {
		for line := range strings.SplitSeq(err.Error(), "\n") {
			cmd.PrintErrln("error:", review.Visible(review.WithoutContext(line)))
		}
	}
	switch status {
	case exitYes:
		return nil
	case exitNo:
		return errNo
	}
	return caddycmd.WrapCommandFuncForCobra(func(caddycmd.Flags) (int, error) { return status, nil })(cmd, nil)
}

// writeIndented writes a value as JSON that an operator can read, too.
func writeIndented[T any](w io.Writer, value T) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// counted is a number of things, in words.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
