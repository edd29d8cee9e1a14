package command

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/caddyserver/caddy/v2"
	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// modulePath is the module that the version is of.
const modulePath = "github.com/caddy-tollgate/tollgate"

// The linker sets both in a release (-X). Other builds have what Go records of the module
// and of the repository that it was built in.
var release, commit string

// version is what a program is made of.
type version struct {
	Version   string `json:"version"`
	Commit    string `json:"commit,omitempty"`
	Caddy     string `json:"caddy"`
	Numbering string `json:"numbering"`
	Go        string `json:"go"`
}

func buildVersion(cmd *cobra.Command) {
	cmd.Long = `
Prints the versions of the gate, of Caddy and of the numbering data, and the commit that
the program was built from where that is known.`
	cmd.Flags().Bool("json", false, "Print JSON")
	run(cmd, printVersion)
}

func printVersion(cmd *cobra.Command, args []string) (int, error) {
	if len(args) > 0 {
		return exitTrouble, fmt.Errorf("unexpected %q: version takes no arguments", args[0])
	}
	v := builtVersion()
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return exitYes, writeIndented(cmd.OutOrStdout(), v)
	}
	_, err := fmt.Fprint(cmd.OutOrStdout(), v)
	return exitYes, err
}

func (v version) String() string {
	return fmt.Sprintf("tollgate %s\ncommit %s\ncaddy %s\nnumbering libphonenumber %s\n%s\n",
		v.Version, cmp.Or(v.Commit, "unknown"), v.Caddy, v.Numbering, v.Go)
}

// builtVersion is the version of the program that runs.
func builtVersion() version {
	info, _ := debug.ReadBuildInfo()
	return versionOf(info)
}

// versionOf reads the versions of a program. The gate is its main module, or one that it
// depends on, as in a Caddy of one's own.
func versionOf(info *debug.BuildInfo) version {
	v := version{Version: release, Commit: commit, Numbering: numbering.DefaultMetadata().Version, Go: runtime.Version()}
	v.Caddy, _ = caddy.Version()
	if info == nil {
		v.Version = cmp.Or(v.Version, "unknown")
		return v
	}
	for _, module := range info.Deps {
		if module.Path == modulePath {
			v.Version = cmp.Or(v.Version, module.Version)
		}
	}
	// Only of its main module does a program know the commit.
	if info.Main.Path == modulePath {
		v.Version = cmp.Or(v.Version, info.Main.Version)
		v.Commit = cmp.Or(v.Commit, revisionOf(info.Settings))
	}
	v.Version = cmp.Or(v.Version, "(devel)")
	return v
}

// revisionOf is the commit that Go recorded, marked if files differed from it.
func revisionOf(settings []debug.BuildSetting) (revision string) {
	var modified bool
	for _, setting := range settings {
		switch setting.Key {
		case "vcs.revision":
			revision = setting.Value
		case "vcs.modified":
			modified = setting.Value == "true"
		}
	}
	if revision != "" && modified {
		revision += "+modified"
	}
	return revision
}
