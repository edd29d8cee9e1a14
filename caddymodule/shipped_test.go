package caddymodule_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
)

// root of the repository.
const root = ".."

// shippedCaddyfiles returns the text of every Caddyfile in the repository, by
// its path.
func shippedCaddyfiles(t *testing.T) map[string]string {
	t.Helper()
	texts := make(map[string]string)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.Name() != "Caddyfile" || entry.IsDir():
			return nil
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(root, path)
		texts[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if texts["Caddyfile"] == "" || len(texts) < 2 {
		t.Fatalf("found only %d Caddyfiles", len(texts))
	}
	return texts
}

func TestShippedCaddyfilesAreFormatted(t *testing.T) {
	for name, text := range shippedCaddyfiles(t) {
		t.Run(name, func(t *testing.T) {
			if formatted := string(caddyfile.Format([]byte(text))); formatted != text {
				t.Errorf("caddy fmt writes\n%s", formatted)
			}
		})
	}
}

func TestShippedCaddyfilesAreValid(t *testing.T) {
	t.Setenv("TWILIO_ACCOUNT_SID", acme)
	t.Setenv("TWILIO_AUTH_TOKEN", carrierSecret)
	for name, text := range shippedCaddyfiles(t) {
		t.Run(name, func(t *testing.T) {
			// Validated as any user's would be, except that this process has an
			// admin endpoint to lose and nowhere to log to.
			adapted, err := adaptAs(filepath.Join(root, name), text)
			if err != nil {
				t.Fatal(err)
			}
			var config map[string]any
			if err := json.Unmarshal(adapted, &config); err != nil {
				t.Fatal(err)
			}
			config["admin"] = map[string]any{"disabled": true}
			adapted, _ = json.Marshal(config)
			if err := validateJSON(adapted); err != nil {
				t.Error(err)
			}
		})
	}
}

// comment is what a Caddyfile says to people only.
var comment = regexp.MustCompile(`(?m)^\s*#.*$`)

// The carrier's hosts stand in the gate's own table. A Caddyfile that names one
// could forward there what the gate has not seen.
func TestShippedCaddyfilesNameNoHostOfACarrier(t *testing.T) {
	for name, text := range shippedCaddyfiles(t) {
		if found := regexp.MustCompile(`(?i)[\w.-]*twilio\.com`).FindString(comment.ReplaceAllString(text, "")); found != "" {
			t.Errorf("%s names %s", name, found)
		}
	}
}

func TestShippedCaddyfilesForwardToNothingButWhatTheGateNames(t *testing.T) {
	for name, text := range shippedCaddyfiles(t) {
		t.Run(name, func(t *testing.T) {
			adapted, err := adapt(text)
			if err != nil {
				t.Fatal(err)
			}
			var config any
			if err := json.Unmarshal(adapted, &config); err != nil {
				t.Fatal(err)
			}
			proxies, answering := 0, webServers(config)
			for proxy := range objects(config) {
				if proxy["handler"] == "tollgate_forward" {
					proxies++ // to nothing else
				}
				if proxy["handler"] != "reverse_proxy" {
					continue
				}
				proxies++
				if answering[fmt.Sprint(proxy)] {
					continue
				}
				upstreams, _ := json.Marshal(proxy["upstreams"])
				if string(upstreams) != `[{"dial":"{http.tollgate.upstream}"}]` || proxy["dynamic_upstreams"] != nil {
					t.Errorf("forwards to %s %v", upstreams, proxy["dynamic_upstreams"])
				}
			}
			if proxies == 0 {
				t.Error("forwards nowhere")
			}
		})
	}
}

// webServers are the proxies to web servers that answer Twilio: those that stand
// directly behind tollgate_twiml.
func webServers(config any) map[string]bool {
	found := make(map[string]bool)
	for route := range objects(config) {
		handlers, _ := route["handle"].([]any)
		for i, handler := range handlers[min(len(handlers), 1):] {
			before, _ := handlers[i].(map[string]any)
			proxy, _ := handler.(map[string]any)
			if before["handler"] == "tollgate_twiml" {
				found[fmt.Sprint(proxy)] = true
			}
		}
	}
	return found
}

// objects yields every object in a JSON value, the outer ones first.
func objects(value any) func(yield func(map[string]any) bool) {
	return func(yield func(map[string]any) bool) {
		var walk func(value any) bool
		walk = func(value any) bool {
			switch v := value.(type) {
			case []any:
				return !slices.ContainsFunc(v, func(element any) bool { return !walk(element) })
			case map[string]any:
				if !yield(v) {
					return false
				}
				for _, member := range v {
					if !walk(member) {
						return false
					}
				}
			}
			return true
		}
		walk(value)
	}
}

// xcaddy.json tells tools what to build. What it says, the code must be.
func TestXcaddyJSONSaysWhatThisModuleIs(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "xcaddy.json"))
	if err != nil {
		t.Fatal(err)
	}
	var stated struct {
		Module  string   `json:"module"`
		Caddy   string   `json:"caddy"`
		Plugins []string `json:"plugins"`
		Modules []string `json:"modules"`
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&stated); err != nil {
		t.Fatal(err)
	}
	goMod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if want := firstMatch(goMod, `(?m)^module (\S+)$`); stated.Module != want {
		t.Errorf("module %q, go.mod says %q", stated.Module, want)
	}
	if want := firstMatch(goMod, `(?m)^\s*(?:require )?github\.com/caddyserver/caddy/v2 (\S+)$`); stated.Caddy != want {
		t.Errorf("caddy %q, go.mod says %q", stated.Caddy, want)
	}
	if stated.Plugins == nil {
		t.Error("plugins are not stated")
	}
	for _, plugin := range stated.Plugins {
		if path, _, _ := strings.Cut(plugin, "@"); !bytes.Contains(goMod, []byte("\t"+path+" ")) {
			t.Errorf("plugin %s is not in go.mod", plugin)
		}
	}
	if want := modulesOf(stated.Module); !slices.Equal(stated.Modules, want) {
		t.Errorf("modules %q, registered are %q", stated.Modules, want)
	}
}

func firstMatch(text []byte, pattern string) string {
	if match := regexp.MustCompile(pattern).FindSubmatch(text); match != nil {
		return string(match[1])
	}
	return ""
}

// modulesOf lists the Caddy modules whose code is in a Go module, sorted, and
// leaves out those of its tests.
func modulesOf(goModule string) []string {
	var ids []string
	for _, id := range caddy.Modules() {
		info, err := caddy.GetModule(id)
		if err != nil {
			continue
		}
		module := reflect.TypeOf(info.New())
		if module.Kind() == reflect.Pointer {
			module = module.Elem()
		}
		path := module.PkgPath()
		if strings.HasPrefix(path, goModule+"/") && !strings.HasSuffix(path, "_test") {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func TestShippedCaddyfilesMaskEveryLog(t *testing.T) {
	for name, text := range shippedCaddyfiles(t) {
		logs := len(regexp.MustCompile(`(?m)^\t+log( \w+)?( \{)?$`).FindAllString(text, -1))
		masked := strings.Count(text, "\tlog {\n\t\tformat tollgate\n\t}\n")
		if logs != masked || logs < 2 {
			t.Errorf("%s: %d of %d logs have the format tollgate", name, masked, logs)
		}
	}
}
