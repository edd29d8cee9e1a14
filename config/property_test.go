package config_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/policy"
)

const randomDocuments = 2000

// seed of a test's random documents. TOLLGATE_SEED repeats a run.
func seed(t *testing.T) uint64 {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("TOLLGATE_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("TOLLGATE_SEED=%d", seed)
	return seed
}

// jsonFile writes a document as a policy file in JSON.
func jsonFile(t testing.TB, d *config.Document) []byte {
	t.Helper()
	text, err := json.Marshal(struct {
		Version int `json:"version"`
		*config.Document
	}{1, d})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestEverySpellingOfADocumentIsTheSameValue(t *testing.T) {
	seed := seed(t)
	for i := range uint64(randomDocuments) {
		want := configtest.Document(rand.New(rand.NewPCG(seed, i)))
		inJSON, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		inYAML, err := config.WriteYAML(&want)
		if err != nil {
			t.Fatalf("TOLLGATE_SEED=%d, document %d: %v\n%s", seed, i, err, inJSON)
		}
		read := map[string]func() (config.Document, error){
			string(inJSON): func() (config.Document, error) { return config.ParseJSON(inJSON) },
			string(inYAML): func() (config.Document, error) {
				s, err := config.ParseFile("policy.yaml", inYAML)
				return s.Document, err
			},
			"the policy file in JSON": func() (config.Document, error) {
				s, err := config.ParseFile("policy.json", jsonFile(t, &want))
				return s.Document, err
			},
		}
		for text, read := range read {
			if got, err := read(); err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("TOLLGATE_SEED=%d, document %d: read %+v %v from\n%s\nof\n%s", seed, i, got, err, text, inJSON)
			}
		}
	}
}

func TestRandomDocumentsCompileToPolicies(t *testing.T) {
	seed := seed(t)
	for i := range uint64(randomDocuments) {
		d := configtest.Document(rand.New(rand.NewPCG(seed, i)))
		source := config.Source{Document: d}
		if err := config.Check(source, false, carriers); err != nil {
			t.Fatalf("TOLLGATE_SEED=%d, document %d: %v", seed, i, err)
		}
		compiled, err := config.Compile(carriers, source)
		if err != nil {
			t.Fatalf("TOLLGATE_SEED=%d, document %d: %v", seed, i, err)
		}
		if _, err := policy.New(compiled.Definition); err != nil {
			t.Fatalf("TOLLGATE_SEED=%d, document %d: %v", seed, i, err)
		}
	}
}

// A member that the generator never states is one that no round trip tests.
func TestRandomDocumentsStateEveryMember(t *testing.T) {
	stated := make(map[string]bool)
	var note func(v reflect.Value)
	note = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				note(v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				note(v.Index(i))
			}
		case reflect.Map:
			for _, key := range v.MapKeys() {
				note(v.MapIndex(key))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				name := v.Type().Name() + "." + v.Type().Field(i).Name
				field := v.Field(i)
				stated[name] = stated[name] || !field.IsZero()
				if field.Kind() == reflect.Slice {
					stated[name+" none"] = stated[name+" none"] || !field.IsNil() && field.Len() == 0
				}
				note(field)
			}
		}
	}
	for i := range uint64(500) {
		d := configtest.Document(rand.New(rand.NewPCG(1, i)))
		note(reflect.ValueOf(&d))
	}
	for name, ok := range stated {
		list, isNone := strings.CutSuffix(name, " none")
		sameAsAbsent := map[string]bool{"Document.Prefixes": true, "Document.Ranges": true, "Document.Accounts": true,
			"Account.Keys": true, "Account.Credentials": true, "Account.Prefixes": true, "Account.Approved": true, "Account.Openings": true, "Prefix.Except": true,
			"Document.Limits": true, "Account.Limits": true, "Limit.Per": true, "Limit.At": true}
		if !ok && !(isNone && sameAsAbsent[list]) {
			t.Errorf("%s is never stated", name)
		}
	}
}
