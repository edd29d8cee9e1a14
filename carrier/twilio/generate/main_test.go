package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// folderInTests is where the library for Node is installed, from here.
var folderInTests = filepath.Join("..", nodeFolder)

// The generated files are those of the libraries at the versions in go.mod and
// package.json.
func TestTheFilesAreWhatTheLibrariesSay(t *testing.T) {
	if _, _, err := findModule(); err != nil && os.Getenv("CI") == "" {
		t.Skipf("nothing to compare with: %v", err)
	}
	golang, goVersion, err := readGo()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folderInTests, "node_modules", nodePackage)); err != nil {
		withoutNode(t, golang, goVersion)
		return
	}
	node, nodeVersion, err := readNode(folderInTests)
	if err != nil {
		t.Fatal(err)
	}
	writes, v := merge(golang, node), versions{goVersion, nodeVersion}
	twiml, err := readTwiML(folderInTests)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{tablePath: table(writes, v), extractPath: extractText(writes, v), twimlPath: twiml} {
		if checkedIn(t, path) != want {
			t.Errorf("%s is not what the libraries say: run go generate ./carrier/twilio", path)
		}
	}
}

func TestTheAnswersAreWhatTheLibrarySays(t *testing.T) {
	if _, _, err := findModule(); err != nil && os.Getenv("CI") == "" {
		t.Skipf("nothing to compare with: %v", err)
	}
	answers, version, err := readAnswers()
	if err != nil {
		t.Fatal(err)
	}
	if checkedIn(t, answersPath) != answersText(answers, version) {
		t.Errorf("%s is not what the library says: run go generate ./carrier/twilio", answersPath)
	}
}

// withoutNode compares only with the library for Go: everything in it is present.
func withoutNode(t *testing.T, golang []write, version string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal("examples/clients/node/node_modules is missing; .ci/install-clients installs it")
	}
	known := map[string][]string{}
	for line := range strings.Lines(checkedIn(t, extractPath)) {
		if columns := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 4); len(columns) == 4 {
			w := write{product: columns[0], method: columns[1], path: columns[2]}
			known[w.key()] = strings.Split(columns[3], ",")
		}
	}
	for _, w := range merge(golang) {
		parameters, ok := known[w.key()]
		missing := slices.ContainsFunc(w.parameters, func(p string) bool { return !slices.Contains(parameters, p) })
		if !ok || missing {
			t.Errorf("%s lacks %s: run .ci/install-clients and go generate ./carrier/twilio", extractPath, w.key())
		}
	}
	for _, path := range []string{tablePath, extractPath} {
		if !strings.Contains(checkedIn(t, path), " "+module+" "+version+"\n") {
			t.Errorf("%s is not from %s %s", path, module, version)
		}
	}
	t.Skip("the library for Node is not compared: examples/clients/node/node_modules is missing; .ci/install-clients installs it")
}

func checkedIn(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", path))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

const source = `package openapi

type ApiService struct{ baseURL string }

func New() *ApiService { return &ApiService{baseURL: "https://things.twilio.com"} }

type Thing struct {
	Name    string   ` + "`json:\"name,omitempty\"`" + `
	Parts   *[]Thing ` + "`json:\"parts\"`" + `
	Hidden  string   ` + "`json:\"-\"`" + `
	Address Address  ` + "`json:\"address\"`" + `
}

type Address struct {
	City string ` + "`json:\"city\"`" + `
}

type MakeThingParams struct{ Body *Thing }

func (c *ApiService) MakeThing(Sid string, params *MakeThingParams) error {
	path := "/v1/Things/{Sid}"
	path = strings.Replace(path, "{"+"Sid"+"}", Sid, -1)
	data := url.Values{}
	b, err := json.Marshal(*params.Body)
	_, err = c.requestHandler.Put(c.baseURL+path, data, nil, b...)
	return err
}

func (c *ApiService) ChangeThing(params *ChangeThingParams) error {
	path := "/v1/Things"
	data := url.Values{}
	data.Set("To", *params.To)
	for _, item := range *params.Parts {
		data.Add("Parts", item)
	}
	_, err := c.requestHandler.Post(c.baseURL+path, data, nil)
	return err
}

func (c *ApiService) FetchThing() error {
	path := "/v1/Things"
	_, err := c.requestHandler.Get(c.baseURL+path, nil, nil)
	return err
}
`

func TestWritesAreReadFromSource(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "things.go"), []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	found, err := extractGo(folder)
	if err != nil {
		t.Fatal(err)
	}
	writes, v := merge(found), versions{"v1", "2"}
	got := strings.TrimPrefix(table(writes, v), header(v))
	if want := "things\nPOST /v1/Things\nPUT /v1/Things/{Sid}\n"; got != want {
		t.Errorf("table is %q, want %q", got, want)
	}
	_, got, _ = strings.Cut(extractText(writes, v), "on the way to it.\n")
	want := "things POST /v1/Things Parts,To\n" +
		"things PUT /v1/Things/{Sid} /address,/address/city,/name,/parts\n"
	if got != want {
		t.Errorf("extract is %q, want %q", got, want)
	}
}

func TestAPackageWithoutABaseURLIsAMistake(t *testing.T) {
	folder := t.TempDir()
	without := strings.ReplaceAll(source, `baseURL: "https://things.twilio.com"`, "")
	if err := os.WriteFile(filepath.Join(folder, "things.go"), []byte(without), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := extractGo(folder); err == nil {
		t.Error("no mistake was found")
	}
}
