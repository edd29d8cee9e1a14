package tollgate_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the path that all rooms are imported below.
const module = "github.com/caddy-tollgate/tollgate"

// rooms are the folders of the code, from the ground up, each with the rooms that it may
// import. What a room may import stands above it, so imports point one way.
var rooms = []struct{ name, imports string }{
	{"numbering", ""},
	{"numbering/generate", "numbering"},
	{"numbering/libphonenumber", "numbering"},
	{"address", "numbering"},
	{"policy", "address numbering"},
	{"config", "address numbering policy"},
	{"config/configtest", "config numbering policy"},

	{"carrier", "address numbering policy"},
	{"carrier/params", "address"},
	{"carrier/twilio/generate", ""},
	{"carrier/twilio/geo", "numbering policy"},
	{"carrier/twilio/sandbox", ""},
	{"carrier/twilio/taskrouter", "carrier/params"},
	{"carrier/twilio/twiml", "address carrier carrier/params carrier/twilio/taskrouter policy"},
	{"carrier/twilio/operations", "address carrier carrier/params carrier/twilio/taskrouter carrier/twilio/twiml policy"},
	{"carrier/twilio/refusal", "carrier carrier/twilio/operations policy"},
	{"carrier/twilio/credentials", "carrier carrier/twilio/operations carrier/twilio/refusal policy"},
	{"carrier/twilio", "address carrier carrier/twilio/credentials carrier/twilio/operations carrier/twilio/refusal policy"},

	{"internal/harness", ""}, // of tests: no room may import it
	{"internal/credentialcheck", "carrier"},
	{"internal/keys", "config policy"},
	{"internal/gate", "address carrier carrier/params internal/keys numbering policy"},
	{"internal/reload", "config internal/gate internal/keys numbering policy"},
	{"internal/review", "config internal/gate numbering policy"},
	{"internal/webhook", "carrier carrier/params carrier/twilio/taskrouter carrier/twilio/twiml internal/gate policy"},

	{"caddymodule/placeholder", ""},
	{"caddymodule/directive", "config"},
	{"caddymodule/carriers", "carrier carrier/twilio config"},
	{"caddymodule/telemetry", "caddymodule/placeholder carrier/twilio config internal/gate numbering policy"},
	{"caddymodule/auditlog", "caddymodule/telemetry policy"},
	{"caddymodule/denials", "caddymodule/carriers caddymodule/directive caddymodule/telemetry carrier config internal/credentialcheck internal/gate policy"},
	{"caddymodule/errorhandler", "caddymodule/carriers carrier policy"},
	{"caddymodule/linkrewrite", "internal/gate"},
	{"caddymodule/sandbox", "carrier/twilio/sandbox config"},
	{"caddymodule/transport", "internal/gate internal/reload"},
	{"caddymodule/routecheck", "caddymodule/placeholder caddymodule/transport carrier config internal/gate"},
	{"caddymodule/app", "address caddymodule/auditlog caddymodule/directive caddymodule/placeholder caddymodule/routecheck caddymodule/telemetry caddymodule/transport carrier/twilio config internal/gate internal/keys internal/reload internal/review numbering policy"},
	{"caddymodule/handler", "caddymodule/app caddymodule/carriers caddymodule/denials caddymodule/directive caddymodule/linkrewrite caddymodule/placeholder caddymodule/routecheck caddymodule/telemetry caddymodule/transport carrier config internal/gate policy"},
	{"caddymodule/twiml", "caddymodule/app caddymodule/linkrewrite caddymodule/placeholder caddymodule/telemetry carrier carrier/twilio config internal/gate internal/webhook policy"},
	{"caddymodule/command", "caddymodule/app carrier/twilio/geo config internal/gate internal/keys internal/reload internal/review numbering policy"},
	{"caddymodule", "caddymodule/app caddymodule/carriers caddymodule/errorhandler caddymodule/handler caddymodule/sandbox caddymodule/telemetry caddymodule/transport caddymodule/twiml"},

	{".", "caddymodule caddymodule/command"},
	{"cmd/tollgate", ". caddymodule/command"},
	{"bench", ""},
}

// knowsCaddy reports whether a room may import Caddy.
func knowsCaddy(room string) bool {
	return room == "cmd/tollgate" || room == "caddymodule" || strings.HasPrefix(room, "caddymodule/")
}

func TestRoomsImportWhatStandsAboveThem(t *testing.T) {
	above := map[string]bool{}
	for _, room := range rooms {
		allowed := strings.Fields(room.imports)
		for _, other := range allowed {
			if !above[other] {
				t.Errorf("%s may import %s, which does not stand above it", room.name, other)
			}
		}
		above[room.name] = true
		for file, imports := range importsOf(t, room.name) {
			for _, imported := range imports {
				other, isOurs := roomOf(imported)
				switch {
				case isOurs && !slices.Contains(allowed, other):
					t.Errorf("%s imports %s: the table says what %s may import", file, other, room.name)
				case strings.HasPrefix(imported, "github.com/caddyserver/") && !knowsCaddy(room.name):
					t.Errorf("%s imports %s: only caddymodule knows Caddy", file, imported)
				}
			}
		}
	}
}

func TestEveryFolderOfCodeIsARoomThatSaysWhatItIsFor(t *testing.T) {
	err := filepath.WalkDir(".", func(folder string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		switch entry.Name() {
		case "testdata", "node_modules", "examples", ".git":
			return filepath.SkipDir
		}
		if len(importsOf(t, filepath.ToSlash(folder))) == 0 {
			return nil
		}
		i := slices.IndexFunc(rooms, func(room struct{ name, imports string }) bool { return room.name == filepath.ToSlash(folder) })
		if i < 0 {
			t.Errorf("%s stands in no row of the table", folder)
		}
		isProgram := strings.HasPrefix(folder, "cmd") || folder == "." // one file each
		if _, err := os.Stat(filepath.Join(folder, "doc.go")); err != nil && !isProgram {
			t.Errorf("%s has no doc.go that says what it is for", folder)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// importsOf are the imports of a folder's files, those of tests left out.
func importsOf(t *testing.T, folder string) map[string][]string {
	t.Helper()
	names, err := filepath.Glob(path.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		found[name] = nil
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			found[name] = append(found[name], imported)
		}
	}
	return found
}

// roomOf is the room of an import path, if it is one of ours.
func roomOf(imported string) (room string, ok bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}
