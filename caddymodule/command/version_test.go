package command

import (
	"runtime/debug"
	"testing"
)

func TestTheVersionIsThatOfTheGateWhateverProgramItIsIn(t *testing.T) {
	revision := []debug.BuildSetting{{Key: "vcs.revision", Value: "0a1b"}}
	for name, c := range map[string]struct {
		info            *debug.BuildInfo
		version, commit string
	}{
		"its own program": {&debug.BuildInfo{Main: debug.Module{Path: modulePath, Version: "v1.2.3"}, Settings: revision}, "v1.2.3", "0a1b"},
		"with changes": {&debug.BuildInfo{Main: debug.Module{Path: modulePath, Version: "(devel)"},
			Settings: append(revision, debug.BuildSetting{Key: "vcs.modified", Value: "true"})}, "(devel)", "0a1b+modified"},
		"a Caddy of one's own, whose commit is not the gate's": {&debug.BuildInfo{Main: debug.Module{Path: "caddy"},
			Deps: []*debug.Module{{Path: modulePath, Version: "v1.2.3"}}, Settings: revision}, "v1.2.3", ""},
		"no version recorded":          {&debug.BuildInfo{Main: debug.Module{Path: modulePath}}, "(devel)", ""},
		"a program that knows nothing": {nil, "unknown", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if v := versionOf(c.info); v.Version != c.version || v.Commit != c.commit {
				t.Errorf("is %q, commit %q; want %q, commit %q", v.Version, v.Commit, c.version, c.commit)
			}
		})
	}
}
