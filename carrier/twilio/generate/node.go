package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The library for Node is generated as well, so its files have few forms, which regular
// expressions can read. Code that sends a request in another form is an error: the gate
// would refuse a write that is missing here.
var (
	nodeHost    = regexp.MustCompile(`(?m)^ {8}super\(twilio, "https://([a-z.-]+)\.twilio\.com"\);$`)
	nodeVersion = regexp.MustCompile(`(?m)^ {8}super\(domain, "([A-Za-z0-9-]+)"\);$`)
	nodeRequire = regexp.MustCompile(`(?m)require\("\./([^"]+)"\)`)
	// nodeSection is a class or function that makes requests to one path, and
	// nodeFunction one of its functions.
	nodeSection  = regexp.MustCompile(`(?ms)^(?:class (\w+)ContextImpl|function (\w+ListInstance)\([^)]*\)) \{$.*?^\}$`)
	nodeFunction = regexp.MustCompile(`(?ms)^    (?:instance\.\w+ = function )?(\w+)\([^)]*\) \{$.*?^    \};?$`)
	nodePath     = regexp.MustCompile("_uri = (.*);")
	nodeTemplate = regexp.MustCompile("^`(/(?:[A-Za-z0-9_/.-]|\\$\\{\\w+\\})*)`$")
	nodeVariable = regexp.MustCompile(`\$\{(\w)(\w*)\}`)
	nodeMethod   = regexp.MustCompile(`\bmethod: "(\w+)"`)
	nodeURI      = regexp.MustCompile(`\buri: instance\._uri\b`)
	nodeData     = regexp.MustCompile(`\bdata(?:\[| = ).*`)
	nodeName     = regexp.MustCompile(`^data\["([^"]+)"\] =`)
)

// The types of bodies are in the declarations, with the library's names of their
// members; the constructor has the API's names.
var (
	nodeClass       = regexp.MustCompile(`(?ms)^export declare class (\w+)(?: extends \w+)? \{$(.*?)^\}$`)
	nodeAlias       = regexp.MustCompile(`(?m)^export type (\w+) = (.*);$`)
	nodeMember      = regexp.MustCompile(`(?ms)^    "(\w+)"\??: (\{$.*?^    \}[^\n]*|[^\n{]*);$`)
	nodeIndex       = regexp.MustCompile(`\[key: string\]:`)
	nodeQuoted      = regexp.MustCompile(`"[^"]*"`)
	nodeWord        = regexp.MustCompile(`\w+`)
	nodeConstructor = regexp.MustCompile(`(?ms)^class (\w+)(?: extends \w+)? \{\n    constructor\(payload\) \{$(.*?)^    \}$`)
	nodeAssignment  = regexp.MustCompile(`(?s)this\.(\w+) =[^;]*?\bpayload(?:\["([^"]+)"\]|\.(\w+))`)
)

// plainTypes are types that have no members.
var plainTypes = []string{"string", "number", "boolean", "Date", "any", "null", "object", "unknown", "undefined", "Array", "Record"}

// nodeMethods maps the library's methods to those of the table, or to nothing if they
// only read.
var nodeMethods = map[string]string{"get": "", "post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE"}

// findNode returns the folder and the version of the library for Node below a folder
// that names it in its package.json. The version must be the one named there.
func findNode(folder string) (rest, version string, err error) {
	var wanted struct{ Dependencies map[string]string }
	if err := readJSON(filepath.Join(folder, "package.json"), &wanted); err != nil {
		return "", "", err
	}
	library := filepath.Join(folder, "node_modules", nodePackage)
	var installed struct{ Version string }
	if err := readJSON(filepath.Join(library, "package.json"), &installed); err != nil {
		return "", "", fmt.Errorf("%w (.ci/install-clients installs it)", err)
	}
	if installed.Version == "" || installed.Version != wanted.Dependencies[nodePackage] {
		return "", "", fmt.Errorf("%s has version %q, want %q", library, installed.Version, wanted.Dependencies[nodePackage])
	}
	return filepath.Join(library, "lib", "rest"), installed.Version, nil
}

func readJSON(path string, value any) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(content, value)
}

// extractNode reads the library for Node: <Product>Base.js names the host,
// <product>/<Version>.js the first segment of its paths and, in what it
// requires, the folder of its resources.
func extractNode(rest string) ([]write, error) {
	bases, err := filepath.Glob(filepath.Join(rest, "*Base.js"))
	if err != nil {
		return nil, err
	}
	var writes []write
	read := map[string]bool{}
	for _, base := range bases {
		product, _, err := oneOf(nodeHost, base)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(filepath.Base(base), "Base.js")
		versions, err := filepath.Glob(filepath.Join(rest, strings.ToLower(name[:1])+name[1:], "*.js"))
		if err != nil {
			return nil, err
		}
		if len(versions) == 0 {
			return nil, fmt.Errorf("%s: no versions", base)
		}
		for _, file := range versions {
			found, err := extractVersion(file, read)
			if err != nil {
				return nil, err
			}
			for i := range found {
				found[i].product = product
			}
			writes = append(writes, found...)
		}
	}
	return writes, unread(rest, read)
}

// unread returns an error if a file that sends requests was not read.
func unread(rest string, read map[string]bool) error {
	return filepath.WalkDir(rest, func(path string, entry os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".js" || read[path] {
			return err
		}
		content, err := os.ReadFile(path)
		if err == nil && (nodeMethod.Match(content) || nodePath.Match(content)) {
			err = fmt.Errorf("%s is in no version of a product", path)
		}
		return err
	})
}

// oneOf returns the only match of the expression in a file, and the file's content. No
// match and several matches are errors.
func oneOf(expression *regexp.Regexp, file string) (found, content string, err error) {
	all, err := os.ReadFile(file)
	if err != nil {
		return "", "", err
	}
	matches := expression.FindAllSubmatch(all, -1)
	if len(matches) != 1 {
		return "", "", fmt.Errorf("%s: %s matches %d times", file, expression, len(matches))
	}
	return string(matches[0][1]), string(all), nil
}

// extractVersion reads the resources of one version of a product.
func extractVersion(file string, read map[string]bool) ([]write, error) {
	version, content, err := oneOf(nodeVersion, file)
	if err != nil {
		return nil, err
	}
	var folders []string
	for _, required := range nodeRequire.FindAllStringSubmatch(content, -1) {
		folder, _, _ := strings.Cut(required[1], "/")
		folders = append(folders, folder)
	}
	slices.Sort(folders)
	if folders = slices.Compact(folders); len(folders) != 1 {
		return nil, fmt.Errorf("%s: resources in %d folders", file, len(folders))
	}
	var writes []write
	err = filepath.WalkDir(filepath.Join(filepath.Dir(file), folders[0]), func(path string, _ os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".js" {
			return err
		}
		read[path] = true
		found, err := extractResource(path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for _, w := range found {
			w.path = "/" + version + w.path
			writes = append(writes, w)
		}
		return nil
	})
	return writes, err
}

// extractResource reads one file of resources, and beside it the declarations.
func extractResource(path string) ([]write, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	declarations, err := os.ReadFile(strings.TrimSuffix(path, ".js") + ".d.ts")
	if err != nil {
		return nil, err
	}
	r := newResource(string(content), string(declarations))
	var writes []write
	methods := 0
	for _, section := range nodeSection.FindAllStringSubmatch(r.source, -1) {
		for _, function := range nodeFunction.FindAllStringSubmatch(section[0], -1) {
			found := len(nodeMethod.FindAllString(function[0], -1))
			if found == 0 {
				continue
			}
			methods += found
			w, err := r.operation(section, function)
			if err != nil {
				return nil, fmt.Errorf("%s%s %s: %w", section[1], section[2], function[1], err)
			}
			if w.method != "" {
				writes = append(writes, w)
			}
		}
	}
	if all := len(nodeMethod.FindAllString(r.source, -1)); methods != all {
		return nil, fmt.Errorf("%d requests in functions, but %d in all", methods, all)
	}
	return writes, nil
}

// resource is the content of one file, with the types of its bodies: the type of each
// member, and its name in the API.
type resource struct {
	source, declarations string
	members              map[string][][2]string
	aliases              map[string]string
	names                map[string]map[string]string
}

func newResource(source, declarations string) *resource {
	r := &resource{
		source: source, declarations: declarations,
		members: map[string][][2]string{}, aliases: map[string]string{}, names: map[string]map[string]string{},
	}
	for _, class := range nodeClass.FindAllStringSubmatch(declarations, -1) {
		r.members[class[1]] = [][2]string{}
		for _, member := range nodeMember.FindAllStringSubmatch(class[2], -1) {
			r.members[class[1]] = append(r.members[class[1]], [2]string{member[1], member[2]})
		}
	}
	for _, alias := range nodeAlias.FindAllStringSubmatch(declarations, -1) {
		r.aliases[alias[1]] = alias[2]
	}
	for _, constructor := range nodeConstructor.FindAllStringSubmatch(source, -1) {
		names := map[string]string{}
		for _, assignment := range nodeAssignment.FindAllStringSubmatch(constructor[2], -1) {
			names[assignment[1]] = assignment[2] + assignment[3]
		}
		r.names[constructor[1]] = names
	}
	return r
}

// operation reads a function that sends a request. A method of "" only reads.
func (r *resource) operation(section, function []string) (w write, err error) {
	methods := nodeMethod.FindAllStringSubmatch(function[0], -1)
	method, known := nodeMethods[methods[0][1]]
	if len(methods) != 1 || !known {
		return w, fmt.Errorf("methods %v", methods)
	}
	if method == "" {
		return w, nil
	}
	w.method = method
	paths := nodePath.FindAllStringSubmatch(section[0], -1)
	if len(paths) != 1 || len(nodeURI.FindAllString(function[0], -1)) != 1 {
		return w, fmt.Errorf("%d paths", len(paths))
	}
	template := nodeTemplate.FindStringSubmatch(paths[0][1])
	if template == nil {
		return w, fmt.Errorf("path %s", paths[0][1])
	}
	w.path = strings.TrimSuffix(nodeVariable.ReplaceAllStringFunc(template[1], func(variable string) string {
		return "{" + strings.ToUpper(variable[2:3]) + variable[3:]
	}), "/")
	for _, data := range nodeData.FindAllString(function[0], -1) {
		name := nodeName.FindStringSubmatch(data)
		switch {
		case data == "data = {};":
		case data == "data = params;":
			body, err := r.body(section, function[1])
			if err != nil {
				return w, err
			}
			w.parameters = append(w.parameters, body...)
		case name != nil:
			w.parameters = append(w.parameters, name[1])
		default:
			return w, fmt.Errorf("parameter %s", data)
		}
	}
	return w, nil
}

// body lists the members of a function's JSON body.
func (r *resource) body(section []string, function string) ([]string, error) {
	owner := section[1] + section[2]
	if section[1] != "" {
		owner += "Context"
	}
	declared := regexp.MustCompile(`(?ms)^export interface ` + owner + ` \{$.*?^\}$`).FindString(r.declarations)
	kind := regexp.MustCompile(`(?m)^    ` + function + `\(params: (\w+),`).FindStringSubmatch(declared)
	if kind == nil {
		return nil, fmt.Errorf("no type of the body")
	}
	return r.list(kind[1], "", nil)
}

// list lists the paths to all members of a type: a value of unknown type has only its
// own name.
func (r *resource) list(kind, prefix string, open []string) ([]string, error) {
	kind = nodeQuoted.ReplaceAllString(nodeIndex.ReplaceAllString(kind, ""), "")
	if strings.Contains(kind, ":") {
		return nil, fmt.Errorf("type %s", kind)
	}
	var found []string
	for _, word := range nodeWord.FindAllString(kind, -1) {
		if slices.Contains(open, word) || slices.Contains(plainTypes, word) {
			continue
		}
		inner := append(slices.Clone(open), word)
		if alias, ok := r.aliases[word]; ok {
			below, err := r.list(alias, prefix, inner)
			if err != nil {
				return nil, err
			}
			found = append(found, below...)
			continue
		}
		members, ok := r.members[word]
		if !ok {
			return nil, fmt.Errorf("no type %s", word)
		}
		if len(members) != len(r.names[word]) {
			return nil, fmt.Errorf("%d members of %s are declared, and %d set", len(members), word, len(r.names[word]))
		}
		for _, member := range members {
			name, ok := r.names[word][member[0]]
			if !ok {
				return nil, fmt.Errorf("no name of %s in %s", member[0], word)
			}
			below, err := r.list(member[1], prefix+"/"+name, inner)
			if err != nil {
				return nil, err
			}
			found = append(append(found, prefix+"/"+name), below...)
		}
	}
	return found, nil
}
