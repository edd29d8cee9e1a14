package tollgate_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
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
	{"numbering/libphonenumber", "numbering"},
	{"numbering/generate", "numbering numbering/libphonenumber"},
	{"limits", ""},
	{"rates", "numbering"},
	{"address", "numbering"},
	{"policy", "address numbering rates"},
	{"internal/suggest", "numbering"},
	{"internal/decode", "internal/suggest"},
	{"config", "address internal/decode internal/suggest numbering policy rates"},
	{"carrier/twilio/geo", "numbering policy"},
	{"carrier/twilio/sid", "policy"},
	{"config/configtest", "carrier/twilio/geo carrier/twilio/sid config numbering policy"},

	{"carrier/twilio/permissions", "carrier/twilio/geo config numbering policy"},
	{"carrier/twilio/pricing", "numbering rates"},
	{"carrier/twilio/remote", "carrier/twilio/permissions policy"},

	{"carrier", "address numbering policy"},
	{"carrier/params", "address"},
	{"carrier/twilio/generate", ""},
	{"carrier/twilio/apierrors", ""},
	{"carrier/twilio/sandbox", "carrier/twilio/apierrors"},
	{"carrier/twilio/taskrouter", "carrier/params"},
	{"carrier/twilio/twiml", "address carrier carrier/params carrier/twilio/taskrouter policy"},
	{"carrier/twilio/operations", "address carrier carrier/params carrier/twilio/sid carrier/twilio/taskrouter carrier/twilio/twiml policy"},
	{"carrier/twilio/refusal", "carrier carrier/params carrier/twilio/apierrors carrier/twilio/operations carrier/twilio/twiml policy"},
	{"carrier/twilio/credentials", "carrier carrier/params carrier/twilio/operations carrier/twilio/refusal carrier/twilio/sid policy"},
	{"carrier/twilio", "address carrier carrier/twilio/credentials carrier/twilio/geo carrier/twilio/operations carrier/twilio/refusal carrier/twilio/sid policy"},

	{"audit", ""},
	{"audit/refusals", ""},
	{"store", "audit audit/refusals"},
	{"limits/redis", "limits store"},
	{"store/storetest", "audit audit/refusals store"},
	{"store/statements", "audit/refusals store"},
	{"internal/filelock", ""},
	{"store/sqlite", "audit audit/refusals internal/filelock store store/statements"},
	{"store/postgres", "audit audit/refusals store store/statements"},

	{"internal/harness", "internal/filelock"}, // of tests: no room may import it
	{"internal/harness/postgres", "internal/harness"},
	{"internal/harness/redis", "internal/harness"},
	{"internal/forward", ""},
	{"internal/geoip", ""},
	{"internal/incident", ""},
	{"internal/notify", "internal/incident"},
	{"internal/credentialcheck", "carrier"},
	{"internal/access", "internal/decode"},
	{"internal/keys", "config internal/decode internal/filelock internal/suggest policy"},
	{"internal/openings", "internal/access internal/decode numbering policy"},
	{"internal/gate", "address carrier carrier/params internal/keys limits numbering policy rates"},
	{"internal/tail", "audit/refusals"},
	{"internal/territories", "numbering policy"},
	{"internal/traffic", "internal/gate numbering policy store"},
	{"internal/holds", "limits store"},
	{"internal/counters", "limits store"},
	{"internal/alert", "internal/incident internal/notify store"},
	{"internal/reload", "audit config internal/decode internal/gate internal/geoip internal/keys numbering policy rates store"},
	{"internal/prefixlist", "address config numbering"},
	{"internal/feed", "internal/gate internal/prefixlist numbering policy"},
	{"internal/review", "address config internal/decode internal/gate internal/suggest numbering policy rates"},
	{"internal/permissions", "audit audit/refusals config internal/access internal/decode internal/feed internal/gate internal/geoip internal/incident internal/keys internal/openings internal/reload internal/review internal/suggest internal/tail internal/territories internal/traffic limits numbering policy store"},
	{"internal/webhook", "carrier carrier/params carrier/twilio/sid carrier/twilio/taskrouter carrier/twilio/twiml internal/gate policy"},
	{"api/twilio", "audit audit/refusals carrier carrier/twilio/apierrors carrier/twilio/geo carrier/twilio/refusal config internal/access internal/permissions internal/reload internal/webhook numbering policy store"},
	{"api", "audit audit/refusals config internal/access internal/decode internal/feed internal/gate internal/incident internal/keys internal/openings internal/permissions internal/reload internal/review internal/tail internal/territories limits policy store"},

	{"console/worldmap", "numbering"},
	{"console/worldmap/generate", "numbering"},
	{"console/chart", ""},

	{"console", "api console/chart console/worldmap numbering"},

	{"caddymodule/placeholder", ""},
	{"caddymodule/directive", "config"},
	{"caddymodule/carriers", "address carrier carrier/twilio config internal/suggest numbering policy"},
	{"caddymodule/telemetry", "caddymodule/carriers caddymodule/placeholder internal/gate internal/notify internal/suggest policy"},
	{"caddymodule/auditlog", "caddymodule/telemetry policy"},
	{"caddymodule/denials", "caddymodule/carriers caddymodule/directive caddymodule/telemetry carrier config internal/credentialcheck internal/gate policy"},
	{"caddymodule/errorhandler", "caddymodule/carriers caddymodule/directive carrier policy"},
	{"caddymodule/sandbox", "caddymodule/directive carrier/twilio/sandbox internal/suggest"},
	{"caddymodule/linkrewrite", "caddymodule/placeholder internal/gate"},
	{"caddymodule/transport", "internal/forward internal/gate internal/reload"},
	{"caddymodule/forwarder", "caddymodule/directive caddymodule/placeholder caddymodule/telemetry caddymodule/transport internal/forward"},
	{"caddymodule/routecheck", "caddymodule/placeholder caddymodule/transport carrier internal/gate internal/suggest"},
	{"caddymodule/app", "api audit audit/refusals caddymodule/auditlog caddymodule/carriers caddymodule/directive caddymodule/placeholder caddymodule/routecheck caddymodule/telemetry caddymodule/transport carrier carrier/twilio/geo config internal/access internal/alert internal/counters internal/decode internal/feed internal/gate internal/geoip internal/holds internal/incident internal/keys internal/notify internal/openings internal/permissions internal/reload internal/review internal/suggest internal/tail internal/territories internal/traffic limits limits/redis numbering policy store store/postgres store/sqlite"},
	{"caddymodule/management", "caddymodule/app"},
	{"caddymodule/console", "caddymodule/app console internal/access"},
	{"caddymodule/handler", "api/twilio caddymodule/app caddymodule/carriers caddymodule/denials caddymodule/directive caddymodule/errorhandler caddymodule/linkrewrite caddymodule/placeholder caddymodule/routecheck caddymodule/telemetry caddymodule/transport carrier config internal/access internal/gate internal/permissions policy"},
	{"caddymodule/twiml", "caddymodule/app caddymodule/carriers caddymodule/directive caddymodule/linkrewrite caddymodule/placeholder caddymodule/telemetry carrier config internal/gate internal/webhook policy"},
	{"caddymodule/command", "address api audit audit/refusals caddymodule/app caddymodule/carriers caddymodule/console carrier/twilio/geo carrier/twilio/permissions carrier/twilio/pricing carrier/twilio/remote config internal/access internal/decode internal/feed internal/gate internal/incident internal/keys internal/openings internal/permissions internal/prefixlist internal/reload internal/review internal/suggest numbering policy rates store"},
	{"caddymodule", "caddymodule/app caddymodule/carriers caddymodule/console caddymodule/errorhandler caddymodule/forwarder caddymodule/handler caddymodule/management caddymodule/sandbox caddymodule/telemetry caddymodule/transport caddymodule/twiml"},

	{".", "caddymodule caddymodule/command"},
	{"cmd/tollgate", ". caddymodule/command"},
	{"bench/chart", ""},
	{"bench", "bench/chart"},
	{"bench/soak", ""},
	{"bench/attack", "caddymodule/carriers carrier/twilio config internal/gate limits numbering policy rates"},
	{"bench/faults", ""}, // tests alone
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
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil && folder != "." {
			return filepath.SkipDir // a module of its own, such as bench/decision
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

// Texts that belong to Twilio: the letters its identifiers begin with, also in words, and a
// whole one.
var (
	twilioPrefix     = regexp.MustCompile(`^(AC|SK|MG|OQ)$|\b(AC|SK|MG|OQ)(…| and 32)`)
	twilioIdentifier = regexp.MustCompile(`\b(AC|SK|MG|OQ)[0-9a-fA-F]{6}`)
)

// knowsTwilio reports whether a room may know Twilio by name.
func knowsTwilio(room string) bool {
	switch room {
	case "bench", "bench/soak", "bench/attack", "config/configtest": // play Twilio's clients, and have their accounts
		return true
	case "numbering", "address", "console/worldmap/generate": // have the codes of Ascension, Madagascar and Slovakia
		return true
	case "caddymodule/carriers": // has Twilio's module
		return true
	}
	return room == "carrier/twilio" || strings.HasPrefix(room, "carrier/twilio/")
}

// showsExamples reports whether a room may show a whole identifier: in what --help prints,
// and where a value of another type stands in a document.
func showsExamples(room string) bool { return room == "caddymodule/command" || room == "config" }

func TestOnlyTwiliosRoomsKnowTwilio(t *testing.T) {
	for _, room := range rooms {
		if knowsTwilio(room.name) {
			continue
		}
		for name, file := range filesOf(t, room.name, parser.SkipObjectResolution) {
			ast.Inspect(file, func(node ast.Node) bool {
				switch node := node.(type) {
				case *ast.BasicLit:
					text, err := strconv.Unquote(node.Value)
					if err == nil && (twilioPrefix.MatchString(text) || twilioIdentifier.MatchString(text) && !showsExamples(room.name)) {
						t.Errorf("%s has %s: ask policy.Identifiers", name, node.Value)
					}
				case *ast.SelectorExpr:
					if x, ok := node.X.(*ast.Ident); ok && x.Name == "twilio" && node.Sel.Name == "Twilio" {
						t.Errorf("%s names twilio.Twilio: ask caddymodule/carriers for the carrier", name)
					}
				}
				return true
			})
		}
	}
}

// importsOf are the imports of a folder's files, those of tests left out.
func importsOf(t *testing.T, folder string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for name, file := range filesOf(t, folder, parser.ImportsOnly) {
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

// filesOf parses a folder's files, those of tests left out.
func filesOf(t *testing.T, folder string, mode parser.Mode) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob(path.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		if files[name], err = parser.ParseFile(token.NewFileSet(), name, nil, mode); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// roomOf is the room of an import path, if it is one of ours.
func roomOf(imported string) (room string, ok bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}
