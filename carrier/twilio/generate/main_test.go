package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is checked in is what the library at the version in go.mod says.
func TestTheFilesAreWhatTheLibrarySays(t *testing.T) {
	folder, version, err := findModule()
	if err != nil {
		t.Skipf("nothing to compare with: %v", err)
	}
	writes, err := extract(filepath.Join(folder, "rest"))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{tablePath: table(writes, version), extractPath: extractText(writes, version)} {
		got, err := os.ReadFile(filepath.Join("..", path))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%s is not what %s %s says: run go generate ./carrier/twilio", path, module, version)
		}
	}
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
	writes, err := extract(folder)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.TrimPrefix(table(writes, "v1"), header("v1"))
	if want := "things\nPOST /v1/Things\nPUT /v1/Things/{Sid}\n"; got != want {
		t.Errorf("table is %q, want %q", got, want)
	}
	_, got, _ = strings.Cut(extractText(writes, "v1"), "on the way to it.\n")
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
	if _, err := extract(folder); err == nil {
		t.Error("no mistake was found")
	}
}
