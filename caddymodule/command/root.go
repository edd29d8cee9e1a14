package command

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// The groups of commands in the help of the program.
const (
	ownGroup   = "tollgate"
	caddyGroup = "caddy"
)

const rootShort = "gate in front of a carrier's API"

const rootLong = `Tollgate is a gate in front of a carrier's API: it decides who may send where.
It is Caddy with the gate in it, and has all of Caddy's commands.`

const rootExample = `  tollgate run --config Caddyfile
  tollgate reload --config Caddyfile
  tollgate check Caddyfile
  tollgate explain --config Caddyfile --account AC11111111111111111111111111111111 --channel messaging +998912345678`

// RegisterAtRoot makes the commands of `caddy tollgate` commands of their own, for
// a program of which they are the point.
func RegisterAtRoot() {
	atRoot = true
	for i, c := range commands {
		if c.name == versionName {
			continue // Caddy has one, which cannot be registered again: speakOfTheGate replaces it
		}
		name, usage, _ := strings.Cut(useLine(c.name, c.usage), " ")
		caddycmd.RegisterCommand(caddycmd.Command{Name: name, Usage: usage, Short: c.short, CobraFunc: func(cmd *cobra.Command) {
			if i == 0 {
				// Caddy gives no one its root command. It builds commands in the order in which they are
				// registered, so that `tollgate` is in the root by now.
				speakOfTheGate(namesake.Root())
			}
			c.build(cmd)
			cmd.GroupID = ownGroup
		}})
	}
}

// speakOfTheGate makes Caddy's root command, and those of its commands that say what the
// program is, speak of the gate.
func speakOfTheGate(root *cobra.Command) {
	root.Short, root.Long, root.Example = rootShort, rootLong, rootExample
	root.Version = strings.TrimSuffix(builtVersion().String(), "\n")
	// Caddy's commands inherit the template, and their pages are Caddy's.
	root.SetHelpTemplate("{{if .HasParent}}" + root.HelpTemplate() + "{{else}}" + (&cobra.Command{}).HelpTemplate() + helpFooter + "{{end}}")

	root.AddGroup(&cobra.Group{ID: ownGroup, Title: "Commands of the gate:"}, &cobra.Group{ID: caddyGroup, Title: "Commands of Caddy:"})
	root.SetHelpCommandGroupID(caddyGroup)
	called := callsOfCaddy(root)
	for _, cmd := range root.Commands() {
		if name := cmd.Name(); name == versionName || name == manPagesName {
			root.RemoveCommand(cmd)
			continue
		}
		cmd.GroupID = caddyGroup
		nameTheProgram(cmd, called, root.Name())
	}
	root.AddCommand(versionAtRoot(), manPages())
}

// versionAtRoot takes the place of Caddy's command `version`.
func versionAtRoot() *cobra.Command {
	c := commands[slices.IndexFunc(commands, func(c command) bool { return c.name == versionName })]
	cmd := &cobra.Command{Use: useLine(c.name, c.usage), Short: c.short, GroupID: ownGroup}
	c.build(cmd)
	return cmd
}

// callsOfCaddy matches how texts call Caddy's commands: "caddy run", but not "the caddy directory".
func callsOfCaddy(root *cobra.Command) *regexp.Regexp {
	var names []string
	for _, cmd := range root.Commands() {
		names = append(names, regexp.QuoteMeta(cmd.Name()))
	}
	return regexp.MustCompile(`\bcaddy (` + strings.Join(names, "|") + `)\b`)
}

// nameTheProgram makes a command, and those below it, call the program by its name.
func nameTheProgram(cmd *cobra.Command, called *regexp.Regexp, program string) {
	cmd.Long = called.ReplaceAllString(cmd.Long, program+" $1")
	cmd.Example = called.ReplaceAllString(cmd.Example, program+" $1")
	for _, sub := range cmd.Commands() {
		nameTheProgram(sub, called, program)
	}
}

const manPagesName = "manpage"

// manPages takes the place of Caddy's command `manpage`, whose pages say "Caddy" at their head.
func manPages() *cobra.Command {
	cmd := &cobra.Command{
		Use:     useLine(manPagesName, "--directory <directory>"),
		Short:   "Writes the man pages of the program",
		GroupID: ownGroup,
	}
	cmd.Long = `
Writes a man page for each command, all in section 8, into a directory, which is made if
it is not there.`
	cmd.Flags().StringP("directory", "o", "", "The directory that the pages are written into")
	run(cmd, writeManPages)
	return cmd
}

func writeManPages(cmd *cobra.Command, args []string) (int, error) {
	directory, _ := cmd.Flags().GetString("directory")
	if directory == "" || len(args) > 0 {
		return exitTrouble, errors.New("writing man pages: name a directory for them, as in: manpage --directory man")
	}
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return exitTrouble, fmt.Errorf("writing man pages: %w", err)
	}
	root := cmd.Root()
	root.DisableAutoGenTag = true // it names cobra and the day
	root.Long += "\n\nIts own commands are:\n\n" + listed()
	// Without a title, each page has its own: TOLLGATE-KEY.
	header := &doc.GenManHeader{Section: "8", Source: "Tollgate " + builtVersion().Version, Manual: "Tollgate"}
	if err := doc.GenManTree(root, header, directory); err != nil {
		return exitTrouble, fmt.Errorf("writing man pages: %w", err)
	}
	return exitYes, nil
}

// listed is our commands, each on a line that Markdown leaves as it is.
func listed() string {
	longest := slices.MaxFunc(names(), func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	var text strings.Builder
	for _, c := range commands {
		fmt.Fprintf(&text, "    tollgate %-*s  %s\n", len(longest), c.name, c.short)
	}
	return text.String()
}
