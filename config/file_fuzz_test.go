package config_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
)

// FuzzParseFile looks for files that are read as something that cannot be
// written, that read back as something else, or that the schema rejects.
func FuzzParseFile(f *testing.F) {
	for _, folder := range []string{"good", "broken"} {
		names, err := filepath.Glob(filepath.Join("testdata", folder, "*.yaml"))
		if err != nil || len(names) == 0 {
			f.Fatal("no files", err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	for i := range uint64(20) {
		d := configtest.Document(rand.New(rand.NewPCG(7, i)))
		text, err := config.WriteYAML(&d)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
		f.Add(jsonFile(f, &d))
	}
	schema := compiledSchema(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		source, err := config.ParseFile("policy.yaml", text)
		if err != nil || config.Check(source, false, carriers) != nil {
			return
		}
		written, err := config.WriteYAML(&source.Document)
		if err != nil {
			t.Fatal(err)
		}
		again, err := config.ParseFile("policy.yaml", written)
		if err != nil || !reflect.DeepEqual(again.Document, source.Document) {
			t.Errorf("wrote\n%s\nof %+v\nread %+v %v", written, source.Document, again.Document, err)
		}
		value, err := instance(jsonFile(t, &source.Document))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("the schema does not accept\n%s\n%v", written, err)
		}
	})
}
